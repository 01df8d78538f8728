r"""Inequalities as the intervals they mean: `2 < x \le 5`, `-x > -1`, `x < 0 or x > 1`.

Covers one variable, where it stands alone or the sides are linear in it; anything else is a chain of formulas in
rising order. Does not cover what stands in an interval's ends (`structure.py` compares them).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from factory.verify.algebra.expressions import Tree, parse, variables
from factory.verify.algebra.tokens import Unreadable
from factory.verify.algebra.values import as_fraction, exact
from factory.verify.literals.numbers import read_number
from factory.verify.literals.parts import AND_OR, Parts, split

_DISTANCE: Final = re.compile(r"\|[A-Za-z]\| ?(\\le(?![A-Za-z])|\\ge(?![A-Za-z])|<=|>=|<|>) ?([^|<>]{1,40})")
ORDER: Final = re.compile(r"\\le(?![A-Za-z])|\\ge(?![A-Za-z])|<=|>=|<|>")
_SIZE: Final = re.compile(r"\|[A-Za-z]\|")
_SUBJECT: Final = re.compile(r"[A-Za-z](?:_\{?\w+\}?)?(?: ?\([a-z]\))?$")
"""`x`, `x_1` or `f(x)`: what an inequality is about."""
_LETTER: Final = re.compile(r"(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])(?:_\{?\w+\}?)?")
_NOT: Final = re.compile(r"[A-Za-z] ?\\ne ?([^,=<>\s]{1,40})")
_FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "\\le": "\\ge", "\\ge": "\\le"}
_LOW: Final = frozenset(["<", "<=", "\\le"])


def interval(text: str) -> Parts | None:
    r"""`2 < x \le 5`, `x \ge 3`: the interval of a variable; `f(1) < f(3) < f(2)`: a chain."""
    if "<" not in text and ">" not in text and "\\le" not in text and "\\ge" not in text:
        return None
    if found := _DISTANCE.fullmatch(text):
        return _around_zero(_ray(found[2], _FLIPPED[found[1]]))
    relations = ORDER.findall(text)
    sides = [side.strip() for side in ORDER.split(text)]
    if not relations or not all(sides) or len({r in _LOW for r in relations}) > 1:
        return None
    if relations[0] not in _LOW:
        relations, sides = [_FLIPPED[r] for r in reversed(relations)], sides[::-1]
    known = _single(sides[0], sides[1], relations[0]) if len(relations) == 1 else _double(sides, relations)
    return known or Parts("chain", tuple(sides), " ".join("<" if r == "<" else "<=" for r in relations))


def _single(left: str, right: str, relation: str) -> Parts | None:
    """The variable's ray where `left relation right`, the relation being < or at most."""
    if bool(_SUBJECT.match(left)) != bool(_SUBJECT.match(right)) and not set(_names(left)) & set(_names(right)):
        return _ray(right, _FLIPPED[relation]) if _SUBJECT.match(left) else _ray(left, relation)
    line = _line(f"({left})-({right})")
    if line is None or not line[0]:
        return None
    slope, offset = line
    return _ray(str(-offset / slope), _FLIPPED[relation] if slope > 0 else relation)


def _double(sides: list[str], relations: list[str]) -> Parts | None:
    low, high = (r == "<" for r in relations[:2])
    if len(relations) != 2:
        return None
    if _SIZE.fullmatch(sides[1]):
        return _ring(sides, relations)
    if _SUBJECT.match(sides[1]):
        return Parts("tuple", (sides[0], sides[2]), ("(" if low else "[") + (")" if high else "]"))
    line, ends = _line(sides[1]), [_line(side) for side in (sides[0], sides[2])]
    if line is None or not line[0] or any(end is None or end[0] for end in ends):
        return None
    bounds = [(end[1] - line[1]) / line[0] for end in ends if end]
    if line[0] < 0:
        bounds, low, high = bounds[::-1], high, low
    return Parts("tuple", (str(bounds[0]), str(bounds[1])), ("(" if low else "[") + (")" if high else "]"))


def _names(text: str) -> list[str]:
    return _LETTER.findall(text)


def _line(text: str) -> tuple[Fraction, Fraction] | None:
    """Slope and offset of a formula that is linear in its one variable, with rational coefficients."""
    try:
        tree = parse(text)
    except Unreadable:
        return None
    return _linear(tree) if len(variables(tree)) <= 1 else None


