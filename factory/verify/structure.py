r"""Answers made of parts: lists, sets, tuples, intervals, unions, matrices, equations, inequalities.

Covers taking them apart and comparing them part by part; what a single part is worth is asked of a function
`same(reference, answer) -> bool | None`. Does not cover numbers or formulas (`compare.py` passes them in).

A `Parts` of kind:
    list      1, 2 / 1 or 2 / 1 \pm 2      order is free
    set       \{1, 2\}                    order is free, doubles count once
    tuple     (1, 2) and [0, 1)            ordered; the brackets must agree
    union     (0, 1) \cup [2, 3]           order is free
    matrix    rows, each a tuple
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

Same = Callable[[str, str], bool | None]
MOST_PARTS: Final = 64
DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Parts:
    """An answer taken apart; `items` are normalised texts, `brackets` the outer pair of a tuple."""

    kind: str
    items: tuple[str, ...]
    brackets: str = ""


_OPEN: Final = "([{"
_CLOSE: Final = ")]}"
_WORDS: Final = re.compile(r"\s*(?:,\s*)?(?:\b(?:and|or|und|oder|et|ou)\b|或者?|和|以及|及|и|или|;|&)\s*")
_UNION: Final = re.compile(r"\s*\\cup(?![A-Za-z])\s*|\s+U\s+|(?<=[)\]])\s*U\s*(?=[(\[])")
_MATRIX: Final = re.compile(r"\\begin\{([pbvBV]?matrix|array)\}(?:\{[clr|]*\})?(.*)\\end\{\1\}", re.DOTALL)
_FENCED: Final = re.compile(r"[(\[|]\s*(\\begin\{array\}.*\\end\{array\})\s*[)\]|]", re.DOTALL)
"""`\\left[\\begin{array}...`: the brackets that other environments bring along."""
_ARRAY: Final = re.compile(r"[(\[]\s*([(\[][^()\[\]]{1,500}[)\]](?:\s*,\s*[(\[][^()\[\]]{1,500}[)\]])+)\s*[)\]]")
"""Rows in brackets, in brackets."""
_COMPLEMENT: Final = re.compile(r"\\mathbb ?\{R\} ?(?:\\setminus|\\backslash|-|\\) ?\\\{([^,{}]{1,40})\\\}")
_BUILDER: Final = re.compile(r"^\\\{ ?[A-Za-z] ?(?:\\in ?\\mathbb ?\{R\} ?)?[:|] ?(.{1,200})\\\}$")
_MEMBER: Final = re.compile(r"^[A-Za-z]\s*\\in(?![A-Za-z])\s*")
_ALL_BUT: Final = re.compile(r"[A-Za-z] ?\\ne ?([^,=<>\s]{1,40})")
_DISTANCE: Final = re.compile(r"\|[A-Za-z]\| ?(\\le(?![A-Za-z])|\\ge(?![A-Za-z])|<=|>=|<|>) ?([^|<>]{1,40})")
_PLUS_MINUS: Final = re.compile(r"\\pm(?![A-Za-z])\s*")
_RELATION: Final = re.compile(r"\\le(?![A-Za-z])|\\ge(?![A-Za-z])|<=|>=|<|>")
_NAME: Final = re.compile(r"^[A-Za-z](?:_\{?\w+\}?)?$")


def take_apart(text: str) -> Parts | None:
    """The parts of a normalised answer; None if it is a single thing."""
    if len(text) > 4000:
        return None
    text = _FENCED.sub(r"\1", text.strip())
    if found := _MATRIX.fullmatch(text):
        rows = [row for row in re.split(r"\\\\", found[2]) if row.strip()]
        return Parts("matrix", tuple(f"({','.join(cell.strip() for cell in row.split('&'))})" for row in rows))
    if found := _ARRAY.fullmatch(text.strip()):
        rows = [row for row in split(found[1], ",") if row]
        return Parts("matrix", tuple(f"({row[1:-1]})" for row in rows))
    if found := _COMPLEMENT.fullmatch(text.strip()):
        return Parts("union", (f"(-\\infty,{found[1]})", f"({found[1]},\\infty)"))
    text = _MEMBER.sub("", _BUILDER.sub(r"\1", text.strip()))
    if text.count("\\pm") == 1 and text[:2] != "\\{" and len(list(split(text, ",;"))) == 1:
        return Parts("list", tuple(dict.fromkeys(_PLUS_MINUS.sub(s, text) for s in "+-")))
    if found := _ALL_BUT.fullmatch(text):
        return Parts("union", (f"(-\\infty,{found[1]})", f"({found[1]},\\infty)"))
    unions = [part for part in _UNION.split(text) if part]
    if len(unions) > 1 and all(u[0] in _OPEN + "\\" for u in unions):
        return Parts("union", tuple(unions[:MOST_PARTS]))
    return _bracketed(text) or _interval(text) or _rays(text) or _bare(text)


def _bracketed(text: str) -> Parts | None:
    if text.startswith("\\{") and text.endswith("\\}"):
        opener, inside, closer = "{", text[2:-2], "}"
    elif text[:1] in _OPEN and text[-1:] in _CLOSE and text[:1] and len(text) > 1:
        opener, inside, closer = text[0], text[1:-1], text[-1]
    else:
        return None
    if not _is_one_group(inside):
        return None
    items = list(split(inside, ",;"))
    if opener == "{":
        return Parts("set", _both_signs(items)) if closer == "}" else None
    if len(items) < 2 or len(items) > MOST_PARTS:
        return None
    return Parts("tuple", tuple(items), opener + closer)


def _both_signs(items: list[str]) -> tuple[str, ...]:
    r"""Items with each `\pm` written out: `0, \pm 1` is three."""
    return tuple(_PLUS_MINUS.sub(s, item) for item in items for s in ("+-" if item.count("\\pm") == 1 else "+"))


def _bare(text: str) -> Parts | None:
    items: list[str] = []
    for piece in split(text, ",;"):
        whole = piece[:1] in ("(", "[") and piece[-1:] in _CLOSE and _is_one_group(piece[1:-1])
        items.extend(part for part in ([piece] if whole else _WORDS.split(piece)) if part.strip())
    items = [item.strip() for item in items if item.strip()]
    return Parts("list", _both_signs(items)) if 2 <= len(items) <= MOST_PARTS else None


def _interval(text: str) -> Parts | None:
    r"""`2 < x \le 5`, `x \ge 3`: the interval of a variable between constants."""
    if found := _DISTANCE.fullmatch(text):
        return _around_zero(_ray(found[2], _flip(found[1])))
    relations = _RELATION.findall(text)
    sides = [side.strip() for side in _RELATION.split(text)]
    if len(relations) == 1 and all(sides):
        left, right = sides
        if _NAME.match(left) and not _NAME.match(right):
            return _ray(right, _flip(relations[0]))
        return _ray(left, relations[0]) if _NAME.match(right) and not _NAME.match(left) else None
    if len(relations) == 2 and all(sides) and _NAME.match(sides[1]):
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


def _rays(text: str) -> Parts | None:
    """`x < 0 or x > 1` is a union."""
    if re.search(r"\band\b", text):
        return None  # both at once: an interval or nothing
    pieces = [piece for piece in _WORDS.split(text) if piece]
    return Parts("union", tuple(pieces)) if len(pieces) == 2 and all(map(_interval, pieces)) else None


def _ray(bound: str, relation: str) -> Parts:
    """The numbers x with `bound relation x`."""
    closed = relation not in "<>"
    if relation in ("<", "<=", "\\le"):
        return Parts("tuple", (bound, "\\infty"), "[)" if closed else "()")
    return Parts("tuple", ("-\\infty", bound), "(]" if closed else "()")


def _flip(relation: str) -> str:
    return {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "\\le": "\\ge", "\\ge": "\\le"}[relation]


def is_name(text: str) -> bool:
    """Whether the text is a variable's name."""
    return _NAME.match(text) is not None


