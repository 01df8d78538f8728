"""Rules stop hopeless samples on their way: the same rows at any concurrency, and tokens saved."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from factory import ledger, runs, shards
from factory.cli import cli
from factory.reading.prompts import read_prompts
from factory.records import Sample
from tests import make

PROMPTS, SAMPLES, LONG = 6, 6, 4000
RECIPE = "".join(f'[[rule]]\nuse = "{name}"\n' for name in ("finished", "think", "correct", "repetition"))
WORDS = random.Random(0)
TALE = ". ".join(" ".join("".join(WORDS.choices("etaoinshr", k=6)) for _ in range(9)) for _ in range(100))
"""Says something new to its end."""


def _recorded(number: int, index: int) -> dict[str, Any]:
    """Every other draw loops from its first words on, some only at their end; the others are right."""
    kind = (number + index) % 4
    if kind == 0:
        return {"text": "<think>\n" + "So I try the sum once more. " * 300, "completion_tokens": LONG}
    if kind == 1:
        return {"text": f"<think>\n{TALE}\n" + "I am lost in here. " * 150, "completion_tokens": LONG}
    return {"text": f"<think>\n{TALE}\nDraw {index}.\n</think>\n\n\\boxed{{{number}}}", "completion_tokens": 900}


def _setting(folder: Path) -> tuple[Path, Path, Path]:
    prompts = make.jsonl(folder / "p.jsonl", [{"problem": f"0 + {i}?", "answer": str(i)} for i in range(PROMPTS)])
    rows = []
    for number, prompt in enumerate(read_prompts(str(prompts))):
        for index in range(SAMPLES):
            row = {"prompt_id": prompt.id, "sample_index": index, **_recorded(number, index)}
            rows.append({**row, "finish_reason": "length" if row["completion_tokens"] == LONG else "stop"})
    (folder / "mine.toml").write_text(RECIPE)
    return prompts, make.jsonl(folder / "recorded.jsonl", rows), folder / "mine.toml"


def _drawn(setting: tuple[Path, Path, Path], run: Path, *more: object) -> tuple[dict[str, Any], list[Sample]]:
    prompts, recorded, recipe = setting
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", run, "--rules", recipe]
    result = CliRunner().invoke(cli, [str(w) for w in (*words, "--keep", 2, "--samples", SAMPLES, "--json", *more)])
    assert result.exit_code == 0, result.output
    with ledger.reading(run / runs.LEDGER) as connection:
        return json.loads(result.stdout), [s for _, found in ledger.prompts_with_samples(connection) for s in found]


def _judged(run: Path, recipe: object) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    result = CliRunner().invoke(cli, ["filter", str(run), "--rules", str(recipe), "--json"])
    assert result.exit_code == 0, result.output
    rows = [r for b in shards.batches(shards.parts(run / "judged", "judged")) for r in b.to_pylist()]
    return [{k: v for k, v in r.items() if k != "engine"} for r in rows], json.loads(result.stdout)["funnel"]


@pytest.mark.slow
def test_a_loop_is_recorded_as_it_stood_when_it_was_seen_and_counts_as_rejected(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    data, samples = _drawn(setting, tmp_path / "run")
    numbers = {prompt.id: number for number, prompt in enumerate(read_prompts(str(setting[0])))}
    saved = 0
    for sample in samples:
        recorded = _recorded(numbers[sample.prompt_id], sample.sample_index)
        if recorded["completion_tokens"] != LONG:
            assert (sample.finish_reason, sample.text) == ("stop", recorded["text"])
            continue
        assert sample.completion_tokens is not None
        assert (sample.finish_reason, sample.stop_reason) == ("stopped_early", "repetition:loop")
        assert recorded["text"].startswith(sample.text)
        assert sample.completion_tokens % 512 == 0
        saved += LONG - sample.completion_tokens
    assert len({s.completion_tokens for s in samples if s.finish_reason == "stopped_early"}) > 1
    assert saved > 0
    with ledger.reading(tmp_path / "run" / runs.LEDGER) as connection:
        assert data["completion_tokens"] == ledger.totals(connection).completion_tokens
    assert data["samples_kept"] == 2 * PROMPTS
    for recipe in (setting[2], "r1"):
        rows, funnel = _judged(tmp_path / "run", recipe)
        stopped = [r for r in rows if r["finish_reason"] == "stopped_early"]
        assert stopped
        assert not any(r["keep"] for r in stopped)
        assert funnel["rules"]["finished"]["rejected"]["stopped_early"] == len(stopped)


@pytest.mark.slow
@pytest.mark.parametrize("slots", [64])
def test_the_same_rows_at_any_concurrency(tmp_path: Path, slots: int) -> None:
    setting = _setting(tmp_path)
    _drawn(setting, tmp_path / "one", "--concurrency", 1)
    _drawn(setting, tmp_path / "run", "--concurrency", slots, "--workers", 2, "--engine-arg", "delay=0.00002")
    assert _judged(tmp_path / "run", setting[2]) == _judged(tmp_path / "one", setting[2])


def test_without_rules_nothing_is_looked_at(tmp_path: Path) -> None:
    prompts, recorded, _ = _setting(tmp_path)
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", tmp_path / "run", "--samples", 2]
    assert CliRunner().invoke(cli, [str(w) for w in words]).exit_code == 0
    with ledger.reading(tmp_path / "run" / runs.LEDGER) as connection:
        found = [s for _, samples in ledger.prompts_with_samples(connection) for s in samples]
    assert {s.finish_reason for s in found} == {"stop", "length"}
