"""Arrow arithmetic on tables of turns: judged rows to SFT rows, reordering, content hashes as numbers.

Everything works on flat arrays: a take on a list of structs of strings costs Arrow several times as much.
Does not cover reading, writing or deciding which rows are taken.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from factory.blending.keys import Indices
from factory.errors import BadInput
from factory.schemas import CARRIED, SFT


def sft_table(table: pa.Table, rows: Indices, kind: str, *, carries: bool = False) -> pa.Table:
    """These rows of a judged table as `SFT` rows: the prompt's turns with `text` as the assistant's last turn.

    With `carries` there is a column more, for rows with tools.
    """
    messages, text = _only(table["messages"]), _only(table["text"])
    offsets = messages.offsets.to_numpy().astype(np.int64)
    turns = messages.flatten()
    first, counts = offsets[rows] - offsets[0], offsets[rows + 1] - offsets[rows]
    ends = np.cumsum(counts + 1)
    # Every turn as an index into (all turns, then all texts); the last of each row points at its text.
    index = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts - 1), counts + 1)
    last = ends - 1
    role_index = index.copy()
    role_index[last] = len(turns)
    index[last] = len(turns) + rows
    roles = pa.concat_arrays([turns.field("role"), pa.array(["assistant"])]).take(pa.array(role_index))
    contents = pa.concat_arrays([turns.field("content"), text]).take(pa.array(index))
    columns = {
        "messages": message_lists(np.r_[0, ends], roles, contents),
        "id": hex_strings(_only(table["content_hash"]).take(pa.array(rows))),
        **{name: _only(table[name]).take(pa.array(rows)) for name in ("prompt_id", "source", "task")},
        "kind": pa.repeat(kind, len(rows)),
    }
    made = pa.Table.from_arrays([columns[name] for name in SFT.names], schema=SFT.remove_metadata())
    if not carries:
        return made
    carried = _only(table[CARRIED.name]).take(pa.array(rows)) if CARRIED.name in table.column_names else None
    return made.append_column(CARRIED, pa.nulls(len(rows), pa.string()) if carried is None else carried)


def take(table: pa.Table, order: Indices) -> pa.Table:
    """Rows of an `SFT` table in this order; flat takes, which cost less than Arrow's on lists of structs."""
    messages = _only(table["messages"])
    offsets = messages.offsets.to_numpy().astype(np.int64)
    turns = messages.flatten()
    counts = offsets[order + 1] - offsets[order]
    ends = np.cumsum(counts)
    index = pa.array(
        np.arange(ends[-1] if len(ends) else 0) + np.repeat(offsets[order] - offsets[0] - (ends - counts), counts)
    )
    lists = message_lists(np.r_[0, ends], turns.field("role").take(index), turns.field("content").take(index))
    plain = table.drop_columns("messages").take(pa.array(order))
    return plain.add_column(SFT.get_field_index("messages"), SFT.field("messages"), lists)


def contents(table: pa.Table) -> pa.Array:
    """The texts of all turns of a table, one after the other."""
    return _only(table["messages"]).flatten().field("content")


