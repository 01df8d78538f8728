"""Equations as answers: what their left sides are, and when their right side alone says it.

Covers names, functions and relations. Does not cover whether two equations are one (`algebra/formulas.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from factory.verify.algebra.expressions import Tree, parse, variables
from factory.verify.algebra.formulas import read_formula
from factory.verify.algebra.tokens import Unreadable
from factory.verify.literals.normalise import key, normalise
from factory.verify.literals.numbers import read_number
from factory.verify.literals.parts import is_name, is_one_group, sides_of

_FUNCTION: Final = re.compile(r"^[A-Za-z]\s?\([a-z]\)$")
_DERIVATIVE: Final = re.compile(r"\\frac ?\{ ?d ?[a-z] ?\} ?\{ ?d ?[a-z] ?\}|[a-z] ?' ?(?:\([a-z]\))?")
_OPERATOR: Final = re.compile(r"\\frac ?\{ ?d ?\} ?\{ ?d ?[a-z] ?\}|d/d[a-z]\b")
"""`d/dx f(x)` names what its right side is."""
_CALL: Final = re.compile(r"[A-Za-z](?:_\{?\w{1,3}\}?)?'{0,2}\s?\([^()]{1,40}\)$")
_FOR_ALL: Final = re.compile(
    r"(?:,| for| where| with)+ ?\(? ?(?:all|any|every|each)? ?(?:real )?(?:numbers? )?[A-Za-z](?:_\{?\d\}?)?"
    r" ?(?:\\in ?\\mathbb ?\{[RQC]\}|(?:is|being) (?:a|an|any) (?:arbitrary |real )*(?:constant|number))? ?\)?$"
)
"""Behind a formula: `for all x`, `, C \\in \\mathbb{R}`."""


def unconditioned(text: str) -> str:
    """A formula without what is said behind it of all its letters."""
    return _FOR_ALL.sub("", text) if " for" in text or "\\in" in text or "constant" in text else text


def unbracketed(text: str) -> str:
    """`(3 + 4 = 7)` without its brackets."""
    whole = text[:1] == "(" and text[-1:] == ")" and "=" in text and "," not in text and is_one_group(text[1:-1])
    return text[1:-1].strip() if whole else text


def is_relation(left: str, right: str, ties: Callable[[Tree], bool]) -> bool:
    """Whether an equation ties variables together, so that its right side alone is not what it says: `a + 3z = 0`."""
    try:
        tree = parse(left)
    except Unreadable:
        return False  # `P(A) = 1/2`, `|AB| = 5`: a name of its own
    if _OPERATOR.match(left):
        return False
    if tree[0] == "n":
        return not is_name(right)
    return tree[0] not in ("v", "f") and bool(variables(tree)) and _CALL.match(left) is None and ties(tree)


def has_numbers(tree: Tree) -> bool:
    """Whether a formula adds something up or holds a number: `2x`, `x + y`, unlike `AB`."""
    return tree[0] in ("n", "+", "-") or any(has_numbers(part) for part in tree[1:] if isinstance(part, tuple))


def has_number(tree: Tree) -> bool:
    """Whether a number stands anywhere in a formula."""
    return tree[0] == "n" or any(has_number(part) for part in tree[1:] if isinstance(part, tuple))


def same_name(one: str, other: str) -> bool:
    """`x` and `x`, `x` and `x_1`, or `f(x)` and `y`."""
    if key(one) == key(other):
        return is_name(one) or _CALL.match(one) is not None
    if is_name(one) and is_name(other) and ("_" in one) != ("_" in other):
        return one[0] == other[0]
    if all(_DERIVATIVE.fullmatch(name) for name in (one, other)):
        return True
    return all(_FUNCTION.match(name) or name == "y" for name in (one, other))


def right_side(text: str) -> str:
    """What an equation says its name is: of `5 = x` the left side."""
    sides = sides_of(text)
    flipped = len(sides) == 2 and is_name(sides[1]) and read_number(sides[0]) is not None
    return sides[0] if flipped else sides[-1]


def is_value(text: str) -> bool:
    """Whether a text is a number or a formula by itself."""
    text = normalise(text)
    if read_number(text) is not None:
        return True
    try:
        return read_formula(right_side(text))[0] is not None
    except Unreadable:
        return False
