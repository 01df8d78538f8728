"""Whether a candidate is a sentence or a row of steps and no value, and whether a reference is a number or words.

Does not cover what sentences state (`extraction/setting_out.py`, `mentions.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK
from factory.verify.extraction.candidates import CONNECTOR, MATH, Extracted
from factory.verify.literals.normalise import normalise
from factory.verify.literals.numbers import read_number
from factory.verify.literals.parts import AND_OR
from factory.verify.literals.units import is_known

_SENTENCE: Final = re.compile(r"[A-Z][a-z]+ [a-z]+ [^=]*$|(?:[^ =]* ){9}[^=]*$")
"""Two words, or nine spaces: a sentence, not a number."""
_COMMAND: Final = re.compile(r"\\[A-Za-z]+(?:\{[a-z]+\})?")
_WORD: Final = re.compile(r"\b[A-Za-z]{2,}\b")
_STEPS: Final = re.compile(
    r"(?:[,;:]|\s(?:so|thus|hence|then|and so)\b|⇒|→|\\implies|\\Rightarrow)+\s*(?:so|thus|hence|then)?\s"
)
_GIVEN: Final = re.compile(r"\s*[A-Za-z] ?= ?[-\d./]+\s*\.?")
_UNKNOWN: Final = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_SUM: Final = re.compile(r"\d[^=]*[-+*/×÷·][^=]*\d[^=]*= ?[-\d.,/]+\s*$")
_TELLS: Final = re.compile(
    r"(?<![\\A-Za-z{])(?:[Ww]hen|[Ss]o|[Hh]ence|[Tt]hus|[Tt]herefore|factors|gives|discarding|rejecting|ignoring|since"
    r"|because|which|that"
    r"|we|get|are)\b"
)
_PLURAL: Final = re.compile(r"[*$]{0,3} ([A-Za-z]{3,}s)\b")


def is_sentence(found: Extracted) -> bool:
    """Whether a line, or what a cue announced, is prose or steps."""
    if found.how not in ("line", "cue"):
        return False
    return _is_prose(found.text) or _is_derivation(found.text) or _has_formulas(found.text)


def _has_formulas(text: str) -> bool:
    """Whether words stand around several formulas: `We find $x = 3$ and $x = 4$`."""
    return text.count("$") > 3 and CONNECTOR.fullmatch(MATH.sub(" ", text)) is None


def _is_derivation(text: str) -> bool:
    """`3x = 36, x = 12`, `7 + 2 = 9, 9 * 2 = 18`: steps of which only the last gives the value."""
    if text.count("=") < 2 or len(text) > 200:
        return False
    *steps, last = _STEPS.split(text)
    if not steps or not all("=" in step for step in steps):
        return False
    if not _UNKNOWN.search(text):
        return _SUM.search(last) is not None
    if not _GIVEN.fullmatch(last) or any(_GIVEN.fullmatch(step) for step in steps):
        return False
    return all(set(_UNKNOWN.findall(step)) == {last.strip()[0]} for step in steps)


def _is_prose(text: str) -> bool:
    """Whether a text is a sentence, perhaps with formulas between its words, and no number in words."""
    if " " not in text:
        return False
    prose = _SENTENCE.match(text) if "\\begin" not in text else None
    if not prose:
        plain = _COMMAND.sub(" ", text[:400]) if "\\" in text else text[:400]
        if len(_WORD.findall(plain)) < 5 and not _TELLS.search(plain):
            return False
    if text[0].isalpha() and "(" not in text and any(map(str.isdigit, text)):
        return True  # what begins with words and holds figures is no number in words
    return not is_number(text)


@lru_cache(maxsize=2 * PROMPTS_AT_WORK)
def is_number(reference: str) -> bool:
    """Whether a text is a number, perhaps with a unit."""
    return read_number(normalise(reference)) is not None


@lru_cache(maxsize=PROMPTS_AT_WORK)
def has_words(reference: str) -> bool:
    """Whether a reference is more than numbers and formulas: names, units and words in it may stand in prose too."""
    return not is_number(reference) and _WORD.search(AND_OR.sub(" ", _COMMAND.sub(" ", reference))) is not None


def counts_other(answer: str, found: Extracted, reference: str) -> bool:
    """Whether an unmarked number counts other things than the reference: `There are 5 oranges` beside 5 apples."""
    wanted = _noun(reference) if found.how == "number" else frozenset()
    noun = _PLURAL.match(answer, found.end) if wanted else None
    return noun is not None and noun[1].lower().rstrip("s") not in {word.rstrip("s") for word in wanted}


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _noun(reference: str) -> frozenset[str]:
    """The words behind the number a reference is, if they are no unit of measure."""
    quantity = read_number(normalise(reference))
    return (
        frozenset(quantity.unit.split()) if quantity and quantity.unit and not is_known(quantity.unit) else frozenset()
    )
