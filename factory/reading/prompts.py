"""Prompts from any source, as a stream.

    reading = Reading()
    for prompt in read_prompts("openai/gsm8k:main", reading=reading): ...
    print(reading.describe())

A trailing assistant turn (a published solution) is cut, counted and never shown to the model; a system turn stays.
Rows with equal turns, reference and task are wanted duplicates: each gets an id of its own and is counted.
Does not cover templates (`templates.py`), what columns mean (`columns.py`, `references.py`) nor samples
(`samples.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from factory.errors import BadInput
from factory.reading.columns import Columns, choose, read_turns, wanted
from factory.reading.references import read_meta, read_reference, read_task
from factory.reading.row import Row
from factory.reading.rows import read_rows
from factory.records import Message, Prompt, prompt_hash, prompt_id

KINDS_HELD: Final = 256
"""Column sets remembered; a file in which every row has other columns must not fill memory."""


@dataclass(slots=True)
class Reading:
    """What was met so far; it grows as the rows are read."""

    source: str = ""
    rows: int = 0
    cut: int = 0
    """Rows whose trailing assistant turn was cut."""
    duplicates: int = 0
    """Rows equal to an earlier one."""
    without_reference: int = 0
    samples: int = 0
    without_response: int = 0
    """Rows, or entries of a list of samples, that hold no text: failed draws."""
    reopened: int = 0
    """Samples whose `<think>` the template had written and that got it back."""
    mappings: list[str] = field(default_factory=list)
    """The distinct column mappings in order of appearance, at most `KINDS_HELD`."""

    def describe(self) -> str:
        """The mapping, one line a kind of row (three at most), and what was met that a user should know."""
        more = len(self.mappings) - 3
        kinds = self.mappings[:3] + ([f"and {more} more kinds of rows"] if more > 0 else [])
        counts = {
            "trailing assistant turns cut": self.cut,
            "exact duplicates": self.duplicates,
            "without a reference": self.without_reference,
            "samples": self.samples,
            "without a response (left out)": self.without_response,
            "think openers put back": self.reopened,
        }
        met = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
        lines = [f"{self.source}: {kind}" for kind in kinds]
        return "\n".join([*lines, f"{self.source}: {self.rows:,} rows" + (f"; {met}" if met else "")])


def read_prompts(
    source: str,
    *,
    columns: Mapping[str, str] | None = None,
    task: str | None = None,
    limit: int | None = None,
    reading: Reading | None = None,
) -> Iterator[Prompt]:
    """The prompts of a source in its order; see `rows.read_rows` for what a source may be.

    `columns` maps a role (`columns.ROLES`: prompt, reference, task, id, ...) to the column that plays it; `task` is
    given to every prompt, `limit` stops after so many. Counts and mapping go to `reading`. A missing source raises
    BadInput at once; a bad row, a named column that isn't there or a source without rows when it is reached.
    """
    overrides = dict(columns or {})
    reading = Reading() if reading is None else reading
    reading.source = source
    rows = read_rows(source, wanted(overrides))
    return itertools.islice(_prompts(rows, overrides, task, reading), limit)


def _prompts(rows: Iterator[Row], overrides: Mapping[str, str], task: str | None, reading: Reading) -> Iterator[Prompt]:
    mapper = Mapper(reading, lambda row, first: choose(row, overrides, check=first))
    seen = Occurrences()
    for row in rows:
        reading.rows += 1
        columns = mapper.columns(row)
        turns = read_turns(columns, row)
        prompt = make_prompt(without_answer(turns, row), columns, row, task)
        reading.cut += turns[-1]["role"] == "assistant"
        reading.without_reference += prompt.reference is None
        occurrence = seen.count(prompt.id)
        reading.duplicates += occurrence > 0
        yield replace(prompt, id=prompt_id(prompt.id, occurrence)) if occurrence else prompt
    if not reading.rows:
        raise BadInput(f"{reading.source}: holds no rows")


def make_prompt(turns: tuple[Message, ...], columns: Columns, row: Row, task: str | None = None) -> Prompt:
    """The record of a row's prompt, under the id of its first occurrence."""
    reference = read_reference(columns, row)
    task = read_task(columns, row, reference) if task is None else task
    return Prompt(
        id=prompt_hash(turns, reference, task),
        messages=turns,
        source=_word(columns, row, "source") or row.origin,
        source_id=_word(columns, row, "id"),
        task=task,
        reference=reference,
        meta=read_meta(columns, row),
    )


