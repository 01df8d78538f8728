"""What stands behind a number in running text: a unit that belongs to it.

Covers units of measure, percent and money, also where a formula or bold words end between number and unit. Does not
cover nouns ("5 apples"), nor what units are worth (`literals/units.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from factory.verify.literals.units import is_known, read_unit

_NEXT: Final = re.compile(
    r"[\s$*]{0,4}(?:\\\))?\s?((?:(?:square|cubic|sq\.?|cu\.?)\s)?[^\W\d_]{1,14}"
    r"(?:\s?/\s?[^\W\d_]{1,6}|\sper\s[a-z]{2,8}(?:\ssquared|\scubed)?)?(?:\$?\^\{?[23]\}?|[²³])?)(?![\w(])"
)
_POWERS: Final = str.maketrans({"²": "^2", "³": "^3", "{": "", "}": "", "$": ""})
_OTHER: Final = frozenset(["in", "a", "Tag", "point", "points"])
"""Words that follow numbers more often than they are units: `5 in the first row`."""


def unit_after(text: str, end: int) -> tuple[str, int]:
    """The known unit that follows the number which ends there, and its own end; nothing if none does."""
    follows = text[end : end + 1]
    if not follows or follows in ".,;:!?)\n" or (found := _NEXT.match(text, end)) is None:
        return "", end
    size = _length(found[1])
    return (found[1][:size].translate(_POWERS), found.start(1) + size) if size else ("", end)


@lru_cache(maxsize=4096)
def _length(words: str) -> int:
    """How much of what follows a number is its unit: all of it, its first word, or of Chinese the first characters."""
    if words.isascii():
        first = words.partition(" per ")[0]
        tries = [words, first] if first != words else [words]
    else:
        tries = [words, *(words[:size] for size in (4, 3, 2, 1))]
    return next((len(one) for one in tries if one not in _OTHER and _is_unit(one)), 0)


def _is_unit(text: str) -> bool:
    unit = read_unit(" " + text.translate(_POWERS))
    return unit is not None and is_known(unit)
