"""Filter: samples from a run or from anybody, judged whole, the same rows whatever the number of workers."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from factory import filter as stage
from factory import runs, schemas, shards
from factory.cli import cli
from factory.ledger import Ledger
from tests import make

RIGHT = "<think>\n4 plus 5 makes 9.\n</think>\n\nThe answer is \\boxed{9}."
WRONG = "<think>\n4 plus 5 makes 8.\n</think>\n\nThe answer is \\boxed{8}."
MIXED = "<think>\n4 plus 5 所以 makes 9.\n</think>\n\nThe answer is \\boxed{9}."


def _filter(*words: object) -> Result:
    """One process, unless asked for more: each that starts costs a third of a second."""
    return CliRunner().invoke(cli, ["filter", "--workers", "1", *map(str, words)])


def _run(folder: Path, prompts: int = 20) -> Path:
    run = folder / "run"
    run.mkdir()
    runs.write_run(run, {}, {})
    with Ledger(run / runs.LEDGER) as book:
        for number in range(prompts):
            asked = make.prompt(f"What is 4 + 5? ({number})", "9")
            book.put_prompts([asked])
            for index, text in enumerate([RIGHT, WRONG, MIXED, "<think>\nno end"]):
                book.put(make.sample(asked, index, text))
    return run


def _rows(judged: Path) -> list[dict[str, Any]]:
    return [row for batch in shards.batches(shards.parts(judged, "judged")) for row in batch.to_pylist()]


def test_a_run_is_judged_in_place_nothing_deleted_and_the_funnel_adds_up(tmp_path: Path) -> None:
    result = _filter(_run(tmp_path), "--rules", "r1", "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    rows = _rows(tmp_path / "run" / "judged")
    assert [(r["prompt_id"], r["sample_index"]) for r in rows] == sorted(
        (r["prompt_id"], r["sample_index"]) for r in rows
    )
    assert len(rows) == data["funnel"]["samples"] == 80
    assert sum(r["keep"] for r in rows) == data["funnel"]["kept"] == 20
    assert all(r["keep"] == (r["text"] == RIGHT) for r in rows)
    first = {r["text"]: {v.rule: v for v in schemas.verdicts_of(r)} for r in rows}
    assert first[WRONG]["correct"].reason == "wrong"
    assert first[MIXED]["language_mix"].keep is False
    assert [MIXED[a:b] for a, b in first[MIXED]["language_mix"].spans] == ["所以"]
    assert first[MIXED]["correct"].keep is True
    assert data["routes"] and sum(data["routes"].values()) == 20


@pytest.mark.slow
def test_the_same_bytes_whatever_the_number_of_workers(tmp_path: Path) -> None:
    run = _run(tmp_path)
    folders = []
    for workers in (1, 3):
        assert _filter(run, "--rules", "r1", "--workers", workers, "--out", tmp_path / f"j{workers}").exit_code == 0
        folders.append(tmp_path / f"j{workers}")
    one, two = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)
    assert one == two


def test_an_openr1_file_works_without_a_model(tmp_path: Path) -> None:
    row = {
        "problem": "What is 4 + 5?",
        "answer": "9",
        "generations": [RIGHT, WRONG, MIXED],
        "finish_reasons": ["stop", "stop", "stop"],
        "uuid": "u-1",
    }
    source = make.jsonl(tmp_path / "openr1.jsonl", [row, {**row, "problem": "What is 3 + 6?"}])
    result = _filter(source, "--rules", "r1", "--out", tmp_path / "judged")
    assert result.exit_code == 0, result.output
    rows = _rows(tmp_path / "judged")
    assert len(rows) == 6
    assert sum(r["keep"] for r in rows) == 2
    assert {r["source_id"] for r in rows} == {"u-1"}
    assert "generations" in result.stderr


def test_without_a_reference_correct_is_unknown_not_wrong(tmp_path: Path) -> None:
    source = make.jsonl(tmp_path / "s.jsonl", [{"prompt": "Say 9.", "response": RIGHT}])
    result = _filter(source, "--rules", "r1", "--out", tmp_path / "judged", "--json")
    correct = json.loads(result.stdout)["funnel"]["rules"]["correct"]
    assert (correct["rejected"], correct["unknown"]) == ({}, {"no_reference": 1})


def test_a_consensus_stands_in_for_a_missing_reference_and_says_so(tmp_path: Path) -> None:
    said = {"Two thirds?": ["7", "7", "8"], "Nobody?": ["1", "2", "3"], "Given?": ["5", "5", "5"]}
    source = make.jsonl(
        tmp_path / "s.jsonl",
        [
            {"prompt": prompt, "response": f"<think>\nHm {i}.\n</think>\n\n\\boxed{{{answer}}}"}
            | ({"reference": "6"} if prompt == "Given?" else {})
            for prompt, answers in said.items()
            for i, answer in enumerate(answers)
        ],
    )
    (tmp_path / "c.toml").write_text('[[rule]]\nuse = "correct"\n')
    out = tmp_path / "judged"
    assert _filter(source, "--rules", tmp_path / "c.toml", "--out", out, "--consensus", 0.6).exit_code == 0
    found = {(r["messages"][0]["content"], r["reference"], r["reference_from"]): [] for r in _rows(out)}
    for row in _rows(out):
        found[row["messages"][0]["content"], row["reference"], row["reference_from"]].append(row["keep"])
    assert {key: sorted(keeps) for key, keeps in found.items()} == {
        ("Two thirds?", "7", "consensus"): [False, True, True],
        ("Nobody?", None, "given"): [False, False, False],
        ("Given?", "6", "given"): [False, False, False],
    }


def test_large_references_are_written_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _run(tmp_path, 2)
    assert _filter(run, "--rules", "r1-zero").exit_code == 0
    before = _rows(run / "judged")
    monkeypatch.setattr(stage, "TABLE", 1)
    assert _filter(run, "--rules", "r1-zero").exit_code == 0
    assert _rows(run / "judged") == before
    (part,) = shards.parts(run / "judged", "judged")
    assert pq.ParquetFile(part).num_row_groups == len(before)


def test_a_template_says_what_is_trained_on(tmp_path: Path) -> None:
    run = _run(tmp_path, 1)
    recipe = tmp_path / "finished.toml"
    recipe.write_text('[[rule]]\nuse = "finished"\n')
    template = '[ask]\nmessages=[{role="user",content="SCAFFOLD {{prompt}}"}]\n'
    train = '[train]\nmessages=[{role="system",content="Be kind."},{role="user",content="{{prompt}}"}]\n'
    for text, roles in [(template, ["user"]), (template + train, ["system", "user"])]:
        runs.write_run(run, {"template": {"name": "t", "text": text}}, {})
        assert _filter(run, "--rules", recipe).exit_code == 0
        (row, *_) = _rows(run / "judged")
        assert [m["role"] for m in row["messages"]] == roles
        assert "SCAFFOLD" not in json.dumps(row["messages"])


FAULTY = """
from factory import Verdict
def judge(sample, prompt):
    if sample.sample_index == 1:
        raise ValueError("boom")
    return Verdict.accept()
