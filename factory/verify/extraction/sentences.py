"""What the last sentence of an unmarked line states beside plain figures: a number in words or behind a formula, a
symbol, a date.

Covers English. Does not cover plain numbers (`last_number.py`) nor formulas without delimiters (`clauses.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from factory.verify.extraction.doubts import UNSETTLED, is_no_result
from factory.verify.literals.dates import MONTHS
from factory.verify.literals.spelt import ABROAD, FOREIGN

STOP: Final = re.compile(r"(?<=[.!?])\s+(?=\(?[A-Z])")
_SMALL: Final = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_SHARE: Final = "hal(?:f|ves)|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?|tenths?"
SPELT: Final = re.compile(
    rf"(?<!-)\b(?<!non )(?:(?:negative|minus)\s)?(?:{_SMALL}|a(?= (?:dozen|hundred|thousand)\b))\b"
    rf"(?:[\s-](?:and\s)?(?:a\s)?(?:{_SMALL}|{_SHARE}|dozen|hundred|thousand|million|billion)\b)*"
    r"(?!-|\s(?:out of|in|(?:and|point|over|by)\b|(?:nin|seven|fif)ths?))",
    re.IGNORECASE,
)
_ABROAD: Final = re.compile(rf"\b(?:{ABROAD})\b", re.IGNORECASE)
_UNSETTLED: Final = re.compile(
    rf"{UNSETTLED.pattern}|\b(?:remainders?|differences?|discriminant|check\w*|given|told|know|where|when|people|others)\b",
    re.IGNORECASE,
)
"""Before a number that the sentence doesn't state as its result."""
_RESULT: Final = re.compile(
    r"\b(?:so|thus|hence|therefore|way|values?|answer|result|order|limit|integral|sum|total|all|probability|chance)\b",
    re.I,
)
_NOT: Final = re.compile(r"\b(?:not|never)\b|n['’]t\b")
_GIVEN: Final = re.compile(r"(?:^|[.!?] )(?:With|For|If|When|At|Since|Because) $")
_ONE_OF: Final = re.compile(
    r"\b(?:the|th[eo]se|his|her|their|our|all|both|first|second|third|next|each of|other|another|every)(?: \w+)?\s$",
    re.IGNORECASE,
)
_STATED: Final = re.compile(
    r"(?P<before>[^.!?\n]{0,100}?)\b(?:is|are|was|equals?|becomes?|comes? to|total\w*|leaves?|remainder)\s"
    r"(?:(?:exactly|only|just|then|therefore|the|remainder|equal to)\s){0,2}"
    r"[*$€£]{0,3}-?\d[\d,]*(?:\.\d+)?[*%]{0,3}[.!]?\s*$"
)
"""Behind a formula: `so the final count is 1,023.`"""
_HAN_STATED: Final = re.compile(
    r"(?:故|所以|因此|从而)[^$，,。；;]{0,12}[为是=]\s?-?\d[\d./]*\s?[\u4e00-\u9fff]{0,3}[。.]?\s*$"
)
"""`故该数为 3。`"""
_ON: Final = re.compile(r";|\b(?:so|thus|hence|therefore)\b")
_ELSEWHERE: Final = re.compile(
    r"\b(?:where|when|if|for|since|because|as|than|which|that|not|never|with|whose|or|unless|while|whenever)\b|n['’]t\b"
)
_PROVES: Final = re.compile(r",?\s(?:as|since|because)\s+$")
_PROVEN: Final = re.compile(r"\s(?:shows|confirms|says|tells us|proves)[.!]?\s*$")
_VALUE: Final = re.compile(r"(?P<name>[A-Za-z]) ?= ?-?[\d./]+")
_ALL: Final = re.compile(
    r"\b(?:all|every|those|the set of)\b[^.$]{0,30}\$\\?[A-Za-z]\$\s(?:with|such that|for which|where|satisfying)\s$"
)
"""`consists of all real $x$ with`."""
_LETTERS: Final = re.compile(r"[A-Za-z]")
_SYMBOL: Final = re.compile(
    r"\b(?:is|be|called|written|denoted|written as|denoted by)\s[*\"'`]{0,3}"
    r"(?P<symbol>[A-Z][a-z]?|e(?=[.!]?$)|(?=[A-Za-z]*\d)(?=\d*[A-Z])[A-Z0-9][A-Za-z0-9]{1,3})"
    r"[*\"'`]{0,3}[.!]?\s*$"
)
_COMPARED: Final = re.compile(
    r"\b(?P<bound>[a-z] (?:is|must be|has to be) (?:strictly )?(?:greater|larger|less|smaller) than(?: or equal to)? "
    r"-?\d[\d./]*)\.?$"
)
_DATE: Final = re.compile(
    rf"\b(?:on|is|was|be) (?:the )?(?P<date>\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{MONTHS}),? \d{{4}}"
    rf"|(?:{MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})\b",
    re.IGNORECASE,
)