def without_answer(turns: Sequence[Message], row: Row) -> tuple[Message, ...]:
    """The turns without trailing assistant turns. Raises BadInput where a user's question doesn't come before."""
    asked = list(turns)
    while asked and asked[-1]["role"] == "assistant":
        asked.pop()
    if not asked or asked[-1]["role"] != "user" or not asked[-1]["content"].strip():
        raise BadInput(f"{row.where}: no prompt: the turns don't end in a user's question")
    return tuple(asked)


def _word(columns: Columns, row: Row, role: str) -> str | None:
    """The first short text or whole number in a role's columns."""
    for _, value in columns.values(row, role):
        if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= 300:
            return str(value)
    return None


class Mapper:
    """The columns of each row, worked out once a kind of row by `pick(row, is_first)`."""

    def __init__(self, reading: Reading, pick: Callable[[Row, bool], Columns]) -> None:
        self._reading, self._pick = reading, pick
        self.kinds: dict[tuple[str, ...], Columns] = {}

    def columns(self, row: Row) -> Columns:
        """The columns of this row; a new kind is noted in the reading."""
        known = self.kinds.get(row.names)
        if known is not None:
            return known
        mappings = self._reading.mappings
        columns = self._pick(row, not mappings)
        said = columns.describe(row)
        if said not in mappings and len(mappings) < KINDS_HELD:
            mappings.append(said)
        if len(self.kinds) < KINDS_HELD:
            self.kinds[row.names] = columns
        return columns


class Occurrences:
    """How often a digest came before, at 12 bytes a digest.

    Digests stand as their first 64 bits in sorted arrays, one for each first byte: an array that grows is copied, and
    a small one is copied in little room. New ones wait in a dict. Two different prompts that share 64 bits (odds 3e-8
    in a million) only cost one of them a `.1` in its id.
    """

    def __init__(self, waiting: int = 1 << 14) -> None:
        self._keys = [np.empty(0, dtype=np.uint64)] * 256
        self._counts = [np.empty(0, dtype=np.uint32)] * 256
        self._new: dict[int, int] = {}
        self._waiting = waiting

    def count(self, digest: str) -> int:
        """The number of earlier calls with this digest."""
        key = int(digest[:16], 16)
        keys, counts = self._keys[key >> 56], self._counts[key >> 56]
        place = int(keys.searchsorted(np.uint64(key)))
        if place < len(keys) and int(keys[place]) == key:
            before = int(counts[place])
            counts[place] += 1
            return before
        before = self._new.get(key, 0)
        self._new[key] = before + 1
        if len(self._new) >= self._waiting:
            self._settle()
        return before

    def _settle(self) -> None:
        fresh = np.fromiter(self._new, dtype=np.uint64, count=len(self._new))
        counts = np.fromiter(self._new.values(), dtype=np.uint32, count=len(self._new))
        order = np.argsort(fresh)
        fresh, counts = fresh[order], counts[order]
        ends = np.searchsorted(fresh, np.arange(1, 256, dtype=np.uint64) << np.uint64(56)).tolist()
        for first, (start, end) in enumerate(zip([0, *ends], [*ends, len(fresh)], strict=True)):
            places = self._keys[first].searchsorted(fresh[start:end])
            self._keys[first] = np.insert(self._keys[first], places, fresh[start:end])
            self._counts[first] = np.insert(self._counts[first], places, counts[start:end])
        self._new.clear()
