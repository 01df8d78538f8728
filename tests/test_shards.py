"""A folder appears whole or not at all, and never over something that isn't ours."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory import schemas, shards
from factory.errors import BadInput, Refused
from factory.records import Verdict
from tests import make

SCHEMA = pa.schema([pa.field("n", pa.int64(), False)])


def _write(out: Path, first: int) -> None:
    with shards.new_folder(out, "judged") as folder:
        tables = (pa.table({"n": [first + i]}, schema=SCHEMA) for i in range(5))
        entries = shards.write_parts(folder, "part", SCHEMA, tables, rows_per_part=2)
        shards.write_manifest(folder, "judged", {"files": entries})


def _read(out: Path) -> list[int]:
    return [n for batch in shards.batches(shards.parts(out, "judged")) for n in batch["n"].to_pylist()]


def test_parts_hold_every_row_in_order_and_the_manifest_describes_them(tmp_path: Path) -> None:
    _write(tmp_path / "out", 0)
    assert _read(tmp_path / "out") == [0, 1, 2, 3, 4]
    files = shards.read_manifest(tmp_path / "out")["files"]
    assert [f["rows"] for f in files] == [2, 2, 1]
    assert all((tmp_path / "out" / f["path"]).stat().st_size == f["bytes"] for f in files)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_an_empty_result_still_has_a_schema(tmp_path: Path) -> None:
    (entry,) = shards.write_parts(tmp_path, "part", SCHEMA, iter(()), rows_per_part=2)
    assert pq.read_schema(tmp_path / entry["path"]).equals(SCHEMA)


def test_an_error_or_a_missing_manifest_leaves_the_old_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _write(out, 0)
    with pytest.raises(ZeroDivisionError), shards.new_folder(out, "judged") as folder:
        (folder / "half").write_text("")
        raise ZeroDivisionError
    with pytest.raises(AssertionError, match="no manifest"), shards.new_folder(out, "judged"):
        pass
    assert _read(out) == [0, 1, 2, 3, 4]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_rewrite_replaces_the_whole_folder(tmp_path: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not exchange:
        monkeypatch.setattr(shards, "_rename_exchange", lambda one, two: False)
    _write(tmp_path / "out", 0)
    (tmp_path / "out" / "left-over").write_text("")
    _write(tmp_path / "out", 100)
    assert _read(tmp_path / "out") == [100, 101, 102, 103, 104]
    assert not (tmp_path / "out" / "left-over").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def _die_at(step: int, out: Path) -> None:
    """Write a second folder, but leave the process at the N-th call that touches the disk."""
    calls = iter(range(10_000))

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            if next(calls) == step:
                os._exit(0)
            return real(*args, **kwargs)

        return call

    for module, name in [(os, "fsync"), (pq.ParquetWriter, "write_table"), (shards, "_exchange"), (Path, "write_text")]:
        setattr(module, name, dying(getattr(module, name)))
    _write(out, 100)
    os._exit(1)


@pytest.mark.slow
def test_a_crash_between_any_two_steps_leaves_the_old_folder_or_the_new(tmp_path: Path) -> None:
    out, seen = tmp_path / "out", set[int]()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.test_shards"])
    for step in range(0, 40, 3):
        _write(out, 0)
        process = context.Process(target=_die_at, args=(step, out))
        process.start()
        process.join()
        first = _read(out)[0]
        assert _read(out) == list(range(first, first + 5))
        seen.add(first)
        if process.exitcode == 1:
            break
    assert seen == {0, 100}


@pytest.mark.parametrize("make_other", ["file", "link", "foreign", "kind"])
def test_what_is_not_ours_is_refused_untouched(tmp_path: Path, make_other: str) -> None:
    out = tmp_path / "out"
    if make_other == "file":
        out.write_text("mine")
    elif make_other == "link":
        out.symlink_to(tmp_path)
    elif make_other == "foreign":
        out.mkdir()
        (out / "thesis.tex").write_text("mine")
    else:
        out.mkdir()
        shards.write_manifest(out, "sft", {"files": []})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refused, match="out"):
        _write(out, 0)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_torn_file_or_manifest_is_named(tmp_path: Path) -> None:
    _write(tmp_path / "out", 0)
    part = tmp_path / "out" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(BadInput, match="part-00001.parquet: not a readable Parquet"):
        _read(tmp_path / "out")
    (tmp_path / "out" / "manifest.json").write_text("{")
    with pytest.raises(BadInput, match="manifest.json: not valid JSON"):
        _read(tmp_path / "out")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(codec=None)), keep=st.sampled_from([True, False, None]))
def test_a_judged_row_survives_parquet(tmp_path: Path, text: str, keep: bool | None) -> None:
    asked = make.prompt(text or "q")
    drawn = make.sample(asked, 1, text)
    verdicts = [Verdict(keep, "r", 0.5, ((0, 1),), "rule")]
    table = schemas.table([schemas.judged_row(asked, drawn, verdicts)], schemas.JUDGED)
    shards.write_table(tmp_path / "x.parquet", table)
    (row,) = pq.read_table(tmp_path / "x.parquet").to_pylist()
    assert schemas.verdicts_of(row) == verdicts
    clean = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if not text.isprintable() else text
    if not any("\ud800" <= c <= "\udfff" for c in text):
        assert row["text"] == text
    else:
        assert "\ufffd" in row["text"] and clean
