"""Find short English asides in other languages' texts: "makes sense", "so far so good".

Their words are too usual everywhere, or name too many options, to be evidence one by one; between commas or stops they
are. Does not cover targets that don't write Latin (`terms.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from factory.language.lexicon import home_of
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


def asides(prose: str, words: Sequence[str], spans: Sequence[Span], languages: frozenset[str]) -> Iterator[Span]:
    """(first, behind last) of clauses of two to four words that are English asides."""
    opening = aside_words(languages)
    if opening.isdisjoint(words):
        return
    home, behind = home_of(languages), 0
    for i, word in enumerate(words):
        if i >= behind and word in opening:
            first, behind = _clause(prose, spans, i)
            said = words[first:behind]
            if 2 <= len(said) <= _LONGEST and _is_aside(said, home):
                yield first, behind


def _clause(prose: str, spans: Sequence[Span], i: int) -> Span:
    """The words around one with nothing but blanks between."""
    first, behind = i, i + 1
    while first and i - first <= _LONGEST and prose[spans[first - 1][1] : spans[first][0]] == " ":
        first -= 1
    while behind < len(spans) and behind - i <= _LONGEST and prose[spans[behind - 1][1] : spans[behind][0]] == " ":
        behind += 1
    return first, behind


def _is_aside(said: Sequence[str], home: frozenset[str]) -> bool:
    if " ".join(said) in PHRASES:
        return True
    return (
        _SAID.issuperset(said) and not REMARKS.isdisjoint(said) and sum(word in home for word in said) * 2 < len(said)
    )
