"""A small parser for the formulas answers are made of: LaTeX or plain text to a tree of tuples.

Covers arithmetic, fractions, roots, powers, named functions, constants, variables, absolute values, binomials,
factorials, number bases. Does not cover sums, integrals, limits, matrices, relations: those raise `Unreadable`.
It never calls `eval`; length and nesting are capped, so time is linear and small.

Trees: ("n", Fraction), ("v", name), ("c", "pi"|"e"|"i"), ("inf",), (op, left, right) with op in + - * / ^,
("neg", x), ("!", x), ("f", name, argument, ...).
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from factory.verify.algebra.tokens import Unreadable, tokenise

DEPTH: Final = 24

Tree = tuple[Any, ...]


_CLOSERS: Final = {"(": ")", "{": "}", "[": "]", "\\{": "\\}"}
_STARTS: Final = frozenset(["num", "letter", "cmd", "(", "{", "["])
_ALIASES: Final = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}


@lru_cache(maxsize=4096)
def parse(text: str) -> Tree:
    """The tree of a normalised formula. Raises Unreadable."""
    return _Parser(tokenise(text)).whole()


def variables(tree: Tree) -> frozenset[str]:
    """The names of its free variables."""
    if tree[0] == "v":
        return frozenset([tree[1]])
    return frozenset().union(*(variables(part) for part in tree[1:] if isinstance(part, tuple)))


def _last_factor(tree: Tree) -> Tree:
    """`2^6 3^5`: after a power a number is the next factor, anywhere else it is a slip."""
    return _last_factor(tree[2]) if tree[0] == "*" else tree


class _Parser:
    """Recursive descent over the tokens; `bars` counts open absolute values."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.place, self.depth, self.bars = tokens, 0, 0, 0

    def peek(self, ahead: int = 0) -> str:
        at = self.place + ahead
        return self.tokens[at][0] if at < len(self.tokens) else ""

    def take(self, kind: str | None = None) -> str:
        if self.place >= len(self.tokens) or (kind is not None and self.peek() != kind):
            raise Unreadable(f"expected {kind}")
        self.place += 1
        return self.tokens[self.place - 1][1]

    def whole(self) -> Tree:
        tree = self.sum()
        if self.place < len(self.tokens):
            raise Unreadable(self.peek())
        return tree

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > DEPTH:
            raise Unreadable("nested too deep")
        tree = self.product()
        while self.peek() in ("+", "-"):
            op = self.take()
            tree = (op, tree, self.product())
        self.depth -= 1
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        while True:
            if self.peek() in ("*", "/"):
                op = self.take()
                tree = (op, tree, self.signed())
            elif self.starts_atom():
                if self.peek() == "num" and _last_factor(tree)[0] != "^":
                    raise Unreadable("two numbers side by side")
                tree = self.beside(tree)
            else:
                return tree

    def beside(self, left: Tree) -> Tree:
        r"""Juxtaposition: a product, or a mixed number as in `1\frac{1}{2}`."""
        is_frac = self.tokens[self.place] == ("cmd", "frac")
        right = self.power()
        whole = left[0] == "n" and left[1].denominator == 1
        if is_frac and whole and right[0] == "/" and right[1][0] == right[2][0] == "n":
            return ("+", left, right)
        return ("*", left, right)

    def starts_atom(self) -> bool:
        if self.peek() == "cmd" and self.tokens[self.place][1] in ("rfloor", "rceil"):
            return False
        return self.peek() in _STARTS or self.peek() == "fun" or (self.peek() == "|" and not self.bars)

    def signed(self) -> Tree:
        negative = False
        while self.peek() in ("+", "-"):
            negative ^= self.take() == "-"
        tree = self.power()
        return ("neg", tree) if negative else tree

    def power(self) -> Tree:
        tree = self.postfix(self.atom())
        if self.peek() == "^":
            self.take()
            tree = self.postfix(("^", tree, self.exponent()))
            if self.peek() == "^":
                raise Unreadable("double exponent")
        return tree

    def exponent(self) -> Tree:
        sign = self.peek() in ("+", "-") and self.take() == "-"
        tree = self.group("{") if self.peek() == "{" else self.postfix(self.atom(), powers=False)
        if self.peek() == "^":  # a tower, right to left
            self.take()
            self.depth += 1
            if self.depth > DEPTH:
                raise Unreadable("nested too deep")
            tree = ("^", tree, self.exponent())
            self.depth -= 1
        return ("neg", tree) if sign else tree

    def postfix(self, tree: Tree, powers: bool = True) -> Tree:
        while powers and self.peek() in ("!", "%", "circ"):
            mark = self.take()
            if mark == "!":
                tree = ("!", tree)
            else:
                tree = ("/", tree, ("n", Fraction(100))) if mark == "%" else ("f", "degrees", tree)
        return tree

    def group(self, opener: str) -> Tree:
        self.take(opener)
        tree = self.inside()
        self.take(_CLOSERS[opener])
        return tree

    def inside(self) -> Tree:
        bars, self.bars = self.bars, 0
        tree = self.sum()
        self.bars = bars
        return tree

    def atom(self) -> Tree:
        kind = self.peek()
        if kind in ("(", "{", "["):
            return self.group(kind)
        if kind == "|":
            self.take()
            self.bars += 1
            tree = self.sum()
            self.bars -= 1
            self.take("|")
            return ("f", "abs", tree)
        if kind == "num":
            return self.number(self.take())
        if kind == "letter":
            return self.variable(self.take())
        if kind == "fun":
            return self.function(self.take())
        if kind == "cmd":
            return self.command(self.take())
        raise Unreadable(kind or "end")

    def number(self, digits: str) -> Tree:
        if self.peek() != "_":
            return ("n", Fraction(digits))
        base = self.subscript()
        if not base.isdigit() or not 2 <= int(base) <= 36 or "." in digits:
            raise Unreadable("not a base")
        try:
            return ("n", Fraction(int(digits, int(base))))
        except ValueError:
            raise Unreadable("not a digit of that base") from None

    def variable(self, name: str) -> Tree:
        if self.peek() == "_":
            name += "_" + self.subscript()
        return ("c", name) if name in ("e", "i") else ("v", name)

    def subscript(self) -> str:
        self.take("_")
        if self.peek() != "{":
            return self.take()
        self.take()
        name = ""
        while self.peek() in ("num", "letter", "+", "-"):
            name += self.take()
        self.take("}")
        return name

    def function(self, name: str) -> Tree:
        if name == "sqrt":
            return self.root()
        base: Tree | None = None
        power: Tree | None = None
        for _ in range(2):
            if self.peek() == "_" and name == "log" and base is None:
                self.take()
                base = self.atom()
            elif self.peek() == "^" and power is None:
                self.take()
                power = self.exponent()
        if power == ("neg", ("n", Fraction(1))) and name in ("sin", "cos", "tan"):
            name, power = "arc" + name, None
        tree: Tree = ("f", _ALIASES.get(name, name), self.argument(), *([base] if base else []))
        return ("^", tree, power) if power else tree

    def argument(self) -> Tree:
        r"""What a function is applied to: a group, or a run of juxtaposed atoms as in `\sin 2x`."""
        if self.peek() in ("(", "{"):
            return self.group(self.peek())
        tree = self.power()
        while self.starts_atom() and self.peek() not in ("fun", "(", "num"):
            tree = self.beside(tree)
        return tree

    def root(self) -> Tree:
        degree: Tree = ("n", Fraction(2))
        if self.peek() == "[":
            degree = self.group("[")
        return ("f", "root", self.atom(), degree)

    def command(self, name: str) -> Tree:
        if name in ("frac", "binom"):
            up, down = self.digit_or_group(), self.digit_or_group()
            return ("/", up, down) if name == "frac" else ("f", "binom", up, down)
        if name in ("lfloor", "lceil"):
            tree = self.inside()
            if self.take("cmd") != "r" + name[1:]:
                raise Unreadable(name)
            return ("f", "floor" if name == "lfloor" else "ceil", tree)
        if name == "pi":
            return ("c", "pi")
        if name == "infty":
            return ("inf",)
        raise Unreadable(name)

    def digit_or_group(self) -> Tree:
        if self.peek() != "num":
            return self.atom()
        digits = self.tokens[self.place][1]
        if len(digits) > 1 and "." not in digits:  # \frac12: one digit each
            self.tokens[self.place] = ("num", digits[1:])
            return ("n", Fraction(digits[0]))
        return ("n", Fraction(self.take()))
