"""Preference pairs and RL prompts from judged rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from factory import schemas, shards
from factory.records import Verdict
from tests.make import jsonl, prompt, sample
from tests.merging import merge

RIGHT, WRONG, UNKNOWN = Verdict.accept(), Verdict.reject("wrong"), Verdict.unknown("timeout")


def judge(folder: Path, runs: dict[str, list[Verdict]]) -> Path:
    """A question to the verdicts of `correct` on its samples."""
    rows = []
    for question, verdicts in sorted(runs.items(), key=lambda item: prompt(item[0]).id):
        for index, verdict in enumerate(verdicts):
            named = Verdict(verdict.keep, verdict.reason, rule="correct")
            asked = prompt(question, source="gym")
            rows.append(schemas.judged_row(asked, sample(asked, index, f"{question}{index}"), [named]))
    with shards.new_folder(folder, "judged") as temp:
        entry = shards.write_table(temp / "part.parquet", schemas.table(rows, schemas.JUDGED))
        shards.write_manifest(temp, "judged", {"files": [entry]})
    return folder


MIXED = {
    "a": [WRONG, RIGHT, WRONG],
    "b": [RIGHT, RIGHT],
    "c": [WRONG],
    "d": [RIGHT, UNKNOWN],
    "e": [RIGHT, UNKNOWN, WRONG],
}


def test_a_pair_is_the_first_kept_against_the_first_that_was_surely_wrong(tmp_path):
    merge([judge(tmp_path / "judged", MIXED)], [], tmp_path / "sft", pairs=True)
    rows = pq.read_table(tmp_path / "sft" / "pairs" / "pairs.parquet").to_pylist()
    found = {
        r["prompt"][0]["content"]: (r["chosen"][0]["content"], r["rejected"][0]["content"], r["reason"]) for r in rows
    }
    assert found == {"a": ("a1", "a0", "correct: wrong"), "e": ("e0", "e2", "correct: wrong")}


@pytest.mark.parametrize(
    ("band", "rates"),
    [
        ((0.1, 0.9), {"a": (1 / 3, 3), "e": (0.5, 2)}),
        ((0.0, 0.0), {"c": (0.0, 1)}),
        ((0.0, 1.0), {"a": (1 / 3, 3), "b": (1.0, 2), "c": (0.0, 1), "d": (1.0, 1), "e": (0.5, 2)}),
    ],
)
def test_rl_prompts_have_their_pass_rates(tmp_path, band, rates):
    merge([judge(tmp_path / "judged", MIXED)], [], tmp_path / "sft", rl_prompts=band)
    rows = pq.read_table(tmp_path / "sft" / "rl" / "rl.parquet").to_pylist()
    assert {r["prompt"][0]["content"]: (r["pass_rate"], r["trials"]) for r in rows} == rates
    assert {r["reward_model"]["ground_truth"] for r in rows} == {"9"}


def test_pass_rates_count_over_runs(tmp_path):
    folders = [
        judge(tmp_path / name, {"a": verdicts}) for name, verdicts in (("x", [RIGHT]), ("y", [WRONG, WRONG, WRONG]))
    ]
    merge(folders, [], tmp_path / "sft", rl_prompts=(0.2, 0.3))
    (row,) = pq.read_table(tmp_path / "sft" / "rl" / "rl.parquet").to_pylist()
    assert (row["pass_rate"], row["trials"]) == (0.25, 4)


def test_what_rows_are_kept_clean_of_stays_out_of_byproducts(tmp_path):
    clean, leaked, control = "how many are there", "one two three four five six", "say <|im_end|> please"
    judged = judge(tmp_path / "judged", {q: [WRONG, RIGHT] for q in (clean, leaked, control)})
    bench = jsonl(tmp_path / "bench.jsonl", [{"problem": leaked}])
    wishes = {"decontaminate": [bench], "ngram": 4, "pairs": True, "rl_prompts": (0.0, 1.0)}
    merge([judged], [], tmp_path / "sft", **wishes)
    for name in ("pairs", "rl"):
        table = pq.read_table(tmp_path / "sft" / name / f"{name}.parquet")
        assert [turns[0]["content"] for turns in table["prompt"].to_pylist()] == [clean]
    manifest = shards.read_manifest(tmp_path / "sft")
    assert manifest["byproducts_left_out"] == {"contaminated": 2, "control_tokens": 2}


def test_held_out_prompts_are_nowhere_else(tmp_path):
    judged = judge(tmp_path / "judged", {f"q{i}": [WRONG, RIGHT] for i in range(30)})
    merge([judged], [], tmp_path / "sft", validation=0.3, pairs=True, rl_prompts=(0.0, 1.0))
    files = sorted((tmp_path / "sft").glob("validation/*.parquet"))
    held = {name for file in files for name in pq.read_table(file)["prompt_id"].to_pylist()}
    for name in ("pairs", "rl"):
        found = pq.read_table(tmp_path / "sft" / name / f"{name}.parquet")["prompt_id"].to_pylist()
        assert len(held) == 9 and len(found) == 21 and not held & set(found)


@pytest.mark.slow
def test_the_default_configuration_stays_the_sft_rows(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    merge([judge(tmp_path / "judged", MIXED)], [], tmp_path / "sft", pairs=True, rl_prompts=(0.0, 1.0))
    loaded = [
        load_dataset(str(tmp_path / "sft"), *name, cache_dir=str(tmp_path / "c"))["train"]
        for name in ((), ("pairs",), ("rl",))
    ]
    assert [len(data) for data in loaded] == [5, 2, 5] and "messages" in loaded[0].column_names
