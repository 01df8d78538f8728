"""A price of a kept sample, a token budget and a pilot: what is given up, what it costs, what was foretold."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from factory import ledger, runs, shards
from factory.cli import cli
from factory.drawing.pricing import calibration
from factory.reading.prompts import read_prompts
from tests import make

PROMPTS, SAMPLES = 90, 16
RECIPE = '[[rule]]\nuse = "finished"\n[[rule]]\nuse = "correct"\n'

Setting = tuple[Path, Path, Path]


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """A third of the prompts is never right, a third always, the rest half of the time."""
    folder, order = tmp_path_factory.mktemp("price"), random.Random(1)
    asked = [{"problem": f"1 + {i}?", "answer": str(1 + i)} for i in range(PROMPTS)]
    prompts = make.jsonl(folder / "prompts.jsonl", asked)
    rows = []
    for number, prompt in enumerate(read_prompts(str(prompts))):
        for index in range(SAMPLES):
            said = number + 1 if order.random() < number % 3 / 2 else -1
            row = {"prompt_id": prompt.id, "sample_index": index, "text": f"Draw {index}: \\boxed{{{said}}}"}
            rows.append({**row, "finish_reason": "stop", "completion_tokens": order.randint(50, 150)})
    (folder / "mine.toml").write_text(RECIPE)
    return prompts, make.jsonl(folder / "recorded.jsonl", rows), folder / "mine.toml"


def _run(setting: Setting, run: Path, *more: object) -> Result:
    prompts, recorded, recipe = setting
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", run, "--rules", recipe]
    words += ["--keep", 2, "--samples", SAMPLES, "--concurrency", 8, "--engine-arg", "delay=0.00002", "--json", *more]
    return CliRunner().invoke(cli, [str(w) for w in words])


def _data(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def _settled(run: Path) -> list[tuple[str, int, str]]:
    with ledger.reading(run / runs.LEDGER) as connection:
        return connection.execute("SELECT id, settled_at, settled_why FROM prompts ORDER BY id").fetchall()


@pytest.mark.slow
def test_a_price_gives_the_hopeless_up_and_the_rows_are_the_same_at_any_concurrency(
    setting: Setting, tmp_path: Path
) -> None:
    free = _data(_run(setting, tmp_path / "free"))
    priced = _data(_run(setting, tmp_path / "one", "--max-tokens-per-kept", 400, "--concurrency", 1))
    _data(_run(setting, tmp_path / "many", "--max-tokens-per-kept", 400, "--concurrency", 64))
    assert _settled(tmp_path / "one") == _settled(tmp_path / "many")
    assert {why for _, _, why in _settled(tmp_path / "one")} >= {"enough", "price"}
    dear, cheap = (run["completion_tokens"] / run["samples_kept"] for run in (free, priced))
    assert cheap < 0.7 * dear


@pytest.mark.slow
def test_a_resumed_run_keeps_its_terms_and_another_price_asks_for_resettle(setting: Setting, tmp_path: Path) -> None:
    run, price = tmp_path / "run", ("--max-tokens-per-kept", 400)
    _data(_run(setting, run, *price, "--limit", 60))
    with ledger.reading(run / runs.LEDGER) as connection:
        terms = ledger.constant(connection, "terms")
    _data(_run(setting, run, *price))
    with ledger.reading(run / runs.LEDGER) as connection:
        assert ledger.constant(connection, "terms") == terms
    assert all(at for _, at, _ in _settled(run))
    refused = _run(setting, run, "--max-tokens-per-kept", 200)
    assert refused.exit_code == 3 and "--resettle" in refused.output
    _data(_run(setting, run, "--max-tokens-per-kept", 200, "--resettle"))
    assert _data(_run(setting, run, "--max-tokens-per-kept", 200))["samples_drawn"] == 0


@pytest.mark.slow
def test_a_budget_is_a_hard_stop_and_a_larger_one_goes_on(setting: Setting, tmp_path: Path) -> None:
    run = tmp_path / "run"
    first = _data(_run(setting, run, "--token-budget", 7_000))
    assert 6_000 < first["completion_tokens"] <= 7_000 + 8 * 150
    assert first["prompts_settled"] < PROMPTS
    second = _data(_run(setting, run, "--token-budget", 1_000_000))
    assert second["prompts_settled"] == PROMPTS and second["samples_before"] == first["samples_drawn"]


@pytest.mark.slow
def test_the_same_budget_again_draws_nothing_more(setting: Setting, tmp_path: Path) -> None:
    first = _data(_run(setting, tmp_path / "run", "--token-budget", 500))
    assert first["samples_drawn"] > 0
    assert [_data(_run(setting, tmp_path / "run", "--token-budget", 500))["samples_drawn"] for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("option", [("--token-budget", 5_000), ("--max-tokens-per-kept", 400)])
def test_an_engine_that_counts_no_tokens_keeps_to_no_budget_and_no_price(
    setting: Setting, tmp_path: Path, option: tuple[object, ...]
) -> None:
    rows = [json.loads(line) for line in setting[1].read_text().splitlines()]
    for row in rows:
        del row["completion_tokens"]
    blind = (setting[0], make.jsonl(tmp_path / "recorded.jsonl", rows), setting[2])
    result = _run(blind, tmp_path / "run", *option)
    assert result.exit_code == 4 and "says no token counts" in result.stderr


def test_sources_that_name_every_row_are_no_groups() -> None:
    few = [make.prompt(f"{i}?", task=("math", "code")[i % 2], source=f"s{i % 3}") for i in range(300)]
    assert len(calibration(lambda: few, 0).groups) == 6
    many = [make.prompt(f"{i}?", task=("math", "code")[i % 2], source=f"https://host/{i}") for i in range(300)]
    found = calibration(lambda: many, 0)
    assert found.groups == {"math": 150, "code": 150} and len(found.first) == 128
    large = [make.prompt(f"{i}", task="math", source="large") for i in range(64)]
    assert set(calibration(lambda: many + large, 0).groups) == {"math", "code", "math\nlarge"}


@pytest.mark.slow
def test_a_budget_finds_its_price(setting: Setting, tmp_path: Path) -> None:
    free = _data(_run(setting, tmp_path / "free"))
    budget = round(0.6 * free["completion_tokens"])
    within = _data(_run(setting, tmp_path / "within", "--token-budget", budget))
    assert within["completion_tokens"] <= budget + 8 * 150
    assert within["samples_kept"] > 0.6 * free["samples_kept"]


@pytest.mark.slow
def test_a_pilot_settles_nothing_counts_and_foretells_the_run(setting: Setting, tmp_path: Path) -> None:
    run = tmp_path / "run"
    pilot = _data(_run(setting, run, "--pilot"))
    assert 0 < pilot["samples_drawn"] <= 64 * 4
    assert not any(at for _, at, _ in _settled(run))
    whole = _data(_run(setting, run))
    foretold = whole["forecast"]
    assert foretold == pilot["forecast"]
    low, high = foretold["kept_interval"]
    assert low <= whole["samples_kept"] <= high
    low, high = foretold["tokens_interval"]
    assert low <= pilot["completion_tokens"] + whole["completion_tokens"] <= high
    beside = CliRunner().invoke(cli, ["status", str(run)]).output
    assert f"forecast kept samples {foretold['kept']:,.0f} [" in beside
    assert f"], so far {whole['samples_kept']:,}\n" in beside
    again = _data(_run(setting, run, "--pilot"))
    assert again["samples_drawn"] == 0 and again["forecast"]["kept"] == pytest.approx(foretold["kept"], rel=0.1)


@pytest.mark.slow
def test_after_a_pilot_a_price_may_be_chosen_freely(setting: Setting, tmp_path: Path) -> None:
    _data(_run(setting, tmp_path / "run", "--pilot"))
    _data(_run(setting, tmp_path / "run", "--max-tokens-per-kept", 400))
    _data(_run(setting, tmp_path / "fresh", "--max-tokens-per-kept", 400))
    assert _settled(tmp_path / "run") == _settled(tmp_path / "fresh")


@pytest.mark.parametrize("option", [("--pilot",), ("--max-tokens-per-kept", 5)])
def test_they_need_a_quota(setting: Setting, tmp_path: Path, option: tuple[object, ...]) -> None:
    words = ["generate", setting[0], "--engine", "replay", "--model", setting[1], "--out", tmp_path / "run", *option]
    result = CliRunner().invoke(cli, [str(w) for w in words])
    assert result.exit_code == 2 and "needs --keep and --rules" in result.output
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_the_rows_do_not_hang_on_where_a_priced_run_was_interrupted(setting: Setting, tmp_path: Path) -> None:
    price = ("--max-tokens-per-kept", 400)
    _data(_run(setting, tmp_path / "whole", *price))
    for budget in (2_000, 6_000, 20_000):  # a budget beside a price is only a stop
        _data(_run(setting, tmp_path / "cut", *price, "--token-budget", budget))
    _data(_run(setting, tmp_path / "cut", *price))
    assert _rows(tmp_path / "cut", setting[2]) == _rows(tmp_path / "whole", setting[2])


def _rows(run: Path, recipe: Path) -> list[tuple[str, bool]]:
    assert CliRunner().invoke(cli, ["filter", str(run), "--rules", str(recipe)]).exit_code == 0
    files = shards.parts(run / runs.JUDGED, "judged")
    return [(r["id"], r["keep"]) for b in shards.batches(files) for r in b.to_pylist()]
