"""The answer most of a prompt's samples agree on, for prompts without a reference.

Covers grouping equal answers, however they are written. Does not cover which samples may vote: a rule that keeps or
drops a sample by other samples' answers must not settle anything while they are still drawn.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from factory.verify.comparison.choices import letters
from factory.verify.comparison.compare import decide
from factory.verify.comparison.equations import is_value
from factory.verify.extraction.extract import extract
from factory.verify.literals.normalise import normalise

VOICES: Final = 2
"""Samples that must agree at least: one agrees with itself whatever it says."""
SECONDS: Final = 5.0
"""Wall clock for a prompt: two integrals may take sympy two, and samples with one each make many pairs."""


def majority(answers: Sequence[str], share: float) -> str | None:
    """The majority among answer parts (one a sample), if at least `share` (in 0..1) of all samples give it.

    A sample without an answer counts against the share; a tie has no majority, nor has one voice alone. None too where
    nobody can tell in time.
    """
    needed = max(VOICES, math.ceil(share * len(answers) - 1e-9))
    texts = Counter(said for said in map(vote, answers) if said is not None)
    left, groups = texts.total(), list[_Group]()
    deadline = time.monotonic() + SECONDS
    for text, voices in texts.items():
        # a group that can't get there any more is not compared with: many answers, no two alike, would take long
        groups = [group for group in groups if group.voices + left >= needed]
        left -= voices
        try:
            mine = _equal(groups, text, deadline)
        except TimeoutError:
            return None
        if mine is not None:
            mine.voices += voices
        elif voices + left >= needed:
            groups.append(_Group(text, voices))
    most = max((group.voices for group in groups), default=0)
    best = [group.answer for group in groups if group.voices == most]
    return best[0] if most >= needed and len(best) == 1 else None


def _equal(groups: Sequence[_Group], text: str, deadline: float) -> _Group | None:
    """The first group whose answer equals a text. Raises TimeoutError before a pair that would begin too late."""
    for group in groups:
        if time.monotonic() > deadline:
            raise TimeoutError
        if decide(group.answer, text).correct:
            return group
    return None


@dataclass(slots=True)
class _Group:
    """An answer as it was first written, and how many gave it in any form."""

    answer: str
    voices: int


def vote(answer: str) -> str | None:
    """The answer a sample stands for: the first candidate that is a value or an option, else a marked one."""
    found = list(extract(answer))
    for one in found:
        named = letters(normalise(one.text))
        if named and len(named[0]) == 1 and min(named[0]) in one.text:
            return min(named[0])
        if is_value(one.text):
            return one.text
    return next((one.text for one in found if one.how in ("boxed", "tag")), None)