def _is_one_group(inside: str) -> bool:
    """Whether the outer brackets of `(inside)` belong together, unlike those of `(a)(b)`."""
    depth = 0
    for char in inside:
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth < 0:
            return False
    return True


def split(text: str, marks: str) -> Iterator[str]:
    """Split at marks outside brackets."""
    depth = start = 0
    for place, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE)
        if char in marks and depth <= 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def same_parts(reference: Parts, answer: Parts, same: Same) -> bool | None:
    """Compare part by part: False as soon as something must differ, None if a part can't be told."""
    one, other = reference, answer
    kinds = {one.kind, other.kind}
    if kinds == {"matrix", "tuple"}:
        one, other = _vector(one), _vector(other)
        return _in_order(one.items, other.items, same) if one.brackets == other.brackets == "()" else None
    if kinds == {"tuple", "list"} or kinds == {"set", "tuple"}:
        if "list" in kinds and all(p.kind == "list" or p.brackets == "()" for p in (one, other)):
            return _in_order(one.items, other.items, same)  # (1, 2) beside x = 1, y = 2
        return None
    if one.kind != other.kind and kinds != {"list", "set"}:
        return False if "matrix" not in kinds else None
    if one.kind in ("tuple", "matrix"):
        if one.brackets != other.brackets:
            return False
        return _in_order(one.items, other.items, same)
    if _all_named(one.items) and _all_named(other.items):
        return _by_name(one.items, other.items, same)
    return _in_any_order(one.items, other.items, same)


def _vector(parts: Parts) -> Parts:
    """A matrix of one row or one column as the tuple it is, anything else as it came."""
    rows = [list(split(row[1:-1], ",")) for row in parts.items] if parts.kind == "matrix" else []
    if rows and (len(rows) == 1 or all(len(row) == 1 for row in rows)):
        return Parts("tuple", tuple(cell for row in rows for cell in row), "()")
    return parts


def _in_order(one: tuple[str, ...], other: tuple[str, ...], same: Same) -> bool | None:
    if len(one) != len(other):
        return False
    verdicts = [same(a, b) for a, b in zip(one, other, strict=True)]
    return False if False in verdicts else None if None in verdicts else True


def _in_any_order(one: tuple[str, ...], other: tuple[str, ...], same: Same) -> bool | None:
    """Every part has a partner on the other side; so doubles count once."""
    if max(len(one), len(other)) > 16 and len(one) != len(other):
        return False
    table = [[same(a, b) for b in other] for a in one]
    unsure = False
    for line in [*table, *zip(*table, strict=True)]:
        if True not in line:
            if None not in line:
                return False
            unsure = True
    return None if unsure else True


def _all_named(items: tuple[str, ...]) -> bool:
    names = [item.partition("=")[0].strip() for item in items if item.count("=") == 1]
    return len(names) == len(items) and all(map(_NAME.match, names)) and len(set(names)) == len(names)


def _by_name(one: tuple[str, ...], other: tuple[str, ...], same: Same) -> bool | None:
    left, right = sorted(map(_named, one)), sorted(map(_named, other))
    if [name for name, _ in left] != [name for name, _ in right]:
        return None
    return _in_order(tuple(value for _, value in left), tuple(value for _, value in right), same)


def _named(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name.strip(), value.strip()