def lengths(table: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Characters of each row's turns, and their bytes."""
    messages, texts = _only(table["messages"]), contents(table)
    offsets = messages.offsets.to_numpy() - messages.offsets[0].as_py()
    found = []
    for lengths in (pc.utf8_length(texts), pc.binary_length(texts)):
        total = np.r_[0, np.cumsum(lengths.to_numpy().astype(np.int64))]
        found.append(pa.array(total[offsets[1:]] - total[offsets[:-1]]))
    return found[0], found[1]


def sizes(tokens: pa.ChunkedArray, text: pa.ChunkedArray) -> NDArray[np.int64]:
    """Tokens a row where the engine counted them, else a quarter of the text's characters."""
    guess = pc.cast(pc.divide(pc.utf8_length(_only(text)), 4), pa.int64())
    return np.asarray(pc.coalesce(pc.cast(_only(tokens), pa.int64()), guess).to_numpy(), np.int64)


def verdicts(column: pa.ChunkedArray, rule: str) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """What one rule said of each row: 1, 0 or -1 (unknown, or no such verdict), and its score or NaN."""
    lists = _only(column)
    flat = lists.flatten()
    mine = np.flatnonzero(pc.equal(flat.field("rule"), rule).to_numpy(zero_copy_only=False))
    rows = np.repeat(np.arange(len(lists)), pc.list_value_length(lists).to_numpy())[mine]
    keep, score = np.full(len(lists), -1, np.int8), np.full(len(lists), np.nan)
    chosen = flat.take(pa.array(mine))
    keep[rows] = pc.fill_null(pc.cast(chosen.field("keep"), pa.int8()), -1).to_numpy()
    score[rows] = pc.fill_null(chosen.field("score"), float("nan")).to_numpy()
    return keep, score


def content_words(column: pa.ChunkedArray) -> NDArray[np.uint64]:
    """Content hashes as an array of shape (rows, 2). Raises BadInput where they are not 16 bytes long."""
    data = _hash_bytes(_only(column))
    return data.view("<u8").reshape(-1, 2)


def hex_strings(column: pa.Array) -> pa.Array:
    """16-byte hashes as 32 hex digits."""
    data = _hash_bytes(column)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    text = np.stack([digits[data >> 4], digits[data & 15]], axis=-1).reshape(-1)
    offsets = np.arange(0, len(text) + 1, 32, dtype=np.int32)
    return pa.StringArray.from_buffers(len(column), pa.py_buffer(offsets), pa.py_buffer(text))


def hash_strings(column: pa.ChunkedArray) -> NDArray[np.uint64]:
    """A 64-bit hash a row; each distinct string is hashed once."""
    coded = _only(column).dictionary_encode()
    known = np.array([hash64("", s) for s in coded.dictionary.to_pylist()], np.uint64)
    return np.asarray(known[coded.indices.to_numpy()], np.uint64)


def hash_turns(column: pa.ChunkedArray, prompt: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A 64-bit hash a row of what is asked: the contents of its turns up to the user's last, read once for each
    distinct `prompt`; what tools said after that is no question.
    """
    _, rows, inverse = np.unique(prompt, return_index=True, return_inverse=True)
    asked = _only(column).take(pa.array(rows))
    ends, turns = asked.offsets.to_numpy(), asked.flatten()
    contents, roles = turns.field("content").to_pylist(), turns.field("role")
    users = np.flatnonzero(pc.equal(roles, "user").to_numpy(zero_copy_only=False))
    last = users[np.searchsorted(users, ends[1:]) - 1] + 1
    hashes = [hash64(*contents[a:b]) for a, b in zip(ends[:-1], last, strict=True)]
    return np.array(hashes, np.uint64)[inverse]


def _hash_bytes(array: pa.Array) -> NDArray[np.uint8]:
    try:
        fixed = array.cast(pa.binary(16))
    except pa.ArrowInvalid as error:
        raise BadInput("a row has a content hash that is not 16 bytes long; write the folder anew") from error
    return np.frombuffer(fixed.buffers()[1] or b"", np.uint8)[fixed.offset * 16 : (fixed.offset + len(fixed)) * 16]


def message_lists(offsets: Indices, roles: pa.Array, contents: pa.Array) -> pa.Array:
    """Lists of turns from flat arrays; `offsets` has one entry more than there are lists."""
    kind = SFT.field("messages").type
    turns = pa.StructArray.from_arrays([roles, contents], fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), turns, type=kind)


def hash64(*texts: str) -> int:
    """64 bits of a few strings."""
    return int.from_bytes(hashlib.blake2b("\0".join(texts).encode(), digest_size=8).digest(), "little")


def _only(column: pa.ChunkedArray) -> pa.Array:
    """The one chunk of a column whose table has been combined."""
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
