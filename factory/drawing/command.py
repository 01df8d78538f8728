"""One command's drawing: which prompts come first, the engine's life, judging, and the terms or forecast it makes.

Does not cover the checks before it (`generate.py`), what is known of a prompt (`feed.py`), slots and signals
(`driver.py`), the quota policy (`quota/`) nor engines (`engines/`).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import gc
import itertools
import math
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from factory import ledger, progress, runs
from factory.drawing import metrics, pricing
from factory.drawing.driver import Driver
from factory.drawing.feed import Feed
from factory.drawing.landing import Landing
from factory.drawing.summary import Summary
from factory.drawing.work import Budget, Judge, Opening, Work
from factory.engines import Engine
from factory.engines.plan import Loader
from factory.errors import Drained
from factory.judging.funnel import FaultWatch
from factory.judging.pool import Pool
from factory.judging.recipes import Recipe
from factory.judging.watch import watcher
from factory.plan import Plan
from factory.quota.forecast import Forecast
from factory.quota.schedule import CALIBRATION_DRAWS, Schedule
from factory.quota.settlement import Outcome, Quota
from factory.reading.templates import Template
from factory.records import Prompt, Sample
from factory.verify import asking

Say = Callable[[str], None]
COLLECTED = 50_000
"""New objects after which Python looks for cycles among them; 700 by default."""


def draw_all(
    plan: Plan,
    template: Template,
    loader: Loader,
    recipe: Recipe | None,
    listed: Path,
    book: ledger.Ledger,
    summary: Summary,
    say: Say,
) -> None:
    """Draw what the listed prompts lack. Raises EngineFailed, and Drained when a signal left work undone."""
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(ledger.reading(listed))
        feed = Feed(book.reader, template, recipe.digest if recipe else None, plan.samples, plan.seed)
        longest = float(loader.fixed.get("sampling", {}).get("max_tokens", math.inf))
        course = _course(plan, book, connection, longest, summary)
        work = _work(plan, feed, connection, course)
        summary.feed = feed
        first = next(work, None)
        if first is None:
            return
        asked = stack.enter_context(asking.journal(plan.out / asking.NAME))
        pool = stack.enter_context(Pool(recipe.that_settle(), plan.workers, until_no=True)) if recipe else None
        feed.watch_of = watcher(recipe, pool) if recipe and pool else None
        judge = _judge(book, recipe, pool)
        load = functools.partial(_load, functools.partial(loader.load, first.request(0), say), pool)
        stopped = uvloop.run(_draw(plan, load, book, judge, itertools.chain([first], work), course, summary, say))
        for rule, error in pool.look_errors.items() if pool else ():
            summary.notes.append(f"rule {rule} failed to look at samples on their way: {error}")
        summary.notes.extend(asking.describe(asking.costs(asked)))
    left = summary.listed - summary.settled - len(summary.tally.refused)
    if stopped and left:
        raise Drained(f"{plan.out}: stopped on request, {left:,} prompts to go; the same command goes on from here")


@dataclass(frozen=True, slots=True)
class _Course:
    """How a command draws: what settles, the prompts to calibrate on first, what it may still take, who is alike."""

    quota: Quota
    terms: pricing.Terms | None
    calibration: pricing.Calibration | None
    budget: Budget | None
    group: Callable[[Prompt], str]


def _course(plan: Plan, book: ledger.Ledger, listed: sqlite3.Connection, longest: float, summary: Summary) -> _Course:
    terms = pricing.terms(book.reader) if summary.quota.price is not None else None
    calibration = None
    if plan.pilot or (summary.quota.price is not None and terms is None):
        calibration = pricing.calibration(lambda: ledger.all_prompts(listed), plan.seed)
    quota = dataclasses.replace(summary.quota, price=terms.price) if terms else summary.quota
    if plan.pilot:
        quota = Quota(quota.keep, min(quota.samples, CALIBRATION_DRAWS))
    known = terms.priors.keys() if terms else calibration.groups.keys() if calibration else None
    group = functools.partial(pricing.group_of, known=known) if known is not None else _some_groups()
    return _Course(quota, terms, calibration, _budget(plan, book, longest), group)


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


def _work(plan: Plan, feed: Feed, listed: sqlite3.Connection, course: _Course) -> Iterator[Work]:
    """The calibration prompts, then the others; of a pilot only the former."""
    first = course.calibration.first if course.calibration else frozenset()
    yield from feed.work(ledger.some_prompts(listed, sorted(first)), calibrate=True)
    if not plan.pilot:
        yield from feed.lacking(listed, first)


async def _load(load: Callable[[], Awaitable[Engine]], pool: Pool | None) -> Engine:
    """The engine, once the rule processes are up too; they start while it loads."""
    starting = pool.ready() if pool else []
    engine = await load()
    try:
        await asyncio.gather(*map(asyncio.wrap_future, starting))
    except BaseException:
        await engine.close()
        raise
    _collect_less()
    return engine


def _collect_less() -> None:
    """What was loaded stays to the end, and draws leave few cycles: to look for them took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED)


