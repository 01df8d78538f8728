"""Find short English asides in other languages' texts: "makes sense", "so far so good".

Their words are too usual everywhere, or name too many options, to be evidence one by one; between commas or stops they
are. Does not cover targets that don't write Latin (`terms.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from factory.language.foreign.lexicon import home_of
from factory.language.line import Line, blank_between
from factory.language.markers import PHRASES
from factory.language.text import Span
from factory.language.words import COMMON, NAMING, REMARKS

_LONGEST: Final = 4
_SAID: Final = COMMON["en"] | REMARKS | NAMING
_OPENING: Final = (REMARKS | {word for phrase in PHRASES for word in phrase.split()}) - {"a", "the", "in", "no", "up"}
"""Words of asides that are looked for: each has one of them."""


@lru_cache(maxsize=64)
def aside_words(languages: frozenset[str]) -> frozenset[str]:
    """Words that open a search for asides where `languages` are allowed."""
    return frozenset() if "en" in languages else _OPENING - home_of(languages)


def asides(line: Line) -> Iterator[Span]:
    """(first, behind last) of clauses of two to four words that are English asides."""
    opening = aside_words(line.allowed.languages)
    if opening.isdisjoint(line.words):
        return
    home, behind = home_of(line.allowed.languages), 0
    for i, word in enumerate(line.words):
        if i >= behind and word in opening:
            first, behind = line.around(i, i + 1, _LONGEST, blank_between)
            said = line.words[first:behind]
            if 2 <= len(said) <= _LONGEST and _is_aside(said, home):
                yield first, behind


def _is_aside(said: Sequence[str], home: frozenset[str]) -> bool:
    if " ".join(said) in PHRASES:
        return True
    return (
        _SAID.issuperset(said) and not REMARKS.isdisjoint(said) and sum(word in home for word in said) * 2 < len(said)
    )
