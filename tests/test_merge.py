"""Merge from folders to shards: counts that add up, bytes that don't depend on the order, folders that appear whole."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory import schemas, shards
from factory.blending import shuffle
from factory.errors import BadInput, Refused
from factory.merge import describe
from factory.records import Verdict
from tests.make import jsonl, prompt, sample
from tests.merging import merge

KEEP, REJECT = Verdict.accept(), Verdict.reject("wrong")


def judge(folder: Path, rows: list[tuple[str, int, str, bool]], *, part: int = 3, source: str = "gym") -> Path:
    """A judged folder from (question, sample index, text, keep)."""
    judged = [
        schemas.judged_row(prompt(q, source=source), sample(prompt(q), i, text), [KEEP if keep else REJECT])
        for q, i, text, keep in rows
    ]
    with shards.new_folder(folder, "judged") as temp:
        entries = []
        for number in range(0, len(judged), part):
            table = schemas.table(judged[number : number + part], schemas.JUDGED)
            entries.append(shards.write_table(temp / f"part-{number}.parquet", table))
        shards.write_manifest(temp, "judged", {"files": entries})
    return folder


def chat(asked: str, answered: str) -> dict:
    turns = [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return {"messages": turns, "source": "chats"}


def texts(out: Path, split: str | None = None) -> Counter[tuple[str, str]]:
    """(question, answer) of every row written."""
    files = sorted(out.glob(f"{split or '*'}/*.parquet"))
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    return Counter((r["messages"][0]["content"], r["messages"][-1]["content"]) for r in rows)


def digests(out: Path) -> dict[str, bytes]:
    """Files by path, but for those that name the folder they are in."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and p.name != "README.md" and p.suffix != ".yaml"]
    return {str(p.relative_to(out)): p.read_bytes() for p in files}


SMALL = [(f"q{i // 3}", i % 3, f"<think>\nt{i}\n</think>\n\na", i % 4 != 0) for i in range(24)]
CHATS = [chat(f"g{i}", f"b{i}") for i in range(9)]


@settings(max_examples=8)
@given(
    rows=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.text(max_size=3), st.booleans()), max_size=25),
    chats=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=12),
    per_prompt=st.none() | st.integers(1, 3),
    validation=st.sampled_from([0.0, 0.3]),
    rows_per_shard=st.integers(1, 9),
)
def test_nothing_invented_nothing_lost_counts_add_up(rows, chats, per_prompt, validation, rows_per_shard):
    rows = [(f"q{q}", i, text, keep) for q, i, text, keep in rows]
    with tempfile.TemporaryDirectory() as temp:
        judged = judge(Path(temp) / "judged", rows)
        general = jsonl(Path(temp) / "g.jsonl", [chat(f"g{a}", f"b{b}") for a, b in chats])
        out = Path(temp) / "sft"
        limits = {"per_prompt": per_prompt, "validation": validation, "rows_per_shard": rows_per_shard}
        try:
            report = merge([judged], [general], out, **limits)
        except BadInput as error:
            assert "nothing" in str(error) or "two different prompts" in str(error)
            assert not out.exists()
            return
        given = {
            (q, text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")) for q, _, text, keep in rows if keep
        }
        given |= {(f"g{a}", f"b{b}") for a, b in chats}
        written = texts(out)
        assert set(written) <= given and (per_prompt or set(written) == given)
        assert max(written.values()) == 1
        assert not {q for q, _ in texts(out, "train")} & {q for q, _ in texts(out, "validation")}
        dropped = sum(sum(reasons.values()) for reasons in report.dropped.values())
        assert report.read == {"reasoning": len(rows), "general": len(chats)}
        assert len(rows) + len(chats) == sum(written.values()) + dropped
        assert sum(report.splits.values()) == sum(written.values()) == sum(row["rows"] for row in report.mix)
        sizes = [pq.read_metadata(file).num_rows for file in out.glob("*/*.parquet")]
        assert max(sizes) <= rows_per_shard and sum(sizes) == sum(written.values())


@pytest.mark.slow
def test_bytes_do_not_depend_on_order_or_partition(tmp_path, monkeypatch):
    one = [judge(tmp_path / "one" / name, SMALL[part]) for name, part in (("a", slice(12)), ("b", slice(12, 24)))]
    general = [jsonl(tmp_path / f"{name}.jsonl", CHATS[part]) for name, part in (("c", slice(4)), ("d", slice(4, 9)))]
    options = {"ratio": (1.6, 1.0), "per_prompt": 2, "validation": 0.2, "rows_per_shard": 4, "seed": 7}
    # equal content under two labels: which one stays must not depend on the order either
    for path, task in zip(general, ("x", "y"), strict=True):
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**chat("twin", "twin"), "task": task}) + "\n")
    merge(one, general, tmp_path / "first", **options)
    merge(one[::-1], general[::-1], tmp_path / "again", **options)
    first = digests(tmp_path / "first")
    assert first == digests(tmp_path / "again")
    # other parts, other chunks, other buckets: the shards stay
    whole = judge(tmp_path / "two" / "whole", SMALL[::-1], part=1)
    every = jsonl(tmp_path / "every.jsonl", [{**chat("twin", "twin"), "task": task} for task in "yx"] + CHATS[::-1])
    monkeypatch.setattr(shuffle, "CHUNK_BYTES", 1)
    merge([whole], [every], tmp_path / "other", **options)
    shards_of = {k: v for k, v in first.items() if k.endswith(".parquet")}
    assert shards_of == {k: v for k, v in digests(tmp_path / "other").items() if k.endswith(".parquet")}


