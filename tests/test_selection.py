"""Which kept samples go on, from judged folders to rows: each order, the band, the caps, the budget."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from factory import schemas, shards
from factory.errors import BadInput
from factory.records import Verdict
from tests.make import jsonl, prompt, sample
from tests.merging import merge

# (question, index, tokens, score, correct)
ROWS = [
    ("a", 0, 50, 0.3, True),
    ("a", 1, 10, 0.9, True),
    ("a", 2, 90, 0.5, True),
    ("b", 0, 20, 0.1, False),
    ("b", 1, 30, 0.2, True),
    ("c", 0, 40, 0.4, False),
    ("c", 1, 40, 0.4, None),
]


def judge(folder: Path, rows: list[tuple] = ROWS, source: str = "gym") -> Path:
    judged = []
    for question, index, tokens, score, correct in rows:
        asked = prompt(question, source=source, task=question)
        drawn = sample(asked, index, f"{source} {question}{index}", completion_tokens=tokens)
        verdicts = [Verdict(correct, "", rule="correct"), Verdict(True, "", score, rule="taste")]
        judged.append(schemas.judged_row(asked, drawn, verdicts))
    with shards.new_folder(folder, "judged") as temp:
        entry = shards.write_table(temp / "part.parquet", schemas.table(judged, schemas.JUDGED))
        shards.write_manifest(temp, "judged", {"files": [entry]})
    return folder


def written(out: Path) -> list[str]:
    rows = [row for file in out.glob("*/*.parquet") for row in pq.read_table(file).to_pylist()]
    return sorted(row["messages"][-1]["content"].removeprefix("gym ") for row in rows)


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({"per_prompt": 1}, ["a0", "b1"]),
        ({"per_prompt": 1, "select": "shortest"}, ["a1", "b1"]),
        ({"per_prompt": 1, "select": "longest"}, ["a2", "b1"]),
        ({"per_prompt": 1, "select": "best:taste"}, ["a1", "b1"]),
        ({"per_prompt": 2, "select": "best:taste"}, ["a1", "a2", "b1"]),
        ({"pass_rate": (0.1, 0.9)}, ["b1"]),
        ({"pass_rate": (0.5, 1.0)}, ["a0", "a1", "a2", "b1"]),
        ({"pass_rate": (1.0, 1.0)}, ["a0", "a1", "a2"]),
        ({"task_caps": {"a": 0}}, ["b1"]),
        ({"task_caps": {"a": 9, "z": 0}}, ["a0", "a1", "a2", "b1"]),
        ({"source_caps": {"gym": 0, "chats": 9}, "with_general": True}, ["hi"]),
        ({"source_caps": {"chats": 0}, "with_general": True}, ["a0", "a1", "a2", "b1"]),
        ({"token_budget": 10_000}, ["a0", "a1", "a2", "b1"]),
    ],
)
def test_what_is_chosen(tmp_path, options, texts):
    options = dict(options)
    turns = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "hi"}]
    general = [jsonl(tmp_path / "g.jsonl", [{"messages": turns, "source": "chats"}])]
    general = general if options.pop("with_general", False) else []
    report = merge([judge(tmp_path / "judged")], general, tmp_path / "sft", **options)
    assert written(tmp_path / "sft") == texts
    dropped = sum(sum(reasons.values()) for reasons in report.dropped.values())
    assert len(ROWS) + len(general) == len(texts) + dropped


def test_the_budget_is_kept_and_nearly_used(tmp_path):
    rows = [(f"q{i}", 0, 10 + i % 7, 0.0, True) for i in range(200)]
    tokens = {f"q{i}0": 10 + i % 7 for i in range(200)}
    merge([judge(tmp_path / "judged", rows)], [], tmp_path / "sft", token_budget=1000)
    spent = sum(tokens[text] for text in written(tmp_path / "sft"))
    assert 1000 - 16 <= spent <= 1000


def test_random_draws_every_index_alike(tmp_path):
    rows = [(f"q{i}", index, 10, 0.0, True) for i in range(300) for index in range(3)]
    merge([judge(tmp_path / "judged", rows)], [], tmp_path / "sft", per_prompt=1, select="random")
    times = Counter(text[-1] for text in written(tmp_path / "sft"))
    assert sum(times.values()) == 300 and min(times.values()) > 70


def test_a_prompt_counts_over_all_runs(tmp_path):
    folders = [judge(tmp_path / name, [("a", i, 10, 0.0, True) for i in range(3)], name) for name in ("x", "y")]
    report = merge(folders, [], tmp_path / "sft", per_prompt=2)
    assert report.dropped["reasoning"] == {"over_per_prompt": 4}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"select": "bets:taste"}, "did you mean 'best'"),
        ({"select": "best"}, "best:RULE"),
        ({"select": "first:taste"}, "best:RULE"),
        ({"per_prompt": 1, "select": "best:tast"}, "no kept sample has a score"),
        ({"pass_rate": (0.9, 0.1)}, "--pass-rate"),
        ({"token_budget": 0}, "--token-budget"),
    ],
)
def test_wishes_that_mean_nothing_are_said(tmp_path, options, said):
    with pytest.raises(BadInput, match=said):
        merge([judge(tmp_path / "judged")], [], tmp_path / "sft", **options)
    assert not (tmp_path / "sft").exists()
