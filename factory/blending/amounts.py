"""How much of each source goes out: weights, numbers and caps to rows, in rows or tokens. Arithmetic only.

Kept samples are precious: where weights tie them to general data, all of them go out and the general data is cut to
fit. Where some source is too small for that, nothing is guessed: the merge stops with the numbers, and the user says
whether to cut the others too or to repeat rows. Does not cover which rows are fit to go out (`blend.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from factory.blending.keys import Indices
from factory.errors import BadInput


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a source: its weight against the others' or a number; neither means all of it."""

    name: str
    kept: bool = False
    """Whether it holds kept samples, which set the scale of the weights."""
    weight: Fraction | None = None
    number: int | None = None
    unit: str = "rows"
    cap: int | None = None


def from_ratio(reasoning: float, general: float) -> tuple[Amount, Amount]:
    """Kept samples against general data, as in 3.53:1. Raises BadInput."""
    if not 0 < reasoning < 1e9 or not 0 <= general < 1e9:
        raise BadInput(f"--ratio {reasoning}:{general}: expected reasoning:general as in 3.53:1, the first above 0")
    return _two(Fraction(str(reasoning)), Fraction(str(general)))


def from_share(share: float) -> tuple[Amount, Amount]:
    """The same from the share of general data in all. Raises BadInput."""
    if not 0 <= share < 1:
        raise BadInput(f"--general-share {share}: expected a share from 0 to below 1, as in 0.22")
    exact = Fraction(str(share))
    return _two(1 - exact, exact)


def _two(reasoning: Fraction, general: Fraction) -> tuple[Amount, Amount]:
    return Amount("kept samples", True, reasoning), Amount("general data", False, general)


def wanted(amounts: Sequence[Amount], there: Sequence[int], *, cut: bool, repeat: bool) -> list[int]:
    """How much of each source goes out, in its unit; `there` is what it holds.

    Weights are exact to half a unit. More than there is only with `repeat`; with `cut` everything shrinks until it
    fits. Raises BadInput with numbers where neither was asked and something is short.
    """
    free = [min(n, n if a.cap is None else a.cap) for a, n in zip(amounts, there, strict=True)]
    want = _at(amounts, free, _scale(amounts, free, [a.kept for a in amounts]))
    short = [i for i, number in enumerate(want) if number > free[i]]
    if not short:
        return want
    if repeat and all(there[i] and (amounts[i].cap or want[i]) >= want[i] for i in short):
        return want
    fitting = [min(n, f) for n, f in zip(_at(amounts, free, _scale(amounts, free)), free, strict=True)]
    if cut and all(n or not a.weight for n, a in zip(fitting, amounts, strict=True)):
        return fitting
    raise BadInput(_short(amounts, free, want, fitting, short[0]))


def choose(order: Indices, sizes: Indices, want: int) -> tuple[Indices, Indices]:
    """The first rows of `order` whose sizes come nearest to `want`, and those to repeat where all are too few."""
    total = int(sizes[order].sum())
    times, rest = divmod(want, total) if total else (0, 0)
    ends = np.r_[0, np.cumsum(sizes[order])]
    stop = int(np.searchsorted(ends, rest))
    if stop and rest - ends[stop - 1] <= ends[stop] - rest:
        stop -= 1
    if not times:
        return order[:stop], order[:0]
    return order, np.concatenate([*[order] * (times - 1), order[:stop]])


def _scale(amounts: Sequence[Amount], free: Sequence[int], only: Sequence[bool] | None = None) -> Fraction:
    """Units a weight of 1: as many as the scarcest of the weighted sources allows, of these `only` where any is."""
    weighted = [i for i, a in enumerate(amounts) if a.weight]
    chosen = [i for i in weighted if only is None or only[i]] or weighted
    return min((free[i] / (amounts[i].weight or Fraction(1)) for i in chosen), default=Fraction(0))


def _at(amounts: Sequence[Amount], free: Sequence[int], scale: Fraction) -> list[int]:
    return [
        a.number if a.number is not None else f if a.weight is None else round(a.weight * scale)
        for a, f in zip(amounts, free, strict=True)
    ]


def _short(
    amounts: Sequence[Amount], free: Sequence[int], want: Sequence[int], fitting: Sequence[int], which: int
) -> str:
    """What is short and what can be done about it."""
    short, kept = amounts[which], [i for i, a in enumerate(amounts) if a.kept]
    beside = f" for {sum(want[i] for i in kept):,} of kept samples" if kept and not short.kept else ""
    said = f"{short.name}: the mix needs {want[which]:,} {short.unit}{beside} and {free[which]:,} are there"
    if not free[which] or not all(n or not a.weight for n, a in zip(fitting, amounts, strict=True)):
        return f"{said}; add data, or leave out its share"
    all_kept = sum(free[i] for i in kept)
    going = f"{sum(fitting[i] for i in kept):,} of {all_kept:,} kept {short.unit}" if kept else f"{sum(fitting):,}"
    choices = [f"--cut-kept goes on with {going}"]
    if short.cap is None or short.cap >= want[which]:
        choices.append(f"--oversample repeats each of its rows {want[which] / free[which]:.1f} times on average")
    if len(amounts) == 2 and all(a.weight for a in amounts):
        choices.append(f"a ratio of {free[0]}:{free[1]} uses all as it is")
    return f"{said}; choose: {'; '.join(choices)}; or add data"