def test_another_seed_is_another_order(tmp_path):
    judged = judge(tmp_path / "judged", SMALL)
    for seed in (1, 2):
        merge([judged], [], tmp_path / str(seed), seed=seed)
    assert texts(tmp_path / "1") == texts(tmp_path / "2")
    assert digests(tmp_path / "1") != digests(tmp_path / "2")


def test_many_buckets_and_row_groups_keep_every_row(tmp_path, monkeypatch):
    monkeypatch.setattr(shuffle, "CHUNK_BYTES", 2_000)
    monkeypatch.setattr(shuffle, "ROW_GROUP", 7)
    rows = [(f"q{i}", 0, f"<think>\n{'x' * (i % 90)}\n</think>\n\na{i}", True) for i in range(300)]
    merge([judge(tmp_path / "judged", rows, part=40)], [], tmp_path / "sft", rows_per_shard=60)
    assert texts(tmp_path / "sft") == Counter((q, text) for q, _, text, _ in rows)
    groups = [pq.read_metadata(f).num_row_groups for f in (tmp_path / "sft").glob("*/*.parquet")]
    assert groups == [9] * 5


def test_a_run_folder_stands_for_its_judged_folder(tmp_path):
    judge(tmp_path / "run" / "judged", SMALL)
    report = merge([tmp_path / "run"], [], tmp_path / "sft")
    assert json.loads((tmp_path / "sft" / "manifest.json").read_text())["inputs"][0]["name"] == "run"
    assert report.read["reasoning"] == 24


def test_rows_are_found_once_over_several_runs(tmp_path):
    folders = [judge(tmp_path / name, SMALL, source=name) for name in ("a", "b")]
    report = merge(folders, [], tmp_path / "sft")
    assert report.dropped["reasoning"] == {"rejected": 12, "duplicate": 18}


def test_hostile_text_passes_unchanged(tmp_path):
    texts_in = ["\0 NUL", "x" * 3_000_000, "</think></think><think>", "\u2028\r\n", "|```\n---\nconfigs: x"]
    rows = [(f"q{i}", 0, text, True) for i, text in enumerate(texts_in)]
    merge([judge(tmp_path / "judged", rows, source="a|b\n# c")], [], tmp_path / "sft")
    assert texts(tmp_path / "sft") == Counter((q, text) for q, _, text, _ in rows)
    assert "\n# c" not in (tmp_path / "sft" / "README.md").read_text()


