"""The plan of a merge, on numbers only: which rows go out, and where each of them goes.

Rows are known by hashes of their content, so the plan depends on what the rows are and on the seed, not on the order
or the partition in which they were read. Subsampling, splitting and ordering hash with salts of their own: with one
hash for all, the rows that survive a cut would also come first. Within a split, every stratum (kind, source, task) is
spread evenly, so that each shard holds its share to within a few rows.
Does not cover reading keys (`inputs.py`), choices among samples (`choosing.py`), how much of each source goes out
(`amounts.py`) or moving rows (`shuffle.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory.blending.amounts import Amount, choose, wanted
from factory.blending.choosing import select
from factory.blending.keys import (
    CONTAMINATED,
    CONTROL_TOKENS,
    CUT_KEPT,
    DUPLICATE,
    FATES,
    GENERAL,
    NEAR_DUPLICATE,
    OUT,
    REASONING,
    REJECTED,
    SURPLUS_GENERAL,
    Hashes,
    Indices,
    Keys,
)
from factory.blending.mix import Mix
from factory.blending.spread import places, salted
from factory.errors import BadInput


@dataclass(frozen=True, slots=True)
class Plan:
    """`row` (ascending; repeated where oversampled) goes to `position`; positions below `train` are the train split."""

    row: Indices
    position: Indices
    train: int
    fate: NDArray[np.int8]
    stratum: Hashes
    """Of each entry of `row`."""

    @property
    def repeated(self) -> int:
        """Rows that go out more than once, counted without their first time."""
        return len(self.row) - int(np.count_nonzero(self.fate == OUT))


def make_plan(keys: Keys, asked: Mix, amounts: Sequence[Amount], near: Hashes | None = None) -> Plan:
    """Deduplicate, cap, mix, split and order. Raises BadInput where what was asked can't be met.

    `amounts` has one for each `Keys.part`; none at all means all of everything. `near` are prompts (hashes) that repeat
    another one.
    """
    fate = np.where(keys.keep, OUT, REJECTED).astype(np.int8)
    fate[(fate == OUT) & keys.leaked] = CONTAMINATED
    fate[(fate == OUT) & keys.control] = CONTROL_TOKENS
    if near is not None:
        fate[(fate == OUT) & np.isin(keys.prompt, near)] = NEAR_DUPLICATE
    fate[_later_duplicates(keys, _alive(fate))] = DUPLICATE
    select(keys, asked.selection, asked.seed, fate)
    extra = _mix(keys, asked, amounts, fate)
    row = np.sort(np.concatenate([_alive(fate), extra]))
    if not len(row):
        raise BadInput(f"nothing to write: none of {len(keys):,} rows is left")
    copy = np.arange(len(row)) - np.searchsorted(row, row)
    validation = _validation(keys, row, asked)
    position = np.empty(len(row), np.int64)
    train = int(np.count_nonzero(~validation))
    for inside, offset in ((~validation, 0), (validation, train)):
        chosen = np.flatnonzero(inside)
        # copies of a row must not lie together
        with np.errstate(over="ignore"):
            identity = keys.low[row[chosen]] + copy[chosen].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        position[chosen] = offset + places(keys.stratum[row[chosen]], identity, asked.seed)
    return Plan(row, position, train, fate, keys.stratum[row])


def counts(keys: Keys, plan: Plan) -> Mapping[str, Mapping[str, int]]:
    """Rows by kind and fate; each kind's counts add up to what was read of it."""
    return {
        name: {fate: int(np.count_nonzero(plan.fate[keys.kind == kind] == code)) for code, fate in enumerate(FATES)}
        for kind, name in ((REASONING, "reasoning"), (GENERAL, "general"))
    }


def _alive(fate: NDArray[np.int8], also: NDArray[np.bool_] | None = None) -> Indices:
    return np.flatnonzero((fate == OUT) if also is None else (fate == OUT) & also)


def _later_duplicates(keys: Keys, rows: Indices) -> Indices:
    """Rows whose content another row has too, but for one: reasoning first, then by source, prompt, index, stratum."""
    ordered = rows[np.argsort(keys.low[rows], kind="stable")]
    low = keys.low[ordered]
    twin = np.zeros(len(ordered), np.bool_)
    twin[1:] = low[1:] == low[:-1]
    twin[:-1] |= twin[1:].copy()
    few = ordered[twin]
    tie = (keys.stratum[few], keys.sample_index[few], keys.prompt[few], keys.part[few], keys.kind[few])
    few = few[np.lexsort((*tie, keys.high[few], keys.low[few]))]
    again = (keys.low[few][1:] == keys.low[few][:-1]) & (keys.high[few][1:] == keys.high[few][:-1])
    later: Indices = few[1:][again]
    return later


def _mix(keys: Keys, asked: Mix, amounts: Sequence[Amount], fate: NDArray[np.int8]) -> Indices:
    """Cut each source to its amount, marking `fate`; returns rows to repeat."""
    rows = [_alive(fate, keys.part == part) for part in range(len(amounts))]
    ones = np.ones(len(keys), np.int64)
    sizes = [keys.size if amount.unit == "tokens" else ones for amount in amounts]
    there = [int(size[mine].sum()) for size, mine in zip(sizes, rows, strict=True)]
    want = wanted(amounts, there, cut=asked.cut_kept, repeat=asked.oversample)
    extra = [np.empty(0, np.int64)]
    for mine, size, number in zip(rows, sizes, want, strict=True):
        order = mine[np.argsort(salted(keys.low[mine], asked.seed, "cut"), kind="stable")]
        taken, again = choose(order, size, number)
        left = order[len(taken) :]
        fate[left] = np.where(keys.kind[left] == GENERAL, SURPLUS_GENERAL, CUT_KEPT)
        extra.append(again)
    return np.concatenate(extra)


def _validation(keys: Keys, row: Indices, asked: Mix) -> NDArray[np.bool_]:
    """The rows of the validation split: whole groups, the asked share of each kind's, never all of them."""
    if not asked.validation:
        return np.zeros(len(row), np.bool_)
    groups, inverse = np.unique(keys.group[row], return_inverse=True)
    if len(groups) < 2:
        raise BadInput("a validation split needs at least two different prompts; leave out --validation")
    has_general = np.zeros(len(groups), np.bool_)
    has_general[inverse[keys.kind[row] == GENERAL]] = True
    chosen = np.zeros(len(groups), np.bool_)
    for members in (np.flatnonzero(~has_general), np.flatnonzero(has_general)):
        wanted = min(max(1, round(len(members) * asked.validation)), len(members) - 1)
        ordered = members[np.argsort(salted(groups[members], asked.seed, "split"))]
        chosen[ordered[: max(wanted, 0)]] = True
    if not chosen.any():  # one prompt of each kind
        chosen[0] = True
    return np.asarray(chosen[inverse], np.bool_)
