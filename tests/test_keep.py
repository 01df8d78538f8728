"""K kept samples a prompt: the same rows however they were drawn, and no more than needed."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from factory import ledger, runs, shards
from factory.cli import cli
from factory.errors import BadInput
from factory.reading.prompts import read_prompts
from tests import make

PROMPTS, SAMPLES = 12, 16
RECIPE = '[[rule]]\nuse = "finished"\n[[rule]]\nuse = "think"\n[[rule]]\nuse = "correct"\n'


def _right(number: int, index: int) -> bool:
    """Prompt 0 always, prompt 11 never, the others in between."""
    return (index * 7 + number * 5) % 11 >= number


def _setting(folder: Path) -> tuple[Path, Path, Path]:
    asked = [{"problem": f"1 + {i}?", "answer": str(1 + i)} for i in range(PROMPTS)]
    prompts = make.jsonl(folder / "prompts.jsonl", asked)
    rows = []
    for number, prompt in enumerate(read_prompts(str(prompts))):
        for index in range(SAMPLES):
            said = number + 1 if _right(number, index) else 99
            text = f"<think>\nDraw {index} of {number}.\n</think>\n\n\\boxed{{{said}}}"
            row = {"prompt_id": prompt.id, "sample_index": index, "text": text, "finish_reason": "stop"}
            rows.append({**row, "completion_tokens": 3 + (index * 13 + number) % 17})
    (folder / "mine.toml").write_text(RECIPE)
    return prompts, make.jsonl(folder / "recorded.jsonl", rows), folder / "mine.toml"


def _words(setting: tuple[Path, Path, Path], run: Path, *more: object) -> list[str]:
    prompts, recorded, recipe = setting
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", run, "--rules", recipe]
    return [str(w) for w in (*words, "--keep", 3, "--samples", SAMPLES, *more)]


def _generate(setting: tuple[Path, Path, Path], run: Path, *more: object) -> Result:
    return CliRunner().invoke(cli, _words(setting, run, *more))


def _kept(run: Path, recipe: Path) -> bytes:
    result = CliRunner().invoke(cli, ["filter", str(run), "--rules", str(recipe), "--workers", "1"])
    assert result.exit_code == 0, result.output
    rows = [r for b in shards.batches(shards.parts(run / "judged", "judged")) for r in b.to_pylist()]
    return json.dumps([(r["id"], r["text"], r["keep"]) for r in rows], sort_keys=True).encode()


def test_every_prompt_stops_at_k_kept_or_at_the_cap(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    result = _generate(setting, tmp_path / "run", "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    expected = 0
    rows = json.loads(_kept(tmp_path / "run", setting[2]))
    for number, prompt in enumerate(read_prompts(str(setting[0]))):
        mine = [keep for key, _, keep in rows if key.startswith(prompt.id)]
        right = [_right(number, i) for i in range(SAMPLES)]
        at = next((n for n in range(1, SAMPLES + 1) if sum(right[:n]) == 3), SAMPLES)
        assert mine == right[:at]
        expected += sum(right[:at])
    assert data["samples_kept"] == expected == sum(keep for *_, keep in rows)
    assert data["prompts_settled"] == PROMPTS
    assert data["samples_drawn"] < PROMPTS * SAMPLES


@pytest.mark.slow
@pytest.mark.parametrize("slots", [5, 64])
def test_the_same_rows_at_any_concurrency(tmp_path: Path, slots: int) -> None:
    setting = _setting(tmp_path)
    assert _generate(setting, tmp_path / "one", "--concurrency", 1).exit_code == 0
    options = ["--concurrency", slots, "--engine-arg", "delay=0.0003", "--workers", 2]
    assert _generate(setting, tmp_path / "run", *options).exit_code == 0
    assert _kept(tmp_path / "run", setting[2]) == _kept(tmp_path / "one", setting[2])


@pytest.mark.slow
def test_kill_9_changes_no_row(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    assert _generate(setting, tmp_path / "whole").exit_code == 0
    run = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "factory",
        *_words(setting, run, "--engine-arg", "delay=0.002", "--concurrency", 4),
    ]
    for life in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            _wait_for(run, 4 + 12 * life, process)
            process.send_signal(signal.SIGKILL)
    assert _generate(setting, run).exit_code == 0
    assert _kept(run, setting[2]) == _kept(tmp_path / "whole", setting[2])


def _wait_for(run: Path, verdicts: int, process: Any) -> None:
    for _ in range(1000):
        if (run / runs.LEDGER).is_file() and process.poll() is None:
            try:
                with ledger.reading(run / runs.LEDGER) as connection:
                    if connection.execute("SELECT count(*) FROM verdicts").fetchone()[0] >= verdicts:
                        return
            except Exception:
                pass
        elif process.poll() is not None:
            return
        time.sleep(0.01)


@pytest.mark.slow
def test_a_second_command_draws_nothing_and_a_raised_k_draws_only_what_is_short(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    assert _generate(setting, tmp_path / "run").exit_code == 0
    again = json.loads(_generate(setting, tmp_path / "run", "--json").stdout)
    assert (again["samples_drawn"], again["prompts_settled"]) == (0, PROMPTS)
    assert again["samples_kept"] == sum(keep for *_, keep in json.loads(_kept(tmp_path / "run", setting[2])))
    refused = _generate(setting, tmp_path / "run", "--keep", 5)
    assert refused.exit_code == 3
    assert "settled with keep = 3, this command says 5; add --resettle" in refused.stderr
    assert _generate(setting, tmp_path / "run", "--keep", 5, "--resettle").exit_code == 0
    assert _generate(setting, tmp_path / "fresh", "--keep", 5).exit_code == 0
    assert _kept(tmp_path / "run", setting[2]) == _kept(tmp_path / "fresh", setting[2])


@pytest.mark.slow
def test_another_recipe_settles_anew_from_what_was_drawn(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    assert _generate(setting, tmp_path / "run").exit_code == 0
    setting[2].write_text(RECIPE.replace('[[rule]]\nuse = "correct"\n', ""))
    refused = _generate(setting, tmp_path / "run")
    assert "rules" in refused.stderr and refused.exit_code == 3
    result = _generate(setting, tmp_path / "run", "--resettle", "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert (data["samples_drawn"], data["samples_kept"]) == (0, PROMPTS * 3)


def test_as_many_kept_as_are_drawn_at_most_settles_too(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    assert _generate(setting, tmp_path / "run", "--keep", SAMPLES).exit_code == 0
    with ledger.reading(tmp_path / "run" / runs.LEDGER) as connection:
        assert connection.execute("SELECT count(*) FROM prompts WHERE settled_at IS NULL").fetchone() == (0,)
    assert "ready in" not in _generate(setting, tmp_path / "run", "--keep", SAMPLES).stderr  # nothing is loaded


SLOW = """import time
from factory import Verdict
def judge(sample, prompt):
    time.sleep(3)
    return Verdict.accept()
