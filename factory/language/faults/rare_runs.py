"""Runs of rare words, and scripts or connectives tumbled together: what a decoder writes when it has lost its thread.

English only: twenty words in a row of which ten are unusual, new to the text and not the prompt's, with hardly a mark
between them. Does not judge (`filters/token_soup.py`); words that no list has at all are found there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from typing import Final

from factory.language.frequencies import USUAL, usualness
from factory.language.text import Span, lower
from factory.language.words import COMMON

_ANY: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PLAIN: Final = re.compile(r"\b[a-z]{2,}\b")
_MARKS: Final = re.compile(r"[,;:.!?()\n|/•–—=\"“\d]")
_RUN: Final = 20
_ENGLISH: Final = 5
"""One word in so many is one of English's function words, if the text is English."""
_LEAST_RARE: Final = 95
"""Tenths of a rare word: a word weighs ten, a mark takes seven away."""
_FIRST_LOOK, _STEP, _ENOUGH = 28, 8, 10
"""A first look at every twenty-eight words, eight on: whatever run of twenty holds ten is within one of them."""


def rare_run(text: str, question: str) -> Span | None:
    """The first twenty words of which half are rare in English, which the text should be written in."""
    usual = usualness("en", USUAL)
    first = bytes(word not in usual for word in _PLAIN.findall(text))
    steps = range(0, max(1, len(first) - _ENOUGH), _STEP)
    if not any(first.count(1, at, at + _FIRST_LOOK) >= _ENOUGH for at in steps):
        return None
    found = list(_ANY.finditer(text))
    words = [lower(match.group()) for match in found]
    if sum(map(COMMON["en"].__contains__, words)) * _ENGLISH < len(words):
        return None
    times, asked = Counter(words), set(_ANY.findall(lower(question)))
    rare = [
        match.group()[0].islower() and times[word] == 1 and word not in usual and word not in asked
        for match, word in zip(found, words, strict=True)
    ]
    return _densest(text, [match.span() for match in found], rare)


def _densest(text: str, spans: list[Span], rare: list[bool]) -> Span | None:
    sums = [0, *accumulate(rare)]
    for at in range(len(rare) - _RUN + 1):
        count = sums[at + _RUN] - sums[at]
        span = spans[at][0], spans[at + _RUN - 1][1]
        if count * 10 >= _LEAST_RARE and count * 10 - 7 * len(_MARKS.findall(text, *span)) >= _LEAST_RARE:
            return span
    return None


_NOT_LATIN: Final = re.compile(r"[\u0370-\u1dff\u2c80-\u2dff\u3040-\ua6ff\ua980-\ufaff]{2,}")
_NEAR: Final = 300
_SCRIPTS: Final = 3


def scripts_jumbled(text: str) -> Span | None:
    """Where words of three scripts besides the Latin stand within three hundred characters and no mark between."""
    if text.isascii():
        return None
    last: dict[str, Span] = {}
    for match in _NOT_LATIN.finditer(text):
        script = _script(match.group()[0])
        if not script:
            continue
        last[script] = match.span()
        begin = min(start for start, _ in last.values())
        if len(last) >= _SCRIPTS and match.end() - begin <= _NEAR and not _MARKS.search(text, begin, match.end()):
            return begin, match.end()
        last = {name: span for name, span in last.items() if match.end() - span[0] <= _NEAR}
    return None


@lru_cache(maxsize=30_000)
def _script(letter: str) -> str:
    """A letter's script, Chinese and Japanese being one; "" for Latin, Greek and signs."""
    name = unicodedata.name(letter, "").partition(" ")[0]
    if name in ("CJK", "HIRAGANA", "KATAKANA"):
        return "CJK"
    return "" if name in ("", "LATIN", "GREEK", "MATHEMATICAL", "MODIFIER", "FULLWIDTH", "MICRO") else name


_CLAUSE: Final = re.compile(r"[\u4e00-\u9fff]{40,}")
_JOINS: Final = re.compile("因而|于是|所以|因此|但是|可是|然而|而且|并且|虽然|尽管|如果|然后|不过|却")
_MOST_JOINS: Final = 3


def clause_of_joints(text: str) -> Span | None:
    """A Chinese clause of forty characters without a mark that three connectives should have parted."""
    for match in _CLAUSE.finditer(text):
        if len(set(_JOINS.findall(match.group()))) >= _MOST_JOINS:
            return match.span()
    return None
