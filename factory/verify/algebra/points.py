"""The value of a formula at a point, to 50 digits.

Covers what `expressions.py` can parse, real and complex. Does not cover exact values nor equality (`values.py`).
Powers, factorials and arguments have bounds, so no value takes long.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from factory.verify.algebra.expressions import Tree
from factory.verify.algebra.tokens import Unreadable

DIGITS: Final = 50
ODD: Final = frozenset(range(3, 100, 2))
"""Degrees of roots that negative numbers have."""
LARGEST_POWER: Final = 1_000_000
LARGEST_FACTORIAL: Final = 2_000


class Unknowable(Exception):
    """The value is out of reach: too large, undefined, or lost to cancellation."""


@lru_cache(maxsize=1)
def context() -> Any:
    """The arithmetic of `DIGITS` digits."""
    from mpmath import MPContext  # type: ignore[import-untyped]

    context = MPContext()
    context.dps = DIGITS
    return context


def evaluate(tree: Tree, point: dict[str, Any], log_base: int = 0) -> Any:
    """The value at a point as mpf or mpc. Raises Unknowable. `log_base` 0 reads a bare log as natural."""
    mp = context()
    kind = tree[0]
    if kind == "n":
        return mp.mpf(tree[1].numerator) / tree[1].denominator
    if kind == "v":
        return point[tree[1]]
    if kind == "c":
        return {"pi": mp.pi, "e": mp.e, "i": mp.j}[tree[1]] * mp.one
    if kind == "inf":
        raise Unknowable("infinite")
    values = [evaluate(part, point, log_base) for part in tree[1:] if isinstance(part, tuple)]
    try:
        result = _apply(mp, tree, values, log_base)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Unknowable(str(error)) from error
    if not mp.isfinite(result):
        raise Unknowable("infinite")
    return result


def _apply(mp: Any, tree: Tree, values: list[Any], log_base: int) -> Any:
    kind = tree[0]
    if kind == "neg":
        return -values[0]
    if kind == "!":
        if abs(values[0]) > LARGEST_FACTORIAL:
            raise Unknowable("factorial")
        return mp.factorial(values[0])
    if kind == "f":
        return _call(mp, tree[1], values, log_base)
    left, right = values
    if kind == "^":
        return _power(mp, left, right)
    if kind == "/":
        return left / right
    return left + right if kind == "+" else left - right if kind == "-" else left * right


def _power(mp: Any, base: Any, exponent: Any) -> Any:
    if base and abs(exponent) * (1 + abs(mp.log(abs(base)))) > LARGEST_POWER:
        raise Unknowable("power")
    # the principal value; `values.py` asks for the real root of a negative number, as school reads (-8)^(1/3)
    return base**exponent


def _call(mp: Any, name: str, values: list[Any], log_base: int) -> Any:
    first = values[0]
    if abs(first) > 10**30:
        raise Unknowable("argument")
    if name in ("root", "cbrt"):
        degree = values[1] if name == "root" else 3
        if mp.im(first) == 0 and mp.re(first) < 0 and degree in ODD:
            return -mp.root(-first, int(degree))
        return _power(mp, first, mp.one / degree)
    if name in ("log", "lg"):
        base = values[1] if len(values) > 1 else 10 if name == "lg" else log_base or mp.e
        return mp.log(first) / mp.log(base)
    if name == "degrees":
        return first * mp.pi / 180
    if name == "binom":
        if max(abs(v) for v in values) > LARGEST_FACTORIAL:
            raise Unknowable("binomial")
        return mp.binomial(*values)
    known = {
        "arcsin": mp.asin, "arccos": mp.acos, "arctan": mp.atan, "ln": mp.log, "abs": mp.fabs,
        "floor": mp.floor, "ceil": mp.ceil, "exp": mp.exp, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan,
        "cot": mp.cot, "sec": mp.sec, "csc": mp.csc, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh,
    }  # fmt: skip
    if name not in known:
        raise Unreadable(name)
    if name in ("exp", "sinh", "cosh") and abs(first) > LARGEST_POWER:
        raise Unknowable("power")
    return known[name](first)
