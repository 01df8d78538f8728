"""What another threshold would keep: stored scores read again, nothing judged.

Covers the house's `least` and `most` alone. What a rule rejects by itself, on evidence, stays rejected at any
threshold. Does not cover knobs of rules: those need judging again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from factory.errors import BadInput, did_you_mean
from factory.records import NOT_APPLICABLE, Verdict

BY_THE_HOUSE = ("below_least", "above_most")


@dataclass(frozen=True, slots=True)
class Sweep:
    """`rule.least` or `rule.most` at each of some values."""

    rule: str
    side: Literal["least", "most"]
    values: tuple[float, ...]


def parse(text: str) -> Sweep:
    """`language_mix.least=0.9,0.95,1`. Raises BadInput."""
    name, equals, given = text.partition("=")
    rule, _, side = name.rpartition(".")
    try:
        values = tuple(float(value) for value in given.split(","))
    except ValueError:
        values = ()
    is_number = values and not any(map(math.isnan, values))
    if not (rule and equals and is_number and side in ("least", "most")):
        raise BadInput(f"--sweep {text}: should be RULE.least=A,B,... or RULE.most=A,B,..., as in think.least=0.5,0.9")
    return Sweep(rule, "least" if side == "least" else "most", values)


def kept(rows: Iterable[tuple[str, Sequence[Verdict]]], sweep: Sweep) -> tuple[int, list[tuple[int, int]]]:
    """How many rows there are, and (samples, prompts) kept at each value; rows are (prompt_id, verdicts).

    Raises BadInput where no row was judged by the rule, or none of its verdicts has a score.
    """
    rows_read, scored, names = 0, False, set[str]()
    counts = [0] * len(sweep.values)
    prompts = [set[str]() for _ in sweep.values]
    for prompt, verdicts in rows:
        rows_read += 1
        names.update(v.rule for v in verdicts)
        mine = next((v for v in verdicts if v.rule == sweep.rule), None)
        scored = scored or (mine is not None and mine.score is not None)
        if mine is None or any(not _lets_through(v) for v in verdicts if v is not mine):
            continue
        for number, value in enumerate(sweep.values):
            if _passes(mine, sweep.side, value):
                counts[number] += 1
                prompts[number].add(prompt)
    if sweep.rule not in names:
        raise BadInput(f"--sweep {sweep.rule}: no such rule judged these rows{did_you_mean(sweep.rule, names)}")
    if not scored:
        raise BadInput(f"--sweep {sweep.rule}: this rule gives no score")
    return rows_read, [(count, len(found)) for count, found in zip(counts, prompts, strict=True)]


def describe(sweep: Sweep, rows: int, found: Sequence[tuple[int, int]]) -> tuple[dict[str, Any], list[str]]:
    """What `kept` found, as plain data and as lines for a terminal."""
    name = f"{sweep.rule}.{sweep.side}"
    lines = [f"{name:>24}     kept    share  prompts"]
    for value, (samples, prompts) in zip(sweep.values, found, strict=True):
        lines.append(f"{value:24g} {samples:8,} {samples / max(rows, 1):8.1%} {prompts:8,}")
    points = [{"value": v, "kept": k, "prompts": p} for v, (k, p) in zip(sweep.values, found, strict=True)]
    return {"sweep": name, "samples": rows, "points": points}, lines


def _lets_through(verdict: Verdict) -> bool:
    return verdict.keep is True or verdict.reason == NOT_APPLICABLE


def _passes(verdict: Verdict, side: str, value: float) -> bool:
    """The rule's own word, then the new threshold instead of the recipe's on that side."""
    if verdict.reason == NOT_APPLICABLE:
        return True
    if verdict.keep is not True and verdict.reason not in BY_THE_HOUSE:
        return False
    other_side = "above_most" if side == "least" else "below_least"
    if verdict.reason == other_side:
        return False
    if verdict.score is None:
        return True
    return verdict.score >= value if side == "least" else verdict.score <= value
