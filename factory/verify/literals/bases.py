"""Numbers that say their base: `1011_2`, `(101)_{two}`, `101 in base 2`.

Covers one spelling of them, and a number beside one that leaves the base to the question. Does not cover their values
(`algebra/expressions.py`).
"""

from __future__ import annotations

import re
from typing import Final

_BASED: Final = re.compile(r"([0-9A-F]+)_\{?(\d{1,2})\}?$")
_BASES: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_SPELT: Final = re.compile(
    r"\(([0-9A-F]{1,40})\) ?_ ?(\w+|\{ ?\w+ ?\})$|([0-9A-F]{1,40}) ?_ ?(\{ ?[a-z]+ ?\})$"
    r"|([0-9A-F]{1,40}) ?\(?(?:in )?base[ -]?(\w+)\)?$"
)
"""`(101)_2`, `101_{two}`, `101 in base two`."""


def same_base(reference: str, answer: str) -> bool | None:
    """`1011_2` beside `1011`, as the question said the base; None where nobody can tell."""
    one, other = _BASED.match(reference), _BASED.match(answer)
    if other and not one and other[1] == reference and _is_not_decimal(reference, other[2]):
        return True
    return True if one and not other and one[1] == answer else None


def _is_not_decimal(digits: str, base: str) -> bool:
    """`7F`, and `1010110` where somebody says that it is binary."""
    return not digits.isdigit() or (base == "2" and len(digits) > 4 and digits.count("1") > 1)


def is_ambiguous(reference: str, answer: str) -> bool:
    """Whether one side says a base, other than ten, and the other none."""
    one, other = _BASED.match(reference), _BASED.match(answer)
    return (one is None) != (other is None) and not (other and other[2] == "10")


def plain_base(text: str) -> str:
    """A number with its base behind it, in the one spelling; any other text as it came."""
    found = _SPELT.match(text)
    if found is None:
        return text
    digits, base = (group for group in found.groups() if group)
    base = base.strip("{ }")
    return f"{digits}_{{{_BASES.get(base, base)}}}"
