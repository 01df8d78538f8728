"""Choices among kept samples, on arrays: which of a prompt's go on, and how many of a source, a task, in all.

A prompt's samples are counted over all runs that are merged. Does not cover what may be asked for
(`factory/selection.py`), the mix with general data (`blend.py`) nor reading anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory.blending.keys import (
    OUT,
    OUTSIDE_PASS_RATE,
    OVER_PER_PROMPT,
    OVER_SOURCE_CAP,
    OVER_TASK_CAP,
    OVER_TOKEN_BUDGET,
    REASONING,
    Hashes,
    Indices,
    Keys,
)
from factory.blending.spread import salted
from factory.blending.turns import hash64
from factory.errors import BadInput
from factory.selection import Selection


def select(keys: Keys, selection: Selection, seed: int, fate: NDArray[np.int8]) -> None:
    """Mark in `fate` what is not chosen; only rows that were to go out lose. Raises BadInput.

    In this order: the prompts' pass rate, so many a prompt, caps of sources, of tasks (general rows too), the budget.
    """
    reasoning = keys.kind == REASONING
    if selection.pass_rate is not None:
        fate[(fate == OUT) & reasoning & ~_in_band(keys, reasoning, *selection.pass_rate)] = OUTSIDE_PASS_RATE
    if selection.per_prompt is not None:
        rows = np.flatnonzero((fate == OUT) & reasoning)
        place = ranks(keys.prompt[rows], *_order(keys, rows, selection, seed))
        fate[rows[place >= selection.per_prompt]] = OVER_PER_PROMPT
    labels = ((selection.source_caps, keys.source, OVER_SOURCE_CAP), (selection.task_caps, keys.task, OVER_TASK_CAP))
    for caps, label, code in labels:
        for name, most in caps.items():
            rows = np.flatnonzero((fate == OUT) & (label == np.uint64(hash64("", name))))
            fate[_shuffled(keys, rows, seed)[most:]] = code
    if selection.token_budget is not None:
        rows = _shuffled(keys, np.flatnonzero((fate == OUT) & reasoning), seed)
        fate[rows[np.cumsum(keys.size[rows]) > selection.token_budget]] = OVER_TOKEN_BUDGET


def ranks(prompt: Hashes, *keys: NDArray[np.generic]) -> Indices:
    """Each candidate's place (from 0) among its prompt's, in ascending order of `keys`, the first key first."""
    order = np.lexsort((*reversed(keys), prompt))
    ordered = prompt[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(ordered)])
    places = np.empty(len(prompt), np.int64)
    places[order] = np.arange(len(prompt)) - np.repeat(starts, sizes)
    return places


def _order(keys: Keys, rows: Indices, selection: Selection, seed: int) -> tuple[NDArray[np.generic], ...]:
    """What a prompt's samples are sorted by; the sample's index, then its content, break ties."""
    ties = (keys.sample_index[rows], keys.low[rows])
    if selection.order == "random":
        return (salted(keys.low[rows], seed, "select"),)
    if selection.order == "best":
        if np.isnan(keys.score[rows]).all():
            raise BadInput(f"--select best:{selection.rule}: no kept sample has a score of this rule")
        return (-np.nan_to_num(keys.score[rows], nan=-np.inf), *ties)
    if selection.order in {"shortest", "longest"}:
        return (keys.size[rows] * (1 if selection.order == "shortest" else -1), *ties)
    return ties


def _in_band(keys: Keys, reasoning: NDArray[np.bool_], least: float, most: float) -> NDArray[np.bool_]:
    """Rows whose prompt's share of correct samples, among those decided, lies in [least, most]."""
    decided = reasoning & (keys.passed >= 0)
    if not decided.any():
        raise BadInput("--pass-rate: no sample has a verdict of the rule `correct`; filter with a recipe that has it")
    _, inverse = np.unique(keys.prompt, return_inverse=True)
    trials = np.bincount(inverse[decided], minlength=int(inverse.max()) + 1)
    passes = np.bincount(inverse[decided & (keys.passed == 1)], minlength=len(trials))
    rate = np.where(trials > 0, passes / np.maximum(trials, 1), np.nan)
    return np.asarray(((rate >= least - 1e-9) & (rate <= most + 1e-9))[inverse], np.bool_)


def _shuffled(keys: Keys, rows: Indices, seed: int) -> Indices:
    return rows[np.argsort(salted(keys.low[rows], seed, "cap"), kind="stable")]
