"""Stretches without any of the target's function words, and whether two identifiers hold them to be foreign.

The gate is a search for a run of zeros, so clean text costs next to nothing; names, terms, identifiers and runs of the
target's own words are no evidence. Does not look at single words (`foreign.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from factory.language.foreign.elsewhere import is_term, items_of
from factory.language.foreign.loans import TECHNICAL, loan_share
from factory.language.frequencies import at_home, codes, gained
from factory.language.identify import ROMANCE, detector, foreign_to, near
from factory.language.languages import Allowed
from factory.language.line import Line, common
from factory.language.text import Span
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


def pieces(line: Line, first: int, behind: int) -> Iterator[Span]:
    """The parts of a run between quotes and brackets that are long enough to be asked about."""
    start = first
    for i in range(first + 1, behind + 1):
        if i == behind or not _MARKS.isdisjoint(line.joint(i)):
            if i - start >= _GATE:
                yield start, i
            start = i


_MARKS: Final = frozenset('()[]"“”„«»')


def odd_clauses(line: Line) -> Iterator[Span]:
    """(first, behind last) of clauses of three words or more that eldc gives to a cousin ("la respuesta final")."""
    if not line.allowed.languages & ROMANCE:
        return
    detect, foreign = detector(), ROMANCE - near(line.allowed.languages)
    for first, behind in line.clauses():
        if _GATE <= behind - first <= _LONGEST_CLAUSE and detect(" ".join(line.words[first:behind])) in foreign:
            yield first, behind


_LONGEST_CLAUSE: Final = 12


@lru_cache(maxsize=64)
def _gate(languages: frozenset[str]) -> bytes:
    return bytes(_GATE if any(own in COMMON for own in languages) else 2 * LONG_RUN)


def confirmed(line: Line, first: int, behind: int) -> bool:
    """Whether fastText too holds a run to be foreign, and it is no list of names.

    A run that fills its sentence is believed more readily than one inside a sentence of the target's.
    """
    if _are_names(line, first, behind) or is_term(items_of(line, first, behind), line.home):
        return False
    asked = " ".join(line.words[first : min(behind, first + _LONGEST_ASKED)])
    if _is_known(line, first, behind) or (behind - first <= LONG_RUN and loan_share(asked) >= 0.5):
        return False
    least = 0.35 if line.stands_alone(first, behind) or behind - first >= LONG_RUN else 0.7
    return foreign_to(asked, line.allowed.languages, least) is not None


def _is_known(line: Line, first: int, behind: int) -> bool:
    """Whether a run without function words is made of the target's own: "simple INI-file parser module".

    A word of a list weighs what it is more usual elsewhere, one of no list a fair bit, what stands beside a digit or
    a sign nothing.
    """
    own = codes(near(line.allowed.languages))
    home = at_home(own)
    said = [line.words[i] for i in range(first, behind) if not line.is_identifier(i)]
    if not own or not said:
        return not said
    if len(said) <= _GATE and all(home.get(word, 0.0) >= _KNOWN for word in said):
        return True
    weight = sum(min(_MOST, gained(own)[word]) if word in home else _UNHEARD for word in said)
    return weight < len(said) * _LIGHT and sum(word in home for word in said) * 5 >= 3 * len(said)


_KNOWN: Final = 3.75
_MOST: Final = 4.0
_UNHEARD: Final = 2.0
_LIGHT: Final = 0.8


def _are_names(line: Line, first: int, behind: int) -> bool:
    """Whether a run is names, symbols or identifiers rather than words."""
    words, joints = line.words[first:behind], line.said(first, behind)
    capitals = sum(map(line.is_capital, range(first + 1, behind)))  # the first may begin a sentence
    lengths = sorted(map(len, words))
    tight = sum(joints.count(c) for c in "_/\\@=+{}[]<>|")
    if len(words) <= LONG_RUN and re.search(r"\w\.\w", joints):
        return True  # a domain or an attribute
    if "@" in joints or tight * 3 > len(words) or lengths[len(words) // 2] < 3:
        return True
    beside = line.prose[max(0, line.spans[first][0] - 2) : line.spans[behind - 1][1] + 2]
    if len(words) <= 4 and re.search(r"\w-\w|\w_\w", beside):
        return True  # compounds count as several words: "open-source licence"
    return capitals * 2 >= len(words) - (len(words) <= 3) or not TECHNICAL.isdisjoint(words)
