"""The prompts that still need draws, with what the ledger knows of them; a prompt at a time, in the order of listing.

Does not cover drawing (`driver.py`) nor reading prompts from files (`reading/`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from factory import ledger
from factory.drawing.work import Work
from factory.engines import Request, Watch
from factory.quota.settlement import Outcome
from factory.reading.templates import Template, ask
from factory.records import Prompt, sample_seed


@dataclass(slots=True)
class Feed:
    """`recipe` is a digest, None where a fixed number of samples is asked; `book` is the run's ledger, to read."""

    book: sqlite3.Connection
    template: Template
    recipe: str | None
    samples: int
    seed: int
    settled: int = 0
    """Prompts that have what was asked."""
    kept: int = 0
    """Their kept samples."""
    watch_of: Callable[[Prompt], Watch | None] | None = None
    """What looks at a prompt's growing samples, where anything does."""

    def lacking(self, listed: sqlite3.Connection, but: Collection[str] = ()) -> Iterator[Work]:
        """The prompts of a surveyed ledger that need more, those with the ids `but` left out.

        SQL finds them: a resumed run of a million prompts asks nothing about those that are done. Neighbours share the
        engine's prefix cache.
        """
        samples = None if self.recipe else self.samples
        self.settled, self.kept = ledger.done(listed, samples, but)
        for prompt, drawn in ledger.lacking(listed, samples):
            if prompt.id not in but:
                yield self._work(prompt) if drawn else Work(prompt, self._requests(prompt), {})

    def work(self, prompts: Iterable[Prompt], *, calibrate: bool = False) -> Iterator[Work]:
        """All of the prompts, done or not. To `calibrate` too: what is learned may not hang on which are done."""
        return (self._work(prompt, calibrate) for prompt in prompts)

    def _work(self, prompt: Prompt, calibrate: bool = False) -> Work:
        tokens = ledger.tokens_by_index(self.book, prompt.id)
        outcomes = self._outcomes(prompt, tokens)
        missing = sorted(tokens.keys() - outcomes.keys())
        unjudged = tuple(ledger.one_sample(self.book, prompt.id, index) for index in missing)
        return Work(prompt, self._requests(prompt), outcomes, unjudged, calibrate)

    def _outcomes(self, prompt: Prompt, tokens: Mapping[int, int]) -> dict[int, Outcome]:
        if self.recipe is None:
            return {index: Outcome(False, count) for index, count in tokens.items()}
        judged = ledger.judged_by_index(self.book, prompt.id, self.recipe)
        return {index: Outcome(keep, tokens[index], digest) for index, (keep, digest) in judged.items()}

    def _requests(self, prompt: Prompt) -> Callable[[int], Request]:
        asked, prefill, text = ask(self.template, prompt)
        messages = tuple(asked)

        def request(index: int) -> Request:
            seed = sample_seed(self.seed, prompt.id, index)
            watch = self.watch_of(prompt) if self.watch_of else None
            return Request(prompt.id, index, seed, messages, prefill, text, watch)

        return request
