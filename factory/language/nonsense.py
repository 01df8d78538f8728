"""Words that no language has, and words that stand in an order no sentence has.

Known is what the frequency lists of the allowed languages hold (`frequencies.py`), so reversed, enciphered or mangled
text shows; what never meets in a sentence ("the of", "is are") shows shuffled text. Does not judge
(`filters/token_soup.py`), and knows pairs of English, German, French and Spanish only.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Final

from factory.language.frequencies import at_home, codes
from factory.language.text import Span, lower
from factory.language.words import COMMON

_PAIRS: Final = {
    "en": (
        (
            "the a an my our",
            "the a an my our is are was were be of and or but to from for with which it they we he she has have had"
            " does then than if so as us them",
        ),
        ("of from with into", "is are was were of and or but has have does then if so from into"),
        ("is are was were", "is are was were has have does of"),
        ("and or but", "of or but and"),
    ),
    "de": (
        ("der die das ein eine einen", "und oder aber dass weil"),
        ("von mit zu", "ist sind war und oder wenn dass"),
    ),
    "fr": (
        ("le la les un une des du", "le la les un une des du est sont et ou mais de avec pour si que qui il on"),
        ("de avec pour", "est sont et ou avec donc si"),
    ),
    "es": (
        ("el la los las un una", "el la los las un una es y o pero con para si se por"),
        ("de con para", "es y o pero de con si"),
    ),
}


def _any(listed: str) -> str:
    return "(?:" + "|".join(word for word in listed.split() if len(word) > 1) + ")"  # letters are names: "A to B"


_ROWS: Final = [row for rows in _PAIRS.values() for row in rows]
CLASHES: Final = re.compile(r"\b(?:" + "|".join(f"{_any(before)} {_any(after)}" for before, after in _ROWS) + r")\b")
"""Pairs of words that don't follow each other in sentences with nothing but a blank between; lower case."""


@lru_cache(maxsize=64)
def known(languages: frozenset[str]) -> Container[str]:
    """The words that a text in these languages may be made of, English ones and every language's function words too."""
    return frozenset(at_home(codes(languages | {"en"}))).union(*COMMON.values())


def clashes(text: str) -> list[Span]:
    """Where two words stand together that can't."""
    return [match.span() for match in CLASHES.finditer(lower(text))]
