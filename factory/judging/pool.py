"""A pool of processes that run a recipe's rules over samples.

Covers the one try/except around a rule, the deadline (a process that overruns is killed with its children and
replaced), and what a fault becomes: the verdicts `raised`, `timeout` and `crashed`, unknown and counted. All samples
of a prompt go to one process, so parsed references stay warm there. Processes die with their parent.
A growing text is looked at between two conversations, ahead of all that wait: every moment costs tokens. A fault there
dooms nothing. Does not cover what a rule is (`rules.py`) nor what is done with verdicts. How a process is fed is
`feeder.py`, what it does `worker.py`.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from concurrent.futures import Future

from factory.judging.feeder import DEADLINE, Feeder
from factory.judging.jobs import Job, Look, Verdicts
from factory.judging.rules import Rule
from factory.records import Prompt, Sample

__all__ = ["DEADLINE", "Pool", "Verdicts"]


class Pool:
    """`submit` prompts with their samples; use as a context manager. Thread-safe."""

    def __init__(
        self, rules: Sequence[Rule], processes: int, deadline: float = DEADLINE, *, until_no: bool = False
    ) -> None:
        """`until_no`: after a verdict against a sample only `correct` is still asked, for the sake of pass rates."""
        self.errors: dict[str, str] = {}
        """The first error message of each rule that raised."""
        self.look_errors: dict[str, str] = {}
        """The first thing that went wrong in each rule's `doomed`."""
        self._workers = [
            Feeder(rules, deadline, self.errors, self.look_errors, until_no=until_no) for _ in range(processes)
        ]

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self, prompt: Prompt, samples: Sequence[Sample], known: Sequence[Collection[str]] | None = None
    ) -> Future[Verdicts]:
        """The verdicts of each sample, in the order of the samples and of the rules.

        `known` names for each sample the rules that need no more be asked.
        """
        job = Job(prompt, samples, [()] * len(samples) if known is None else known, Future())
        self._worker(prompt).put(job)
        return job.done

    def look(self, prompt: Prompt, text: str) -> Future[str | None]:
        """The first rule in scope that dooms a growing text, as "rule:reason"; None where none does."""
        look = Look(prompt, text, Future())
        self._worker(prompt).put(look)
        return look.done

    def ready(self) -> list[Future[Verdicts]]:
        """Start the processes now; done when they have loaded the rules, which takes a second or two."""
        jobs = [Job(None, (), (), Future()) for _ in self._workers]
        for worker, job in zip(self._workers, jobs, strict=True):
            worker.put(job)
        return [job.done for job in jobs]

    def _worker(self, prompt: Prompt) -> Feeder:
        # prompts come in the order of their ids, so neighbours must go apart
        return self._workers[zlib.crc32(prompt.id.encode("utf-8", "surrogatepass")) % len(self._workers)]

    def close(self, *, at_once: bool = False) -> None:
        """Stop the processes once what was submitted is done, or `at_once`, when nobody wants to know any more."""
        for worker in self._workers:
            worker.close(at_once=at_once)
        for worker in self._workers:
            worker.thread.join()
