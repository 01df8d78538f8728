"""`factory status`, `metrics.jsonl` and `suspects.jsonl`: what people see of a run, and that it adds up."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from factory import runs, suspects
from factory.cli import cli
from factory.drawing import metrics
from factory.drawing.metrics import Moment
from factory.reading.prompts import read_prompts
from factory.records import Verdict
from tests import make

RECIPE = '[[rule]]\nuse = "finished"\n[[rule]]\nuse = "correct"\n'


def _run(folder: Path, *more: object) -> Path:
    """Three prompts: one easy, one hard, one whose reference is wrong."""
    asked = [{"problem": f"1 + {i}?", "answer": str(1 + i) if i < 2 else "30", "id": f"p{i}"} for i in range(3)]
    prompts = make.jsonl(folder / "prompts.jsonl", asked)
    rows = []
    for number, prompt in enumerate(read_prompts(str(prompts))):
        for index in range(8):
            right = number == 0 or (number == 2 and index != 5) or index == 6
            text = (
                f"<think>\nDraw {index}.\n</think>\n\nThe answer is \\boxed{{{number + 1 if right else 90 + index}}}."
            )
            row = {"prompt_id": prompt.id, "sample_index": index, "text": text, "completion_tokens": 10}
            rows.append({**row, "finish_reason": "stop"})
    recorded, recipe = make.jsonl(folder / "recorded.jsonl", rows), folder / "mine.toml"
    recipe.write_text(RECIPE)
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", folder / "run", "--samples", 8]
    result = CliRunner().invoke(cli, [str(w) for w in (*words, *more)])
    assert result.exit_code == 0, result.output
    return folder / "run"


def _status(run: Path) -> tuple[dict[str, Any], str]:
    said = [CliRunner().invoke(cli, ["status", str(run), *more]) for more in (["--json"], [])]
    assert [result.exit_code for result in said] == [0, 0], said[0].output
    return json.loads(said[0].stdout), said[1].stdout


def test_a_run_with_rules_says_what_a_kept_sample_took_and_where_tokens_went(tmp_path: Path) -> None:
    run = _run(tmp_path, "--keep", 2, "--rules", tmp_path / "mine.toml")
    data, text = _status(run)
    assert data["settled"] == {"enough": 1, "cap": 2}
    assert data["kept"] == 3
    assert sum(one["tokens"] for one in data["spent"].values()) == data["tokens"] == 10 * data["samples"]
    assert data["process"] is None
    assert "3 kept" in text
    assert "correct: wrong" in text
    assert "no sample passed of 1 prompts, every one of 1" in text


def test_a_run_without_rules_is_not_judged(tmp_path: Path) -> None:
    data, text = _status(_run(tmp_path))
    assert (data["kept"], data["samples"], data["pass_rate_histogram"]) == (None, 24, None)
    assert "not judged yet: factory filter" in text


def test_a_run_that_is_being_drawn_names_its_process(tmp_path: Path) -> None:
    run = _run(tmp_path)
    with runs.lock(run):
        data, text = _status(run)
    assert data["process"] is not None
    assert f"being drawn by process {data['process']}" in text


def test_what_is_no_run_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["status", str(tmp_path)])
    assert result.exit_code == 2
    assert "not a run folder" in result.stderr


def test_a_reference_that_most_samples_contradict_is_named_by_generate_and_by_filter(tmp_path: Path) -> None:
    run = _run(tmp_path, "--keep", 2, "--rules", tmp_path / "mine.toml")
    (row,) = [json.loads(line) for line in (run / suspects.NAME).read_text().splitlines()]
    assert (row["source_id"], row["reference"], row["majority"]) == ("p2", "30", "3")
    result = CliRunner().invoke(cli, ["filter", str(run), "--rules", str(tmp_path / "mine.toml")])
    assert "1 prompt whose samples agree on another answer" in result.stdout
    assert [json.loads(line) for line in (run / "judged" / suspects.NAME).read_text().splitlines()] == [row]


@pytest.mark.parametrize(
    ("answers", "words", "found"),
    [
        (["7"] * 4, [False] * 4, "7"),
        (["7"] * 4, [False] * 3 + [None], None),
        (["7"] * 4, [False] * 3 + [True], None),
        (["7"] * 3 + ["8", "5"], [False] * 5, "7"),
        (["7"] * 3 + ["8", "5", "4"], [False] * 6, None),
    ],
    ids=["all agree", "too few decided", "one passed", "a strong majority", "no strong majority"],
)
def test_what_is_suspect(answers: list[str], words: list[bool | None], found: str | None) -> None:
    asked = make.prompt()
    samples = [make.sample(asked, i, f"\\boxed{{{answer}}}") for i, answer in enumerate(answers)]
    row = suspects.suspect(asked, samples) if suspects.none_passed(words) else None
    assert (None if row is None else row["majority"]) == found


def test_programs_that_end_in_the_same_words_suspect_no_tests() -> None:
    asked = make.prompt("Add.", '{"test_list": ["assert f() == 1"]}', "code")
    assert suspects.suspect(asked, [make.sample(asked, i, "It runs in \\boxed{7}") for i in range(4)]) is None


def test_unknown_verdicts_of_correct_are_not_wrong() -> None:
    from factory.records import passed

    assert passed([Verdict(None, "undecided", rule="correct")]) is None
    assert passed([Verdict(False, "loop", rule="repetition")]) is None
    assert passed([Verdict(False, "wrong", rule="correct")]) is False


def test_a_line_holds_rates_since_the_line_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "EVERY", 0.01)
    moments = iter([Moment(0, 0, 0, 4, 0, 0, 0), *(Moment(n, 100 * n, 1, 3, 2, n, n // 2) for n in range(2, 99))])
    ticks: list[int] = []

    async def work() -> None:
        async with metrics.written(tmp_path / "metrics.jsonl", lambda: next(moments), lambda: ticks.append(1)):
            await asyncio.sleep(0.1)

    asyncio.run(work())
    rows = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert len(rows) == len(ticks) >= 3
    first, last = rows[0], rows[-1]
    assert (first["samples"], first["tokens"], first["kept"], first["keep_share"]) == (2, 200, 1, 0.5)
    assert first["tokens_per_second"] == pytest.approx(100 * first["samples_per_second"], rel=0.01)
    assert (last["in_flight"], last["awaiting_verdict"], last["prompts_settled"]) == (3, 2, 1)
    assert metrics.newest(tmp_path / "metrics.jsonl") == last


def test_a_torn_last_line_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "m").write_text('{"tokens": 1}\n{"tokens": 2}\n{"tok')
    assert metrics.newest(tmp_path / "m") == {"tokens": 2}
    assert metrics.newest(tmp_path / "absent") is None


def test_a_run_leaves_a_line_even_when_it_is_short(tmp_path: Path) -> None:
    run = _run(tmp_path, "--keep", 2, "--rules", tmp_path / "mine.toml")
    rows = [json.loads(line) for line in (run / runs.METRICS).read_text().splitlines()]
    assert rows[-1]["prompts_settled"] == 3
    assert rows[-1]["in_flight"] == rows[-1]["awaiting_verdict"] == 0
