"""What waits for a rule process, and in which order it is taken: a look at a growing text ahead of all samples.

Thread-safe: anybody puts, one feeder takes. Does not cover what is done with what was taken (`feeder.py`).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple

from factory.records import Prompt, Sample
from factory.said import Said

Verdicts = list[Said]


@dataclass(slots=True)
class Job:
    """Samples to judge; without a prompt, a worker to have ready."""

    prompt: Prompt | None
    samples: Sequence[Sample]
    known: Sequence[Collection[str]]
    """The rules of which each sample has a verdict."""
    done: Future[Verdicts]
    found: Verdicts = field(default_factory=list)


class Ask(NamedTuple):
    """One sample of a job, and the rules of which it has a verdict."""

    job: Job
    sample: Sample
    known: Collection[str]


@dataclass(frozen=True, slots=True)
class Look:
    """A growing text to look at; answered with "rule:reason", or None."""

    prompt: Prompt
    text: str
    done: Future[str | None]


class Jobs:
    """The queue of one process."""

    def __init__(self) -> None:
        self._looks: deque[Look] = deque()
        self._jobs: deque[Job] = deque()
        self._closed = False
        self._some = threading.Condition(threading.Lock())

    def put(self, job: Job | Look) -> None:
        """Queue a job: looks first, then samples as they came."""
        with self._some:
            if isinstance(job, Look):
                self._looks.append(job)
            else:
                self._jobs.append(job)
            self._some.notify()

    def take(self, size: int) -> list[Job | Look]:
        """Wait for a look, or for jobs of about `size` samples. Empty once closed and all is done."""
        with self._some:
            while not (self._looks or self._jobs or self._closed):
                self._some.wait()
            if self._looks:
                return [self._looks.popleft()]
            jobs: list[Job | Look] = []
            samples = 0
            while self._jobs and (not jobs or samples < size):
                job = self._jobs.popleft()
                jobs.append(job)
                samples += len(job.samples)
            return jobs

    def close(self, *, at_once: bool) -> None:
        """No more comes; `at_once`: what waits is cancelled."""
        with self._some:
            self._closed = True
            if at_once:
                waiting: list[Job | Look] = [*self._looks, *self._jobs]
                for job in waiting:
                    job.done.cancel()
                self._looks.clear()
                self._jobs.clear()
            self._some.notify()
