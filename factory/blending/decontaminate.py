"""Find rows that hold text of a benchmark, by n-grams of normalised words.

Case, punctuation, white space and LaTeX commands don't count; a CJK letter is a word. Benchmark texts shorter than n
words must be equal to a whole turn. N-grams that many items of the benchmarks share (instructions, answer formats) are
boilerplate and prove nothing. Does not cover paraphrases, which need a model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from factory.blending.general import REPLIES
from factory.errors import BadInput
from factory.language.text import words
from factory.reading.near_duplicates import operators
from factory.reading.rows import read_rows

NGRAM: Final = 13
"""As GPT-3 and most recipes since; 8 finds more and errs more."""
SHARED: Final = 5
"""An n-gram in more items than this is boilerplate; with few items, in more than half of them."""
SHOWN: Final = 20
ASKED: Final = ("problem", "question", "prompt", "instruction", "query", "text", "messages")
ANSWERED: Final = ("solution", *REPLIES)


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """N-grams and short whole texts (as `_short` writes them), each with the place of the item it is from."""

    n: int
    grams: Mapping[tuple[str, ...], str]
    short: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Leak:
    """A row's words that a benchmark has too, and where."""

    span: str
    where: str


class LeakFinder:
    """Marks the rows of a table that leak, and remembers what the manifest tells: rows by file, the first spans."""

    def __init__(self, benchmarks: Benchmarks) -> None:
        self._benchmarks = benchmarks
        self._rows: Counter[str] = Counter()
        self._first: list[dict[str, str]] = []

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        """One entry a row: whether a kept row's turns or text hold words of a benchmark."""
        asked: dict[str, Leak | None] = {}
        found = np.zeros(len(table), np.bool_)
        columns = [table[name].to_pylist() for name in ("prompt_id", "messages", "text", "keep")]
        for number, (prompt, messages, text, keep) in enumerate(zip(*columns, strict=True)):
            if not keep:
                continue
            if prompt not in asked:
                asked[prompt] = find(self._benchmarks, [turn["content"] for turn in messages])
            leak = asked[prompt] or find(self._benchmarks, [text])
            if leak is not None:
                found[number] = True
                self._add(prompt, leak)
        return found

    def found(self) -> dict[str, Any]:
        """Rows by benchmark file, and the first leaks with their words."""
        return {"rows_by": dict(sorted(self._rows.items())), "first": self._first}

    def _add(self, prompt: str, leak: Leak) -> None:
        where = Path(leak.where).name  # no folder of this machine gets into the manifest
        self._rows[where.rpartition(":")[0]] += 1
        if len(self._first) < SHOWN:
            self._first.append({"prompt_id": prompt, "words": leak.span, "where": where})


def read_benchmarks(sources: Sequence[str], n: int = NGRAM) -> Benchmarks:
    """The n-grams of benchmark files in any readable shape: questions and, where given, solutions. Raises BadInput."""
    if n < 3:
        raise BadInput(f"--ngram {n}: expected at least 3 words; 8 to 13 are usual")
    places: dict[tuple[str, ...], str] = {}
    short: dict[str, str] = {}
    for source in sources:
        for row in read_rows(source):
            texts = list(_texts(row.values))
            if not texts:
                raise BadInput(f"{row.where}: no question here; known columns are {', '.join(ASKED)}")
            for text in texts:
                item = tuple(words(text))
                if 0 < len(item) < n:
                    short.setdefault(_short(text, item), row.where)
                elif item:
                    places.setdefault(item, row.where)
    return Benchmarks(n, _grams(places, n), short)


def find(benchmarks: Benchmarks, texts: Sequence[str]) -> Leak | None:
    """The first leak in a row's turns."""
    for text in texts:
        row = words(text)
        if len(row) < benchmarks.n:
            where = benchmarks.short.get(_short(text, row))
            if where is not None:
                return Leak(" ".join(row), where)
        elif not benchmarks.grams.keys().isdisjoint(_ngrams(row, benchmarks.n)):
            gram = next(gram for gram in _ngrams(row, benchmarks.n) if gram in benchmarks.grams)
            return Leak(" ".join(gram), benchmarks.grams[gram])
    return None


def _short(text: str, row: Sequence[str]) -> str:
    """What two short texts share when they are the same: their words, and the operators between."""
    return " ".join([*row, *operators(text)])


def _grams(items: Mapping[tuple[str, ...], str], n: int) -> dict[tuple[str, ...], str]:
    shared: Counter[tuple[str, ...]] = Counter()
    for item in items:
        shared.update(set(_ngrams(item, n)))
    most = min(SHARED, max(2, len(items) // 2))
    return {gram: where for item, where in items.items() for gram in _telling(item, shared, most, n)}


def _telling(
    item: tuple[str, ...], shared: Mapping[tuple[str, ...], int], most: int, n: int
) -> Iterator[tuple[str, ...]]:
    """An item's n-grams of which at least half the words lie outside boilerplate.

    Without the half, the last words of an instruction and a question's first ("What is") would accuse anybody.
    """
    own = list(_ngrams(item, n))
    boiler = bytearray(len(item))
    for start, gram in enumerate(own):
        if shared[gram] > most:
            boiler[start : start + n] = b"\1" * n
    yield from (gram for start, gram in enumerate(own) if 2 * sum(boiler[start : start + n]) <= n)


def _ngrams(item: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    return zip(*(item[i:] for i in range(n)), strict=False)


def _texts(values: Mapping[str, Any]) -> Iterator[str]:
    """The question of a benchmark row, and its answers."""
    for names in (ASKED, ANSWERED):
        value = next((values[name] for name in names if values.get(name)), None)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (t["content"] for t in value if isinstance(t, Mapping) and isinstance(t.get("content"), str))
