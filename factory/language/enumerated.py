"""Tell the items of a foreign list from foreign speech: "plié, rond de jambe, pas de chat and arabesque".

Three items or more between commas that hold few words of the target's, and few that hold sentences together, are terms
that a text lists. Does not cover lists of single words and long ones in a row (`cited.py`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final

from factory.language.frequencies import at_home, codes
from factory.language.identify import near
from factory.language.languages import Allowed
from factory.language.loans import PARTICLES
from factory.language.text import Span
from factory.language.tokens import ENDS, common
from factory.language.words import COMMON

_REACH: Final = 24
"""Words read to either side."""
_LEAST_ITEMS: Final = 3
_LONGEST_ITEM: Final = 3.5
"""Words of an item, on the average."""
_USUAL: Final = 3.5
_MOST_SPOKEN: Final = 0.4
_SPOKEN: Final = frozenset().union(*COMMON.values()) - PARTICLES
_ANDS = "and or und oder et ou y o e ed i och og ve dan en na și és ja hoặc và"
_AND: Final = frozenset(_ANDS.split())


def is_enumerated(
    prose: str, words: Sequence[str], spans: Sequence[Span], first: int, behind: int, allowed: Allowed
) -> bool:
    """Whether the words from `first` to before `behind` belong to a list of foreign terms."""
    if "," not in prose[max(0, spans[first][0] - 60) : spans[behind - 1][1] + 60]:
        return False
    home = common(allowed.languages)
    start, end = _bounds(prose, words, spans, first, behind, home)
    here = at_home(codes(near(allowed.languages)))
    items = [item for item in _items(prose, words, spans, start, end, home) if _is_foreign(item, here)]
    said = [word for item in items for word in item]
    spoken = sum(word in _SPOKEN for word in said)
    return len(items) >= _LEAST_ITEMS and len(said) <= _LONGEST_ITEM * len(items) and spoken <= _MOST_SPOKEN * len(said)


def _bounds(
    prose: str, words: Sequence[str], spans: Sequence[Span], first: int, behind: int, home: Container[str]
) -> Span:
    """Where the words without stops, brackets and function words of the target's begin and end."""
    start, end = first, behind
    while start and first - start < _REACH and _goes_on(prose, words, spans, start - 1, start - 1, home):
        start -= 1
    while end < len(words) and end - behind < _REACH and _goes_on(prose, words, spans, end - 1, end, home):
        end += 1
    return start, end


def _goes_on(
    prose: str, words: Sequence[str], spans: Sequence[Span], before: int, word: int, home: Container[str]
) -> bool:
    """Whether a word and what stands behind the one before may be of a list."""
    joint = prose[spans[before][1] : spans[before + 1][0]]
    inside = words[word] not in home or words[word] in _AND
    return inside and words[word] not in ENDS and not _BRACKETS.intersection(joint)


_BRACKETS: Final = frozenset("()[]{}\n")


def _items(
    prose: str, words: Sequence[str], spans: Sequence[Span], start: int, end: int, home: Container[str]
) -> list[list[str]]:
    """The words between commas and conjunctions."""
    items: list[list[str]] = [[]]
    for i in range(start, end):
        if (words[i] in _AND and words[i] in home) or (i > start and "," in prose[spans[i - 1][1] : spans[i][0]]):
            items.append([])
        if words[i] not in _AND or words[i] not in home:
            items[-1].append(words[i])
    return [item for item in items if item]


def _is_foreign(item: Sequence[str], here: dict[str, float]) -> bool:
    return sum(here.get(word, 0.0) < _USUAL or word in _SPOKEN for word in item) * 2 >= len(item)
