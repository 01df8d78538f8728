r"""Inequalities as the intervals they mean: `2 < x \le 5`, `-x > -1`, `x < 0 or x > 1`.

Covers one variable. Does not cover what stands in an interval's ends (`structure.py` compares them).
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.parts import AND_OR, NAME, Parts

_DISTANCE: Final = re.compile(r"\|[A-Za-z]\| ?(\\le(?![A-Za-z])|\\ge(?![A-Za-z])|<=|>=|<|>) ?([^|<>]{1,40})")
_RELATION: Final = re.compile(r"\\le(?![A-Za-z])|\\ge(?![A-Za-z])|<=|>=|<|>")


def interval(text: str) -> Parts | None:
    r"""`2 < x \le 5`, `x \ge 3`: the interval of a variable between constants."""
    if found := _DISTANCE.fullmatch(text):
        return _around_zero(_ray(found[2], _flip(found[1])))
    relations = _RELATION.findall(text)
    sides = [side.strip() for side in _RELATION.split(text)]
    if len(relations) == 1 and all(sides):
        left, right = sides
        if NAME.match(left) and not NAME.match(right):
            return _ray(right, _flip(relations[0]))
        return _ray(left, relations[0]) if NAME.match(right) and not NAME.match(left) else None
    if len(relations) == 2 and all(sides) and NAME.match(sides[1]):
        low, high = relations
        if low[0] == ">" or low == "\\ge":
            low, high, sides = _flip(high), _flip(low), sides[::-1]
        if _flip(low)[0] == "<" or high[0] == ">" or high == "\\ge":
            return None
        return Parts("tuple", (sides[0], sides[2]), ("(" if low == "<" else "[") + (")" if high == "<" else "]"))
    return None


def _around_zero(ray: Parts) -> Parts:
    r"""The x with |x| on a ray: `|x| < a` is (-a, a), `|x| \ge a` a union."""
    low, high = ray.items
    if low == "-\\infty":
        return Parts("tuple", (f"-({high})", high), ("[" if ray.brackets[1] == "]" else "(") + ray.brackets[1])
    opener, closer = ray.brackets[0], "]" if ray.brackets[0] == "[" else ")"
    return Parts("union", (f"(-\\infty,-({low}){closer}", f"{opener}{low},\\infty)"))


def rays(text: str) -> Parts | None:
    """`x < 0 or x > 1` is a union."""
    if re.search(r"\band\b", text):
        return None  # both at once: an interval or nothing
    pieces = [piece for piece in AND_OR.split(text) if piece]
    return Parts("union", tuple(pieces)) if len(pieces) == 2 and all(map(interval, pieces)) else None


def _ray(bound: str, relation: str) -> Parts:
    """The numbers x with `bound relation x`."""
    closed = relation not in "<>"
    if relation in ("<", "<=", "\\le"):
        return Parts("tuple", (bound, "\\infty"), "[)" if closed else "()")
    return Parts("tuple", ("-\\infty", bound), "(]" if closed else "()")


def _flip(relation: str) -> str:
    return {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "\\le": "\\ge", "\\ge": "\\le"}[relation]
