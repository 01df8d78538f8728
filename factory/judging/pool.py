"""A pool of processes that run a recipe's rules over samples.

Covers the one try/except around a rule, the deadline (a process that overruns is killed with its children and
replaced), and what a fault becomes: the verdicts `raised`, `timeout` and `crashed`, unknown and counted. All samples
of a prompt go to one process, so parsed references stay warm there. Processes die with their parent.
A growing text is looked at between two jobs, ahead of all that wait: every moment costs tokens. A fault there dooms
nothing. Does not cover what a rule is (`rules.py`) nor what is done with verdicts. What a worker process does is
`worker.py`; the two talk over a pair of sockets, pickles down (ours), JSON up (never a pickle from a process that
read hostile text).
"""

from __future__ import annotations

import itertools
import json
import mmap
import os
import pickle
import queue
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, fields
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any

from factory.errors import FactoryError
from factory.judging.rules import Rule
from factory.records import Prompt, Sample, Verdict

DEADLINE = 10.0
"""Seconds one rule may spend on one sample."""
START_DEADLINE = 120.0
"""Seconds a worker may take to import the rules; a cold disk is slow."""
PROGRESS = struct.Struct("=qqd")
"""What a worker says of itself in shared memory: the sample at work, the rule (-1: none), CLOCK_MONOTONIC of its start.
Samples are counted from the start of a conversation."""
TURN = 0.05
"""Seconds a conversation about samples should take: many samples of quick rules, for a message costs as much as a
rule, and one sample of slow rules, for whoever wants to be looked at waits that long."""
MOST = 128
"""Samples of a conversation at most."""
TRIES = 2
"""A fault is held against a sample when it came twice: the machine may only have been busy."""

FIELDS = attrgetter(*(f.name for f in fields(Sample)))
"""A sample as a tuple: half the work of pickling the record."""

Verdicts = list[tuple[Verdict, ...]]


@dataclass(slots=True)
class _Job:
    """Samples to judge; without a prompt, a worker to have ready."""

    prompt: Prompt | None
    samples: Sequence[Sample]
    done: Future[Verdicts]
    found: Verdicts = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Look:
    prompt: Prompt
    text: str
    done: Future[str | None]


class Pool:
    """`submit` prompts with their samples; use as a context manager. Thread-safe."""

    def __init__(self, rules: Sequence[Rule], processes: int, deadline: float = DEADLINE) -> None:
        self.errors: dict[str, str] = {}
        """The first error message of each rule that raised."""
        self.look_errors: dict[str, str] = {}
        """The first thing that went wrong in each rule's `doomed`."""
        self._workers = [_Worker(rules, deadline, self.errors, self.look_errors) for _ in range(processes)]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, prompt: Prompt, samples: Sequence[Sample]) -> Future[Verdicts]:
        """The verdicts of each sample, in the order of the samples and of the rules."""
        job = _Job(prompt, samples, Future())
        self._worker(prompt).put(job)
        return job.done

    def look(self, prompt: Prompt, text: str) -> Future[str | None]:
        """The first rule in scope that dooms a growing text, as "rule:reason"; None where none does."""
        look = _Look(prompt, text, Future())
        self._worker(prompt).put(look)
        return look.done

    def ready(self) -> list[Future[Verdicts]]:
        """Start the processes now; done when they have loaded the rules, which takes a second or two."""
        jobs = [_Job(None, (), Future()) for _ in self._workers]
        for worker, job in zip(self._workers, jobs, strict=True):
            worker.put(job)
        return [job.done for job in jobs]

    def _worker(self, prompt: Prompt) -> _Worker:
        return self._workers[int.from_bytes(prompt.id.encode()[:8], "little") % len(self._workers)]

    def close(self) -> None:
        """Stop the processes once what was submitted is done."""
        for worker in self._workers:
            worker.put(None)
        for worker in self._workers:
            worker.thread.join()


