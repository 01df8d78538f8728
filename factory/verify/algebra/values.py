"""Whether two formulas have one value: exact fractions where possible, else 50 digits at fixed points.

Covers what `expressions.py` can parse. Equality of formulas with variables is tested at several points, a proof for
rational functions up to a vanishing chance (Schwartz 1980, Zippel 1979). Nothing here rounds to a fixed number of
places, so 1/2^99 and 1/2^98 differ. Does not cover simplification.
"""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from factory.verify.algebra.expressions import Tree, variables
from factory.verify.algebra.points import DIGITS, LARGEST_FACTORIAL, Unknowable, context, evaluate

SAME: Final = 35
"""Leading digits that must agree to call two values equal."""
LARGEST_BITS: Final = 20_000
PRIME: Final = 2**61 - 1


@lru_cache(maxsize=4096)
def exact(tree: Tree) -> Fraction | None:
    """The value of a formula of rational numbers; None if it has roots, constants, variables or is too large."""
    kind = tree[0]
    if kind == "n":
        value: Fraction = tree[1]
        return value
    if kind not in ("+", "-", "*", "/", "^", "neg", "!") and tree[:2] != ("f", "binom"):
        return None
    parts = [exact(part) for part in tree[1:] if isinstance(part, tuple)]
    if any(p is None or p.numerator.bit_length() + p.denominator.bit_length() > LARGEST_BITS for p in parts):
        return None
    return _arithmetic(kind, *[p for p in parts if p is not None])


def _arithmetic(kind: str, left: Fraction, right: Fraction = Fraction(0)) -> Fraction | None:
    if kind == "neg":
        return -left
    if kind in ("!", "f"):
        whole = left.denominator == right.denominator == 1 and 0 <= max(left, right) <= LARGEST_FACTORIAL
        if not whole or min(left, right) < 0:
            return None
        return Fraction(math.factorial(int(left)) if kind == "!" else math.comb(int(left), int(right)))
    if kind in ("+", "-", "*"):
        return left + right if kind == "+" else left - right if kind == "-" else left * right
    if kind == "/":
        return left / right if right else None
    bits = max(left.numerator.bit_length(), left.denominator.bit_length())
    if right.denominator != 1 or abs(right) * bits > LARGEST_BITS or (left == 0 and right <= 0):
        return None
    return left ** int(right)


def same_value(one: Tree, other: Tree) -> bool | None:
    """Whether two formulas are equal; None if that can't be told at the points tried."""
    if one == other:
        return True
    if ("inf",) in (one, other) or ("neg", ("inf",)) in (one, other):
        return False
    a, b = exact(one), exact(other)
    if a is not None and b is not None:
        return a == b
    names = variables(one) | variables(other)
    if names and _is_rational(one) and _is_rational(other):
        return _same_residues(one, other, names)
    same = _at_points(one, other, names) if names else _constants(one, other)
    if same is not True and (real := (real_roots(one), real_roots(other))) != (one, other):
        return same_value(*real) or same
    return same


def _constants(one: Tree, other: Tree) -> bool | None:
    verdicts = {_agree(one, other, {}, base) for base in ((0, 10) if _has_log(one) or _has_log(other) else (0,))}
    return True if True in verdicts else None if None in verdicts else False


def real_roots(tree: Tree) -> Tree:
    """With each power of an odd denominator as school reads it, `x^{2/3}` as the square of a cube root.

    Formulas that are equal so are equal wherever both are positive: no two answers differ by this alone.
    """
    parts = tuple(real_roots(part) if isinstance(part, tuple) else part for part in tree)
    power = exact(tree[2]) if tree[0] == "^" else None
    if power is None or power.denominator % 2 == 0 or power.denominator == 1:
        return parts
    return ("^", ("f", "root", parts[1], ("n", Fraction(power.denominator))), ("n", Fraction(power.numerator)))


def as_fraction(tree: Tree) -> Fraction | None:
    """The value of a real constant to 45 digits; None if it has variables or is out of reach."""
    if variables(tree):
        return None
    try:
        value = evaluate(tree, {})
    except Unknowable:
        return None
    mp = context()
    return None if mp.im(value) else Fraction(mp.nstr(mp.re(value), 45))


def proportional(one: Tree, other: Tree) -> bool | None:
    """Whether `one` is a constant times `other`, neither being zero: so two equations have the same roots."""
    names = variables(one) | variables(other)
    points = [_point(names, n, signed=False) for n in range(3)]
    mp = context()
    try:
        pairs = [(evaluate(one, p), evaluate(other, p)) for p in points]
    except Unknowable:
        return None
    if not names or any(not a or not b for a, b in pairs):
        return None
    ratios = [a / b for a, b in pairs]
    return all(abs(r - ratios[0]) <= abs(r) * mp.mpf(10) ** -SAME for r in ratios)