@pytest.mark.parametrize("streaming", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_datasets_loads_what_was_written(tmp_path, monkeypatch, streaming):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import Features, load_dataset

    judged = judge(tmp_path / "judged", SMALL)
    merge([judged], [jsonl(tmp_path / "g.jsonl", CHATS)], tmp_path / "sft", validation=0.2, rows_per_shard=5)
    data = load_dataset(str(tmp_path / "sft"), cache_dir=str(tmp_path / "cache"), streaming=streaming)
    rows = {split: list(data[split]) for split in ("train", "validation")}
    assert sorted(data) == ["train", "validation"]
    assert data["train"].features == Features.from_dict(schemas.SFT_FEATURES)
    got = Counter(
        (r["messages"][0]["content"], r["messages"][-1]["content"]) for r in rows["train"] + rows["validation"]
    )
    assert got == texts(tmp_path / "sft")
    for row in rows["train"]:
        assert ("<think>" in row["messages"][-1]["content"]) == (row["kind"] == "reasoning")


def test_a_folder_merged_anew_gives_its_new_rows(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    found = []
    for seed in (1, 2):
        merge([judge(tmp_path / "judged", SMALL)], [], tmp_path / "sft", seed=seed)
        data = load_dataset(str(tmp_path / "sft"), split="train", cache_dir=str(tmp_path / "cache"))
        found.append(data["id"])
    assert sorted(found[0]) == sorted(found[1]) and list(found[0]) != list(found[1])


def test_every_shard_has_the_schema_and_no_name_a_trainer_trips_over(tmp_path):
    merge([judge(tmp_path / "judged", SMALL)], [], tmp_path / "sft", rows_per_shard=5)
    for file in (tmp_path / "sft").glob("train/*.parquet"):
        found = pq.read_schema(file)
        assert found.names == schemas.SFT.names and found.metadata == schemas.SFT.metadata
        assert not any(found.field(name).nullable for name in found.names)
    trips = {"prompt", "completion", "text", "input_ids", "labels", "tools", "images", "chat_template_kwargs"}
    assert not trips & set(schemas.SFT.names)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ratio": (1, 9)}, "--cut-kept goes on with 1 of 18 kept rows"),
        ({"ratio": (0, 1)}, "--ratio"),
        ({"ratio": (1, 1), "general_share": 0.5}, "give one"),
        ({"general_share": 1.0}, "--general-share 1.0"),
        ({"cut_kept": True}, "need a ratio"),
        ({"ratio": (1, 1), "cut_kept": True, "oversample": True}, "exclude each other"),
        ({"per_prompt": 0}, "--per-prompt 0"),
        ({"rows_per_shard": 0}, "--rows-per-shard 0"),
        ({"validation": 1.0}, "--validation 1.0"),
        ({"judged": []}, "at least one run folder"),
        ({"judged": ["missing"]}, "missing: no such folder"),
        ({"general": ["missing.jsonl"]}, "missing.jsonl"),
        ({"general": [], "ratio": (3, 1)}, "needs general data"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(tmp_path, monkeypatch, options, said):
    monkeypatch.chdir(tmp_path)
    inputs = {"judged": [judge(tmp_path / "judged", SMALL)], "general": [jsonl(tmp_path / "g.jsonl", CHATS)]}
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput) as caught:
        merge(**{**inputs, "out": tmp_path / "sft", **options})
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_control_tokens_stay_out_and_the_ratio_holds(tmp_path):
    rows = [(f"q{i}", 0, f"<think>\nt{i}\n</think>\n\na", True) for i in range(12)]
    bad = [
        ("say <|im_start|>", 0, "no", True),
        ("q", 0, "done<｜end▁of▁sentence｜>", True),
        ("[INST] x", 0, "y", False),
    ]
    general = [jsonl(tmp_path / "g.jsonl", CHATS)]
    report = merge([judge(tmp_path / "judged", rows + bad)], general, tmp_path / "sft", ratio=(2, 1))
    assert report.dropped["reasoning"] == {"control_tokens": 2, "rejected": 1}
    assert report.splits == {"train": 18} and not any("<|" in q or "<｜" in text for q, text in texts(tmp_path / "sft"))
    clean = merge([judge(tmp_path / "clean", rows)], general, tmp_path / "same", ratio=(2, 1))
    assert texts(tmp_path / "same") == texts(tmp_path / "sft") and clean.splits == report.splits


@pytest.mark.parametrize("form", ["messages", pytest.param("jsonl", marks=pytest.mark.slow)])
def test_shards_are_about_the_size_that_was_asked(tmp_path, form):
    draw = random.Random(0)
    noise = ["".join(draw.choices("abcdefghijklmnop", k=draw.randint(100, 900))) for _ in range(2500)]
    rows = [(f"q{i}", 0, text, True) for i, text in enumerate(noise)]
    judged = judge(tmp_path / "judged", rows, part=500)
    merge([judged], [], tmp_path / "sft", shard_bytes=200_000, form=form)
    sizes = [file.stat().st_size for file in (tmp_path / "sft").glob("train/*")]
    assert len(sizes) > 3 and min(sizes) > 150_000 and max(sizes) < 230_000, sizes


@pytest.mark.parametrize("url", ["memory://data", "memory://data/*.jsonl", "memory://data/g.jsonl"])
def test_inputs_may_lie_elsewhere(tmp_path, url):
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/data/g.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in CHATS))
    judged = judge(tmp_path / "judged", SMALL)
    memory.put(str(judged), "/runs/judged", recursive=True)
    merge(["memory://runs/judged"], [url], tmp_path / "far")
    merge([judged], [jsonl(tmp_path / "g.jsonl", CHATS)], tmp_path / "near")
    assert texts(tmp_path / "far") == texts(tmp_path / "near")
    assert "memory" not in json.dumps(json.loads((tmp_path / "far" / "manifest.json").read_text())["inputs"])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("memory://bad/bad.jsonl", "memory://bad/bad.jsonl:1: no conversation"),
        ("memory://nowhere/x.jsonl", "memory://nowhere/x.jsonl"),
        ("carrier://pigeon", "carrier://pigeon: can't be read"),
    ],
)
def test_what_lies_elsewhere_is_named_by_its_address(tmp_path, url, said):
    import fsspec

    fsspec.filesystem("memory").pipe("/bad/bad.jsonl", b'{"x": 1}\n')
    with pytest.raises(BadInput) as caught:
        merge([judge(tmp_path / "judged", SMALL)], [url], tmp_path / "sft")
    assert said in str(caught.value) and str(tmp_path) not in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "sft").exists()


