"""The asyncio driver: every slot takes the draw that is needed most, commits it, and takes the next.

Covers feeding prompts to the schedule, drawing, judging while the engine goes on, and draining on signals. No batch
waits for its slowest sample, and no slot waits for a verdict unless nothing else is worth drawing. Does not cover
which draw is needed most (`quota/schedule.py`), what a verdict is (`judging/`) nor what is on disk (`ledger/`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final, cast

from factory.drawing.landing import Landing
from factory.drawing.pricing import Terms, Trials, group_of
from factory.drawing.work import Budget, Judge, Opening, Tally, Work, make_sample
from factory.engines import Engine, Lost
from factory.errors import BadInput, EngineFailed
from factory.ledger import Ledger
from factory.quota.schedule import Schedule, window
from factory.quota.settlement import Outcome, Settlement
from factory.records import Prompt, Sample
from factory.signals import heard

UNJUDGED: Final = 4
"""Samples a slot that may wait for their verdict; beyond, drawing waits for the rules."""


class Driver:
    """One run of the engine over the work. `stopping` is true once a signal came, `spent` once the budget was.

    No draw begins that is expected to exceed the budget. Of prompts that are done the ledger hears only where that is
    to be `recorded`: a pilot's quota isn't the run's, and a fixed number of draws needs no record.
    """

    def __init__(
        self,
        engine: Engine,
        book: Ledger,
        schedule: Schedule,
        judge: Judge,
        *,
        slots: int,
        grace: float,
        bar: Any,
        opening: Opening | None = None,
        budget: Budget | None = None,
        recorded: bool = True,
        group: Callable[[Prompt], str] = group_of,
    ) -> None:
        self.tally = Tally()
        self.stopping = False
        self.spent = False
        self.in_flight = 0
        """Draws that began and haven't ended."""
        self.awaiting_verdict = 0
        """Samples that ended and aren't judged yet."""
        self._fix = opening.fix if opening else None
        self._to_admit_first = self._to_calibrate = opening.prompts if opening else 0
        self._budget = budget
        self._recorded = recorded
        self._group_of = group
        self._engine = engine
        self._book = book
        self._schedule = schedule
        self._judge = judge
        self._slots = slots
        self._grace = grace
        self._bar = bar
        self._landing = Landing()
        self._work: dict[str, Work] = {}
        self._feed: Iterator[Work] = iter(())
        self._fed = False
        self._free = slots
        self._filling = False
        self._flying: dict[str, dict[int, asyncio.Task[None]]] = {}
        """The draws that began and haven't ended: what a settlement, or the end of the grace, cancels."""
        self._awaiting: set[asyncio.Task[None]] = set()
        """Those that wait for verdicts of what is on disk: the end of the grace cancels them too."""
        self._over = asyncio.Event()

    async def run(self, work: Iterator[Work]) -> None:
        """Draw until every prompt is settled or a signal came. The first failure of any part is raised."""
        self._feed = work
        try:
            with heard(self._stop):
                async with asyncio.TaskGroup() as self._group:
                    self._fill()
                    await self._over.wait()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    def _fill(self) -> None:
        """Give every free slot the draw that is needed most."""
        self._filling = False
        while self._free and not self.stopping:
            self._admit()
            within = self.awaiting_verdict < UNJUDGED * self._slots and self._affordable()
            if not within or (draw := self._schedule.next()) is None:
                break
            self._free -= 1
            self.in_flight += 1
            self._group.create_task(self._sample(self._work[draw[0]], draw[1]))
        if self.stopping or self._is_over():
            self._over.set()

    def _fill_soon(self) -> None:
        """A slot or a draw may have come free: dozens do at once, so fill when all that landed is counted."""
        if not self._filling:
            self._filling = True
            self._group.create_task(self._fill_next())

    async def _fill_next(self) -> None:
        self._fill()

    async def _sample(self, work: Work, index: int) -> None:
        """One draw's way: drawn, on disk, judged, counted. Its slot is free once it is on disk."""
        sample = await self._draw(work, index)
        if sample is not None:
            self.awaiting_verdict += 1
            await self._landing.of(self._book.put(sample))
            self.tally.drawn += 1
            self.tally.tokens += sample.completion_tokens or 0
            self._bar.update()
            self._counted(sample)
        self._free += 1
        self._fill_soon()
        if sample is None:
            return
        with self._waiting():
            outcome = await self._judge(work.prompt, sample)
        self.awaiting_verdict -= 1
        self.tally.judged += 1
        self.tally.passing += outcome.keep
        settlement = self._schedule.record(work.prompt.id, sample.sample_index, outcome)
        if settlement is not None:
            self._settle(work.prompt.id, settlement)
        self._calibrated()
        self._fill_soon()

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[None]:
        """For a verdict; who is cut off here is judged on resume."""
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._awaiting.add(task)
        try:
            yield
        finally:
            self._awaiting.discard(task)

    def _counted(self, sample: Sample) -> None:
        """Raise EngineFailed where tokens are what counts and nobody counts them: the sample itself is safe."""
        if sample.completion_tokens is None and (self._budget is not None or self._schedule.quota.price is not None):
            raise EngineFailed(
                f"{self._engine.name}: says no token counts, which --token-budget and --max-tokens-per-kept go by; "
                "use an engine that does, or neither option"
            )

    def _affordable(self) -> bool:
        return self._budget is None or self._budget.affords(self.tally, self.in_flight)

    def _is_over(self) -> bool:
        if self._fed and not self._work:
            return True
        self.spent = not (self.in_flight or self.awaiting_verdict or self._affordable())
        return self.spent

    def _admit(self) -> None:
        # the calibration set as a whole, whatever the window: until its first draws have ended nobody is given up
        while not self._fed and (self._to_admit_first or len(self._work) - self._schedule.parked < window(self._slots)):
            work = next(self._feed, None)
            if work is None:
                self._fed = True
                return
            self._to_admit_first -= work.calibrate
            self._work[work.prompt.id] = work
            if work.unjudged:
                self._group.create_task(self._catch_up(work))
            else:
                self._take(work, work.outcomes)

    async def _catch_up(self, work: Work) -> None:
        """Judge what a crash, or another recipe, left without verdicts; only then is it known what to draw."""
        with self._waiting():
            found = {sample.sample_index: await self._judge(work.prompt, sample) for sample in work.unjudged}
        self._take(work, {**work.outcomes, **found})
        self._fill_soon()

    def _take(self, work: Work, outcomes: Mapping[int, Outcome]) -> None:
        settlement = self._schedule.admit(work.prompt.id, self._group_of(work.prompt), outcomes, work.calibrate)
        if settlement is not None:
            self._settle(work.prompt.id, settlement)
        self._to_calibrate -= work.calibrate
        self._calibrated()

    def _calibrated(self) -> None:
        """Fix the terms, once, as soon as every calibration prompt has made its first draws."""
        if self._fix is not None and not self._to_calibrate and not self._schedule.calibrating:
            self._group.create_task(self._freeze(self._fix))
            self._fix = None

    async def _freeze(self, fix: Callable[[Trials], Awaitable[Terms]]) -> None:
        terms = await fix(self._schedule.trials())
        for key, settlement in self._schedule.freeze(terms.priors, terms.price):
            self._settle(key, settlement)
        self._fill_soon()

    async def _draw(self, work: Work, index: int) -> Sample | None:
        """The sample, or None where there is none: surplus, lost with an engine, or of a prompt that can't be drawn."""
        key = work.prompt.id
        if key not in self._work or self.stopping:  # that was before this task first ran
            self.in_flight -= 1
            return None
        flying = self._flying.setdefault(key, {})
        flying[index] = cast("asyncio.Task[None]", asyncio.current_task())
        request, started = work.request(index), time.time()
        try:
            return make_sample(request, await self._engine.draw(request), self._engine.name, started)
        except asyncio.CancelledError:
            settled = key not in self._work
            why = "surplus" if settled else "drained" if self.stopping else "lost"
            self._book.put_attempt(key, index, why, started, time.time())
            if not settled:
                raise
            self.tally.surplus += 1
        except EngineFailed:
            self._book.put_attempt(key, index, "lost", started, time.time())
            raise
        except Lost:
            self._book.put_attempt(key, index, "lost", started, time.time())
            self._schedule.lost(key, index)
        except BadInput as error:
            self.tally.refused.setdefault(key, error.message)
            self._drop(key)
        finally:
            self.in_flight -= 1
            del flying[index]
            if not flying:
                self._flying.pop(key, None)
        return None

    def _settle(self, key: str, settlement: Settlement) -> None:
        if self._recorded:
            self._book.put_settlement(key, settlement.at, settlement.why, settlement.kept)
        self.tally.settled += 1
        self.tally.kept += settlement.kept
        self._bar.set_postfix(kept=self.tally.kept, settled=self.tally.settled, refresh=False)
        del self._work[key]
        for task in self._flying.pop(key, {}).values():
            task.cancel()

    def _drop(self, key: str) -> None:
        """Forget a prompt that the engine can never draw."""
        self._schedule.drop(key)
        self._work.pop(key, None)
        self._calibrated()

    def _stop(self) -> None:
        """First signal: no new draws, those in flight get `grace` seconds. Second: at once."""
        grace = 0.0 if self.stopping else self._grace
        self.stopping = True
        asyncio.get_running_loop().call_later(grace, self._cut_off)
        self._over.set()

    def _cut_off(self) -> None:
        self._book.hurry()
        for draws in list(self._flying.values()):
            for task in list(draws.values()):
                task.cancel()
        for task in list(self._awaiting):
            task.cancel()