def _is_rational(tree: Tree) -> bool:
    kind = tree[0]
    if kind == "^":
        power = exact(tree[2])
        return power is not None and power.denominator == 1 and _is_rational(tree[1])
    return kind in ("n", "v") or (kind in ("+", "-", "*", "/", "neg") and all(_is_rational(p) for p in tree[1:]))


def _same_residues(one: Tree, other: Tree, names: frozenset[str]) -> bool | None:
    """Equality of rational functions at two points modulo a prime: exact, and wrong about once in 10^15."""
    for number in range(2):
        point = {name: _hash(name, number) % PRIME for name in names}
        try:
            if _residue(one, point) != _residue(other, point):
                return _unequal(one, other)
        except ValueError:  # a denominator that is zero there
            return None
    return True


def _residue(tree: Tree, point: dict[str, int]) -> int:
    kind = tree[0]
    if kind == "n":
        return int(tree[1].numerator * pow(int(tree[1].denominator), -1, PRIME) % PRIME)
    if kind == "v":
        return point[tree[1]]
    left = _residue(tree[1], point)
    if kind == "neg":
        return -left % PRIME
    if kind == "^":
        power = exact(tree[2])
        return int(pow(left, int(power or 0), PRIME))
    right = _residue(tree[2], point)
    if kind == "/":
        return left * int(pow(right, -1, PRIME)) % PRIME
    together = left + right if kind == "+" else left - right if kind == "-" else left * right
    return together % PRIME


def _unequal(one: Tree, other: Tree) -> bool | None:
    """Different formulas in the same variables are wrong; in other variables nobody can tell (2n+1 and 2k+1)."""
    a, b = variables(one), variables(other)
    return False if a == b or not a or not b else None


def _at_points(one: Tree, other: Tree, names: frozenset[str]) -> bool | None:
    positive = _tally(one, other, [_point(names, n, signed=False) for n in range(2)])
    if positive is None:
        return None
    if not positive:
        whole = {name: context().mpf(3 + i) for i, name in enumerate(sorted(names))}
        if _agree(one, other, whole, 0):
            return None  # equal for whole numbers only, as cos(n pi) and (-1)^n
        return _unequal(one, other)
    signed = _tally(one, other, [_point(names, n, signed=True) for n in range(2, 4)], real=True)
    return None if signed is False else True


def _tally(one: Tree, other: Tree, points: list[dict[str, Any]], *, real: bool = False) -> bool | None:
    found = [_agree(one, other, point, 0, real=real) for point in points]
    if False in found:
        return False
    return True if found.count(True) >= 2 else None


def _agree(one: Tree, other: Tree, point: dict[str, Any], log_base: int, *, real: bool = False) -> bool | None:
    """Whether two formulas agree at a point; with `real` a point where neither is real says nothing."""
    mp = context()
    try:
        a, b = evaluate(one, point, log_base), evaluate(other, point, log_base)
    except Unknowable:
        return None
    if real and mp.im(a) and mp.im(b):
        return None
    gap, size = abs(a - b), max(abs(a), abs(b))
    if size == 0 or gap <= size * mp.mpf(10) ** -SAME:
        return True
    if size >= mp.mpf(10) ** (SAME - DIGITS):
        return False
    # near zero, digits may have cancelled, as in sin(pi): a true difference stays when more digits are computed
    with mp.workdps(3 * DIGITS):
        wider = abs(evaluate(one, point, log_base) - evaluate(other, point, log_base))
    return bool(wider < gap * mp.mpf(10) ** -SAME)


def _has_log(tree: Tree) -> bool:
    bare = tree[:2] == ("f", "log") and len(tree) == 3
    return bare or any(_has_log(part) for part in tree[1:] if isinstance(part, tuple))


def _point(names: frozenset[str], number: int, *, signed: bool) -> dict[str, Any]:
    mp = context()
    point = {}
    for name in names:
        digits = _hash(name, number)
        value = mp.mpf(digits) / 2**63 + mp.mpf("0.1")  # in 0.1 .. 2.1
        point[name] = -value if signed and (number % 2 or digits & 1) else value
    return point


def _hash(name: str, number: int) -> int:
    digest = hashlib.blake2b(f"{name}/{number}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
