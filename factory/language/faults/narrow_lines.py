"""Sentences set in narrow lines: a word or two in each, a few and each goes on, or cut at one width, words or not.

Does not judge (`filters/typography.py`); poems and lists are told by their words, prompts are asked there.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from factory.language.words import COMMON

_FUNCTION: Final = frozenset(word for words in COMMON.values() for word in words if len(word) > 1)
_PARTICLES: Final = frozenset("的是了在和也有不，。、はがをにでと")


def short_lines(text: str, most: int) -> bool:
    """Whether lines in a row hold so few words each of what reads as a sentence; from three on, each must go on."""
    run: list[str] = []
    for line in (*text.split("\n"), "end of the whole text"):
        pieces = (line.lstrip(_ITEM) if most <= _TWO else line).split()
        if 0 < len(pieces) <= most and not (most > _TWO and line.lstrip().startswith(_LISTED)):
            run.append(" ".join(pieces))
        elif pieces:
            if len(run) >= _CUT_LINES and _reads_on(run, most):
                return True
            run = []
    return False


def _reads_on(run: list[str], most: int) -> bool:
    words = [word.strip(".,;:!?").lower() for line in run for word in line.split()]
    said = [word for word in words if word in _FUNCTION or word in _PARTICLES]
    if len(words) < _LEAST_READ or len(said) * 4 < len(words) or len(set(said)) < _SORTS:
        return False
    goes_on = sum(a[-1] not in _ENDS and b[0].islower() for a, b in pairwise(run))
    return most <= _TWO or goes_on * 10 >= 7 * len(run)


_TWO, _LISTED = 2, ("- ", "* ", "|", "#", "> ", "+ ")
_LEAST_READ, _SORTS, _ENDS, _ITEM = 24, 6, frozenset(".!?:;|"), "-*+>#•· \t"


def same_length(text: str) -> float:
    """Share of the text in lines cut at one width, words or not, when they are many."""
    size = run = start = at = 0
    for line in (*text.split("\n"), ""):
        if len(line) != size:
            if run >= _CUT_LINES and size >= 5 and _cuts_words(text[start : at - 1]):
                return (at - start) / len(text)
            size, run, start = len(line), 0, at
        run += 1
        at += len(line) + 1
    return 0.0


_CUT_LINES = 8


def _cuts_words(block: str) -> bool:
    """Whether the lines of a block, joined, read as sentences, and many of them end within a word."""
    words = block.replace("\n", "").split()
    inside = len(re.findall(r"[a-z]\n[a-z]", block))
    return inside * 3 >= block.count("\n") and sum(word.lower() in _FUNCTION for word in words) * 5 >= len(words)
