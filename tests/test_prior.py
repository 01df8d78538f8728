"""What a run learns before it settles for a price: the fit, calibration, forecasts; and that a price is fair."""

import math
import random
import statistics
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.quota.calibration import calibration_set
from factory.quota.forecast import forecast, price_for_budget
from factory.quota.prior import WHOLE, Prior, Trial, fit, worth_drawing
from factory.quota.settlement import Outcome, Quota, settle


def _row(rng: random.Random, rate: float, length: float, draws: int) -> list[Outcome]:
    """Draws that aren't kept are 1.5 x longer."""
    keeps = [rng.random() < rate for _ in range(draws)]
    return [Outcome(k, max(1, round(length * rng.lognormvariate(0, 0.4) * (1.0 if k else 1.5)))) for k in keeps]


def _world(seed: int, prompts: int, draws: int = 32) -> list[tuple[float, list[Outcome]]]:
    """Rows of (mean length of the prompt's kept draws, outcomes); rates are Beta(.5, .7)."""
    rng = random.Random(seed)
    lengths = [rng.lognormvariate(6, 0.6) for _ in range(prompts)]
    return [(n * math.exp(0.08), _row(rng, rng.betavariate(0.5, 0.7), n, draws)) for n in lengths]


def _trials(rows: Sequence[Sequence[Outcome]], draws: int = 4) -> list[Trial]:
    return [Trial(tuple(o.keep for o in row[:draws]), tuple(o.tokens for o in row[:draws])) for row in rows]


def test_fit_finds_what_made_the_draws_however_they_were_stopped() -> None:
    rows = [row for _, row in _world(1, 1500)]
    early = [row[: 1 + next((i for i, o in enumerate(row[:4]) if o.keep), 3)] for row in rows]
    for trials in (_trials(rows), _trials(early)):
        prior = fit({"a": trials})["a"]
        assert prior.a / (prior.a + prior.b) == pytest.approx(0.5 / 1.2, abs=0.04)
        assert prior.a + prior.b == pytest.approx(1.2, rel=0.35)
    prior = fit({"a": _trials(rows)})["a"]
    assert prior.spread == pytest.approx(0.6, abs=0.15)
    assert prior.wrong == pytest.approx(1.5, abs=0.1)


def test_a_small_group_borrows_from_the_whole() -> None:
    easy, hard = Trial((True,) * 4, (10,) * 4), Trial((False,) * 4, (10,) * 4)
    priors = fit({"many": [hard] * 64, "few": [easy]})
    rates = {name: prior.a / (prior.a + prior.b) for name, prior in priors.items()}
    assert rates["many"] < rates["few"] < 0.5
    assert WHOLE in priors


def test_a_known_rate_is_worth_drawing_from_its_cost_on() -> None:
    """A prior of a million draws leaves nothing to learn: a kept sample costs 1 / rate draws, whatever came."""
    table = worth_drawing(250_000.0, 750_000.0, 2, 6)
    assert all(table[n][k] == pytest.approx(4, rel=0.04) for n in range(6) for k in range(min(n, 1) + 1))


def test_hope_falls_with_every_failure() -> None:
    table = worth_drawing(0.5, 0.7, 4, 32)
    assert all(table[n][0] <= table[n + 1][0] for n in range(31))
    assert all(table[n][1] <= table[n][0] for n in range(1, 32))


@given(st.lists(st.tuples(st.text(max_size=4), st.sampled_from("ab")), unique_by=lambda p: p[0]), st.randoms())
def test_the_calibration_set_does_not_hang_on_the_order_of_prompts(
    prompts: list[tuple[str, str]], order: random.Random
) -> None:
    chosen = calibration_set(prompts, seed=7, size=3)
    shuffled = order.sample(prompts, len(prompts))
    assert list(calibration_set(shuffled, seed=7, size=3).items()) == list(chosen.items())
    for group in "ab":
        size = sum(g == group for _, g in prompts)
        assert sum(g == group for g in chosen.values()) == min(size, 3)


def test_another_seed_chooses_other_prompts() -> None:
    prompts = [(str(i), "") for i in range(1000)]
    assert set(calibration_set(prompts, 1)) != set(calibration_set(prompts, 2))


Choice = Callable[[list[Outcome]], list[Outcome]]


def _excess(world: list[tuple[float, list[Outcome]]], choice: Choice) -> tuple[float, float]:
    """How much longer kept samples are than their prompt's mean kept draw, summed by prompt: mean, standard error."""
    sums = [sum(o.tokens / mean - 1 for o in choice(row)) for mean, row in world]
    count = sum(len(choice(row)) for _, row in world)
    return sum(sums) / count, statistics.stdev(sums) * math.sqrt(len(sums)) / count


def _settled(quota: Quota, prior: Prior | None) -> Choice:
    def choice(row: list[Outcome]) -> list[Outcome]:
        done = settle(row, quota, prior)
        assert done is not None
        return [o for o in row[: done.at] if o.keep]

    return choice


@pytest.mark.slow
def test_kept_lengths_are_unbiased_where_first_to_finish_is_not() -> None:
    world = _world(4, 3000)
    prior = fit({"": _trials([row for _, row in world[:64]])})[""]
    for choice in (_settled(Quota(4, 16), None), _settled(Quota(4, 32, 6 * prior.tokens), prior)):
        mean, error = _excess(world, choice)
        assert abs(mean) < 3 * error
    mean, error = _excess(world, lambda row: sorted((o for o in row[:16] if o.keep), key=lambda o: o.tokens)[:4])
    assert mean < -10 * error


@pytest.mark.slow
@pytest.mark.parametrize("price", [None, 3000.0])
def test_the_forecast_holds_what_happens_most_of_the_time(price: float | None) -> None:
    quota, held = Quota(4, 16, price), []
    for seed in range(12):
        rows = [row for _, row in _world(100 + seed, 700, 16)]
        trials = {"": _trials(rows[:64])}
        told = forecast(trials, {"": len(rows)}, quota, seed=0)
        prior = fit(trials)[""]
        done = [settle(row, quota, prior) for row in rows]
        kept = sum(d.kept for d in done if d)
        tokens = sum(o.tokens for d, row in zip(done, rows, strict=True) if d for o in row[: d.at])
        held += [told.kept_interval[0] <= kept <= told.kept_interval[1]]
        held += [told.tokens_interval[0] <= tokens <= told.tokens_interval[1]]
    assert sum(held) >= 18  # of 24, of which nine in ten are expected


@pytest.mark.slow
def test_the_price_of_a_budget_spends_it() -> None:
    world = [row for _, row in _world(6, 2000, 16)]
    prior = fit({"": _trials(world)})[""]
    quota = Quota(4, 16)
    full = sum(o.tokens for row in world if (d := settle(row, quota, None)) for o in row[: d.at])
    price = price_for_budget({"": prior}, {"": 2000}, quota, full / 2, seed=0)
    assert price is not None
    priced = Quota(4, 16, price)
    spent = sum(o.tokens for row in world if (d := settle(row, priced, prior)) for o in row[: d.at])
    assert spent == pytest.approx(full / 2, rel=0.15)
    assert price_for_budget({"": prior}, {"": 2000}, quota, 10 * full, seed=0) is None
    assert price_for_budget({"": prior}, {"": 2000}, quota, 1.0, seed=0) == 0.0