def _linear(tree: Tree) -> tuple[Fraction, Fraction] | None:
    kind = tree[0]
    if kind == "v":
        return Fraction(1), Fraction(0)
    if (value := exact(tree)) is not None:
        return Fraction(0), value
    parts = [_linear(part) for part in tree[1:]] if kind in ("+", "-", "neg", "*", "/") else [None]
    if parts[0] is None or parts[-1] is None:
        return None
    (a, b), (c, d) = parts[0], parts[-1]
    if kind == "neg":
        return -a, -b
    if kind in "+-":
        return (a + c, b + d) if kind == "+" else (a - c, b - d)
    if kind == "*":
        return None if a and c else (a * d + b * c, b * d)
    return (a / d, b / d) if d and not c else None


def _around_zero(ray: Parts) -> Parts:
    r"""The x with |x| on a ray: `|x| < a` is (-a, a), `|x| \ge a` a union."""
    low, high = ray.items
    if low == "-\\infty":
        return Parts("tuple", (f"-({high})", high), ("[" if ray.brackets[1] == "]" else "(") + ray.brackets[1])
    opener, closer = ray.brackets[0], "]" if ray.brackets[0] == "[" else ")"
    return Parts("union", (f"(-\\infty,-({low}){closer}", f"{opener}{low},\\infty)"))


def _ring(sides: list[str], relations: list[str]) -> Parts:
    r"""`1 \le |x| < 2`: what lies between, on either side of zero."""
    opener, closer = "(" if relations[0] == "<" else "[", ")" if relations[1] == "<" else "]"
    mirrored = {"(": ")", "[": "]", ")": "(", "]": "["}
    left = f"{mirrored[closer]}-({sides[2]}),-({sides[0]}){mirrored[opener]}"
    return Parts("union", (left, f"{opener}{sides[0]},{sides[2]}{closer}"))


def several(text: str) -> Parts | None:
    r"""`x < 0 or x > 1` is a union, `x > 0 and x < 1` an interval, `0 < x < 2, x \ne 1` one without a point."""
    pieces = [part for piece in split(text, ",;") for part in AND_OR.split(piece) if part.strip()]
    if len(pieces) > 2 and " or " in text and not re.search(r"\band\b|[,;]", text) and all(map(interval, pieces)):
        return Parts("union", tuple(pieces))
    if len(pieces) != 2 or len(set(_names(AND_OR.sub(" ", text)))) != 1:
        return None
    if hole := _NOT.fullmatch(pieces[1]):
        whole = interval(pieces[0])
        return without(whole, hole[1]) if whole else None
    both = [interval(piece) for piece in pieces]
    if not all(one and one.kind == "tuple" for one in both):
        return None
    ends = [[item for item in one.items if "\\infty" not in item] for one in both if one]
    bounds = [_value(end[0]) for end in ends if len(end) == 1]
    if len(bounds) == 2 and None not in bounds and both[0] and both[1]:
        lower, upper = sorted(both, key=lambda one: one is not None and "-\\infty" in one.items)
        if lower and upper and "-\\infty" in upper.items and "-\\infty" not in lower.items:
            return _meet(lower, upper, " or " in text)
    return Parts("union", tuple(pieces)) if AND_OR.search(text) and not re.search(r"\band\b", text) else None


def _value(bound: str) -> Fraction | None:
    """What an end of an interval is worth, if it is a constant."""
    if (number := read_number(bound)) is not None:
        return number.value
    try:
        return as_fraction(parse(bound))
    except Unreadable:
        return None


def _meet(lower: Parts, upper: Parts, either: bool) -> Parts | None:
    """What a ray upwards and one downwards mean together: nobody writes all numbers or none that way."""
    low, high = _value(lower.items[0]), _value(upper.items[1])
    if low is None or high is None:
        return None
    if low < high:
        return (
            None if either else Parts("tuple", (lower.items[0], upper.items[1]), lower.brackets[0] + upper.brackets[1])
        )
    return Parts("union", tuple(f"{p.brackets[0]}{p.items[0]},{p.items[1]}{p.brackets[1]}" for p in (upper, lower)))


def without(whole: Parts, point: str) -> Parts | None:
    """An interval without a point inside it."""
    if whole.kind != "tuple" or len(whole.items) != 2:
        return None
    (low, high), opener, closer = whole.items, whole.brackets[0], whole.brackets[1]
    return Parts("union", (f"{opener}{low},{point})", f"({point},{high}{closer}"))


def _ray(bound: str, relation: str) -> Parts:
    """The numbers x with `bound relation x`."""
    closed = relation not in "<>"
    if relation in _LOW:
        return Parts("tuple", (bound, "\\infty"), "[)" if closed else "()")
    return Parts("tuple", ("-\\infty", bound), "(]" if closed else "()")
