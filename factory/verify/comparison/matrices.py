r"""Matrices: their rows, and sums, products and multiples of them, written out entry by entry.

Covers `\begin{pmatrix}` and its like, rows in brackets, `A + B`, `AB`, `\frac{1}{2}A`. Does not cover determinants,
powers, transposes, nor what an entry is worth (`structure.py` compares them).
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.literals.parts import Parts, split

Rows = list[list[str]]

_MATRIX: Final = re.compile(r"\\begin\{([pbvBV]?matrix|array)\}(?:\{[clr|]*\})?(.*?)\\end\{\1\}", re.DOTALL)
_FENCED: Final = re.compile(r"[(\[]\s*(\\begin\{(array|[pb]?matrix)\}.*?\\end\{\2\})\s*[)\]]", re.DOTALL)
"""`\\left[\\begin{array}...`: the brackets that other environments bring along."""
_ARRAY: Final = re.compile(r"[(\[]\s*([(\[][^()\[\]]{1,500}[)\]](?:\s*,\s*[(\[][^()\[\]]{1,500}[)\]])+)\s*[)\]]")
"""Rows in brackets, in brackets."""
_NAMED: Final = re.compile(r"^[A-Za-z][^=<>,;&\\]{0,20}= ?(?=[(\[ ]*\\begin)")
"""`A^{-1} =`"""
_GAP: Final = re.compile(r"\s*([-+*]?)\s*([^-+=,;]*?|\([^()]*\))\s*\*?\s*")
"""Before a matrix: what joins it to the one before, and its factor."""
_WORD: Final = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2}")
MOST: Final = 4
"""Matrices in one formula."""
LARGEST: Final = 600
"""Characters an entry may come to."""


def matrix(text: str) -> Parts | None:
    """The matrix a normalised text is or comes to; None for anything else."""
    if found := _ARRAY.fullmatch(text):
        return Parts("matrix", tuple(f"({row[1:-1]})" for row in split(found[1], ",") if row))
    if "\\begin" not in text:
        return None
    rows = _value(_FENCED.sub(r"\1", _NAMED.sub("", text)))
    return Parts("matrix", tuple(f"({','.join(row)})" for row in rows)) if rows else None


def _value(text: str) -> Rows | None:
    found = list(_MATRIX.finditer(text))
    if not 0 < len(found) <= MOST or text[found[-1].end() :].strip():
        return None
    terms: list[Rows] = []
    place = 0
    for one in found:
        gap = _GAP.fullmatch(text[place : one.start()])
        place = one.end()
        if gap is None or _WORD.search(gap[2]) or (one[1] in ("vmatrix", "Vmatrix") and len(found) > 1):
            return None
        joined = _joined(terms, gap[1], _scaled(_rows(one[2]), gap))
        if joined is None:
            return None
        terms = joined
    return _sum(terms)


def _rows(body: str) -> Rows:
    return [[cell.strip() for cell in row.split("&")] for row in body.split("\\\\") if row.strip()]


def _scaled(rows: Rows, gap: re.Match[str]) -> Rows:
    factor = ("-" if gap[1] == "-" else "") + (f"({gap[2]})*" if gap[2] else "")
    return [[f"{factor}({cell})" for cell in row] for row in rows] if factor else rows


def _joined(terms: list[Rows], mark: str, rows: Rows) -> list[Rows] | None:
    """The terms with one more, or their last one multiplied by it."""
    if mark in ("+", "-") or not terms:
        return [*terms, rows]
    left = terms[-1]
    if any(len(row) != len(rows) for row in left) or len({len(row) for row in rows}) != 1:
        return None
    columns = list(zip(*rows, strict=True))
    product = [
        ["+".join(f"({a})*({b})" for a, b in zip(row, column, strict=True)) for column in columns] for row in left
    ]
    return [*terms[:-1], product]


def _sum(terms: list[Rows]) -> Rows | None:
    shapes = {tuple(len(row) for row in rows) for rows in terms}
    if len(shapes) != 1:
        return None
    if len(terms) > 1:
        total = [
            ["+".join(f"({cell})" for cell in cells) for cells in zip(*row, strict=True)]
            for row in zip(*terms, strict=True)
        ]
    else:
        total = terms[0]
    return total if all(len(cell) <= LARGEST for row in total for cell in row) else None
