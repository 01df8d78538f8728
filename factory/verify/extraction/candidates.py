"""The candidates inside a segment of text that holds an answer: the whole, its formula, its bold words, its number.

Does not cover which segments hold answers (`extract.py`, `last_line.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import Final

from factory.verify.extraction.doubts import gives_none, is_no_result, is_taken_back, is_unsure
from factory.verify.extraction.trailing import unit_after
from factory.verify.literals.units import SCALES

LONGEST: Final = 2_000
"""Characters an extracted answer may have; anything longer is no final answer."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A candidate answer; `how`: boxed, tag, hashes, cue, line, math, group or number; `start`, `end`: code points."""

    text: str
    how: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What verification found: `correct` is None where nobody can tell.

    `by` names the step that decided (exact, number, word, parts, formula, choice, ...) or why none could
    (undecided, no_reference, no_answer, conflicting, timeout, no_tests, no_jail). `found` is the extracted
    answer, in the answer part.
    """

    correct: bool | None
    by: str
    found: Extracted | None = None


Finder = Callable[[str], Iterator[Extracted]]
SYMBOL: Final = re.compile(r"\\?[A-Za-z]+(?:_\{?\w+\}?)?(?:\([a-z]\))?")
"""`n`, `f(x)`, `\\alpha`: what an answer is about, where something else follows."""
MATH: Final = re.compile(
    r"\$\$([^$]{1,2000})\$\$|\$([^$\n]{1,1000})\$|\\\((.{1,1000}?)\\\)|\\\[(.{1,2000}?)\\\]", re.DOTALL
)
CONNECTOR: Final = re.compile(
    r"(?:[\s,;.*\"\\]|\b(?:and|or|und|oder|bzw|et|ou|y|o|as well as(?: for)?)\b|和|或|、|または|かつ|и|или)*"
)
_EITHER: Final = re.compile(r"\b(?:or|oder|bzw|ou|o)\b|或|または|или")
_BOLD: Final = re.compile(r"\*\*([^*\n]{1,200})\*\*")
_COPULA: Final = re.compile(r"\s?(?:です|である|でした|입니다|이다)[。.]?$")
_HAN: Final = re.compile(
    r"百?分之[零一二两三四五六七八九十百]{1,4}|[零一二两三四五六七八九十]{1,3}[点點时時][零一二三四五六七八九十]{1,3}分"
)
"""A percentage or a time of day in Chinese words."""
_COMPOUND: Final = (
    r"\d+ (?:dollars?|hours?|hrs?|h|minutes?|mins?|feet|foot|ft|meters?|m) (?:and )?"
    r"\d+ (?:cents?|minutes?|mins?|seconds?|secs?|s|inch(?:es)?|in|centimeters?|cm)\b|"
)
"""`7 dollars and 25 cents` is one quantity."""
NUMBER: Final = re.compile(
    rf"(?=[-+−$€£¥.\d\\½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])(?:(?<![A-Za-z0-9_.^{{]){_COMPOUND}"
    r"(?<![A-Za-z0-9_.^{])(?:\d{1,3}(?:\.\d{3})+,\d+(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?![.\d]*\d)"
    r"|\d{1,2} ?h ?\d\d(?! ?min)\b|\d{1,3}:\d{1,3}(?::\d{1,3})?(?![\d:])"
    r"(?:\s?[AaPp]\.?[Mm]\b\.?| in the (?:morning|afternoon|evening)\b)?"
    r"|[-+−]?\s?[$€£¥]?(?:\d{1,3}(?:,\d{3})+(?!\d)|(?<!\d,)\d+,\d{1,2}(?![\d,])|\d+)(?:\.\d+)?(?:\s?/\s?\d+(?!\d"
    r"|\.\d))?(?:[eE][+-]?\d+)?"
    r"(?:\s?(?:×|·|\\times|\\cdot|\*|x)\s?10(?:\s?\^\s?(?:\{[-+−]?\d+\}|[-+−]?\d+)|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    rf"(?:\s?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]|\s?\\?[%％]|\s(?:{'|'.join(SCALES)})\b|\s?[万亿])?"
    r"|[-+−]?\.\d+|[-+−]?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])|-?\\[dt]?frac\{-?\d+\}\{\d+\}(?:\s?\\?[%％])?)"
)
UNFINISHED: Final = re.compile(r"\s?(?:[/^*+]|[eE][-+])\s*[.$]*\s*$")
"""`1/`, `2e+`: what a number was about to go on with where the text ends."""
_NEGATIVE: Final = re.compile(
    r"\b(negative |(?:(?<=is )|(?<=be )|(?<=to )|(?<=equals )|(?<=was ))minus )$", re.IGNORECASE
)
"""`the change is negative 1.5`"""
_SIGNS: Final = ("egative ", "inus ")
_TIED: Final = re.compile(r"\s?(?:;\s?|\s(?:in|per|out of|to|through|and|or)\s|_|\.|,\s(?=[-\d.]+,? (?:and|or)\s))")
"""Between two numbers of which neither is the answer: `7 in 8`, `7;8`, `7, 8 and 9`."""
_RELATIVE: Final = re.compile(r"(?:[<>≤≥≠^_]|\\(?:leq?|geq?|neq?)|\b(?:multiple of|divisible by|modulo|mod))\s*[$(]?$")
"""Before a number that the answer is only related to: `< 7`, "a multiple of 7"."""
_MONEY: Final = re.compile(r"\d[\d,.]*(?:[a-z]{0,2}[,.;:]? (?!\\)[^$\\=]*| )\d$")
"""What stands between two signs of money, with the digit behind the second."""
_JOINED: Final = re.compile(r"[_^₀-₉]|\.[A-Za-z]")


def formulas_in(text: str) -> list[re.Match[str]]:
    """The formulas between delimiters; what two amounts of money enclose ("$460, of which $60") is none."""
    if "$" not in text and "\\" not in text:
        return []
    return [
        m
        for m in MATH.finditer(text)
        if m[2] is None or (m[2][0] != "^" and not _MONEY.match(m[2] + text[m.end() : m.end() + 1]))
    ]


def refine(text: str, start: int, end: int, how: str) -> Iterator[Extracted]:
    """A segment as a whole, then its first formula, its first bold words, the number it begins with.

    The first one decides most, so only that is made at once.
    """
    segment = text[start:end]
    if not segment.strip() or len(segment) > LONGEST:
        return iter(())
    lead = len(segment) - len(segment.lstrip())
    whole = segment.strip()
    if whole.count("**") % 2:  # the bold began before the cue: `**Answer: 5**`, `**Answer:** 5`
        lead += len(whole) - len(whole := whole.removeprefix("**").lstrip())
        whole = whole.removesuffix("**").rstrip()
    if not whole.isascii():
        whole = _COPULA.sub("", whole) or whole
    first = Extracted(whole, how, start + lead, start + lead + len(whole))
    if whole.isascii() and whole.isdigit():
        return iter((first,))  # nothing is in it but itself
    return chain((first,), _inside(segment, start, how))


def _inside(segment: str, start: int, how: str) -> Iterator[Extracted]:
    formulas = formulas_in(segment)
    formulas = [m for m in formulas if not SYMBOL.fullmatch(formula(m))] or formulas[:1]
    named_only = len(formulas) == 1 and SYMBOL.fullmatch(formula(formulas[0])) and NUMBER.search(segment)
    if formulas and not named_only:
        gaps = MATH.sub(" ", segment)
        if len(formulas) > 1 and CONNECTOR.fullmatch(gaps):
            yield Extracted(joined(segment, formulas), how, start + formulas[0].start(), start + formulas[-1].end())
        first = formulas[0]
        yield measured(segment, formula(first), how, start, first.start(), first.end())
    elif bold := _BOLD.search(segment):
        yield measured(segment, bold[1].strip(), how, start, bold.start(1), bold.end(1))
    if gives_none(segment) or is_taken_back(segment):
        return
    numbers = [m for m in islice(NUMBER.finditer(segment), 2) if not is_no_result(segment, m.start(), m.end())]
    if numbers and (UNFINISHED.match(segment, numbers[-1].end()) or _is_related(segment, numbers)):
        return
    leads = numbers and not segment[: numbers[0].start()].strip(" *$(:=") and not is_unsure(segment)
    if not numbers and not segment.isascii() and len(said := _HAN.findall(segment)) == 1:
        place = start + segment.index(said[0])
        yield Extracted(said[0], how, place, place + len(said[0]))
    if numbers and (len(numbers) == 1 or leads):
        first = numbers[0]
        yield measured(segment, first[0].strip(), how, start, first.start(), first.end())


def _is_related(segment: str, numbers: list[re.Match[str]]) -> bool:
    """Whether the first number is part of something: a relation, a pair, a name."""
    first, after = numbers[0], numbers[0].end()
    tied = _TIED.match(segment, after) if len(numbers) > 1 else None
    if tied and tied.end() == numbers[1].start():
        return True
    return _JOINED.match(segment, after) is not None or _RELATIVE.search(segment[: first.start()]) is not None


def measured(text: str, value: str, how: str, shift: int, start: int, end: int) -> Extracted:
    """What stands at start..end of a text, with the unit behind it if it is a number: `5 m` is not 5 of anything."""
    if text.endswith(_SIGNS, 0, start) and (sign := _NEGATIVE.search(text, max(0, start - 24), start)):
        start, value = sign.start(1), text[sign.start(1) : end].rstrip()
    if value[-1:].isdigit() or value[-1:] == "}":
        unit, after = unit_after(text, end)
        if unit:
            return Extracted(f"{value} {unit}", how, shift + start, shift + after)
    return Extracted(value, how, shift + start, shift + end)


def joined(text: str, run: list[re.Match[str]]) -> str:
    """Formulas that are one answer together; where words between them say "or", that stays."""
    either = any(_EITHER.search(text, a.end(), b.start()) for a, b in pairwise(run))
    return (" or " if either else ", ").join(map(formula, run))


def formula(match: re.Match[str]) -> str:
    """What stands between the delimiters of a match of `MATH`."""
    return next(group for group in match.groups() if group is not None).strip()
