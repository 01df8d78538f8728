"""Preference pairs and RL prompts from judged rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from factory import schemas, shards
from factory.records import Verdict
from tests.make import prompt, sample
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
