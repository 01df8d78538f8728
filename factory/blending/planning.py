"""The first sweep of a merge, and the plan that is made of it: which row goes out, and where to.

Does not cover reading keys (`inputs.py`) nor the plan's arithmetic (`blend.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from factory.blending import blend, inputs, tally
from factory.blending.decontaminate import Benchmarks, LeakFinder
from factory.blending.keys import REASONING, Hashes, Keys
from factory.blending.mix import Mix
from factory.blending.sources import Source, amounts
from factory.blending.tokens import TokenCounter
from factory.errors import BadInput
from factory.selection import Selection, read_selection


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what was counted while it was made, and the kept samples' prompts that are held out."""

    plan: blend.Plan
    counted: dict[str, Any]
    held_out: Hashes


def make(
    sources: Sequence[Source], asked: Mix, benchmarks: Benchmarks | None, repeats: Hashes | None, *, control: bool
) -> Planned:
    """Read the keys and plan; the keys go when this returns. Raises BadInput.

    `repeats` are prompts that nearly repeat another; `control` looks for a template's tokens.
    """
    leaks = LeakFinder(benchmarks) if benchmarks else None
    counter = _counter(sources, asked)
    wanted = inputs.Wanted(asked.selection, asked.validation > 0, leaks, counter, control)
    keys = inputs.read_keys(sources, wanted)
    plan = blend.make_plan(keys, asked, amounts(asked.entries, sources), repeats)
    counted = {**tally.counts(sources, keys, plan), "sources": tally.entries(asked, keys, plan)}
    counted |= {"contamination": leaks.found()} if leaks else {}
    counted |= {"tokenizer": tally.short(counter.name)} if counter else {}
    return Planned(plan, counted, _held_out(keys, plan))


def selection_of(sources: Sequence[Source], asked: Selection) -> Selection:
    """What was asked, filled up with `[select]` of the recipes that judged. Raises BadInput where these differ."""
    judged = [source for source in sources if source.kind == REASONING]
    said = [read_selection(source.select, f"{source.lineage['name']}: [select] of its recipe") for source in judged]
    filled = [asked.over(selection) for selection in said] or [asked]
    if any(selection != filled[0] for selection in filled):
        names = ", ".join(source.lineage["name"] for source in judged)
        raise BadInput(f"the recipes that judged {names} differ in [select]; say here what to choose, as that wins")
    return filled[0]


def _held_out(keys: Keys, plan: blend.Plan) -> Hashes:
    rows = plan.row[plan.position >= plan.train]
    return np.unique(keys.prompt[rows[keys.kind[rows] == REASONING]])


def _counter(sources: Sequence[Source], asked: Mix) -> TokenCounter | None:
    """What counts tokens: the tokenizer asked for, else the one the first run was drawn with."""
    if not asked.counts_tokens:
        return None
    name = asked.tokenizer or next((source.model for source in sources if source.model), "")
    if not name:
        raise BadInput('the mix counts tokens and no run says its model; add tokenizer = "..." to the plan')
    return TokenCounter(name)
