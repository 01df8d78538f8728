"""Whether an answer is the reference: the cascade from equal texts to algebra, each step deciding or passing on.

Covers texts, exact numbers, closed classes of words, parts (`structure.py`), formulas (`algebra/values.py`), and as the
last step sympy behind guards (`algebra/symbolic.py`). Does not cover finding the answer (`extraction/extract.py`) nor
choice letters (`choices.py`). A step that can't tell says None: unknown is not wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from factory.verify.algebra.formulas import RELATION, UNDECIDED, Decision, same_formula, same_ratio
from factory.verify.algebra.symbolic import same_symbolic
from factory.verify.comparison import structure
from factory.verify.comparison.choices import LETTERS
from factory.verify.comparison.congruences import same_congruence
from factory.verify.comparison.equations import (
    has_number,
    has_numbers,
    is_relation,
    is_value,
    right_side,
    same_name,
    unbracketed,
    unconditioned,
)
from factory.verify.comparison.families import family, same_family
from factory.verify.comparison.inequalities import ORDER
from factory.verify.literals.bases import is_ambiguous, plain_base, same_base
from factory.verify.literals.dates import same_time
from factory.verify.literals.normalise import key, normalise
from factory.verify.literals.numbers import read_number, same_number
from factory.verify.literals.parts import AND_OR, DEPTH, TIGHT, Parts, is_name, sides_of, split, thousands
from factory.verify.literals.words import same_word

LONGEST: Final = 2_000
DIGITS: Final = 30
"""Digits two numbers have together, halved, up to which they are compared as they stand."""


@lru_cache(maxsize=16_384)
def decide(reference: str, answer: str, strict: frozenset[str] = frozenset()) -> Decision:
    """Hold one extracted answer against a reference; `strict` as `same_number` has it."""
    if len(reference) > LONGEST or len(answer) > LONGEST:
        return Decision(True, "exact") if reference.strip() == answer.strip() else UNDECIDED
    return _decide(normalise(reference), normalise(answer), strict, 0)


def forget() -> None:
    """Empty the caches: whoever asks about each reference once would only fill them, with some 30 MB."""
    decide.cache_clear()
    _decide.cache_clear()


@lru_cache(maxsize=65_536)
def _decide(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision:
    if not reference or not answer or depth > DEPTH:
        return UNDECIDED
    if reference == answer or key(reference) == key(answer):
        return Decision(True, "exact")
    if reference.isdecimal() and answer.isdecimal() and len(reference) + len(answer) < 2 * DIGITS:
        return Decision(int(reference) == int(answer), "number")
    one, other = read_number(reference), read_number(answer)
    if one is not None and other is not None:
        return Decision(same_number(one, other, strict), "number")
    for step in _STEPS:
        decision = step(reference, answer, strict, depth)
        if decision is not None:
            return decision
    return Decision(*same_symbolic(reference, answer)) if depth == 0 else UNDECIDED


def _words(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    same = same_word(reference, answer)
    same = same_time(reference, answer) if same is None else same
    return None if same is None else Decision(same, "word")


def _ratios(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    same = same_ratio(reference, answer) if ":" in reference or " to " in reference else None
    return None if same is None else Decision(same, "number")


def _conditions(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    r"""`f(x) = x for all x` beside `f(x) = x`; an identity may be written `\equiv`."""
    texts = [reference, answer]
    if "\\equiv" in reference + answer:
        if (same := same_congruence(reference, answer)) is not None:
            return Decision(same, "formula")
        texts = [text if "mod" in text else text.replace("\\equiv", "=") for text in texts]
    plain = [unconditioned(text) for text in texts]
    if plain == [reference, answer] or not all(plain):
        return None
    return Decision(_decide(*map(normalise, plain), strict, depth + 1).correct or None, "formula")


def _families(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    r"""`k\pi, k \in \mathbb{Z}` beside `n\pi, n \in \mathbb{Z}`, or beside `k\pi` alone."""
    one, other = family(reference), family(answer)
    if one is None and other is None:
        return None
    if one and other:
        same = same_family(one, other)
        return UNDECIDED if same is None else Decision(same, "formula")
    left, right = one[0] if one else reference, other[0] if other else answer
    return Decision(_decide(normalise(left), normalise(right), strict, depth + 1).correct or None, "formula")


def _approximately(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    r"""`\sqrt{2} \approx 1.414`: right if either side is, wrong if both are."""
    if ("\\approx" in reference) == ("\\approx" in answer):
        return None
    rough, plain = (reference, answer) if "\\approx" in reference else (answer, reference)
    sides = [side.strip() for side in rough.split("\\approx")[:3] if side.strip()]
    pairs = [(side, plain) if rough is reference else (plain, side) for side in sides]
    verdicts = [_decide(one, other, strict, depth + 1).correct for one, other in pairs]
    return Decision(True if True in verdicts else None if None in verdicts or not sides else False, "number")


_TWICE: Final = re.compile(r"([^()]{0,60}\d[^()]{0,60}) \(([^()]{0,20}\d[^()]{0,20})\)")


def _restated(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    """`May 1, 2021 (05/01/2021)`: right if what the brackets repeat is, and nothing says that the rest isn't."""
    said = _TWICE.fullmatch(answer) if answer[-1:] == ")" and len(answer) < 100 else None
    if said is None or not _decide(reference, said[2].strip(), strict, depth + 1).correct:
        return None
    return None if _decide(reference, said[1].strip(), strict, depth + 1).correct is False else Decision(True, "exact")


