r"""The last step for formulas: what our own parser can't read (sums, integrals, limits, ...) goes to sympy.

It is read by the grammar math-verify uses (latex2sympy2_extended), which raises where anything is left over: its
`parse` takes what piece it can read ("A\frac{1}{2}y-" is 1/2 to it) and rounds to six places (1/2^99 is 1/2^98).
Covers guards before that, a time limit where signals may be used, and equality to 30 digits at fixed points. Does not
cover text: prose never gets here.

    guard       why
    length      a formula that long is no final answer
    nesting     twenty nested braces cost its grammar seconds
    digits      so do long numbers
    powers, !   towers and chains of factorials never end
    names       `__`, import, lambda, eval and calls: what a model wrote is never run as code
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

SECONDS: Final = 2.0
"""Wall clock for one pair."""
LENGTH: Final = 400
NESTING: Final = 12
_DIGITS: Final = re.compile(r"\d{60}")
_CODE: Final = re.compile(r"__|import|lambda|eval|exec|open\(|system|getattr|[A-Za-z_]{2,}\s*\(\s*['\"]")
_BEYOND: Final = re.compile(r"\\(?:sum|prod|i*int|lim|max|min|gcd|lcm|frac ?\{ ?(?:d|\\partial))(?![a-z])")
"""What our own parser lacks: without any of these it has had its say."""
_SHORT_FRACTION: Final = re.compile(r"\\frac ?(\w) ?(\w)")
_COMMAND: Final = re.compile(r"\\([A-Za-z]+)")
_WORDS: Final = re.compile(r"(?<![\\A-Za-z{])(?!d[a-z](?![A-Za-z]))[A-Za-z]{2,}|:")
_COMMANDS: Final = """
    frac sqrt sum prod int iint lim log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh binom
    pi infty to cdot times le ge ne in cup cap setminus subset mathbb mathcal partial nabla max min gcd lcm
    alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon
    phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega begin end pm mp emptyset overline hat
    vec overrightarrow lfloor rfloor lceil rceil circ det"""
_KNOWN: Final = frozenset(_COMMANDS.split())


class TimeUp(BaseException):
    """Not an Exception: sympy and math-verify catch those."""


def same_symbolic(reference: str, answer: str) -> tuple[bool | None, str]:
    """Whether two normalised formulas are equal, and who says so: `sympy`, `too_slow` or `undecided`."""
    if not (_BEYOND.search(reference + answer) and is_safe(reference) and is_safe(answer)):
        return None, "undecided"
    _warm()
    try:
        with time_limit(SECONDS):
            same = _same(reference, answer)
    except TimeUp:
        return None, "too_slow"
    return same, "undecided" if same is None else "sympy"


@lru_cache(maxsize=1)
def _warm() -> None:
    """Load what sympy loads at its first sum, outside the time limit: about a second, once a process."""
    _same("\\sum_{k=1}^{2} k", "3")


def is_safe(text: str) -> bool:
    """Whether a formula passes the guards above."""
    if len(text) > LENGTH or _DIGITS.search(text) or _CODE.search(text) or _WORDS.search(text):
        return False
    if text.count("!") > 2 or not all(name in _KNOWN for name in _COMMAND.findall(text)):
        return False
    depth = deepest = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    return deepest <= NESTING and _towers(text) <= 2


def _towers(text: str) -> int:
    """How many powers stand one upon the other, at most."""
    most = run = 0
    for char in text:
        run = run + 1 if char == "^" else 0 if char in "+-*/=, " else run
        most = max(most, run)
    return most


def _same(reference: str, answer: str) -> bool | None:
    one, other = _parse(reference), _parse(answer)
    if one is None or other is None:
        return None
    import sympy  # type: ignore[import-untyped]

    if not (isinstance(one, sympy.Expr) and isinstance(other, sympy.Expr)):
        return True if one == other else None
    numeric = _at_points(one, other)
    if numeric is not None:
        return numeric
    return True if _quiet(lambda: bool(sympy.simplify(one - other) == 0)) else None


@lru_cache(maxsize=4096)
def _parse(text: str) -> Any:
    """The sympy object of a whole formula; None if the grammar can't read it to its end."""
    from latex2sympy2_extended import latex2sympy  # type: ignore[import-untyped]
    from latex2sympy2_extended.latex2sympy2 import ConversionConfig  # type: ignore[import-untyped]

    whole = _SHORT_FRACTION.sub(r"\\frac{\1}{\2}", text)
    return _quiet(lambda: latex2sympy(whole, conversion_config=ConversionConfig(lowercase_symbols=False)))


def _at_points(one: Any, other: Any) -> bool | None:
    """Equality of two expressions to 30 of 40 digits; None where a value can't be had."""
    import sympy

    symbols = sorted(one.free_symbols | other.free_symbols, key=str)
    if one.free_symbols != other.free_symbols and one.free_symbols and other.free_symbols:
        return None
    verdicts = []
    for number in range(3):
        # whole numbers: sums and products up to n are defined there
        point = {symbol: sympy.Integer(3 + 2 * number + place) for place, symbol in enumerate(symbols)}
        a, b = _number(one, point), _number(other, point)
        if a is None or b is None:
            return None
        gap, size = abs(a - b), max(abs(a), abs(b))
        verdicts.append(bool(size < sympy.Float("1e-35") or gap <= size * sympy.Float("1e-30")))
        if not symbols:
            break
    return all(verdicts)


def _number(expression: Any, point: dict[Any, Any]) -> Any:
    import sympy

    value = _quiet(lambda: sympy.N(expression.subs(point).doit(), 40))
    return value if value is not None and value.is_number and value.is_finite else None


def _quiet(call: Callable[[], Any]) -> Any:
    """What a call returns, None where it raises: sympy raises anything on what it can't do."""
    try:
        return call()
    except (Exception, RecursionError):
        return None


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp inside the block after `seconds`, where signals may be used and nobody else uses this timer.

    Elsewhere the house's own deadline stands.
    """
    ours = threading.current_thread() is threading.main_thread() and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    if not ours:
        yield
        return

    def stop(*_: object) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
