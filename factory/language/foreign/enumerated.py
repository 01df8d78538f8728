"""Tell the items of a foreign list from foreign speech: "plié, rond de jambe, pas de chat and arabesque".

Three items or more between commas that hold few words of the target's, and few that hold sentences together, are terms
that a text lists. Does not cover lists of single words and long ones in a row (`cited.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from factory.language.foreign.loans import PARTICLES
from factory.language.frequencies import at_home, codes
from factory.language.identify import near
from factory.language.line import ENDS, Line
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


def is_enumerated(line: Line, first: int, behind: int) -> bool:
    """Whether the words from `first` to before `behind` belong to a list of foreign terms."""
    if "," not in line.prose[max(0, line.spans[first][0] - 60) : line.spans[behind - 1][1] + 60]:
        return False
    home = line.home

    def belongs(word: str, joint: str) -> bool:
        return (word not in home or word in _AND) and word not in ENDS and _BRACKETS.isdisjoint(joint)

    here = at_home(codes(near(line.allowed.languages)))
    items = [item for item in _items(line, *line.around(first, behind, _REACH, belongs)) if _is_foreign(item, here)]
    said = [word for item in items for word in item]
    spoken = sum(word in _SPOKEN for word in said)
    return len(items) >= _LEAST_ITEMS and len(said) <= _LONGEST_ITEM * len(items) and spoken <= _MOST_SPOKEN * len(said)


_BRACKETS: Final = frozenset("()[]{}\n")


def _items(line: Line, start: int, end: int) -> list[list[str]]:
    """The words between commas and conjunctions."""
    items: list[list[str]] = [[]]
    for i in range(start, end):
        joins = line.words[i] in _AND and line.words[i] in line.home
        if joins or (i > start and "," in line.joint(i)):
            items.append([])
        if not joins:
            items[-1].append(line.words[i])
    return [item for item in items if item]


def _is_foreign(item: Sequence[str], here: dict[str, float]) -> bool:
    return sum(here.get(word, 0.0) < _USUAL or word in _SPOKEN for word in item) * 2 >= len(item)
