"""Stretches without any of the target's function words, and whether two identifiers hold them to be foreign.

The gate is a search for a run of zeros, so clean text costs next to nothing; names, terms, identifiers and runs of the
target's own words are no evidence. Does not look at single words (`foreign.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from factory.language.elsewhere import IDENTIFIER_AFTER, IDENTIFIER_BEFORE, is_term, items_of
from factory.language.frequencies import at_home, codes, gained
from factory.language.identify import ROMANCE, detector, foreign_to, near
from factory.language.languages import Allowed
from factory.language.loans import TECHNICAL, loan_share
from factory.language.text import Span
from factory.language.tokens import ENDS, common
from factory.language.words import COMMON

_GATE: Final = 3
"""Words in a row without one of the target's function words that open the second gate."""
LONG_RUN: Final = 6
"""Words from which on the identifiers are believed more readily."""
_LONGEST_ASKED: Final = 60


def odd_runs(words: Sequence[str], allowed: Allowed) -> list[tuple[int, int]]:
    """(first, behind last) of runs without a word at home, or of the prompt's, that eldc holds to be foreign."""
    own, gate = common(allowed.languages), _gate(allowed.languages)
    flags = bytes([word in own or word in allowed.words for word in words])
    detect, home = detector(), near(allowed.languages)
    found = []
    at = flags.find(gate)
    while at >= 0:
        end = flags.find(1, at)
        end = len(flags) if end < 0 else end
        if detect(" ".join(words[at : min(end, at + _LONGEST_ASKED)])) not in home:
            found.append((at, end))
        at = flags.find(gate, end)
    return found


def pieces(prose: str, words: Sequence[str], spans: Sequence[Span], first: int, behind: int) -> Iterator[Span]:
    """The parts of a run between quotes and brackets that are long enough to be asked about."""
    start = first
    for i in range(first + 1, behind + 1):
        if i == behind or not _MARKS.isdisjoint(prose[spans[i - 1][1] : spans[i][0]]):
            if i - start >= _GATE:
                yield start, i
            start = i


_MARKS: Final = frozenset('()[]"“”„«»')


def odd_clauses(prose: str, words: Sequence[str], spans: Sequence[Span], allowed: Allowed) -> Iterator[Span]:
    """(first, behind last) of clauses of three words or more that eldc gives to a cousin ("la respuesta final")."""
    if not allowed.languages & ROMANCE:
        return
    detect, foreign, first = detector(), ROMANCE - near(allowed.languages), 0
    for i in range(1, len(words) + 1):
        if i == len(words) or not prose[spans[i - 1][1] : spans[i][0]].isspace() or words[i] in ENDS:
            if _GATE <= i - first <= _LONGEST_CLAUSE and detect(" ".join(words[first:i])) in foreign:
                yield first, i
            first = i


_LONGEST_CLAUSE: Final = 12


@lru_cache(maxsize=64)
def _gate(languages: frozenset[str]) -> bytes:
    return bytes(_GATE if any(own in COMMON for own in languages) else 2 * LONG_RUN)


def confirmed(
    prose: str, words: Sequence[str], spans: Sequence[Span], first: int, behind: int, allowed: Allowed
) -> bool:
    """Whether fastText too holds a run to be foreign, and it is no list of names.

    A run that fills its sentence is believed more readily than one inside a sentence of the target's.
    """
    if _are_names(prose, spans[first:behind]) or is_term(
        items_of(prose, words, spans, first, behind), common(allowed.languages)
    ):
        return False
    if _is_known(prose, words[first:behind], spans[first:behind], allowed):
        return False
    if behind - first <= LONG_RUN and loan_share(" ".join(words[first:behind])) >= 0.5:
        return False
    whole = (first == 0 or words[first - 1] in ENDS) and (behind == len(words) or words[behind] in ENDS)
    asked = " ".join(words[first : min(behind, first + _LONGEST_ASKED)])
    least = 0.35 if whole or behind - first >= LONG_RUN else 0.7
    return foreign_to(asked, allowed.languages, least) is not None


def _is_known(prose: str, words: Sequence[str], spans: Sequence[Span], allowed: Allowed) -> bool:
    """Whether a run without function words is made of the target's own: "simple INI-file parser module".

    A word of a list weighs what it is more usual elsewhere, one of no list a fair bit, what stands beside a digit or
    a sign nothing.
    """
    own = codes(near(allowed.languages))
    home = at_home(own)
    said = [w for w, span in zip(words, spans, strict=True) if not _is_identifier(prose, span)]
    if not own or not said:
        return not said
    weight = sum(min(_MOST, gained(own)[word]) if word in home else _UNHEARD for word in said)
    return weight < len(said) * _LIGHT and sum(word in home for word in said) * 5 >= 3 * len(said)


_MOST: Final = 4.0
_UNHEARD: Final = 2.0
_LIGHT: Final = 0.8


def _is_identifier(prose: str, span: Span) -> bool:
    start, end = span
    return bool(IDENTIFIER_BEFORE.search(prose[max(0, start - 2) : start]) or IDENTIFIER_AFTER.match(prose, end))


def _are_names(prose: str, spans: Sequence[Span]) -> bool:
    """Whether a run is names, symbols or identifiers rather than words."""
    words = [prose[start:end] for start, end in spans]
    capitals = sum(word[0].isupper() for word in words[1:])  # the first may begin a sentence
    lengths = sorted(map(len, words))
    joints = prose[spans[0][0] : spans[-1][1]]
    tight = sum(joints.count(c) for c in "_/\\@=+{}[]<>|")
    if len(words) <= LONG_RUN and re.search(r"\w\.\w", prose[spans[0][0] : spans[-1][1]]):
        return True  # a domain or an attribute
    if "@" in joints or tight * 3 > len(words) or lengths[len(words) // 2] < 3:
        return True
    if len(words) <= 4 and re.search(r"\w-\w|\w_\w", prose[max(0, spans[0][0] - 2) : spans[-1][1] + 2]):
        return True  # compounds count as several words: "open-source licence"
    return capitals * 2 >= len(words) - (len(words) <= 3) or any(word.lower() in TECHNICAL for word in words)