"""


def test_a_rule_that_often_raises_fails_the_command_and_leaves_nothing(tmp_path: Path) -> None:
    run = _run(tmp_path)
    (tmp_path / "faulty.py").write_text(FAULTY)
    (tmp_path / "mine.toml").write_text('[[rule]]\nuse = "faulty"')
    result = _filter(run, "--rules", tmp_path / "mine.toml")
    assert result.exit_code == 1
    said = re.search(
        r"rule faulty failed on (\d+) of (\d+) samples \(raised \1\); first: ValueError: boom", result.stderr
    )
    assert said and int(said[2]) < 80  # not all of a long job is judged by nobody
    assert not (run / "judged").exists()


def test_a_run_still_being_drawn_is_called_partial(tmp_path: Path) -> None:
    run = _run(tmp_path, 1)
    with runs.lock(run):
        result = _filter(run, "--rules", "r1")
    assert result.exit_code == 0
    assert "still being drawn" in result.stderr
    assert shards.read_manifest(run / "judged")["partial"] is True


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["absent.jsonl", "--rules", "r1", "--out", "o"], "absent.jsonl"),
        (["s.jsonl", "--rules", "r2", "--out", "o"], "no recipe named 'r2'"),
        (["s.jsonl", "--rules", "r1"], "--out"),
        (["s.jsonl", "--rules", "r1", "--out", "taken"], "taken"),
        (["torn.jsonl", "--rules", "r1", "--out", "o"], "torn.jsonl:2"),
        (["s.jsonl", "--rules", "r1", "--out", "o", "--column", "respons=x"], "response"),
        (["no_response.jsonl", "--rules", "r1", "--out", "o"], "no_response.jsonl"),
        (["s.jsonl", "--explain", "x"], "not a finished folder"),
        (["s.jsonl", "--sweep", "think.least=1"], "not a finished folder"),
        (["s.jsonl", "--explain", "x", "--out", "o"], "o: has no manifest.json"),
        (["s.jsonl", "--explain", "x", "--consensus", "0.6"], "--consensus has no say there"),
        (["s.jsonl", "--sweep", "think.least=1", "--column", "response=r"], "--column has no say there"),
        (["s.jsonl", "--sweep", "think.least=1", "--rules", "r1"], "give one of --rules"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make.jsonl(Path("s.jsonl"), [{"prompt": "a", "response": RIGHT}])
    make.jsonl(Path("no_response.jsonl"), [{"prompt": "a"}])
    Path("torn.jsonl").write_text('{"prompt": "a", "response": "b"}\n{"prompt": "a", "resp')
    Path("taken").mkdir()
    Path("taken", "thesis.tex").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    result = _filter(*words)
    assert result.exit_code in (2, 3), result.output
    assert named in result.stderr
    assert "Traceback" not in result.output
    assert result.stderr.strip().splitlines()[-1].startswith("Error: ")
    assert sorted(tmp_path.rglob("*")) == before


def test_what_was_judged_elsewhere_is_read_there(tmp_path: Path) -> None:
    source, out = make.jsonl(tmp_path / "s.jsonl", [{"prompt": "a", "answer": "9", "response": RIGHT}]), tmp_path / "o"
    (tmp_path / "mine.toml").write_text('[[rule]]\nuse = "think"')
    assert _filter(source, "--rules", tmp_path / "mine.toml", "--out", out).exit_code == 0
    (row,) = _rows(out)
    assert "KEPT" in _filter(source, "--out", out, "--explain", row["id"]).output
    assert "100.0%" in _filter(source, "--out", out, "--sweep", "think.least=0").output


@pytest.mark.slow
def test_nasty_texts_survive_the_whole_way(tmp_path: Path) -> None:
    texts = ["", "\x00", "\ud800", "\u202e\u200b", "a" * 2_000_000, "<think>" * 2_000, "\n" * 50_000]
    source = make.jsonl(tmp_path / "s.jsonl", [{"prompt": "a", "answer": "9", "generations": texts}])
    result = _filter(source, "--rules", "r1", "--out", tmp_path / "judged")
    assert result.exit_code == 0, result.output
    assert len(_rows(tmp_path / "judged")) == len(texts)
    assert not any(r["keep"] for r in _rows(tmp_path / "judged"))
