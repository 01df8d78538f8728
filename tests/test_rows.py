"""Rows from files of every kind; what is torn, absurd or missing says where and stops."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory.errors import BadInput
from factory.reading import rows
from factory.reading.rows import find_files, read_rows

ROWS = [{"a": 1, "b": "x\u2028y\x00z"}, {"a": 2, "b": "ü"}]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def values(path: Path | str) -> list[dict]:
    return [dict(row.values) for row in read_rows(str(path))]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.jsonl", LINES),
        ("r.ndjson", LINES.rstrip(b"\n")),
        ("r.json", LINES),
        ("r.json", json.dumps(ROWS, indent=1).encode()),
        ("r.jsonl", b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n\r\n")),
        ("r.jsonl.gz", gzip.compress(LINES[:20], mtime=0) + gzip.compress(LINES[20:], mtime=0)),
        ("r.jsonl.zst", pa.compress(LINES, codec="zstd", asbytes=True)),
        ("r.json.gz", gzip.compress(json.dumps(ROWS).encode(), mtime=0)),
    ],
)
def test_every_form_gives_the_same_rows(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    assert values(path) == ROWS
    assert {row.origin for row in read_rows(str(path))} == {"r"}


def test_parquet_decodes_only_what_is_wanted(tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "r.parquet")
    (first, _) = read_rows(str(tmp_path / "r.parquet"), lambda name: name == "b")
    assert (first.values, first.names) == ({"b": ROWS[0]["b"]}, ("a", "b"))
    assert [r.values for r in read_rows(str(tmp_path / "r.parquet"), lambda name: False)] == [{}, {}]


def test_a_lone_surrogate_survives(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"a": "\\ud800"}\n{"a": "\xed\xa0\x80"}\n')
    assert values(path) == [{"a": "\ud800"}] * 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1}\n{"a": ', ":2: torn or not JSON"),
        (b'{"a": 1}\n[1]\n', ":2: a row should be an object with named columns, this is list"),
        (b'{"a": 1}\n{"a": "\xff"}\n', ":2: not UTF-8 at byte 7"),
        (b'{"a": ' + b"[" * 100_000, ":1: torn or not JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", ":1: torn or not JSON"),
        (b'[{"a": 1}, 2]', "item 2: a row should be an object"),
    ],
)
def test_a_bad_line_is_named(tmp_path, data, said):
    path = tmp_path / "r.jsonl"
    path.write_bytes(data)
    with pytest.raises(BadInput) as caught:
        values(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_absurd_line_stops_before_it_fills_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "LINE_CAP", 1 << 16)
    path = tmp_path / "r.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": "' + b"x" * (1 << 20)))
    with pytest.raises(BadInput, match=":1: a line of over"):
        values(path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.jsonl.gz", gzip.compress(LINES, mtime=0)[:-12]),
        ("r.jsonl.gz", LINES),
        ("r.jsonl.zst", b"\x28\xb5\x2f\xfd\x00"),
        ("r.parquet", b"PAR1 torn"),
        ("r.txt", b"hello"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput, match=name):
        values(path)


@pytest.mark.parametrize("source", ["missing.jsonl", "missing", "a/b/c", "", "data/missing.parquet", "nul\x00/x"])
def test_a_missing_source_says_so_without_a_network(source):
    with pytest.raises(BadInput):
        read_rows(source)


def test_a_slip_in_a_local_path_does_not_ask_the_network(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "prompts").mkdir(parents=True)
    with pytest.raises(BadInput, match="did you mean 'data/prompts'"):
        read_rows("data/promts")


def test_folders_and_globs_are_sorted_and_skip_metadata(tmp_path):
    for name in ("b.jsonl", "sub/a.jsonl.gz", "info.json", ".hidden.jsonl", ".cache/c.jsonl", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "x.json").write_text("[]")
    assert [p.name for p in find_files(str(tmp_path))] == ["b.jsonl", "a.jsonl.gz"]
    assert [p.name for p in find_files(str(tmp_path / "only"))] == ["x.json"]
    assert [p.name for p in find_files(f"{tmp_path}/**/*.jsonl*")] == ["b.jsonl", "a.jsonl.gz"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="holds nothing to read"):
        find_files(str(tmp_path / "empty"))


class FakeSplits(dict):
    """What `load_dataset(streaming=True)` gives, without a network."""


class FakeSplit(list):
    column_names = None


@pytest.mark.parametrize(
    ("source", "splits", "asked", "found"),
    [
        ("org/name", ["train", "test"], (None, None), "train"),
        ("org/name:main", ["test"], ("main", None), "test"),
        ("org/name?split=test&config=main&revision=r1", ["train", "test"], ("main", "r1"), "test"),
        ("org/name", ["a", "b"], (None, None), "which split"),
        ("org/name?split=tset", ["train", "test"], (None, None), "known: test, train"),
        ("org/name?splt=test", [], None, "did you mean 'split'"),
    ],
)
def test_a_hub_id_names_config_and_split(monkeypatch, source, splits, asked, found):
    calls = []

    def load_dataset(name, config, revision=None, streaming=False):
        calls.append((name, config, revision, streaming))
        return FakeSplits({s: FakeSplit([{"split": s}]) for s in splits})

    monkeypatch.setattr("datasets.load_dataset", load_dataset)
    try:
        got = [(row.values["split"], row.origin) for row in read_rows(source)]
    except BadInput as error:
        assert found in str(error)
    else:
        assert got == [(found, "org/name")]
    assert calls == ([("org/name", *asked, True)] if asked else [])


def test_an_unreachable_hub_is_one_line(monkeypatch):
    def load_dataset(*_, **__):
        raise ConnectionError("Couldn't reach 'org/name' on the Hub\nlong traceback text")

    monkeypatch.setattr("datasets.load_dataset", load_dataset)
    with pytest.raises(BadInput) as caught:
        list(read_rows("org/name"))
    assert str(caught.value).startswith("org/name: no such file or folder here, and no data set came")
    assert "\n" not in str(caught.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(["r.jsonl", "r.json", "r.jsonl.gz", "r.jsonl.zst", "r.parquet"]))
def test_garbage_is_read_or_refused_never_a_crash(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    try:
        assert all(isinstance(value, dict) for value in values(path))
    except BadInput as error:
        assert str(path) in str(error)