class _Worker:
    """One process and the thread that feeds it, a conversation at a time."""

    def __init__(
        self, rules: Sequence[Rule], deadline: float, errors: dict[str, str], look_errors: dict[str, str]
    ) -> None:
        self._jobs: queue.PriorityQueue[tuple[int, int, _Job | _Look | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._rules = list(rules)
        self._deadline = deadline
        self._errors = errors
        self._look_errors = look_errors
        self._faults: dict[tuple[str, int], list[str]] = {}
        self._blind: Counter[int] = Counter()
        self._size = 1
        """Samples of the next conversation."""
        self._asked: list[str] = []
        """The ids of the samples of this one."""
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Connection | None = None
        self._progress: mmap.mmap | None = None
        self.thread = threading.Thread(target=self._feed, name="rules", daemon=True)
        self.thread.start()

    def put(self, job: _Job | _Look | None) -> None:
        """Queue a job: looks first, then samples as they came; None ends the thread after all others."""
        rank = 0 if isinstance(job, _Look) else 1 if job else 2
        self._jobs.put((rank, next(self._numbers), job))

    def _feed(self) -> None:
        try:
            while (job := self._jobs.get()[2]) is not None:
                jobs = [job] if isinstance(job, _Look) else self._with_more(job)
                jobs = [job for job in jobs if job.done.set_running_or_notify_cancel()]
                try:
                    for look in jobs:
                        if isinstance(look, _Look):
                            look.done.set_result(self._look(look))
                        elif look.prompt is None:
                            self._ready()
                    self._run([job for job in jobs if isinstance(job, _Job)])
                except BaseException as error:  # those who wait must learn of it, whatever it is
                    for job in jobs:
                        if not job.done.done():
                            job.done.set_exception(error)
        finally:
            self._stop()

    def _look(self, look: _Look) -> str | None:
        """A rule whose look hangs or crashes again and again is asked no more; its verdicts still are."""
        try:
            link = self._start()
            blind = [rule for rule, faults in self._blind.items() if faults >= TRIES]
            link.send_bytes(pickle.dumps((look.prompt, look.text, blind)))
            self._wait(link)
            answer = json.loads(link.recv_bytes())
        except (EOFError, OSError, TimeoutError) as error:
            _, number = self._lost(error)
            self._blind[number] += 1
            self._look_errors.setdefault(self._rules[number].name, _fault(error))
            return None
        for rule, message in answer["errors"].items():
            self._look_errors.setdefault(rule, message)
        return None if answer["doomed"] is None else str(answer["doomed"])

    def _with_more(self, job: _Job) -> list[_Job | _Look]:
        """The job and those that wait behind it, as many as one conversation takes; looks that came meanwhile."""
        jobs: list[_Job | _Look] = [job]
        samples = len(job.samples)
        while samples < self._size and not self._jobs.empty():
            entry = self._jobs.get()  # nobody else takes any
            if entry[2] is None:
                self._jobs.put(entry)
                break
            jobs.append(entry[2])
            samples += len(entry[2].samples) if isinstance(entry[2], _Job) else 0
        return jobs

    def _run(self, jobs: Sequence[_Job]) -> None:
        """Judge the jobs' samples; a job is done as soon as its last sample is."""
        waiting = deque((job, sample) for job in jobs for sample in job.samples)
        for job in jobs:
            if not job.samples:
                job.done.set_result([])
        while waiting:
            try:
                self._converse(waiting)
            except (EOFError, OSError, TimeoutError) as error:
                # what was answered is off the queue, and the place counts from the start of the conversation
                place, rule = self._lost(error)
                self._faults.setdefault((self._asked[place], rule), []).append(_fault(error))
        self._faults.clear()

    def _converse(self, waiting: deque[tuple[_Job, Sample]]) -> None:
        """Have the first of those that wait judged. Answers come for several samples at once where rules are quick."""
        link, began = self._start(), time.monotonic()
        asked = list(itertools.islice(waiting, self._size))
        self._asked = [sample.id for _, sample in asked]
        excused = {key: faults[-1] for key, faults in self._faults.items() if len(faults) >= TRIES}
        link.send_bytes(pickle.dumps((None, [(job.prompt, FIELDS(sample)) for job, sample in asked], excused)))
        left = len(asked)
        while left:
            self._wait(link)
            answers = json.loads(link.recv_bytes())
            for rows, errors in answers:
                self._answered(*waiting.popleft(), rows, errors)
            left -= len(answers)
        took = time.monotonic() - began
        self._size = max(1, min(MOST, 2 * len(asked), int(len(asked) * TURN / max(took, 1e-6))))

    def _answered(self, job: _Job, _: Sample, rows: list[Any], errors: Mapping[str, str]) -> None:
        for rule, message in errors.items():
            self._errors.setdefault(rule, message)
        job.found.append(tuple(Verdict(k, r, s, tuple((a, b) for a, b in p), n) for k, r, s, p, n in rows))
        if len(job.found) == len(job.samples):
            job.done.set_result(job.found)

    def _ready(self) -> None:
        """Wait until the process has loaded the rules. Where that fails, the next job says so."""
        try:
            link = self._start()
            link.send_bytes(pickle.dumps((None, [], {})))
            self._wait(link)
            link.recv_bytes()
        except (EOFError, OSError, TimeoutError) as error:
            self._lost(error)

    def _wait(self, link: Connection) -> None:
        """Until there is something to read. Raises TimeoutError when a rule is over its deadline."""
        while not link.poll(0.2):
            _, rule, began = PROGRESS.unpack(self._shared()[: PROGRESS.size])
            limit = self._deadline if rule >= 0 else START_DEADLINE
            if began and time.monotonic() - began > limit:
                raise TimeoutError

    def _lost(self, error: Exception) -> tuple[int, int]:
        """A process was lost: end what is left of it and say which sample's which rule ran."""
        place, rule, _ = PROGRESS.unpack(self._shared()[: PROGRESS.size])
        self._stop()
        if rule < 0:
            raise FactoryError(
                f"a rule process ended before any rule ran ({_fault(error)}); is the machine out of memory?"
            )
        return int(place), int(rule)

    def _shared(self) -> mmap.mmap:
        assert self._progress is not None
        return self._progress

    def _start(self) -> Connection:
        if self._link is None:
            ours, theirs = socket.socketpair()
            memory = os.memfd_create("factory-progress")
            os.ftruncate(memory, mmap.PAGESIZE)
            command = [sys.executable, "-m", "factory.judging.worker", str(theirs.fileno()), str(memory)]
            # a session of its own: Ctrl-C is for us, and whatever a rule starts can be killed with it
            self._process = subprocess.Popen(command, pass_fds=(theirs.fileno(), memory), start_new_session=True)
            theirs.close()
            self._progress = mmap.mmap(memory, mmap.PAGESIZE)
            os.close(memory)
            self._link = Connection(ours.detach())
            self._link.send_bytes(pickle.dumps(self._rules))
        return self._link

    def _stop(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._link is not None:
            self._link.close()
        if self._progress is not None:
            self._progress.close()
        self._process, self._link, self._progress = None, None, None


def _fault(error: Exception) -> str:
    return "timeout" if isinstance(error, TimeoutError) else "crashed"
