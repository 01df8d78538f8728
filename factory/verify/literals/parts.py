"""An answer taken apart, and how texts are split at marks outside brackets.

Does not cover which texts have which parts (`comparison/structure.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_PARTS: Final = 64
DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Parts:
    """An answer taken apart; `items` are normalised texts, `brackets` the outer pair of a tuple."""

    kind: str
    items: tuple[str, ...]
    brackets: str = ""


OPEN: Final = "([{"
CLOSE: Final = ")]}"
AND_OR: Final = re.compile(
    r"\s*(?:,\s*)?(?:\b(?:and|or|und|oder|et|ou)\b|或者?|和|以及|及|または|かつ|且|и|или|;|&)\s*"
)
NAME: Final = re.compile(r"^[A-Za-z](?:_\{?\w+\}?)?$")


def is_name(text: str) -> bool:
    """Whether the text is a variable's name."""
    return NAME.match(text) is not None


def is_one_group(inside: str) -> bool:
    """Whether the outer brackets of `(inside)` belong together, unlike those of `(a)(b)`."""
    depth = 0
    for char in inside:
        depth += (char in OPEN) - (char in CLOSE)
        if depth < 0:
            return False
    return True


def split(text: str, marks: str) -> Iterator[str]:
    """Split at marks outside brackets."""
    depth = start = 0
    for place, char in enumerate(text):
        depth += (char in OPEN) - (char in CLOSE)
        if char in marks and depth <= 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def sides_of(text: str) -> list[str]:
    """What stands around the `=` outside brackets: not that of a sum's first index."""
    return list(split(text, "="))


TIGHT: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def thousands(text: str) -> str:
    """`(1,000, 2,000)`: where other commas have a space behind them, those that have none part thousands."""
    return TIGHT.sub("_", text) if ", " in text else text
