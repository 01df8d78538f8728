"""Short foreign clauses that stand apart: "Hoffe das hilft!", "hold on,", "pas mal".

Between stops, commas and line ends two to eight words are put to eldc, and believed where how usual they are there and
at home says the same, or fastText does. A clause that goes on from a capital, fills a list or is cited counts nothing.
Does not cover targets that don't write Latin (`terms.py`) nor single words (`foreign.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from factory.language.foreign.elsewhere import JOINTS
from factory.language.foreign.loans import TECHNICAL, loan_share
from factory.language.frequencies import at_home, codes, gain, listed, usualness
from factory.language.identify import are_kin, cousins, detector, fasttext_says, near
from factory.language.languages import Allowed
from factory.language.line import Line
from factory.language.text import Span
from factory.language.words import COMMON

_SHORTEST, _LONGEST = 2, 8
_ENOUGH: Final = 3.0
_ENOUGH_OF_COUSINS: Final = 5.0
_MOST_A_WORD: Final = 3.5
_LEAST_A_WORD: Final = -2.0
_LISTED_FROM: Final = 3.3
_KNOWN: Final = 3.5
_SURE: Final = 0.5
_OPENS: Final = re.compile(r"(?:^|[.!?…:] |[.!?…:]\*\* )[\"“„«*_>\s]*$")
_LABEL: Final = re.compile(r"^[\s>*#_-]*(?:\d{1,3}[.)] )?[*_]*$")
_JOINS: Final = re.compile(r"(?:[,;–—] |[.!?…:] |^[\s>]*)$")
_SPOKEN: Final = frozenset().union(*COMMON.values()) - JOINTS
_CLOSES: Final = re.compile(r"(?: \d[\d,]*)?(?:[.!?…]+(?=\s|$)|, |[:;] | [–—] )")


def foreign_clauses(line: Line) -> Iterator[Span]:
    """(first, behind last) of the foreign clauses of a line."""
    if not codes(line.allowed.languages):
        return
    for first, behind in line.clauses():
        apart = _SHORTEST <= behind - first <= _LONGEST and _stands_apart(line, first, behind)
        if apart and _is_foreign(line.words[first:behind], line.allowed):
            yield first, behind


def _stands_apart(line: Line, first: int, behind: int) -> bool:
    """Whether nothing but stops and commas is around a clause without names, and it is no heading."""
    before = line.before(first, 80)
    closes = _CLOSES.match(line.prose, line.spans[behind - 1][1])
    nouns = line.words[first] in COMMON["de"]  # which have capitals
    if not closes or (not nouns and any(map(line.is_capital, range(first + 1, behind)))):
        return False
    if line.is_capital(first):
        return bool(_OPENS.search(before)) and not (_LABEL.match(before) and closes.group().endswith((": ", ", ")))
    item = before.endswith((", ", "; ")) and (
        closes.group().endswith(", ") or _SPOKEN.isdisjoint(line.words[first:behind])
    )
    return bool(_JOINS.search(before)) and not item


def _is_foreign(words: Sequence[str], allowed: Allowed) -> bool:
    line = " ".join(words)
    guess, home = detector()(line), near(allowed.languages)
    code = listed(guess)
    if guess in home or not code or not allowed.words.isdisjoint(words) or not TECHNICAL.isdisjoint(words):
        return False
    here = at_home(codes(home))
    score = _score(words, code, here)
    if guess in cousins(allowed.languages):
        return score >= _ENOUGH_OF_COUSINS and _sure(line, guess) >= 0.8
    known = [word for word in words if here.get(word, 0.0) >= _KNOWN]
    by_chance = code != "en" and len(words) == len(known) == _SHORTEST  # Turkish "elle on"; English is met everywhere
    if score < (_ENOUGH_OF_COUSINS if by_chance else _ENOUGH) or loan_share(line) >= 0.5:
        return False
    return not known or _sure(line, guess) >= _SURE


def _score(words: Sequence[str], code: str, here: dict[str, float]) -> float:
    """By how many powers of ten the words are more usual there than at home."""
    there = usualness(code, _LISTED_FROM)
    gains = (gain(word, there, here) for word in dict.fromkeys(words))
    return sum(0.0 if much is None else max(_LEAST_A_WORD, min(_MOST_A_WORD, much)) for much in gains)


def _sure(line: str, guess: str) -> float:
    """What fastText gives a language and its kin."""
    return sum(share for label, share in fasttext_says(line).items() if are_kin(label, guess))