def _named(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    """`x = 5` beside `5`: the right side of the last `=` where only one of the two has one."""
    reference, answer = unbracketed(reference), unbracketed(answer)
    one, other = sides_of(reference), sides_of(answer)
    if RELATION.search(reference + answer) or any(len(list(split(s, ",;"))) > 1 for s in (*one, *other)):
        return None
    if (len(one) > 1) == (len(other) > 1):
        if len(one) > 1 and same_name(one[0], other[0]):
            return _decide(one[-1], other[-1], strict, depth)
        return None
    if len(one) > 1:
        if len(one) == 2 and is_relation(one[0], one[1], has_numbers):
            return UNDECIDED
        return _decide(right_side(reference), answer, strict, depth)
    if len(other) > 1 and _same_sides(other):
        return _decide(reference, other[-1], strict, depth)
    if len(other) == 2 and is_relation(other[0], other[1], has_number):
        return UNDECIDED  # `x^2 = 4` says 2 and -2, but `a + b = 7` answers what a + b is
    return _decide(reference, right_side(answer), strict, depth)


def _same_sides(sides: list[str]) -> bool:
    r"""Whether all sides but a first name are equal as formulas: `(x-2)^2 = x^2-4x+4`, `x = \pm\sqrt{9} = \pm 3`."""
    left = sides[1:] if is_name(sides[0]) else sides
    return len(left) > 1 and all(_decide(one, left[-1], frozenset(), DEPTH - 2).correct for one in left[:-1])


def _parts(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    one, other = structure.take_apart(reference), structure.take_apart(answer)
    if one is None or other is None or _EUROPEAN.search(reference + " " + answer):  # 5,040 alone is a number
        one, other = (p if p and not _is_numeral(t) else None for p, t in ((one, reference), (other, answer)))
    if one is None and other is None:
        return None

    def same(left: str, right: str) -> bool | None:
        return _decide(normalise(left), normalise(right), strict, depth + 1).correct

    if one is None or other is None:
        return _one_sided(reference, answer, one, other, same)
    kinds = {one.kind: reference, other.kind: answer}
    if (ORDER.search(reference) or ORDER.search(answer)) and kinds.keys() & {"list", "set", "matrix"}:
        return UNDECIDED  # 0 < x < 1 is no pair
    if _OR.search(answer) and not _OR.search(reference) and all(item in LETTERS for item in one.items):
        return UNDECIDED  # A or C isn't A and C
    if kinds.keys() == {"tuple", "list"} and _OR.search(kinds["list"]):
        return UNDECIDED  # (4, 5) isn't 4 or 5
    alike = structure.same_parts(one, other, same)
    if alike is False and (joined := (thousands(reference), thousands(answer))) != (reference, answer):
        return _decide(*joined, strict, depth + 1)
    return Decision(alike, "parts")


def _is_numeral(text: str) -> bool:
    """`5,040`, `7! = 5,040`: the comma parts thousands."""
    left, _, right = text.rpartition("=")
    is_sum = (
        left and "," in right and "," not in TIGHT.sub("", left) and not AND_OR.search(left)
    )  # `x=-1 and x=6` is two
    return read_number(right.strip() if is_sum else text) is not None


_EUROPEAN: Final = re.compile(r"\d\.\d{3},\d+(?![\d,])")
"""`1.234,56`: neither a list nor a pair."""
_OR: Final = re.compile(r"\bor\b|或|\boder\b|\bou\b")


def _one_sided(
    reference: str,
    answer: str,
    one: Parts | None,
    other: Parts | None,
    same: structure.Same,
) -> Decision | None:
    r"""A single thing beside several: `\{5\}` is 5, `3,5` may be a decimal comma, `5, 6` is not 5."""
    parts, single = (one, answer) if one is not None else (other, reference)
    if parts is None:
        return None
    if parts.items == ("\\emptyset",):
        return UNDECIDED  # the set that holds the empty one
    if parts.kind == "set" and len(parts.items) == 1:
        left, right = (parts.items[0], answer) if parts is one else (reference, parts.items[0])
        return Decision(same(left, right), "parts")
    if (
        parts.kind == "list"
        and _OR.search(answer if parts is other else reference)
        and all(same(item, single) for item in parts.items)
    ):
        return Decision(True, "parts")  # 3/4 or 75 %
    if "\\pm" in single:
        return UNDECIDED  # signs that go together or don't
    value = read_number(single)
    whole = reference if parts is one else answer
    comma = (
        read_number(whole.replace(",", "."))
        if parts.kind == "list" and whole.count(",") == 1 and ", " not in whole
        else None
    )
    if value is not None and comma is not None and value.value == comma.value:
        return Decision(True, "number")
    readable = all(is_value(item) for item in parts.items) and is_value(single)
    return Decision(False, "parts") if readable and parts.kind != "tuple" else UNDECIDED if readable else None


def _bases(reference: str, answer: str, strict: frozenset[str], depth: int) -> Decision | None:
    plain = plain_base(reference), plain_base(answer)
    if plain != (reference, answer):
        return _decide(*plain, strict, depth + 1)
    if not is_ambiguous(reference, answer):
        return None
    return Decision(True, "number") if same_base(reference, answer) else UNDECIDED


_STEPS: Final = (
    *(_words, _ratios, _approximately, _restated, _bases, _conditions, _families, _parts, _named),
    same_formula,
)
