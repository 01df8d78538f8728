"""Drawing: every sample once, whatever happens to the process; and what stops before anything is written."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from factory import ledger, runs
from factory.cli import cli
from factory.errors import BadInput
from factory.reading.prompts import read_prompts
from factory.records import Prompt, Sample
from tests import make

QUESTIONS = 6


def _setting(folder: Path, questions: int = QUESTIONS, samples: int = 8) -> tuple[Path, Path]:
    """A prompt file and a recording of texts for each of its prompts."""
    prompts = make.jsonl(
        folder / "prompts.jsonl", [{"problem": f"1 + {i}?", "answer": str(1 + i)} for i in range(questions)]
    )
    texts = [
        {
            "prompt_id": prompt.id,
            "sample_index": index,
            "text": f"<think>\n{prompt.question} {index}\n</think>\n\n{index}",
            "finish_reason": "stop",
            "completion_tokens": 5 + index,
        }
        for prompt in read_prompts(str(prompts))
        for index in range(samples)
    ]
    return prompts, make.jsonl(folder / "recorded.jsonl", texts)


def _run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(w) for w in words])


def _generate(prompts: Path, recorded: Path, out: Path, *more: object) -> Result:
    return _run("generate", prompts, "--engine", "replay", "--model", recorded, "--out", out, *more)


def _stored(run: Path) -> list[tuple[Prompt, list[Sample]]]:
    with ledger.reading(run / runs.LEDGER) as connection:
        return list(ledger.prompts_with_samples(connection))


def _drawn(run: Path) -> dict[str, list[int]]:
    return {prompt.question: [s.sample_index for s in samples] for prompt, samples in _stored(run)}


def test_every_prompt_gets_its_samples_each_with_its_own_seed(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    result = _generate(prompts, recorded, tmp_path / "run", "--samples", 4, "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert (data["prompts"], data["samples_drawn"], data["samples_before"]) == (6, 24, 0)
    assert data["completion_tokens"] == 6 * (5 + 6 + 7 + 8)
    assert _drawn(tmp_path / "run") == {f"1 + {i}?": [0, 1, 2, 3] for i in range(QUESTIONS)}
    drawn = [s for _, samples in _stored(tmp_path / "run") for s in samples]
    assert len({s.seed for s in drawn}) == 24
    assert all(s.reasoning == f"{p.question} {s.sample_index}" for p, ss in _stored(tmp_path / "run") for s in ss)
    assert all(s.started is not None and s.ended is not None and s.started <= s.ended for s in drawn)


def test_the_same_command_draws_nothing_and_more_samples_or_prompts_extend(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    assert _generate(prompts, recorded, run, "--samples", 2, "--limit", 3).exit_code == 0
    before = _stored(run)
    again = _generate(prompts, recorded, run, "--samples", 2, "--limit", 3)
    assert "nothing to draw: 6 samples are there" in again.stdout
    assert _stored(run) == before
    assert _generate(prompts, recorded, run, "--samples", 3, "--concurrency", 1).exit_code == 0
    assert _drawn(run) == {f"1 + {i}?": [0, 1, 2] for i in range(QUESTIONS)}
    fewer = _generate(prompts, recorded, run, "--samples", 3, "--limit", 2)
    assert "4 prompts of this run are not listed any more" in fewer.stdout
    assert len(_drawn(run)) == QUESTIONS


def test_reordered_and_duplicate_prompts_keep_their_samples(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    assert _generate(prompts, recorded, run, "--samples", 2).exit_code == 0
    before = _stored(run)
    lines = prompts.read_text().splitlines()
    prompts.write_text("\n".join(reversed(lines)) + "\n")
    again = _generate(prompts, recorded, run, "--samples", 2)
    assert "nothing to draw" in again.stdout
    assert _stored(run) == before


def test_equal_prompts_are_drawn_each_and_added_ones_change_nothing(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path, questions=4)
    rows = prompts.read_text().splitlines(keepends=True)
    prompts.write_text("".join([rows[2], rows[0], rows[0], *rows]))  # added in front, between and twice
    ids = [prompt.id for prompt in read_prompts(str(prompts))]
    assert len(set(ids)) == 7
    texts = [
        {"prompt_id": key, "sample_index": index, "text": f"{key} {index}", "finish_reason": "stop"}
        for key in ids
        for index in range(3)
    ]
    make.jsonl(recorded, texts)
    prompts.write_text("".join(rows[:3]))
    run = tmp_path / "run"
    assert _generate(prompts, recorded, run, "--samples", 2).exit_code == 0
    before = {prompt.id: samples for prompt, samples in _stored(run)}
    prompts.write_text("".join([rows[2], rows[0], rows[0], *rows]))
    result = _generate(prompts, recorded, run, "--samples", 3, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["samples_drawn"] == 7 * 3 - 3 * 2
    after = {prompt.id: samples for prompt, samples in _stored(run)}
    assert sorted(after) == sorted(ids)
    assert all(samples[:2] == before.get(key, samples[:2]) for key, samples in after.items())
    assert all(s.text == f"{key} {s.sample_index}" for key, samples in after.items() for s in samples)


@pytest.mark.parametrize(
    ("option", "named"),
    [
        (["--temperature", "0.9"], "sampling.temperature = 0.6, this command says 0.9"),
        (["--seed", "1"], "seed"),
        (["--sampling", "min_p=0.1"], "min_p"),
        (["--template", "plain"], "template"),
        (["--max-tokens", "9"], "max_tokens"),
    ],
)
def test_another_configuration_is_refused_by_name_and_changes_nothing(
    tmp_path: Path, option: list[str], named: str
) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    assert _generate(prompts, recorded, run, "--samples", 2).exit_code == 0
    before = (run / "run.json").read_bytes()
    result = _generate(prompts, recorded, run, "--samples", 2, *option)
    assert result.exit_code == 3
    assert named in result.stderr
    assert (run / "run.json").read_bytes() == before


GOOD = '{"problem": "1 + 1?", "answer": "2"}\n'


@pytest.mark.parametrize(
    ("text", "options", "named"),
    [
        (None, [], "prompts.jsonl"),
        ("", [], "prompts.jsonl"),
        (GOOD + '{"problem": "1 +', [], "prompts.jsonl:2"),
        (GOOD + '{"answer": "2"}\n', [], "prompts.jsonl:2"),
        (GOOD, ["--prompt-column", "problm"], "did you mean 'problem'"),
        (GOOD, ["--template", "plian"], "did you mean 'plain'"),
        (GOOD, ["--template", "./absent.toml"], "no such template"),
        (GOOD, ["--sampling", "temperature"], "NAME=VALUE"),
        (GOOD, ["--temperature", "-1"], "temperature -1"),
        (GOOD, ["--out", "bad name"], "name"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, options: list[str], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _, recorded = _setting(tmp_path)
    Path("prompts.jsonl").unlink()
    if text is not None:
        Path("prompts.jsonl").write_text(text)
    before = sorted(tmp_path.iterdir())
    result = _generate(Path("prompts.jsonl"), recorded, Path("run"), *options)
    assert result.exit_code == 2, result.output
    assert named in result.stderr
    assert result.stderr.strip().splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in result.output
    assert sorted(tmp_path.iterdir()) == before


def test_the_placeholder_is_required(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    (tmp_path / "t.toml").write_text('[ask]\nmessages = [{role = "user", content = "no place"}]')
    result = _generate(prompts, recorded, tmp_path / "run", "--template", tmp_path / "t.toml")
    assert result.exit_code == 2
    assert "t.toml" in result.stderr
    assert not (tmp_path / "run").exists()


def test_a_missing_recording_stops_with_what_was_drawn_on_disk(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path, samples=3)
    result = _generate(prompts, recorded, tmp_path / "run", "--samples", 4, "--concurrency", 1)
    assert result.exit_code == 4
    assert "holds no sample 3" in result.stderr
    assert _drawn(tmp_path / "run") == {"1 + 0?": [0, 1, 2]}


def _start(prompts: Path, recorded: Path, run: Path, *more: str, delay: float = 0.002) -> subprocess.Popen[str]:
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", run, "--samples", "8", *more]
    command = [
        sys.executable,
        "-m",
        "factory",
        *map(str, words),
        "--engine-arg",
        f"delay={delay}",
        "--concurrency",
        "4",
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _wait_for_samples(run: Path, count: int) -> None:
    for _ in range(500):
        with contextlib.suppress(BadInput), ledger.reading(run / runs.LEDGER) as connection:
            if ledger.totals(connection).samples >= count:
                return
        time.sleep(0.01)
    raise AssertionError("no samples came")


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGUSR1, marks=pytest.mark.slow)])
def test_a_signal_drains_exits_75_and_the_same_command_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    with _start(prompts, recorded, run, delay=0.01) as process:
        _wait_for_samples(run, 3)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 75, err
    assert "prompts to go; the same command goes on" in err
    before = {p.id: s for p, s in _stored(run)}
    assert 3 <= sum(map(len, before.values())) < 48
    assert _generate(prompts, recorded, run, "--samples", 8).exit_code == 0
    for prompt, samples in _stored(run):
        assert [s.sample_index for s in samples] == list(range(8))
        assert all(s in samples for s in before.get(prompt.id, []))


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_second_signal_stops_at_once(tmp_path: Path, number: signal.Signals) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    with _start(prompts, recorded, run, "--grace", "600", delay=30) as process:
        for _ in range(500):
            if (run / runs.LEDGER).is_file() and runs.is_going(run):
                break
            time.sleep(0.01)
        time.sleep(0.7)
        process.send_signal(number)
        time.sleep(0.1)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 75, err
    assert _stored(run) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1])
def test_a_signal_while_the_engine_loads_is_heard_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    from factory.drawing import command

    async def load(*_: object) -> None:
        signal.raise_signal(number)
        await asyncio.sleep(20)

    monkeypatch.setattr(command, "_load", load)
    prompts, recorded = _setting(tmp_path)
    result = _generate(prompts, recorded, tmp_path / "run", "--samples", 8)
    assert result.exit_code == 75, result.output
    assert "stopped on request; the same command goes on" in result.stderr
    monkeypatch.undo()
    assert _generate(prompts, recorded, tmp_path / "run", "--samples", 8).exit_code == 0


@pytest.mark.slow
def test_a_second_writer_is_refused_and_the_first_is_unharmed(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    with _start(prompts, recorded, run, delay=0.02) as process:
        _wait_for_samples(run, 1)
        second = _generate(prompts, recorded, run, "--samples", 8)
        _, err = process.communicate(timeout=60)
    assert second.exit_code == 3
    assert f"process {process.pid} is writing this run" in second.stderr
    assert process.returncode == 0, err
    assert _drawn(run) == {f"1 + {i}?": list(range(8)) for i in range(QUESTIONS)}


@pytest.mark.slow
def test_kill_9_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    seen: dict[str, Sample] = {}
    for life in range(4):
        with _start(prompts, recorded, run) as process:
            _wait_for_samples(run, min(48, len(seen) + 1 + 2 * life))
            process.kill()
        stored = {s.id: s for _, samples in _stored(run) for s in samples}
        assert all(stored[key] == was for key, was in seen.items())
        seen = stored
    with _start(prompts, recorded, run) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert _drawn(run) == {f"1 + {i}?": list(range(8)) for i in range(QUESTIONS)}


def test_slots_take_the_next_draw_without_waiting_for_the_slowest(tmp_path: Path, monkeypatch: Any) -> None:
    """With one draw that never ends, all others still end: there is no batch."""
    from factory.engines.replay import ReplayEngine

    prompts, recorded = _setting(tmp_path)
    draw = ReplayEngine.draw
    others = 0
    released = asyncio.Event()

    async def slow_first(self: ReplayEngine, request: Any) -> Any:
        nonlocal others
        if request.sample_index == 0 and others < QUESTIONS * 4 - 1 and not released.is_set():
            released.set()
            while others < QUESTIONS * 4 - 1:
                await asyncio.sleep(0.001)
            return await draw(self, request)
        others += 1
        return await draw(self, request)

    monkeypatch.setattr(ReplayEngine, "draw", slow_first)
    assert _generate(prompts, recorded, tmp_path / "run", "--samples", 4, "--concurrency", 2).exit_code == 0
    assert _drawn(tmp_path / "run") == {f"1 + {i}?": [0, 1, 2, 3] for i in range(QUESTIONS)}
