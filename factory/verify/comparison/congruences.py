r"""Answers that say a remainder: `n \equiv 1 \pmod 3`, also where they are written as `n = 3k + 1`.

Covers one modulus and one or several residues that are whole numbers. Does not cover systems of congruences.
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.comparison.families import family, line
from factory.verify.literals.parts import is_name, sides_of

_SAID: Final = re.compile(
    r"(?P<name>[A-Za-z]) ?\\equiv ?(?P<residues>[-\d][-\d, ]{0,60}?|\\pm ?\d{1,9}) ?"
    r"(?:,|\\quad)? ?\(? ?\\?[pb]?mod ?\{? ?(?P<modulus>\d{1,9}) ?\}? ?\)?"
)
_FORM: Final = re.compile(r"[-+\d a-z*()]{2,30}")


def same_congruence(reference: str, answer: str) -> bool | None:
    """Whether two normalised texts allow the same numbers; None where either says no congruence."""
    one, other = _congruence(reference), _congruence(answer)
    if one is None or other is None or (one[0] != other[0] and "" not in (one[0], other[0])):
        return None
    return one[1:] == other[1:]


def _congruence(text: str) -> tuple[str, int, frozenset[int]] | None:
    """The name, the modulus and the residues of a congruence or of a row of numbers."""
    if "equiv" in text:
        found = _SAID.fullmatch(text)
        if found is None:
            return None
        modulus, residues = int(found["modulus"]), found["residues"]
        said = [residues[3:].strip(), f"-{residues[3:].strip()}"] if residues[0] == "\\" else residues.split(",")
        numbers = [int(one) for one in said if one.strip().lstrip("-").isdigit()]
        return (found["name"], modulus, frozenset(n % modulus for n in numbers)) if modulus and numbers else None
    return _row(text)


def _row(text: str) -> tuple[str, int, frozenset[int]] | None:
    r"""`n = 3k + 1`, `3k + 1, k \in \mathbb{Z}`."""
    named = sides_of(text)
    if len(named) > 2 or (len(named) == 2 and not is_name(named[0])):
        return None
    formula, name = family(text) or (named[-1], next((c for c in named[-1] if c.isalpha()), ""))
    steps = line(formula, name) if name and _FORM.fullmatch(formula) else None
    if steps is None or any(step != int(step) for step in steps):
        return None
    slope, offset = abs(int(steps[0])), int(steps[1])
    return (named[0] if len(named) == 2 else "", slope, frozenset([offset % slope])) if slope else None