"""


@pytest.mark.slow
def test_signals_end_a_run_whose_verdicts_are_slow(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    (tmp_path / "slow.py").write_text(SLOW)
    setting[2].write_text('[[rule]]\nuse = "slow"\n')
    command = [sys.executable, "-m", "factory", *_words(setting, tmp_path / "run", "--grace", 0.5, "--concurrency", 8)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not (drawn := _samples(tmp_path / "run")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        while process.poll() is None:  # a batch system may say it again and again
            time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
        assert process.returncode == 75
        assert time.monotonic() - began < 15
    assert _samples(tmp_path / "run") >= drawn


def _samples(run: Path) -> int:
    try:
        with ledger.reading(run / runs.LEDGER) as connection:
            return ledger.totals(connection).samples
    except BadInput:
        return 0


@pytest.mark.parametrize("options", [["--keep", 3], ["--rules", "r1"], ["--keep", 30, "--rules", "r1"]])
def test_keep_and_rules_go_together(tmp_path: Path, options: list[object]) -> None:
    prompts, recorded, _ = _setting(tmp_path)
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", tmp_path / "run", *options]
    result = CliRunner().invoke(cli, [str(w) for w in words])
    assert result.exit_code == 2
    assert "--keep" in result.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_rule_that_keeps_failing_stops_the_run_and_is_asked_again_once_mended(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    whole = _generate(setting, tmp_path / "whole")
    assert whole.exit_code == 0
    broken = tmp_path / "needs.py"
    body = "import json\nfrom factory import Verdict\ndef judge(sample, prompt):\n    {}\n    return Verdict.accept()\n"
    broken.write_text(body.format("raise ImportError('no module')"))
    setting[2].write_text(RECIPE + '[[rule]]\nuse = "needs"\n')
    result = _generate(setting, tmp_path / "run")
    assert result.exit_code == 1
    assert "rule needs failed on 50 of 50 samples (raised 50); first: ImportError: no module" in result.stderr
    broken.write_text(body.format("pass"))
    assert _generate(setting, tmp_path / "run", "--resettle").exit_code == 0
    kept = [json.loads(_kept(tmp_path / name, setting[2])) for name in ("run", "whole")]
    assert kept[0] == kept[1]


@pytest.mark.slow
def test_a_fixed_number_after_a_quota_is_asked_for_and_then_nothing_is_surplus(tmp_path: Path) -> None:
    setting = _setting(tmp_path)
    run = tmp_path / "run"
    assert _generate(setting, run).exit_code == 0
    prompts, recorded, recipe = setting
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", run, "--samples", SAMPLES]
    fixed = [str(w) for w in words]
    refused = CliRunner().invoke(cli, fixed)
    assert refused.exit_code == 3
    assert "settled with keep = 3, this command says null" in refused.stderr
    assert CliRunner().invoke(cli, [*fixed, "--resettle"]).exit_code == 0
    assert len(json.loads(_kept(run, recipe))) == PROMPTS * SAMPLES
