"""Whether two formulas or equations, each perhaps with a unit behind it, are one.

Covers what `expressions.py` can parse. Does not cover answers of several parts (`comparison/structure.py`) nor names on
one side only (`comparison/compare.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from factory.verify.algebra.expressions import Tree, parse, variables
from factory.verify.algebra.tokens import Unreadable
from factory.verify.algebra.values import as_fraction, proportional, same_value
from factory.verify.literals.numbers import Quantity, read_number, same_number
from factory.verify.literals.parts import sides_of
from factory.verify.literals.units import is_known, read_unit


@dataclass(frozen=True, slots=True)
class Decision:
    """`correct` is None when nobody can tell; `by` names the step that decided, or why none could."""

    correct: bool | None
    by: str


UNDECIDED: Final = Decision(None, "undecided")
RELATION: Final = re.compile(r"\\(?:le|ge|ne|in)(?![A-Za-z])|[<>]")
_POINTS: Final = re.compile(r"[A-Z]{2,4}$")
_TRIG: Final = re.compile(r"sin|cos|tan|cot|sec|csc")
_PROSE: Final = re.compile(
    r"(?:^|(?<=\s))(?:is|are|was|so|the|an|of|to|in|it|we|be|he|has|had|at|on|by|as|if|or|and|not|no|yes|for)"
    r"(?:\s|$)|(?<![\\A-Za-z])[A-Za-z]{4,}\s+[A-Za-z]{2,}"
)


def read_formula(text: str) -> tuple[Tree, str]:
    """The tree of a formula and the unit that follows it. Raises Unreadable."""
    unit = ""
    head, gap, tail = text.rpartition(" ")
    if tail.startswith("^") and tail != "^\\circ":
        head, gap, more = head.rpartition(" ")
        tail = more + tail
    if head.endswith((" square", " cubic", " sq.", " cu.")):
        head, _, more = head.rpartition(" ")
        tail = f"{more} {tail}"
    if gap and head and (found := read_unit(" " + tail)) and (is_known(found) or len(found) > 3):
        if len(tail) == 1 and (product := _product(text)):
            return product, ""
        text, unit = head, found if found != "rad" else ""
    elif text.endswith("^\\circ") and not _TRIG.search(text):
        text, unit = text.removesuffix("^\\circ").strip(), "^\\circ"
    if _PROSE.search(text):
        raise Unreadable("prose")
    return parse(text), unit


def _product(text: str) -> Tree | None:
    """`c^2 m`: among variables a letter is no unit."""
    try:
        tree = parse(text)
    except Unreadable:
        return None
    return tree if len(variables(tree)) > 1 else None


def same_formula(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    """A step of the cascade (`comparison/compare.py`): None where either text is no formula."""
    if len(sides_of(reference)) == len(sides_of(answer)) == 2 and not RELATION.search(reference + answer):
        return _equations(reference, answer)
    try:
        (one, unit), (other, other_unit) = read_formula(reference), read_formula(answer)
    except Unreadable:
        return None
    if (unit and other_unit and unit != other_unit) or ("units" in strict and bool(unit) != bool(other_unit)):
        return UNDECIDED
    if one == other and not unit and not other_unit:
        return Decision(True, "formula")
    if (one[0] == "v" and other[0] == "v") or (_POINTS.match(reference) and _POINTS.match(answer)):
        return UNDECIDED  # two names: a word, a choice or a triangle
    one, other = _one_constant(one, other)
    same = same_value(one, other)
    if same is not True and bool(unit) != bool(other_unit) and _same_products(reference, answer):
        return Decision(True, "formula")
    if same is False and (unit == "^\\circ") != (other_unit == "^\\circ"):  # degrees beside radians
        same = same_value(*(("f", "degrees", t) if u else t for t, u in ((one, unit), (other, other_unit))))
    if same is False:
        return Decision(_rounded(reference, answer, one, other), "formula")
    return Decision(same, "formula" if same is not None else "undecided")


def _same_products(reference: str, answer: str) -> bool:
    """Whether what one side was taken to have as its unit is a factor of both: `5 m` beside `5m`."""
    try:
        return same_value(parse(reference), parse(answer)) is True
    except Unreadable:
        return False


def _rounded(reference: str, answer: str, one: Tree, other: Tree) -> bool | None:
    """A decimal beside an exact value: as `same_number` has it for fractions."""
    left, right = read_number(reference), read_number(answer)
    if (left is None) == (right is None):
        return False
    value = as_fraction(other if left is not None else one)
    if value is None:
        return False
    return same_number(left or Quantity(value), right or Quantity(value))


def _equations(reference: str, answer: str) -> Decision | None:
    """Two equations are one when their differences are proportional, but a solution is one only when it is solved."""
    try:
        sides = [parse(side) for text in (reference, answer) for side in sides_of(text)]
    except Unreadable:
        return None
    one, other = ("-", sides[0], sides[1]), ("-", sides[2], sides[3])
    same = proportional(one, other)
    if same and _is_solved(sides[0], sides[1]) and not (_is_solved(*sides[2:]) or _is_solved(sides[3], sides[2])):
        return UNDECIDED  # `4x = 36` says no x
    return Decision(same, "formula") if same is not None else None


def _is_solved(left: Tree, right: Tree) -> bool:
    """`x = 9`, unlike `y = 2x`: a variable, and what it is without any."""
    return left[0] == "v" and not variables(right)


def _one_constant(one: Tree, other: Tree) -> tuple[Tree, Tree]:
    """Both with `C` as the constant of integration, where one says `c`."""
    names, others = variables(one), variables(other)
    if names ^ others != {"C", "c"} or len(names - others) != 1:
        return one, other
    return _renamed(one), _renamed(other)


def _renamed(tree: Tree) -> Tree:
    if tree == ("v", "c"):
        return ("v", "C")
    return tuple(_renamed(part) if isinstance(part, tuple) else part for part in tree)


_TIME: Final = re.compile(r"\d+(?::\d\d)+$")


def same_ratio(reference: str, answer: str) -> bool | None:
    """`1:2` is `2:4` and `1/2`, `1:2:3` is `2:4:6`; two digits after a colon may be a time: nothing is said."""
    one, other = _terms(reference), _terms(answer)
    if len(one) < 2 or _TIME.match(reference) or (len(other) < 2 and (":" in answer or len(one) > 2)):
        return None
    try:
        left, right = [parse(term) for term in one], [parse(term) for term in other]
    except Unreadable:
        return None
    if len(right) == 1:
        return same_value(("/", *left), right[0])
    if len(left) != len(right):
        return False
    verdicts = [same_value(("*", left[0], b), ("*", right[0], a)) for a, b in zip(left[1:], right[1:], strict=True)]
    return False if False in verdicts else None if None in verdicts else True


def _terms(text: str) -> list[str]:
    return [term.strip() for term in _TO.sub(":", text).split(":")]


_TO: Final = re.compile(r"(?<=\d) to (?=\d)")