def test_a_damaged_part_is_named(tmp_path):
    judged = judge(tmp_path / "judged", SMALL)
    part = next(judged.glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(BadInput, match=part.name):
        merge([judged], [], tmp_path / "sft")


def test_foreign_columns_are_named(tmp_path):
    judged = judge(tmp_path / "judged", SMALL[:3])
    part = next(judged.glob("*.parquet"))
    pq.write_table(pq.read_table(part).drop_columns("text").append_column("text", pa.array([1, 2, 3])), part)
    with pytest.raises(BadInput, match="column 'text'"):
        merge([judged], [], tmp_path / "sft")


def test_what_is_not_ours_stays(tmp_path):
    judged = judge(tmp_path / "judged", SMALL)
    (tmp_path / "sft").mkdir()
    (tmp_path / "sft" / "thesis.tex").write_text("mine")
    with pytest.raises(Refused):
        merge([judged], [], tmp_path / "sft")
    assert [p.name for p in (tmp_path / "sft").iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("step", ["shuffle.scatter", "shuffle.write_shards", "card.render", "shards.write_manifest"])
def test_a_fault_at_any_step_leaves_the_old_set(tmp_path, monkeypatch, step):
    judged, out = judge(tmp_path / "judged", SMALL), tmp_path / "sft"
    merge([judged], [], out, seed=1)
    before = digests(out)

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    module = step.partition(".")[0]
    room = "factory" if module in ("shards", "merge") else "factory.blending"
    monkeypatch.setattr(f"{room}.{step}", fail)
    with pytest.raises(KeyboardInterrupt):
        merge([judged], [], out, seed=2)
    assert digests(out) == before and [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_describe_says_what_was_used(tmp_path):
    report = merge(
        [judge(tmp_path / "judged", SMALL)], [jsonl(tmp_path / "g.jsonl", CHATS)], tmp_path / "sft", ratio=(6, 1)
    )
    data, lines = describe(report)
    assert "reasoning: 18 of 24 rows used; dropped: rejected 6" in lines
    assert "general: 3 of 9 rows used; dropped: surplus_general 6" in lines
    assert json.loads(json.dumps(data))["splits"] == {"train": 21}
