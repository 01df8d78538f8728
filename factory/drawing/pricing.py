"""What a run learns from its first draws: the priors and the price that settle it, and a forecast of the whole.

Covers which prompts are drawn first, and the ledger's constants: written before their first use, read back on resume,
never fitted again. Does not cover the numbers themselves (`quota/`), drawing (`driver.py`) nor what is printed.
"""

from __future__ import annotations

import asyncio
import dataclasses
import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from factory import ledger
from factory.quota.calibration import calibration_set
from factory.quota.forecast import Forecast, forecast, price_for_budget
from factory.quota.prior import Prior, Trial, fit
from factory.quota.settlement import Quota
from factory.records import Prompt

TO_COME = math.inf
"""A price that isn't known yet: nobody is given up for it."""

Trials = Mapping[str, Sequence[Trial]]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The prompts to draw first, by id, and how many prompts each group has in all."""

    first: frozenset[str]
    groups: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """What giving up hangs on: the price of a kept sample in tokens (None: any) and each group's prior."""

    price: float | None
    priors: Mapping[str, Prior]


MOST_GROUPS = 16
"""Groups with a prior of their own; each takes 64 prompts to learn it, and a fit."""
_LEAST = 64
"""Prompts a group needs for one, where there are more groups than that."""
_MOST_COUNTED = 4096
"""A source with more values than that is an identifier, such as a URL, and groups nothing."""
REST = "\n*"


def group_of(prompt: Prompt, known: Collection[str] | None = None) -> str:
    """Prompts of one task and source are alike; those of a group that isn't known go by their task, then together."""
    group = f"{prompt.task}\n{prompt.source}"
    if known is None or group in known:
        return group
    return prompt.task if prompt.task in known else REST


def calibration(prompts: Callable[[], Iterable[Prompt]], seed: int) -> Calibration:
    """Choose the calibration prompts; reads every prompt twice and holds only the set."""
    known, groups = _known(prompts()), Counter[str]()

    def pairs() -> Iterator[tuple[str, str]]:
        for prompt in prompts():
            group = group_of(prompt, known)
            groups[group] += 1
            yield prompt.id, group

    first = frozenset(calibration_set(pairs(), seed))
    return Calibration(first, dict(groups))


def _known(prompts: Iterable[Prompt]) -> frozenset[str]:
    """The groups that get a prior of their own: all of them where they are few, else the largest, and tasks."""
    fine, tasks = Counter[str](), Counter[str]()
    for prompt in prompts:
        if len(fine) <= _MOST_COUNTED:
            fine[group_of(prompt)] += 1
        if len(tasks) <= _MOST_COUNTED:
            tasks[prompt.task] += 1
    if len(fine) <= MOST_GROUPS:
        return frozenset(fine)
    return frozenset(_largest(fine) + _largest(tasks))


def _largest(groups: Counter[str]) -> list[str]:
    if len(groups) > _MOST_COUNTED:
        return []
    large = [group for group, prompts in groups.items() if prompts >= _LEAST]
    return sorted(large, key=lambda group: (-groups[group], group))[:MOST_GROUPS]


def terms(connection: sqlite3.Connection) -> Terms | None:
    """The run's terms, None before they were fixed."""
    stored = ledger.constant(connection, "terms")
    if stored is None:
        return None
    return Terms(stored["price"], {group: Prior(*values) for group, values in stored["priors"].items()})


async def fix_terms(
    book: ledger.Ledger, trials: Trials, groups: Mapping[str, int], quota: Quota, budget: float | None, seed: int
) -> Terms:
    """Fit the priors, find the price where a budget asks for one, and put both on disk before anybody hangs on them."""
    found = await asyncio.to_thread(_terms, trials, groups, quota, budget, seed)
    priors = {group: dataclasses.astuple(prior) for group, prior in found.priors.items()}
    await asyncio.wrap_future(book.put_constant("terms", {"price": found.price, "priors": priors}))
    return found


def _terms(trials: Trials, groups: Mapping[str, int], quota: Quota, budget: float | None, seed: int) -> Terms:
    priors = fit(trials)
    if quota.price != TO_COME:
        return Terms(quota.price, priors)
    return Terms(price_for_budget(priors, groups, quota, budget or math.inf, seed), priors)


def predict(
    trials: Trials, groups: Mapping[str, int], quota: Quota, budget: float | None, seed: int
) -> Forecast | None:
    """The whole run's yield and tokens; None where no prompt could be drawn."""
    if not any(trial.tokens for group in trials.values() for trial in group):
        return None
    price = _terms(trials, groups, quota, budget, seed).price
    return forecast(trials, groups, dataclasses.replace(quota, price=price), seed)


def put_forecast(book: ledger.Ledger, made: Forecast, quota: Quota, prompts: int) -> None:
    """Keep the newest forecast beside the run, to be held against what happened."""
    book.put_constant("forecast", {"of": _of(quota, prompts), "made": dataclasses.asdict(made)})


def newest_forecast(connection: sqlite3.Connection) -> Forecast | None:
    """What the last pilot foretold, whatever was asked since."""
    stored = ledger.constant(connection, "forecast")
    return None if stored is None else _forecast(stored["made"])


def stored_forecast(connection: sqlite3.Connection, quota: Quota, prompts: int) -> Forecast | None:
    """The forecast of a run under this quota over so many prompts, None where no pilot made one."""
    stored = ledger.constant(connection, "forecast")
    if stored is None or stored["of"] != _of(quota, prompts):
        return None
    return _forecast(stored["made"])


def _forecast(made: Mapping[str, Any]) -> Forecast:
    return Forecast(made["kept"], tuple(made["kept_interval"]), made["tokens"], tuple(made["tokens_interval"]))


def _of(quota: Quota, prompts: int) -> list[float | str | None]:
    return [quota.keep, quota.samples, "to come" if quota.price == TO_COME else quota.price, prompts]
