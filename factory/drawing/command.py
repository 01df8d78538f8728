"""One command's drawing: the engine's life, the rule processes', and what they judge.

Does not cover the checks before it (`generate.py`), which prompts come first (`course.py`), what is known of a prompt
(`feed.py`), slots and signals (`driver.py`), the quota policy (`quota/`) nor engines (`engines/`).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import math
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path

import uvloop

from factory import ledger, runs, terminal
from factory.drawing import course as courses
from factory.drawing import metrics, pricing
from factory.drawing.course import Course, Named
from factory.drawing.driver import Driver
from factory.drawing.feed import Feed
from factory.drawing.landing import Landing
from factory.drawing.summary import Summary
from factory.drawing.work import Judge, Work
from factory.engines import Engine
from factory.errors import Drained
from factory.judging.faults import FaultWatch
from factory.judging.pool import Pool
from factory.judging.recipes import Recipe
from factory.judging.watch import watcher
from factory.plan import Plan
from factory.quota.schedule import Schedule
from factory.quota.settlement import Outcome
from factory.records import Prompt, Sample
from factory.terminal import Say
from factory.verify.judges import journal

COLLECTED = 50_000
"""New objects after which Python looks for cycles among them; 700 by default."""


def draw_all(plan: Plan, named: Named, listed: Path, book: ledger.Ledger, summary: Summary, say: Say) -> None:
    """Draw what the listed prompts lack. Raises EngineFailed, and Drained when a signal left work undone."""
    recipe, loader = named.recipe, named.loader
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(ledger.reading(listed))
        feed = Feed(book.reader, named.template, recipe.digest if recipe else None, plan.samples, plan.seed)
        longest = float(loader.fixed.get("sampling", {}).get("max_tokens", math.inf))
        course = courses.chart(plan, book, connection, summary.quota, longest)
        work = courses.work(plan, feed, connection, course)
        summary.feed = feed
        first = next(work, None)
        if first is None:
            return
        asked = stack.enter_context(journal.journal(plan.out / journal.NAME))
        pool = stack.enter_context(Pool(recipe.that_settle(), plan.workers, until_no=True)) if recipe else None
        feed.watch_of = watcher(recipe, pool) if recipe and pool else None

        async def draw() -> bool:
            engine = await _load(loader.load(first.request(0), say), pool, summary, say)
            every = itertools.chain([first], work)
            return await _drive(plan, engine, judge_with(book, recipe, pool), every, course, book, summary)

        stopped = uvloop.run(draw())
        for rule, error in pool.look_errors.items() if pool else ():
            summary.notes.append(f"rule {rule} failed to look at samples on their way: {error}")
        summary.notes.extend(journal.describe(journal.costs(asked)))
    left = summary.listed - summary.settled - len(summary.tally.refused)
    if stopped and left:
        raise Drained(f"{plan.out}: stopped on request, {left:,} prompts to go; the same command goes on from here")


async def _load(loading: Awaitable[Engine], pool: Pool | None, summary: Summary, say: Say) -> Engine:
    """The engine, once the rule processes are up too; they start while it loads."""
    began = time.monotonic()
    starting = pool.ready() if pool else []
    engine = await loading
    try:
        await asyncio.gather(*map(asyncio.wrap_future, starting))
    except BaseException:
        await engine.close()
        raise
    _collect_less()
    summary.load_seconds = time.monotonic() - began
    for note in getattr(engine, "notes", ()):
        say(f"note: {note}")
    say(f"engine {engine.name} ready in {summary.load_seconds:.1f} s")
    return engine


def _collect_less() -> None:
    """What was loaded stays to the end, and draws leave few cycles: to look for them took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED)


async def _drive(
    plan: Plan,
    engine: Engine,
    judge: Judge,
    work: Iterator[Work],
    course: Course,
    book: ledger.Ledger,
    summary: Summary,
) -> bool:
    """Draw with the engine and close it; returns whether a signal stopped it."""
    began, started = time.monotonic(), time.time()
    total = summary.listed * plan.samples
    with terminal.bar("drawing", "samples", None if plan.keep else total, summary.before) as bar:
        schedule = Schedule(course.quota, course.terms.priors if course.terms else None)
        driver = Driver(
            engine,
            book,
            schedule,
            judge,
            slots=min(plan.concurrency, total),
            grace=plan.grace,
            bar=bar,
            opening=courses.opening(plan, book, course),
            budget=course.budget,
            recorded=plan.keep is not None and not plan.pilot,
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
    elif not driver.stopping:
        summary.forecast = courses.foretell(plan, book, schedule, course, summary.quota)
    return driver.stopping


def _moment(driver: Driver, plan: Plan) -> metrics.Moment:
    tally = driver.tally
    judged, kept = (tally.judged, tally.passing) if plan.rules else (None, None)
    counts = (tally.drawn, tally.tokens, 0 if plan.pilot else tally.settled, driver.in_flight, driver.awaiting_verdict)
    return metrics.Moment(*counts, judged, kept)


def judge_with(book: ledger.Ledger, recipe: Recipe | None, pool: Pool | None) -> Judge:
    """What is asked about each sample. Raises FactoryError once a rule has failed too often."""
    if recipe is None or pool is None:
        return _unjudged
    watch, landing = FaultWatch([rule.name for rule in recipe.rules]), Landing()

    async def judge(prompt: Prompt, sample: Sample) -> Outcome:
        (found,) = await landing.of(pool.submit(prompt, [sample]))
        watch.add(found, pool.errors)
        if not any(reason in ("raised", "crashed") for _, reason in found.faults):  # asked again on resume
            book.put_verdicts(sample, recipe.digest, found)  # on disk before whatever it settles: rows keep their order
        return Outcome(found.keep, sample.completion_tokens or 0, found.digest)

    return judge


async def _unjudged(_: Prompt, sample: Sample) -> Outcome:
    return Outcome(False, sample.completion_tokens or 0)
