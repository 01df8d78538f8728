"""General SFT data in Parquet that has `messages` of role and content: converted a table at a time.

The same rows as `general.py` makes of them, without a Python object a turn: a tenth of its cost, and such files are the
large ones. Rows that are anything but plain user and assistant turns go through `general.py` one by one.
Does not cover other columns or shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from factory.blending.control import CONTROL
from factory.blending.keys import Indices
from factory.blending.shuffle import read_chunks
from factory.blending.turns import message_lists
from factory.errors import BadInput
from factory.records import THINK_CLOSE, THINK_OPEN, content_digest

CODES: Final = ("system", "user", "assistant")
UNREAD: Final = {"tools", "functions", "system", "conversations", "conversation"}
"""Columns that change what a row means; files with one of these are not for us."""

Slow = Callable[[dict[str, Any], int], dict[str, Any] | None]
"""A row's values and its number to the converted row, or None where it was dropped."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of a table, flat. `starts` has one entry more than there are rows."""

    starts: Indices
    roles: NDArray[np.int8]
    contents: pa.Array


def is_plain(path: Path) -> bool:
    """Whether a file is Parquet with a column `messages` of exactly role and content. False for what can't be read."""
    if path.suffix != ".parquet":
        return False
    try:
        schema = pq.read_schema(path)
    except (OSError, pa.ArrowException):
        return False  # the reader of rows says what is wrong with it
    if "messages" not in schema.names or UNREAD & set(schema.names):
        return False
    kind = schema.field("messages").type
    inner = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else None
    return inner is not None and pa.types.is_struct(inner) and sorted(f.name for f in inner) == ["content", "role"]


def convert(path: Path, schema: pa.Schema, slow: Slow) -> Iterator[pa.Table]:
    """The rows of a plain file as tables of this schema (`sources.LAID`), rows for `slow` after the others."""
    names = pq.read_schema(path).names
    number = 0
    for table in read_chunks([path], [n for n in ("messages", "source", "task") if n in names]):
        turns = _turns(table)
        good = _is_good(table, turns)
        yield _rows(table, turns, np.flatnonzero(good), schema, path.name.partition(".")[0])
        rest = (slow(table.slice(i, 1).to_pylist()[0], number + int(i) + 1) for i in np.flatnonzero(~good))
        if left := [row for row in rest if row is not None]:
            yield pa.Table.from_pylist(left, schema=schema)
        number += len(table)


def _turns(table: pa.Table) -> Turns:
    messages = table["messages"].combine_chunks()
    kind = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
    try:
        messages = messages.cast(kind)
    except pa.ArrowException as error:
        raise BadInput(f"messages can't be read as lists of role and content: {error}") from error
    lengths = pc.fill_null(pc.list_value_length(messages), 0).to_numpy().astype(np.int64)
    flat = messages.flatten()
    roles = flat.field("role").dictionary_encode()
    known = np.array([CODES.index(r) if r in CODES else -1 for r in [*roles.dictionary.to_pylist(), None]], np.int8)
    codes = known[pc.fill_null(roles.indices, len(known) - 1).to_numpy(zero_copy_only=False)]
    return Turns(np.r_[0, np.cumsum(lengths)], codes, flat.field("content"))


def _is_good(table: pa.Table, turns: Turns) -> NDArray[np.bool_]:
    """Rows that `general.check_turns` passes and that need no renaming, vectorised."""
    counts = np.diff(turns.starts)
    row = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(row)) - turns.starts[row]
    first = np.full(len(counts), -1, np.int8)
    first[counts > 0] = turns.roles[turns.starts[:-1][counts > 0]]
    place -= (first == 0)[row]
    wanted = np.where(place < 0, 0, 1 + place % 2)
    odd = pc.or_(pc.equal(pc.binary_length(turns.contents), 0), pc.utf8_is_space(turns.contents))
    odd = pc.or_(odd, pc.match_substring_regex(turns.contents, CONTROL))
    bad = (turns.roles != wanted) | pc.fill_null(odd, True).to_numpy(zero_copy_only=False) | _unclosed(turns)
    turns_left = counts - (first == 0)
    good = (np.bincount(row[bad], minlength=len(counts)) == 0) & (turns_left >= 2) & (turns_left % 2 == 0)
    return np.asarray(good, np.bool_)


def _unclosed(turns: Turns) -> NDArray[np.bool_]:
    """Turns that begin a thought and don't end it."""
    found = pc.fill_null(pc.match_substring_regex(turns.contents, rf"^\s*{THINK_OPEN}"), False)
    found = found.to_numpy(zero_copy_only=False).copy()
    opened = np.flatnonzero(found)
    closed = pc.match_substring(turns.contents.take(pa.array(opened)), THINK_CLOSE)
    found[opened] = ~closed.to_numpy(zero_copy_only=False)
    return np.asarray(found, np.bool_)


def _rows(table: pa.Table, turns: Turns, rows: Indices, schema: pa.Schema, origin: str) -> pa.Table:
    starts, last = turns.starts[rows], turns.starts[rows + 1] - 1
    counts = last - starts
    ends = np.cumsum(counts)
    index = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)
    roles = pa.array(CODES).take(pa.array(turns.roles[index]))
    hashes, prompts = _hashes(turns, starts, last)
    columns = {
        "messages": message_lists(np.r_[0, ends], roles, turns.contents.take(pa.array(index))),
        "text": turns.contents.take(pa.array(last)),
        "content_hash": pa.array(hashes, pa.binary()),
        "prompt_id": pa.array(prompts, pa.string()),
        "sample_index": pa.array(np.zeros(len(rows), np.int32)),
        "keep": pa.array(np.ones(len(rows), np.bool_)),
        "carried": pa.nulls(len(rows), pa.string()),
        "source": _label(table, "source", rows, origin),
        "task": _label(table, "task", rows, "general"),
    }
    return pa.Table.from_arrays([columns[name] for name in schema.names], schema=schema)


def _hashes(turns: Turns, starts: Indices, last: Indices) -> tuple[list[bytes], list[str]]:
    """Content hash and prompt id of each row, over the bytes as they lie in Arrow's buffer."""
    _, offsets, data = turns.contents.buffers()
    at = np.frombuffer(offsets, np.int32)[turns.contents.offset :].tolist()
    view, roles = memoryview(data or b""), [CODES[max(code, 0)] for code in turns.roles.tolist()]
    hashes, prompts = [], []
    for start, end in zip(starts.tolist(), last.tolist(), strict=True):
        lengths = [at[i + 1] - at[i] for i in range(start, end + 1)]
        hashes.append(content_digest(roles[start:end], lengths, view[at[start] : at[end + 1]]))
        prompts.append(content_digest(roles[start : end - 1], lengths[:-1], view[at[start] : at[end]]).hex())
    return hashes, prompts


def _label(table: pa.Table, name: str, rows: Indices, default: str) -> pa.Array:
    """A column of labels; the default where it is missing, empty or no text."""
    if name not in table.column_names or not pa.types.is_string(table[name].type):
        return pa.repeat(default, len(rows))
    column = table[name].combine_chunks().take(pa.array(rows))
    return pc.if_else(pc.equal(pc.fill_null(column, ""), ""), default, column)
