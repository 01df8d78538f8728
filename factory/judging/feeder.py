"""The thread that feeds one rule process: what is asked when, and what becomes of a fault.

Samples of several prompts are judged in one conversation where the rules are quick. Does not cover what waits and in
which order (`jobs.py`), the process (`process.py`), what it does (`worker.py`) nor which one judges what (`pool.py`).
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter

from factory.errors import FactoryError
from factory.judging.jobs import Ask, Job, Jobs, Look
from factory.judging.process import RuleProcess
from factory.judging.rules import Rule
from factory.records import Prompt, Sample
from factory.said import Said

DEADLINE = 10.0
"""Seconds one rule may spend on one sample."""
TURN = 0.05
"""Seconds a conversation about samples should take: many samples of quick rules, for a message costs as much as a
rule, and one sample of slow rules, for whoever wants to be looked at waits that long."""
MOST, LONGEST = 128, 2_000_000
"""Samples of a conversation at most, and their characters unless it is one sample."""
ASKED_AT_ONCE = 64
"""Samples of a conversation at least, where rules ask servers: these are asked about all at once."""
TRIES = 2
"""A fault is held against a sample when it came twice: the machine may only have been busy. Likewise a process that
ends while no rule runs is started again so many times."""

FIELDS = attrgetter(*(f.name for f in fields(Sample)))
ABOUT = attrgetter(*(f.name for f in fields(Prompt)))
"""A sample and a prompt as tuples: a fraction of the work of pickling the records."""


class Feeder:
    """One process and the thread that feeds it, a conversation at a time."""

    def __init__(
        self,
        rules: Sequence[Rule],
        deadline: float,
        errors: dict[str, str],
        look_errors: dict[str, str],
        *,
        until_no: bool,
    ) -> None:
        self._waiting = Jobs()
        self._given_up = False
        self._names = [rule.name for rule in rules]
        self._errors = errors
        self._look_errors = look_errors
        self._faults: dict[tuple[str, int], list[str]] = {}
        self._ended = 0
        """Processes in a row that ended, or were killed by others, while no rule ran."""
        self._blind: Counter[int] = Counter()
        self._process = RuleProcess(rules, deadline, until_no)
        self._least = ASKED_AT_ONCE if any(rule.asks for rule in rules) else 1
        self._size = self._least
        """Samples of the next conversation."""
        self._asked: list[str] = []
        """The ids of the samples of this one."""
        self.thread = threading.Thread(target=self._feed, name="rules", daemon=True)
        self.thread.start()

    def put(self, job: Job | Look) -> None:
        """Queue a job."""
        self._waiting.put(job)

    def close(self, *, at_once: bool = False) -> None:
        """End the thread once what was put is done, or `at_once`: what waits, or is at work, is given up."""
        self._given_up = self._given_up or at_once
        self._waiting.close(at_once=at_once)
        if at_once:
            self._process.kill()

    def _feed(self) -> None:
        try:
            while taken := self._waiting.take(self._size):
                jobs = [job for job in taken if job.done.set_running_or_notify_cancel()]
                try:
                    for job in jobs:
                        if isinstance(job, Look):
                            job.done.set_result(self._look(job))
                        elif job.prompt is None:
                            self._ready()
                    self._run([job for job in jobs if isinstance(job, Job)])
                except BaseException as error:  # those who wait must learn of it, whatever it is
                    for job in jobs:
                        if not job.done.done():
                            job.done.set_exception(error)
        finally:
            self._process.stop()

    def _look(self, look: Look) -> str | None:
        """A rule whose look hangs or crashes again and again is asked no more; its verdicts still are."""
        try:
            blind = [rule for rule, faults in self._blind.items() if faults >= TRIES]
            self._process.ask((look.prompt, look.text, blind))
            doomed, errors = self._process.answer()
            self._ended = 0
        except (EOFError, OSError, TimeoutError) as error:
            if (at := self._lost(error)) is not None:
                self._blind[at[1]] += 1
                self._look_errors.setdefault(self._names[at[1]], _fault(error))
            return None
        for rule, message in errors.items():
            self._look_errors.setdefault(rule, message)
        return None if doomed is None else str(doomed)

    def _run(self, jobs: Sequence[Job]) -> None:
        """Judge the jobs' samples; a job is done as soon as its last sample is."""
        waiting = deque(Ask(job, *each) for job in jobs for each in zip(job.samples, job.known, strict=True))
        for job in jobs:
            if not job.samples:
                job.done.set_result([])
        while waiting:
            try:
                self._converse(waiting)
            except (EOFError, OSError, TimeoutError) as error:
                # what was answered is off the queue, and the place counts from the start of the conversation
                if (at := self._lost(error)) is not None:
                    self._faults.setdefault((self._asked[at[0]], at[1]), []).append(_fault(error))
        self._faults.clear()

    def _converse(self, waiting: deque[Ask]) -> None:
        """Have the first of those that wait judged. Answers come for several samples at once where rules are quick."""
        began = time.monotonic()
        asked = self._next_asked(waiting)
        self._asked = [ask.sample.id for ask in asked]
        excused = {key: faults[-1] for key, faults in self._faults.items() if len(faults) >= TRIES}
        self._process.ask((None, [(ABOUT(ask.job.prompt), FIELDS(ask.sample), ask.known) for ask in asked], excused))
        left = len(asked)
        while left:
            answers = self._process.answer()
            self._ended = 0
            for found, errors in answers:
                self._answered(waiting.popleft().job, Said(*found), errors)
            left -= len(answers)
        took = time.monotonic() - began
        self._size = max(self._least, min(MOST, 2 * len(asked), int(len(asked) * TURN / max(took, 1e-6))))

    def _next_asked(self, waiting: deque[Ask]) -> list[Ask]:
        """As many of those that wait as a conversation takes; long texts stay bounded too."""
        asked: list[Ask] = []
        characters = 0
        for ask in itertools.islice(waiting, self._size):
            characters += len(ask.sample.text)
            if not asked or asked[-1].job is not ask.job:
                characters += len((ask.job.prompt and ask.job.prompt.reference) or "")
            if asked and characters > LONGEST:
                break
            asked.append(ask)
        return asked

    def _answered(self, job: Job, found: Said, errors: Mapping[str, str]) -> None:
        for rule, message in errors.items():
            self._errors.setdefault(rule, message)
        job.found.append(found)
        if len(job.found) == len(job.samples):
            job.done.set_result(job.found)

    def _ready(self) -> None:
        """Wait until the process has loaded the rules. Raises FactoryError where it can't."""
        while True:
            try:
                self._process.ask((None, [], {}))
                self._process.answer()
                self._ended = 0
                return
            except (EOFError, OSError, TimeoutError) as error:
                self._lost(error)

    def _lost(self, error: Exception) -> tuple[int, int] | None:
        """A process was lost: end what is left of it and say which sample's which rule ran, None where none did.

        An idle one may have been killed with others of a batch job: another takes its place. Raises FactoryError when
        that happens again and again.
        """
        place, rule = self._process.stop()
        if self._given_up:
            raise FactoryError("judging was given up")
        if rule >= 0:
            return place, rule
        self._ended += 1
        if self._ended > TRIES:
            raise FactoryError(
                f"rule processes end before any rule runs ({_fault(error)}); is the machine out of memory? "
                "What they say stands above"
            )
        return None


def _fault(error: Exception) -> str:
    return "timeout" if isinstance(error, TimeoutError) else "crashed"
