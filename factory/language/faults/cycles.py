"""Loops in a text: where it repeats itself at a fixed distance, from `hahaha` to whole paragraphs.

A text has period p in a stretch when every character equals the one p places before. Anchors are set at fixed steps
and each is looked for shortly after itself, so the cost is a few string searches a kilobyte and the same stretch is
found whatever follows it: a loop found in a growing text stays found.
Does not cover loops whose wording varies (`filters/repetition.py` counts distinct words for those).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple


class Cycle(NamedTuple):
    """`text[start:end]` repeats with this period; it is at least as long as it had to be to count."""

    start: int
    end: int
    period: int

    @property
    def repeats(self) -> float:
        """How often the period stands there."""
        return (self.end - self.start) / self.period


_SCALES: Final = ((128, 24, 64), (1024, 64, 192), (8192, 64, 1900))
"""Longest period, length of an anchor, step between anchors; no two steps alike.

A stretch of period p and length >= p + anchor + step holds an anchor and its copy, so it is found at any offset;
`filters/repetition.py` asks for longer ones."""


def cycles(text: str, long_enough: Callable[[str, Cycle], bool]) -> Iterator[Cycle]:
    """Stretches for which `long_enough(text, cycle)` says yes, scale by scale.

    A stretch is read no further than where it first counts, and then to its end. `long_enough` must look only at
    the first period and at the length, and must not turn from yes to no as the stretch grows.
    """
    for longest, anchor, step in _SCALES:
        at, last, reach, find = 0, len(text) - anchor, longest + anchor, text.find
        while at < last:
            again = find(text[at : at + anchor], at + 1, at + reach)
            if again < 0:  # nearly always, so nothing else is done before
                at += step
                continue
            cycle = _cycle_at(text, at, again + anchor, step, long_enough)
            if cycle:
                yield cycle
            at = max(at + step, cycle.end // step * step if cycle else 0)


def _cycle_at(text: str, at: int, end: int, step: int, long_enough: Callable[[str, Cycle], bool]) -> Cycle | None:
    """The stretch around an anchor whose copy ends at `end`, if it counts."""
    anchor = next(a for _, a, s in _SCALES if s == step)
    period = end - anchor - at
    start = _same_from(text, at, period, max(0, at - step))  # to before the last anchor
    reach = max(period, anchor)
    while True:
        cycle = Cycle(start, end, period)
        if long_enough(text, cycle):
            return Cycle(start, _same_until(text, end, period), period)
        # Grown a period at a time, so a stretch that never counts costs no more than its own short length.
        further = min(len(text), end + reach)
        if text[end:further] != text[end - period : further - period] or further == end:
            cycle = Cycle(start, _same_until(text, end, period), period)
            return cycle if long_enough(text, cycle) else None
        end = further


def _same_from(text: str, start: int, period: int, lowest: int) -> int:
    """Where the stretch begins that has this period from `start`, not before `lowest`."""
    step = 16
    while step:
        before = start - step
        if before >= lowest and text[before:start] == text[before + period : start + period]:
            start, step = before, step * 2
        else:
            step //= 2
    return start


def _same_until(text: str, end: int, period: int) -> int:
    """Where the stretch ends that has this period up to `end`: by steps that double, then halve."""
    step = 64
    while step:
        further = end + step
        if further <= len(text) and text[end:further] == text[end - period : further - period]:
            end, step = further, step * 2
        else:
            step //= 2
    return end
