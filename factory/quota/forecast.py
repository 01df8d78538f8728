"""What a run will yield and take, and the price that spends a budget: a prior played through the quota policy. Pure.

Draws are simulated and settled by `settlement.py` itself, so that a forecast can't disagree with the policy. Does not
cover time, which is tokens over the engine's speed, nor what scheduling wastes (about half a percent of the tokens).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from factory.quota.prior import WHOLE, Prior, Trial, fit
from factory.quota.settlement import Outcome, Quota, Tally

PLAYED: Final = 1000
"""Simulated prompts a group: the mean of a forecast is good to 3 %, less than what 64 prompts leave open."""
RESAMPLED: Final = 40
"""Times the calibration prompts are drawn anew for the interval (Efron's bootstrap)."""
LEVEL: Final = 0.9


@dataclass(frozen=True, slots=True)
class Forecast:
    """Kept samples and tokens of a whole run, each with the interval that holds it nine times in ten."""

    kept: float
    kept_interval: tuple[float, float]
    tokens: float
    tokens_interval: tuple[float, float]


def forecast(trials: Mapping[str, Sequence[Trial]], prompts: Mapping[str, int], quota: Quota, seed: int) -> Forecast:
    """The whole run's yield and cost, from its calibration set; `prompts` counts those of each group, all of them.

    The interval allows for the choice of calibration prompts and for chance in the run itself.
    """
    rng = np.random.default_rng(seed)
    kept, tokens = _expected(fit(trials), prompts, quota, rng, PLAYED)
    runs = []
    for _ in range(RESAMPLED):
        again = {name: [group[i] for i in rng.integers(0, len(group), len(group))] for name, group in trials.items()}
        runs.append(_expected(fit(again), prompts, quota, rng, PLAYED // 4))
    low, high = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    ends = np.quantile(np.array(runs), [low, high], axis=0)
    return Forecast(
        kept,
        (min(float(ends[0, 0]), kept), max(float(ends[1, 0]), kept)),
        tokens,
        (min(float(ends[0, 1]), tokens), max(float(ends[1, 1]), tokens)),
    )


def price_for_budget(
    priors: Mapping[str, Prior], prompts: Mapping[str, int], quota: Quota, tokens: float, seed: int
) -> float | None:
    """The price of a kept sample at which the run is expected to take `tokens`; None where no price is needed.

    Where even one draw a prompt takes more, the price is 0 and the budget itself must stop the run.
    """
    _, most = _spend(priors, prompts, quota, None, seed)
    if most <= tokens:
        return None
    low, high = 1.0, 1e9
    if _spend(priors, prompts, quota, low, seed)[1] > tokens:
        return 0.0
    for _ in range(30):
        middle = math.sqrt(low * high)
        if _spend(priors, prompts, quota, middle, seed)[1] > tokens:
            high = middle
        else:
            low = middle
    return low


def _spend(
    priors: Mapping[str, Prior], prompts: Mapping[str, int], quota: Quota, price: float | None, seed: int
) -> tuple[float, float]:
    priced = dataclasses.replace(quota, price=price)
    return _expected(priors, prompts, priced, np.random.default_rng(seed), PLAYED)


def _expected(
    priors: Mapping[str, Prior], prompts: Mapping[str, int], quota: Quota, rng: np.random.Generator, played: int
) -> tuple[float, float]:
    """Expected (kept, tokens) of the run."""
    kept = tokens = 0.0
    for name in sorted(prompts):
        # a group none of whose prompts could be drawn is taken as the whole run
        per_prompt = _play(priors.get(name) or priors[WHOLE], quota, rng, played)
        kept += prompts[name] * per_prompt[0]
        tokens += prompts[name] * per_prompt[1]
    return kept, tokens


def _play(prior: Prior, quota: Quota, rng: np.random.Generator, played: int) -> tuple[float, float]:
    """Mean (kept, tokens) of so many prompts that the prior makes, each settled by the policy."""
    rates = rng.beta(prior.a, prior.b, played)
    mean = prior.a / (prior.a + prior.b)
    short = prior.tokens / (mean + prior.wrong * (1 - mean))
    lengths = short * np.exp(rng.normal(-(prior.spread**2) / 2, prior.spread, played))
    noise = min(prior.spread * math.sqrt(prior.weight), 1.0)
    keeps = rng.random((played, quota.samples)) < rates[:, None]
    drawn = np.exp(rng.normal(-(noise**2) / 2, noise, (played, quota.samples))) * np.where(keeps, 1.0, prior.wrong)
    drawn *= lengths[:, None]
    kept = tokens = 0
    for hits, sizes in zip(keeps.tolist(), drawn.tolist(), strict=True):
        tally = Tally()
        for hit, size in zip(hits, sizes, strict=True):
            tally.add(Outcome(hit, max(round(size), 1)))
            if tally.settlement(quota, prior) is not None:
                break
        kept += tally.kept
        tokens += tally.tokens
    return kept / played, tokens / played
