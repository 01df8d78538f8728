"""What is known of a run's prompts before each has spoken for itself: a Beta prior of keep rates, and mean lengths.

Pure numbers from counts; no I/O, no clock. The prior is fitted once, from the first draws of a fixed set of prompts
(`schedule.py`), and then frozen: settlement may not hang on what happens to be finished. Does not cover what to draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

MEANS = [i / 40 for i in range(1, 40)]
SIZES = [0.25 * 1.3**i for i in range(20)]
"""The grid of (mean, a + b) on which the likelihood is read; finer than 256 draws can tell apart."""
WHOLE = "*"
"""The key of the prior of all groups together, for prompts of a group that came after the fit."""
SHRINK = 16.0
"""Weight of the whole run in a group's fit, in prompts: a group of few prompts borrows from the others."""
PRICES = np.geomspace(1.0, 1e5, 400)
"""Prices of a kept sample, in mean draws, at which `worth_drawing` is computed; 3 % apart."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Keep rates are Beta(a, b); a draw takes `tokens` on average, of which a prompt's own mean is known as well as
    after `weight` draws of its own.

    Two more, for forecasts only: `spread` is the deviation of the logarithm of prompts' mean lengths, `wrong` how many
    times longer than a kept draw one is that isn't.
    """

    a: float
    b: float
    tokens: float
    weight: float
    spread: float = 0.0
    wrong: float = 1.0


@dataclass(frozen=True, slots=True)
class Trial:
    """The first draws of one prompt, in index order: which were kept, and the tokens of each."""

    keeps: tuple[bool, ...]
    tokens: tuple[int, ...]


FLAT = Prior(1.0, 1.0, 1.0, 1.0)


def fit(trials: Mapping[str, Sequence[Trial]]) -> dict[str, Prior]:
    """A prior for each group of prompts, shrunk towards the whole, and one for the whole under `WHOLE`."""
    whole = [trial for group in trials.values() for trial in group if trial.tokens]
    if not whole:
        return {WHOLE: FLAT, **dict.fromkeys(trials, FLAT)}
    total = _counts(whole)
    tokens = _mean(n for t in whole for n in t.tokens)
    weight, spread = _variation(whole)
    wrong = _wrong(whole)
    priors = {WHOLE: Prior(*fit_beta(total), tokens, weight, spread, wrong)}
    for name, group in trials.items():
        counts = _counts([t for t in group if t.tokens])
        for key, count in total.items():
            counts[key] = counts.get(key, 0.0) + count * SHRINK / len(whole)
        own = [n for t in group for n in t.tokens]
        mean = (sum(own) + SHRINK * 4 * tokens) / (len(own) + SHRINK * 4)
        priors[name] = Prior(*fit_beta(counts), mean, weight, spread, wrong)
    return priors


def expected_tokens(prior: Prior, draws: int, tokens: float) -> float:
    """What the next draw of a prompt will take, after `draws` that took `tokens` in all."""
    return (prior.weight * prior.tokens + tokens) / (prior.weight + draws)


@lru_cache(maxsize=256)
def worth_drawing(a: float, b: float, keep: int, samples: int) -> list[list[float]]:
    """The least price of a kept sample, in expected draws, at which drawing on pays; shape (samples, keep).

    Entry [n][k] is for a prompt of which n draws ended and k were kept. It is the index of an optimal stopping
    problem (Gittins and Jones, 1974) with the Beta posterior as its state, computed backwards over all later draws:
    a prompt is worth its next draw when some way of going on gains more than it costs, what the draw teaches included.
    """
    index = np.full((samples, keep), np.inf)
    value = np.zeros((keep + 1, len(PRICES)))
    for n in range(samples - 1, -1, -1):
        states = min(n, keep - 1) + 1
        rate = ((a + np.arange(states)) / (a + b + n))[:, None]
        gain = -1.0 + rate * (PRICES + value[1 : states + 1]) + (1 - rate) * value[:states]
        pays = gain > 0
        index[n, :states] = np.where(pays.any(axis=1), PRICES[pays.argmax(axis=1)], np.inf)
        value[:states] = np.maximum(gain, 0.0)
    return [[float(price) for price in row] for row in index]


def _counts(trials: Sequence[Trial]) -> dict[tuple[int, int], float]:
    counts: dict[tuple[int, int], float] = {}
    for trial in trials:
        key = (len(trial.tokens), sum(trial.keeps))
        counts[key] = counts.get(key, 0.0) + 1.0
    return counts


def fit_beta(counts: Mapping[tuple[int, int], float]) -> tuple[float, float]:
    """The likeliest (a, b) on the grid, from how many prompts had so many draws and so many hits (draws, hits).

    How the draws were stopped does not matter to a likelihood.
    """
    best, found = -math.inf, (1.0, 1.0)
    for mean in MEANS:
        for size in SIZES:
            a, b = mean * size, (1 - mean) * size
            base = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
            score = sum(
                weight * (base + math.lgamma(a + k) + math.lgamma(b + n - k) - math.lgamma(a + b + n))
                for (n, k), weight in counts.items()
            )
            if score > best:
                best, found = score, (a, b)
    return found


def _variation(trials: Sequence[Trial]) -> tuple[float, float]:
    """How many draws of its own say as much of a prompt's mean length as the prior does (variance within / between),
    and the spread between prompts, on a logarithmic scale.
    """
    many = [t.tokens for t in trials if len(t.tokens) > 1]
    if len(many) < 2:
        return 1.0, 0.0
    within = _mean(sum((n - _mean(t)) ** 2 for n in t) / (len(t) - 1) for t in many)
    means = [_mean(t) for t in many]
    spread = sum((m - _mean(means)) ** 2 for m in means) / (len(means) - 1)
    between = spread - within * _mean(1 / len(t) for t in many)
    if between <= 0:
        return 50.0, 0.0
    return min(max(within / between, 0.05), 50.0), math.sqrt(math.log1p(between / max(_mean(means), 1.0) ** 2))


def _wrong(trials: Sequence[Trial]) -> float:
    """How many times longer a draw is that isn't kept, by prompts that have both kinds; 1 where none has."""
    ratios = []
    for trial in trials:
        kept = [n for n, keep in zip(trial.tokens, trial.keeps, strict=True) if keep]
        rest = [n for n, keep in zip(trial.tokens, trial.keeps, strict=True) if not keep]
        if kept and rest:
            ratios.append(math.log(max(_mean(rest), 1.0) / max(_mean(kept), 1.0)))
    return math.exp(_mean(ratios)) if ratios else 1.0


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
