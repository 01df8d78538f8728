"""How one command draws: by what it names, under which quota and terms, which prompts first, what it may still take.

Does not cover the drawing (`command.py`, `driver.py`) nor the numbers behind the terms (`pricing.py`, `quota/`).
"""

from __future__ import annotations

import dataclasses
import functools
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from factory import ledger
from factory.drawing import pricing
from factory.drawing.feed import Feed
from factory.drawing.work import Budget, Opening, Work
from factory.engines.loading import Loader
from factory.judging.recipes import Recipe
from factory.plan import Plan
from factory.quota.calibration import CALIBRATION_DRAWS
from factory.quota.forecast import Forecast
from factory.quota.schedule import Schedule
from factory.quota.settlement import Quota
from factory.reading.templates import Template
from factory.records import Prompt


@dataclass(frozen=True, slots=True)
class Named:
    """What a plan names, read and checked; without a recipe a fixed number of samples is drawn."""

    recipe: Recipe | None
    template: Template
    loader: Loader


@dataclass(frozen=True, slots=True)
class Course:
    """What settles, the prompts to calibrate on first, what may still be taken, who is alike."""

    quota: Quota
    terms: pricing.Terms | None
    calibration: pricing.Calibration | None
    budget: Budget | None
    group: Callable[[Prompt], str]


def chart(plan: Plan, book: ledger.Ledger, listed: sqlite3.Connection, quota: Quota, longest: float) -> Course:
    """The course of a command, from what earlier ones left in the ledger; `longest` is the tokens of a draw at most."""
    terms = pricing.terms(book.reader) if quota.price is not None else None
    calibration = None
    if plan.pilot or (quota.price is not None and terms is None):
        calibration = pricing.calibration(lambda: ledger.all_prompts(listed), plan.seed)
    if terms:
        quota = dataclasses.replace(quota, price=terms.price)
    if plan.pilot:
        quota = Quota(quota.keep, min(quota.samples, CALIBRATION_DRAWS))
    known = terms.priors.keys() if terms else calibration.groups.keys() if calibration else None
    group = functools.partial(pricing.group_of, known=known) if known is not None else _some_groups()
    return Course(quota, terms, calibration, _budget(plan, book, longest), group)


def _budget(plan: Plan, book: ledger.Ledger, longest: float) -> Budget | None:
    """What is left of the run's. Until its first sample has ended every draw is taken to be as long as it may be."""
    if plan.token_budget is None:
        return None
    drawn = ledger.totals(book.reader)
    mean = drawn.completion_tokens / drawn.samples if drawn.samples else longest
    return Budget(max(plan.token_budget - drawn.completion_tokens, 0), mean)


def _some_groups() -> Callable[[Prompt], str]:
    """Where nothing is fitted groups only order the work: the first few by source, the others by task."""
    met: set[str] = set()

    def group(prompt: Prompt) -> str:
        own = pricing.group_of(prompt)
        if len(met) < pricing.MOST_GROUPS:
            met.add(own)
        return own if own in met else prompt.task

    return group


def work(plan: Plan, feed: Feed, listed: sqlite3.Connection, course: Course) -> Iterator[Work]:
    """The calibration prompts, then the others; of a pilot only the former."""
    first = course.calibration.first if course.calibration else frozenset()
    yield from feed.work(ledger.some_prompts(listed, sorted(first)), calibrate=True)
    if not plan.pilot:
        yield from feed.lacking(listed, first)


def opening(plan: Plan, book: ledger.Ledger, course: Course) -> Opening | None:
    """What fixes the terms once the calibration prompts are drawn, where they are still to be fixed."""
    calibration = course.calibration
    if calibration is None or plan.pilot:
        return None

    def fix(trials: pricing.Trials) -> Awaitable[pricing.Terms]:
        return pricing.fix_terms(book, trials, calibration.groups, course.quota, plan.token_budget, plan.seed)

    return Opening(len(calibration.first), fix)


def foretell(plan: Plan, book: ledger.Ledger, schedule: Schedule, course: Course, quota: Quota) -> Forecast | None:
    """The forecast that a pilot makes of the whole run under its `quota`, kept beside the run."""
    if course.calibration is None:
        return None
    groups = course.calibration.groups
    made = pricing.predict(schedule.trials(), groups, quota, plan.token_budget, plan.seed)
    if made is not None:
        pricing.put_forecast(book, made, quota, sum(groups.values()))
    return made