async def _draw(
    plan: Plan,
    load: Callable[[], Awaitable[Engine]],
    book: ledger.Ledger,
    judge: Judge,
    work: Iterator[Work],
    course: _Course,
    summary: Summary,
    say: Say,
) -> bool:
    """Load the engine and drive it; returns whether a signal stopped it."""
    began = time.monotonic()
    engine = await load()
    summary.load_seconds = time.monotonic() - began
    for note in getattr(engine, "notes", ()):
        say(f"note: {note}")
    say(f"engine {engine.name} ready in {summary.load_seconds:.1f} s")
    began, started = time.monotonic(), time.time()
    total = summary.listed * plan.samples
    with progress.bar("drawing", "samples", None if plan.keep else total, summary.before) as bar:
        schedule = Schedule(course.quota, course.terms.priors if course.terms else None)
        driver = Driver(
            engine,
            book,
            schedule,
            judge,
            slots=min(plan.concurrency, total),
            grace=plan.grace,
            bar=bar,
            opening=_opening(plan, book, course),
            budget=course.budget,
            settles=not plan.pilot,
            recorded=plan.keep is not None,
            group=course.group,
        )
        summary.tally = driver.tally

        def tick() -> None:
            book.put_command(started, time.time(), summary.load_seconds)

        try:
            async with metrics.written(plan.out / runs.METRICS, lambda: _moment(driver, plan), tick):
                await driver.run(work)
        finally:
            summary.seconds = time.monotonic() - began
            tick()
            await engine.close()
    summary.spent = driver.spent
    if not plan.pilot:
        summary.forecast = pricing.stored_forecast(book.reader, summary.quota, summary.listed)
    if plan.pilot and course.calibration and not driver.stopping:
        summary.forecast = _forecast(plan, book, schedule, course.calibration, summary.quota)
    return driver.stopping


def _moment(driver: Driver, plan: Plan) -> metrics.Moment:
    tally = driver.tally
    judged, kept = (tally.judged, tally.passing) if plan.rules else (None, None)
    counts = (tally.drawn, tally.tokens, tally.settled, driver.in_flight, driver.awaiting_verdict)
    return metrics.Moment(*counts, judged, kept)


def _opening(plan: Plan, book: ledger.Ledger, course: _Course) -> Opening | None:
    calibration = course.calibration
    if calibration is None or plan.pilot:
        return None

    def fix(trials: pricing.Trials) -> Awaitable[pricing.Terms]:
        return pricing.fix_terms(book, trials, calibration.groups, course.quota, plan.token_budget, plan.seed)

    return Opening(len(calibration.first), fix)


def _forecast(
    plan: Plan, book: ledger.Ledger, schedule: Schedule, calibration: pricing.Calibration, quota: Quota
) -> Forecast | None:
    made = pricing.predict(schedule.trials(), calibration.groups, quota, plan.token_budget, plan.seed)
    if made is not None:
        pricing.put_forecast(book, made, quota, sum(calibration.groups.values()))
    return made


def _judge(book: ledger.Ledger, recipe: Recipe | None, pool: Pool | None) -> Judge:
    watch, landing = FaultWatch([rule.name for rule in recipe.rules] if recipe else []), Landing()

    async def judge(prompt: Prompt, sample: Sample) -> Outcome:
        if recipe is None or pool is None:
            return Outcome(False, sample.completion_tokens or 0)
        (found,) = await landing.of(pool.submit(prompt, [sample]))
        watch.add(found, pool.errors)
        if not any(reason in ("raised", "crashed") for _, reason in found.faults):  # asked again on resume
            book.put_verdicts(sample, recipe.digest, found)  # on disk before whatever it settles: rows keep their order
        return Outcome(found.keep, sample.completion_tokens or 0, found.digest)

    return judge
