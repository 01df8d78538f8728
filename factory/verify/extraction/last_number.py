"""The number a line ends with, or the numbers: what a text without any mark of an answer most often states.

Does not cover marked answers (`extract.py`) nor formulas and sentences (`last_line.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from factory.verify.extraction.candidates import NUMBER, UNFINISHED, Extracted, measured
from factory.verify.extraction.clauses import ON, added
from factory.verify.extraction.doubts import gives_none, is_denied, is_no_result
from factory.verify.extraction.sentences import SPELT, STOP, concludes, in_words, last_sentence
from factory.verify.extraction.setting_out import states_none
from factory.verify.literals.spelt import FOREIGN, value_in_words

_OPERATORS: Final = tuple("<>≤≥≠^*/+_√π")
_RELATED: Final = re.compile(r"\\(?:n?mid|equiv|cdot|times|n?eq?|leq?|geq?|pm|in|approx|sqrt|binom)(?![A-Za-z])")
_RELATING: Final = re.compile(r"\\(?:pm|mp|cdot|times|div|leq?|geq?|neq?|in|sqrt|equiv)$|\b(?:ln|log|sin|cos|tan|exp)$")
_TO: Final = re.compile(r"(?<![\d.,])\d{1,6} to $")
"""`5 to 2`: a ratio, if the reference is one."""
_ASIDE: Final = re.compile(r"\([^()]*[A-Za-z=+*/×÷·][^()]*\)")
_BOLD_OPENS: Final = re.compile(r"(?:^|[\s\u2e80-\uffef])\*\*$")
_BESIDE: Final = re.compile(r"\s?(?:[,、]\s?(?:(?:and|or|und|et|y)\s)?|(?:and|or|und|oder|et|ou|y|和|或)\s?)")
_PAIR: Final = re.compile(r"[A-Za-z和或]")
_ROUNDED: Final = re.compile(r"[-\d./,√π]+ ?≈ ?\$?[-\d.,]+(?:%| ?[a-z]{1,3}[²³]?)?[.$]*$")
"""`1/3 ≈ 0.333`."""
_CHANCE: Final = re.compile(
    r"\b(?:chances?|probability|odds)\b[^.]{0,60}\b(\d+) (?:in|out of) (\d+)\W*$|\b(\d+) in (\d+) chance\b"
)
_LED: Final = re.compile(r"\W*(?:(?:so|thus|hence|therefore)\W+)?", re.IGNORECASE)
_IS_THE: Final = re.compile(r"[$*]{0,3} (?:is|are) the (?!first|second|third|next|last)")
_POINTS: Final = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_PRODUCT: Final = re.compile(r"[abcknpqrtuvwxyz]\b(?!['’])")
"""`2n roots`"""
_PLAIN: Final = re.compile(r"(?:[A-Za-z]+ )+(\d+)(?: ([a-z]+)(?: ([a-z]+))?)?[.!]?")
_BEFORE_LIST: Final = """a all altogether are earns gets had has have he in is it makes now paid pays she so spends
spent takes the there they thus total was were will"""
_BEFORE: Final = frozenset(_BEFORE_LIST.split())
_AFTER_LIST: Final = """times plus minus divided multiplied mod modulo squared cubed factorial to only unless more less
fewer does is too of impossible wrong incorrect equations equation unknowns unknown variables formulas formula
constraint constraints conditions cases steps hundred thousand million billion trillion dozen was are would can cannot
but not never which in out per through or and if when unclear unsure maybe perhaps possibly contradiction
a b c e h k n p q r t u v w x y z am pm"""
_AFTER: Final = frozenset(_AFTER_LIST.split())
"""Words that the questions below turn on."""
_BETWEEN: Final = re.compile(r"\b(?:between|from|zwischen|entre|neither|tra)\s$", re.IGNORECASE)
_NAMELY: Final = re.compile(r"\b(?:namely|viz|that is|i\.e)\b|[:：即]")


def last_number(line: str, start: int) -> Iterator[Extracted]:
    """The last number that a line states: not in an aside, not denied, no bound, no part of a formula."""
    if plain := _plain(line):
        yield measured(line, plain[1], "number", start, plain.start(1), plain.end(1))
        return
    if said := in_words(line):
        sure = concludes(line)
        yield Extracted(line[slice(*said)], "number" if sure else "group", start + said[0], start + said[1])
        if not sure:
            yield from last_number(line[: last_sentence(line)].rstrip(), start)
        return
    numbers = list(NUMBER.finditer(line))
    if gives_none(line) or (len(numbers) > 1 and not line.strip(" 0123456789.,")):
        return  # a row of numbers has no last word
    if "**" in line:  # what is set in bold is meant
        numbers = [m for m in numbers if line[: m.start()].endswith("**") and "**" in line[m.end() :]] or numbers
    asides = [m.span() for m in _ASIDE.finditer(line)] if "(" in line else []
    outside = [m for m in numbers if not any(a < m.start() < b for a, b in asides)] if asides else numbers
    if len(outside) > 1:
        several = list(_several(line, start, outside))
        if several:
            yield from several
            return
        if _listed(line, outside) > 1:
            return
        outside = outside[: added(line, outside)]
    brackets = "(" in line or "[" in line or "{" in line
    denied: set[str] = set()
    for match in reversed(outside or numbers):
        if _is_part(line, match) or (outside and brackets and _depth(line[: match.start()]) > 0):
            return  # of a formula or a relation that nobody could read
        if is_no_result(line, match.start(), match.end()) or states_none(line, match.start(), match.end()):
            return
        if is_denied(line, match.start(), match.end()):
            denied.add(match[0].strip())
        elif match[0].strip() in denied:
            return  # `One might say 144, but it is not 144`
        else:
            if "." in match[0] and _POINTS.fullmatch(match[0].strip()) and FOREIGN.search(line):
                # `1.200` as most of Europe writes twelve hundred: one reading of it, beside the other
                yield Extracted(match[0].strip().replace(".", ""), "group", start + match.start(), start + match.end())
            if line.endswith(" to ", 0, match.start()) and (ratio := _TO.search(line, 0, match.start())):
                yield Extracted(ratio[0] + match[0].strip(), "number", start + ratio.start(), start + match.end())
            yield measured(line, match[0].strip(), "number", start, match.start(), match.end())
            return


def _plain(line: str) -> re.Match[str] | None:
    """A line as most are, in words of which none can say anything of its number: `She has 12 pens left.`"""
    found = _PLAIN.fullmatch(line)
    if found is None or not _BEFORE.issuperset(line[: found.start(1)].lower().split()):
        return None
    return None if found[2] in _AFTER or found[3] in _AFTER else found


def _several(line: str, start: int, numbers: list[re.Match[str]]) -> Iterator[Extracted]:
    """What several numbers say together: a rounding, a chance, a list, or what the sentence speaks of."""
    if "≈" in line and (rounded := _ROUNDED.search(line)):
        yield Extracted(rounded[0].strip(" .$"), "number", start + rounded.start(), start + rounded.end())
    elif subject := _subject(line, numbers):
        yield measured(line, subject[0].strip(), "number", start, subject.start(), subject.end())
    elif chance := _CHANCE.search(line):
        up, down = filter(None, chance.groups())
        yield Extracted(f"{up}/{down}", "number", start + chance.start(), start + chance.end())
    elif (count := _listed(line, numbers)) > 1:
        yield from _list(line, start, numbers[:-count], numbers[-count:])


def _subject(line: str, numbers: list[re.Match[str]]) -> re.Match[str] | None:
    """The number of which the whole sentence speaks: `12 is the greatest common divisor of 24 and 36`."""
    if not _IS_THE.match(line, numbers[0].end()) or STOP.search(line):
        return None
    return numbers[0] if _LED.fullmatch(line, 0, numbers[0].start()) and not ON.search(line, numbers[0].end()) else None


def _listed(line: str, numbers: list[re.Match[str]]) -> int:
    """How many numbers the line ends with are one list: `2, 3 and 5`; two beside a mere comma may be anything."""
    first = len(numbers) - 1
    while first > 0 and _are_beside(line, numbers[first - 1], numbers[first]):
        first -= 1
    count = len(numbers) - first
    return 1 if count == 2 and not _PAIR.search(line, numbers[-2].end(), numbers[-1].start()) else count


def _are_beside(line: str, one: re.Match[str], other: re.Match[str]) -> bool:
    between = _BESIDE.fullmatch(line, one.end(), other.start())
    return between is not None and not line.endswith((" out of ", " in "), 0, one.start())


def _list(line: str, start: int, before: list[re.Match[str]], run: list[re.Match[str]]) -> Iterator[Extracted]:
    """The list, and the number it spells out: `there are 2, namely 3 and 5`."""
    first, last = run[0].start(), run[-1].end()
    if _is_part(line, run[0]) or _is_part(line, run[-1]) or is_denied(line, first, last):
        return
    if not is_no_result(line, first, run[0].end()) and not _BETWEEN.search(line[:first]):
        yield Extracted(line[first:last], "group", start + first, start + last)
    if not before:
        yield from _counted(line[:first], start, len(run))
    if before and _NAMELY.search(line, before[-1].end(), first):
        yield measured(line, before[-1][0].strip(), "number", start, before[-1].start(), before[-1].end())


def _counted(before: str, start: int, count: int) -> Iterator[Extracted]:
    """The number in words that a list spells out: `there are two such values: 3 and 5`."""
    for word in SPELT.finditer(before):
        said = value_in_words(word[0])
        if said and said[0] == count and _NAMELY.search(before, word.end()):
            yield Extracted(word[0], "number", start + word.start(), start + word.end())


def _is_part(line: str, number: re.Match[str]) -> bool:
    before, after = line[: number.start()].rstrip(), line[number.end() :].lstrip()
    if before.endswith("**") and (not before.count("**") % 2 or _BOLD_OPENS.search(before)):  # of bold words
        before = before.removesuffix("**").rstrip()
    after = after.removeprefix("**")
    return (
        before.endswith(_OPERATORS)
        or (before[-1:].isalpha() and _RELATING.search(before, len(before) - 8) is not None)
        or after.startswith(_OPERATORS)
        or (after[:1] == "\\" and _RELATED.match(after) is not None)
        or (line[number.end() : number.end() + 1].isalpha() and _PRODUCT.match(line, number.end()) is not None)
        or (after[:1] in ("e", "E") and UNFINISHED.match(after) is not None)
    )


def _depth(text: str) -> int:
    return sum(text.count(char) for char in "([{") - sum(text.count(char) for char in ")]}")
