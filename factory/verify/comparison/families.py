r"""Solutions with a whole number in them: `k\pi, k \in \mathbb{Z}`.

Covers one parameter that runs through all integers, whatever its name; two such families are one when they hold the
same numbers, as far as they are linear in it. Does not cover natural numbers only.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from factory.verify.algebra.expressions import parse, variables
from factory.verify.algebra.points import Unknowable, context, evaluate
from factory.verify.algebra.tokens import Unreadable
from factory.verify.literals.parts import is_name, sides_of

_DOMAIN: Final = re.compile(
    r"[\s,;(]*(?:\b(?:where|for|with|and)\b\s*)?(?:\b(?:any|all|every|each|some)\b\s*)?(?:\binteger\s*)?"
    r"\b([a-z])\s*(?:\\in\s*(?:\\mathbb\s*\{\s*Z\s*\}|Z)"
    r"|(?:is|are|be)\s+(?:an|any)\s+(?:arbitrary )?integer|为整数|是整数)\s*\)?$"
)


def family(text: str) -> tuple[str, str] | None:
    """The formula of a normalised family and its parameter; None for anything else."""
    if "\\in" not in text and "integer" not in text and "整数" not in text:
        return None
    text = text.replace("$", "")
    found = _DOMAIN.search(text)
    if found is None:
        return None
    named = sides_of(text[: found.start()].strip())
    if len(named) > 2 or (len(named) == 2 and not is_name(named[0])):
        return None
    return named[-1], found[1]


def same_family(reference: tuple[str, str], answer: tuple[str, str]) -> bool | None:
    """Whether two families hold the same numbers; None where they are not linear or hold other variables."""
    one, other = line(*reference), line(*answer)
    if one is None or other is None:
        return None
    (a, b), (c, d) = one, other
    near = context().mpf(10) ** -30
    shift = (b - d) / a
    return bool(abs(abs(a) - abs(c)) < near * abs(a) and abs(shift - context().nint(shift)) < near)


def line(formula: str, name: str) -> tuple[Any, Any] | None:
    """Slope and offset, to 50 digits."""
    try:
        tree = parse(formula)
        if variables(tree) != {name}:
            return None
        values = [evaluate(tree, {name: context().mpf(n)}) for n in range(4)]
    except (Unreadable, Unknowable):
        return None
    steps = [b - a for a, b in pairwise(values)]
    if not steps[0] or any(abs(s - steps[0]) > abs(steps[0]) * context().mpf(10) ** -30 for s in steps):
        return None
    return steps[0], values[0]
