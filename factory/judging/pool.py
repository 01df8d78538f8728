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
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from factory.errors import FactoryError
from factory.judging.rules import Rule
from factory.records import Prompt, Sample, Verdict

DEADLINE = 10.0
"""Seconds one rule may spend on one sample."""
START_DEADLINE = 120.0
"""Seconds a worker may take to import the rules; a cold disk is slow."""
PROGRESS = struct.Struct("=qd")
"""What a worker says of itself in shared memory: the rule at work (-1: none), CLOCK_MONOTONIC of its start."""
TRIES = 2
"""A fault is held against a sample when it came twice: the machine may only have been busy."""

Verdicts = list[tuple[Verdict, ...]]


@dataclass(slots=True)
class _Job:
    prompt: Prompt
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

    def _worker(self, prompt: Prompt) -> _Worker:
        return self._workers[int.from_bytes(prompt.id.encode()[:8], "little") % len(self._workers)]

    def close(self) -> None:
        """Stop the processes once what was submitted is done."""
        for worker in self._workers:
            worker.put(None)
        for worker in self._workers:
            worker.thread.join()


class _Worker:
    """One process and the thread that feeds it, a job at a time."""

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
                if not job.done.set_running_or_notify_cancel():
                    continue
                try:
                    if isinstance(job, _Look):
                        job.done.set_result(self._look(job))
                    else:
                        job.done.set_result(self._run(job))
                except BaseException as error:  # the one who waits must learn of it, whatever it is
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
            number = self._lost(error)
            self._blind[number] += 1
            self._look_errors.setdefault(self._rules[number].name, _fault(error))
            return None
        for rule, message in answer["errors"].items():
            self._look_errors.setdefault(rule, message)
        return None if answer["doomed"] is None else str(answer["doomed"])

    def _run(self, job: _Job) -> Verdicts:
        while len(job.found) < len(job.samples):
            rest = job.samples[len(job.found) :]
            try:
                self._converse(job, rest)
            except (EOFError, OSError, TimeoutError) as error:
                rule = self._lost(error)
                self._faults.setdefault((job.samples[len(job.found)].id, rule), []).append(_fault(error))
        self._faults.clear()
        return job.found

    def _converse(self, job: _Job, rest: Sequence[Sample]) -> None:
        link = self._start()
        excused = {key: faults[-1] for key, faults in self._faults.items() if len(faults) >= TRIES}
        link.send_bytes(pickle.dumps((job.prompt, list(rest), excused)))
        for _ in rest:
            self._wait(link)
            answer = json.loads(link.recv_bytes())
            for rule, message in answer["errors"].items():
                self._errors.setdefault(rule, message)
            job.found.append(
                tuple(Verdict(k, r, s, tuple((a, b) for a, b in p), n) for k, r, s, p, n in answer["verdicts"])
            )

    def _wait(self, link: Connection) -> None:
        """Until there is something to read. Raises TimeoutError when a rule is over its deadline."""
        while not link.poll(0.2):
            rule, began = PROGRESS.unpack(self._shared()[: PROGRESS.size])
            limit = self._deadline if rule >= 0 else START_DEADLINE
            if began and time.monotonic() - began > limit:
                raise TimeoutError

    def _lost(self, error: Exception) -> int:
        """A process was lost: end what is left of it and say which rule ran."""
        rule, _ = PROGRESS.unpack(self._shared()[: PROGRESS.size])
        self._stop()
        if rule < 0:
            raise FactoryError(
                f"a rule process ended before any rule ran ({_fault(error)}); is the machine out of memory?"
            )
        return int(rule)

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
