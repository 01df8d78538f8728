r"""Answers made of parts: lists, sets, tuples, intervals, unions, matrices, equations, inequalities.

Covers taking them apart and comparing them part by part; what a single part is worth is asked of a function
`same(reference, answer) -> bool | None`. Does not cover numbers or formulas (`compare.py` passes them in).

A `Parts` of kind:
    list      1, 2 / 1 or 2 / 1 \pm 2      order is free
    set       \{1, 2\}                    order is free, doubles count once
    tuple     (1, 2) and [0, 1)            ordered; the brackets must agree
    union     (0, 1) \cup [2, 3]           order is free
    matrix    rows, each a tuple
    chain     f(1) < f(3) < f(2)           ordered; `brackets` are its relations
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from factory.verify.comparison.inequalities import interval, several, without
from factory.verify.comparison.matrices import matrix
from factory.verify.literals.parts import AND_OR, CLOSE, MOST_PARTS, NAME, OPEN, Parts, is_one_group, split

Same = Callable[[str, str], bool | None]


_UNION: Final = re.compile(r"\s*\\cup(?![A-Za-z])\s*|\s+U\s+|(?<=[)\]])\s*U\s*(?=[(\[])")
_SET: Final = re.compile(r"\\\{[^{}]+\\\}")
_BOUND: Final = re.compile(
    r"(?:[Aa]ll )?(?:real )?(?:numbers?|reals|values of [a-z]|([a-z]))(?: that are| is| are| must be"
    r"| ha(?:s|ve) to be)?(?: strictly)? (greater|larger|less|smaller) than( or equal to)? ([^,=<>\s]{1,40})"
)
"""`all real numbers greater than 3`, `k must be less than 2`"""
_POINT: Final = re.compile(r"^[A-Z] ?(?=\([^()]+,[^()]+\)$)")
"""The name of a point before its coordinates: `P(2, 3)`."""
_COMPLEMENT: Final = re.compile(r"\\mathbb ?\{R\} ?(?:\\setminus|\\backslash|-|\\) ?\\\{([^,{}]{1,40})\\\}")
_BUILDER: Final = re.compile(r"^\\\{ ?[A-Za-z] ?(?:\\in ?\\mathbb ?\{R\} ?)?[:|] ?(.{1,200})\\\}$")
_MEMBER: Final = re.compile(r"^(?:(?:[A-Za-z]|\([a-z](?:, ?[a-z])+\))\s*\\in(?![A-Za-z])|\\mathbb\{[A-Z]\} ?=)\s*")
_ALL_BUT: Final = re.compile(r"[A-Za-z] ?\\ne ?([^,=<>\s]{1,40})")
_ALL_BUT_IN_WORDS: Final = re.compile(
    r"(?:x is )?(?:all|any|every) real(?:s| numbers?)?(?: x)?,? (?:except|other than|but|besides)(?: for)?"
    r"(?: (?:x ?=|when x ?=|at))? ?(?:x ?= ?)?([^,=<>\s]{1,40})"
)
_AT_ONCE: Final = re.compile(r"\(([A-Za-z0-9_,{} ]{3,60})\) ?= ?\((.{3,300})\)")
"""`(x, y) = (1, 2)`."""
_CASES: Final = re.compile(
    r"\\begin\{(?:cases|aligned|array)\}(?:\{[clr]*\})?([^&]*)\\end\{(?:cases|aligned|array)\}", re.DOTALL
)
_HOLE: Final = re.compile(r"([\[(][^\[\]()]{1,100}[\])]) ?(?:\\setminus|\\backslash) ?\\\{([^,{}]{1,40})\\\}")
_FRENCH: Final = re.compile(r"(?:(?=\])|(?=.*\[$))([\[\]])([^\[\](){}]{1,100}[,;][^\[\](){}]{1,100})([\[\]])")
"""`]0, 1]` is (0, 1]."""
_PLUS_MINUS: Final = re.compile(r"\\pm(?![A-Za-z])\s*")


def take_apart(text: str) -> Parts | None:
    """The parts of a normalised answer; None if it is a single thing."""
    if len(text) > 4000:
        return None
    text = text.strip()
    if text[:1] == "{" and text[-1:] == "}" and is_one_group(text[1:-1]):
        text = f"\\{text[:-1]}\\}}"  # a set as people type it
    text = _POINT.sub("", text)
    if found := _BOUND.fullmatch(text):
        sign = ">" if found[2] in ("greater", "larger") else "<"
        text = f"{found[1] or 'x'} {sign}{'=' if found[3] else ''} {found[4]}"
        text = text.replace(">=", "\\ge").replace("<=", "\\le")
    if (known := matrix(text)) is not None:
        return known
    if found := _COMPLEMENT.fullmatch(text):
        return Parts("union", (f"(-\\infty,{found[1]})", f"({found[1]},\\infty)"))
    if found := _CASES.fullmatch(text):
        text = ", ".join(row.strip() for row in found[1].split("\\\\") if row.strip())
    text = _MEMBER.sub("", _BUILDER.sub(r"\1", text))
    if found := _HOLE.fullmatch(text):
        whole = _bracketed(found[1])
        return without(whole, found[2]) if whole else None
    if "\\mp" in text and "\\pm" not in text:
        text = text.replace("\\mp", "\\pm")
    if text.count("\\pm") == 1 and text[:2] != "\\{" and len(list(split(text, ",;"))) == 1:
        return Parts("list", tuple(dict.fromkeys(_PLUS_MINUS.sub(s, text) for s in "+-")))
    if found := _ALL_BUT.fullmatch(text) or _ALL_BUT_IN_WORDS.fullmatch(text):
        return Parts("union", (f"(-\\infty,{found[1]})", f"({found[1]},\\infty)"))
    if found := _AT_ONCE.fullmatch(text):
        names, values = list(split(found[1], ",")), list(split(found[2], ","))
        if len(names) == len(values) and all(map(NAME.match, names)):
            return Parts("list", tuple(f"{name} = {value}" for name, value in zip(names, values, strict=True)))
    unions = [part for part in _UNION.split(text) if part]
    if len(unions) > 1 and all(_SET.fullmatch(u) for u in unions):
        return Parts("set", tuple(item for u in unions for item in _both_signs(list(split(u[2:-2], ",;")))))
    if len(unions) > 1 and all(u[0] in OPEN + "\\]" for u in unions):
        return Parts("union", tuple(unions[:MOST_PARTS]))
    return _bracketed(text) or several(text) or _only_interval(text) or _groups(text) or _bare(text)


def _only_interval(text: str) -> Parts | None:
    """One inequality, not a row of them."""
    return interval(text) if len(list(split(text, ",;"))) == 1 and not AND_OR.search(text) else None


def _groups(text: str) -> Parts | None:
    """`p = 5, q = 2; p = 7, q = 2`: a list of tuples, the names in their order."""
    groups = [list(split(group, ",")) for group in AND_OR.split(text) if group.strip()]
    if len(groups) < 2 or any(len(items) < 2 or not _all_named(tuple(items)) for items in groups):
        return None
    named = [sorted(map(_named, items)) for items in groups]
    if len({tuple(name for name, _ in items) for items in named}) != 1:
        return None
    return Parts("list", tuple(f"({','.join(value for _, value in items)})" for items in named))


def _bracketed(text: str) -> Parts | None:
    if found := _FRENCH.fullmatch(text):
        text = ("(" if found[1] == "]" else "[") + found[2] + (")" if found[3] == "[" else "]")
    if text.startswith("\\{") and text.endswith("\\}"):
        opener, inside, closer = "{", text[2:-2], "}"
    elif text[:1] in OPEN and text[-1:] in CLOSE and text[:1] and len(text) > 1:
        opener, inside, closer = text[0], text[1:-1], text[-1]
    else:
        return None
    if not is_one_group(inside):
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
        whole = piece[:1] in ("(", "[") and piece[-1:] in CLOSE and is_one_group(piece[1:-1])
        items.extend(part for part in ([piece] if whole else AND_OR.split(piece)) if part.strip())
    items = [item.strip() for item in items if item.strip()]
    return Parts("list", _both_signs(items)) if 2 <= len(items) <= MOST_PARTS else None


def same_parts(reference: Parts, answer: Parts, same: Same) -> bool | None:
    """Compare part by part: False as soon as something must differ, None if a part can't be told."""
    one, other = reference, answer
    kinds = {one.kind, other.kind}
    if kinds == {"matrix", "tuple"}:
        one, other = _vector(one), _vector(other)
        return _in_order(one.items, other.items, same) if {one.brackets, other.brackets} <= {"()", "[]"} else None
    if kinds == {"matrix", "list"}:
        one, other = _vector(one), _vector(other)
        return _in_order(one.items, other.items, same) or None if "matrix" not in (one.kind, other.kind) else None
    if kinds == {"tuple", "list"} and all(p.brackets in ("", "[]") for p in (one, other)) and len(one.items) > 2:
        return _in_order(one.items, other.items, same) or None  # [1, 1, 2] beside 1, 1, 2
    if kinds == {"tuple", "list"} or kinds == {"set", "tuple"}:
        if "list" in kinds and all(p.kind == "list" or p.brackets == "()" for p in (one, other)):
            one, other = _by_letter(one), _by_letter(other)
            return _in_order(one.items, other.items, same)  # (1, 2) beside x = 1, y = 2
        return None
    if one.kind != other.kind and kinds != {"list", "set"}:
        return None if kinds & {"matrix", "chain"} or kinds == {"list", "union"} else False
    if one.kind == "chain":
        return (_in_order(one.items, other.items, same) if one.brackets == other.brackets else None) or None
    if one.kind in ("tuple", "matrix"):
        if one.brackets != other.brackets:
            return False
        return _in_order(one.items, other.items, same)
    if _all_named(one.items) and _all_named(other.items):
        return _by_name(one.items, other.items, same)
    named = [p.items for p in (one, other) if _all_named(p.items) and len({item[0] for item in p.items}) > 1]
    if named:  # x = 1, y = 2 beside 1, 2
        return _in_order(one.items, other.items, same) or None
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
    if len(one) > 3 and len(set(one)) < len(one):
        return _in_order(one, other, same)  # a number said twice is no set
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
    return len(names) == len(items) and all(map(NAME.match, names)) and len(set(names)) == len(names)


def _by_name(one: tuple[str, ...], other: tuple[str, ...], same: Same) -> bool | None:
    left, right = sorted(map(_named, one)), sorted(map(_named, other))
    if [name for name, _ in left] != [name for name, _ in right]:
        return None
    return _in_order(tuple(value for _, value in left), tuple(value for _, value in right), same)


def _by_letter(parts: Parts) -> Parts:
    """`y = 3, x = 2` in the order of a point's coordinates."""
    names = {item.partition("=")[0].strip() for item in parts.items}
    if parts.kind != "list" or not _all_named(parts.items) or names not in ({"x", "y"}, {"x", "y", "z"}):
        return parts
    return Parts("list", tuple(sorted(parts.items)))


def _named(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name.strip(), value.strip()
