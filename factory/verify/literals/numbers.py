"""Plain numbers as exact fractions, with the unit that follows: decides both ways without any algebra.

Covers thousands, decimals, percent, fractions, mixed numbers, scientific notation, repeating decimals, number
words, currencies. Does not cover roots, powers, constants, variables (`algebra/expressions.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from factory.verify.literals.spelt import value_in_words
from factory.verify.literals.units import PERCENT, SCALES, read_unit, relate

LONGEST: Final = 300
"""Digits a number may have, and the largest decimal exponent: beyond it only equal texts are equal."""

CERTAIN: Final = 12
"""Decimals beyond which nobody looks: the last ones of a float are noise."""
ROUNDED: Final = 6
"""Decimals from which a rounded reference stands for an exact number (math-verify's own default)."""
EXACT: Final = 9
"""Decimals from which a rounded answer stands for an exact reference: `0.142857` is not 1/7."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact value, its unit ("" if none) and, for a decimal literal, how many digits follow the point."""

    value: Fraction
    unit: str = ""
    decimals: int | None = None


_CURRENCY: Final = re.compile(r"(?:US\s?)?[$€£¥₹]|(?:USD|EUR|GBP|RMB|CNY|Rs\.?)(?=[\s\d-])")
_BODY: Final = re.compile(
    r"(?P<sign>[+-]\s*)?(?P<money>[$€£¥₹]\s*)?"
    r"(?:"
    r"(?:(?P<whole>\d{1,300})(?:\s+|\s*(?=\\)))?"
    r"(?:\\frac\s*(?:\{\s*(?P<fsign>-)?\s*(?P<up>\d{1,300})\s*\}|(?P<up1>\d))\s*"
    r"(?:\{\s*(?P<down>\d{1,300})\s*\}|(?P<down1>\d))|\(?(?P<sup>\d{1,300})\s*/\s*(?P<sdown>\d{1,300})\)?)"
    r"|(?P<euro>\d{1,3}(?:\.\d{3})+(?:,\d+)|\d{1,3}(?:\.\d{3}){2,})(?![\d.])"
    r"|(?P<int>[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d{1,3}(?:_\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|\d{1,300})?"
    r"(?:\.(?P<dec>\d{1,300})?(?:\\(?:overline|bar|dot)\s*\{(?P<rep>\d{1,50})\}|\((?P<rep2>\d{1,50})\))?)?"
    r"(?:[eE](?P<exp>[+-]?\d{1,4})(?![\d.])|\s*[*x]\s*10\s*(?:\^|\*\*)\s*"
    r"(?:\{\s*(?P<exp2>[+-]?\s*\d{1,4})\s*\}|(?P<exp3>[+-]?\d{1,4})(?!\d)))?"
    r")"
)
_COMMENT: Final = re.compile(r"\s*\((?!.*(?:wrong|incorrect|false|not|approx))[A-Za-z][A-Za-z -]*\)$")
_PERIOD: Final = re.compile(r"^([-+]?\d*\.\d*?)(\d{1,6}?)\2+\s?\.\.\.$")
"""`0.1666...`"""
_NEGATIVE: Final = re.compile(r"(?:negative|minus)\s+(?=\w)", re.IGNORECASE)
_TWICE: Final = re.compile(r"([A-Za-z -]+)\((\d[\d,]*)\)$")


def read_number(text: str) -> Quantity | None:
    """The quantity a normalised text is, all of it; None if it is anything else."""
    if not text or len(text) > LONGEST + 100:
        return None
    if text.isdigit() and text.isascii() and len(text) <= LONGEST:
        return Quantity(Fraction(int(text)))
    if sign := _NEGATIVE.match(text):
        size = read_number(text[sign.end() :])
        return Quantity(-size.value, size.unit, size.decimals) if size else None
    if twice := _TWICE.match(text):  # six (6)
        said, again = _in_words(twice[1].strip()), read_number(twice[2])
        return again if said and again and said.value == again.value else None
    if not any(c.isdigit() for c in text):
        share = _in_words(text)
        return Quantity(share.value * 100, PERCENT) if share and text.startswith("百分之") else share
    text = _PERIOD.sub(r"\1(\2)", _COMMENT.sub("", text))
    unit = ""
    if text.startswith("百分之"):
        text, unit = text[3:], PERCENT
    elif money := _CURRENCY.match(text):
        text, unit = text[money.end() :].strip(), money[0][-1] if not money[0][-1].isalpha() else money[0].lower()
    found = _BODY.match(text)
    if found is None or not any(c.isdigit() for c in found[0]):
        return None
    value = _value(found)
    rest = text[found.end() :]
    if value is None:
        return None
    first, _, after = rest.strip().partition(" ")
    if (scale := SCALES.get(first.casefold())) and rest[:1] != "":
        value, rest = value * scale, " " + after if after else ""
    tail = read_unit(rest)
    if tail is None:
        return _compound(Quantity(value, head), rest) if (head := _first_unit(rest)) else None
    if found["money"]:
        unit = found["money"].strip()
    dec = found["dec"] if not (found["rep"] or found["rep2"]) else None
    power = _power(found)
    return Quantity(value, tail or unit, len(dec) - power if dec and power <= len(dec) else None)


_NEXT: Final = re.compile(r"\s*([^\d\W]+)\s*,?\s*(?:and\s+)?(?=\d)")


def _in_words(text: str) -> Quantity | None:
    """`twenty-one apples`, `十二`."""
    if (said := value_in_words(text)) is None:
        return None
    tail = read_unit(" " + said[1]) if said[1] else ""
    return None if tail is None else Quantity(said[0], tail)


def _first_unit(rest: str) -> str:
    found = _NEXT.match(rest)
    return (read_unit(" " + found[1]) or "") if found else ""


def _compound(first: Quantity, rest: str) -> Quantity | None:
    """`2 hours 30 minutes`, `5 feet 3 inches`: added up in the first unit."""
    gap = _NEXT.match(rest)
    second = read_number(rest[gap.end() :]) if gap and len(rest) < 60 else None
    factor = relate(second.unit, first.unit) if second and second.unit else None
    if second is None or not isinstance(factor, Fraction) or factor >= 1:
        return None
    return Quantity(first.value + second.value * factor, first.unit)


def _value(found: re.Match[str]) -> Fraction | None:
    up, down = found["up"] or found["up1"] or found["sup"], found["down"] or found["down1"] or found["sdown"]
    sign = -1 if (found["sign"] or "").startswith("-") else 1
    if up and down:
        if int(down) == 0:
            return None
        part = Fraction(int(up), int(down))
        if found["fsign"]:
            return None if found["whole"] else -sign * part
        return sign * (int(found["whole"] or 0) + part)
    if found["euro"]:
        return sign * Fraction(found["euro"].replace(".", "").replace(",", "."))
    digits = re.sub(r"[,_ ]", "", found["int"] or "")
    value = Fraction(f"{digits or 0}.{found['dec'] or 0}")
    if repeated := found["rep"] or found["rep2"]:
        value += Fraction(int(repeated), (10 ** len(repeated) - 1) * 10 ** len(found["dec"] or ""))
    power = _power(found)
    return None if abs(power) > LONGEST else sign * value * Fraction(10) ** power


def _power(found: re.Match[str]) -> int:
    return int((found["exp"] or found["exp2"] or found["exp3"] or "0").replace(" ", ""))


def same_number(reference: Quantity, answer: Quantity, strict: frozenset[str] = frozenset()) -> bool | None:
    """Whether two quantities are equal; None if that hangs on rounding or on what a unit means.

    A missing unit is no fault, and where only one side says percent, 50 % is 50 and 0.5, as graders usually read it,
    unless `strict` has "units" or "percent": then both sides must say it.
    """
    one, other = reference.unit, answer.unit
    if one != other and PERCENT in (one, other):
        return False if "percent" in strict else _percent(reference, answer)
    if "units" in strict and bool(one) != bool(other):
        return False
    factor = relate(other, one)
    if factor is False:
        return False
    if factor is None:
        return None if reference.value == answer.value else False
    return _agree(reference, Quantity(answer.value * factor, decimals=answer.decimals))


def _percent(reference: Quantity, answer: Quantity) -> bool | None:
    percent, plain = (reference, answer) if reference.unit == PERCENT else (answer, reference)
    if plain.unit:
        return None if percent.value == plain.value else False
    shifted = None if percent.decimals is None else percent.decimals + 2
    share = _agree(plain, Quantity(percent.value / 100, decimals=shifted))
    if share or percent.value != plain.value:
        return share
    return True if abs(plain.value) >= 1 else None  # 0.5 beside 0.5 %: nobody can tell which was meant


def _agree(reference: Quantity, answer: Quantity) -> bool | None:
    if reference.value == answer.value:
        return True
    lengths = [q.decimals for q in (reference, answer)]
    known = [d for d in lengths if d is not None]
    if not known:
        return False
    if len(known) == 2 and answer.decimals is not None and answer.decimals < (reference.decimals or 0):
        return False  # fewer digits than were asked for
    places = min(*known, CERTAIN) if len(known) > 1 else min(known[0], CERTAIN)
    if not _rounds(reference.value, answer.value, places) or places < 3:
        return False
    rounded = answer.decimals is not None and reference.decimals is None
    if places < ROUNDED:
        return None
    return True if not rounded or places >= EXACT or _repeats(reference.value, places) else None


def _repeats(value: Fraction, places: int) -> bool:
    """Whether so many decimals show the period of a fraction three times: `0.363636`, `0.333333`."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest > 1 and any((10**period - 1) % rest == 0 for period in range(1, places // 3 + 1))


def _rounds(one: Fraction, other: Fraction, places: int) -> bool:
    unit = Fraction(1, 10**places)
    return abs(one - other) <= unit / 2 and min(abs(one), abs(other)) >= 100 * unit