def last_sentence(line: str) -> int:
    """Where the last sentence of a line begins."""
    return max((stop.end() for stop in STOP.finditer(line)), default=0)


def in_words(line: str) -> tuple[int, int] | None:
    """Where the last sentence, one without figures, states its only number in words."""
    begin = last_sentence(line) if ". " in line or "! " in line else 0
    if any(map(str.isdigit, line[begin:])):
        return None
    is_foreign = FOREIGN.search(line, begin) is not None
    if not (line.isascii() or is_foreign):
        return None
    found = list(SPELT.finditer(line, begin)) or (list(_ABROAD.finditer(line, begin)) if is_foreign else [])
    if len(found) != 1 or found[0][0].lower() == "one" or is_no_result(line, *found[0].span()):
        return None
    before = line[begin : found[0].start()]
    after = line[found[0].end() :].partition(",")[0]
    return None if _UNSETTLED.search(before) or _ONE_OF.search(before) or _NOT.search(after) else found[0].span()


def concludes(line: str) -> bool:
    """Whether the last sentence says that it gives the result, and is no remark as `The tax is zero.`"""
    return _RESULT.search(line, last_sentence(line)) is not None


def states_number(rest: str) -> bool:
    """Whether the sentence goes on behind a formula and ends with a number as its result."""
    if not rest.isascii() and _HAN_STATED.search(rest):
        return True
    found = _STATED.match(rest)
    return found is not None and _ELSEWHERE.search(_ON.split(found["before"])[-1]) is None


def meant(line: str, formulas: list[re.Match[str]]) -> tuple[str, list[re.Match[str]]]:
    """The line and its formulas without a closing proof: `it leaves the remainder 5, as $32 = 27 + 5$ shows`."""
    while formulas and _PROVEN.match(line, formulas[-1].end()):
        proof = _PROVES.search(line, max(0, formulas[-1].start() - 12), formulas[-1].start())
        if proof is None:
            break
        line = line[: proof.start()]
        formulas = formulas[:-1]
    if formulas and (states_number(line[formulas[-1].end() :]) or _is_given(line, formulas) or in_words(line)):
        formulas = []
    return line, formulas


def _is_given(line: str, formulas: list[re.Match[str]]) -> bool:
    """`With $x = 5$ we see that the square is 25.`"""
    if len(formulas) > 1 or not _GIVEN.search(line[: formulas[0].start()][-12:]):
        return False
    return _STATED.match(line, formulas[0].end()) is not None


def is_solution(line: str, place: int) -> bool:
    """Whether a formula that stands behind `all $x$ with` is what was asked for, and no condition."""
    return _ALL.search(line[max(0, place - 80) : place]) is not None


def is_step(text: str, last: str) -> bool:
    """Whether an equation only leads to the next one: `5x = 35` before `x = 7`."""
    value = _VALUE.fullmatch(last)
    return (
        value is not None
        and text.count("=") == 1
        and set(_LETTERS.findall(text)) == {value["name"]}
        and (not _VALUE.fullmatch(text))
    )


def symbols(line: str) -> Iterator[tuple[int, int]]:
    """A symbol, or a date, that the last sentence says something is: `the symbol is Au`."""
    begin = last_sentence(line)
    if (found := _SYMBOL.search(line, begin)) and not _UNSETTLED.search(line, begin, found.start("symbol")):
        yield found.span("symbol")
    if (found := _COMPARED.search(line, begin)) and not UNSETTLED.search(line, begin, found.start()):
        yield found.span("bound")
    dates = list(_DATE.finditer(line, begin))
    if len(dates) == 1 and not _UNSETTLED.search(line, begin, dates[0].start()):
        yield dates[0].span("date")
