"""Numbers that the text around them reads another way: points between thousands, digits said to be in base ten.

Does not cover which number is the answer (`extraction/extract.py`) nor what it is worth (`literals/numbers.py`,
`literals/bases.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK
from factory.verify.comparison.compare import decide
from factory.verify.extraction.candidates import Extracted
from factory.verify.literals.spelt import FOREIGN
from factory.verify.literals.units import PERCENT, is_known, read_unit

NEAR: Final = 400
"""Characters before a number that say in which language it is written."""
_POINTS: Final = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.]*\d)")
_ENGLISH: Final = re.compile(r"\b(?:the|is|are|and|of|so|she|he|they|we|for|with)\b", re.IGNORECASE)
_BASED: Final = re.compile(r"_\{?\d{1,2}\}?$|\b(?:in )?base \w+$")
_LOWERED: Final = re.compile(r"([0-9A-F]+)_\{?(\d{1,2})\}?")
_BASES: Final = {"2": "binary", "8": "octal", "16": "hexadecimal"}
_HOW_MANY: Final = re.compile(r"\bhow many ((?:square |cubic )?[a-z]{4,12})\b")
_IN_UNIT: Final = re.compile(r"\bin ([a-zA-Z]{1,12}(?:/[a-z]{1,6})?)\?\s*\Z")
_TEN: Final = re.compile(r"\b(?:base[- ](?:ten|10)|decimal(?:s| notation| system)?)\b", re.IGNORECASE)


def is_european(question: str, answer: str, found: Extracted, reference: str) -> bool:
    """Whether a number is right as most of Europe writes thousands, in a text of one of its languages: `1.250 Euro`."""
    if "." not in found.text or "." in reference or (points := _POINTS.search(found.text)) is None:
        return False
    near = answer[max(0, found.start - NEAR) : found.start]
    if not any(_is_foreign(text) for text in (near, f"{question[-NEAR:]} {near}")):
        return False
    plain = found.text.replace(points[0], points[0].replace(".", ""))
    return decide(reference, plain).correct is True


def _is_foreign(text: str) -> bool:
    return len({word.lower() for word in FOREIGN.findall(text)}) > 2 and not _ENGLISH.search(text)


@lru_cache(maxsize=PROMPTS_AT_WORK)
def in_asked_unit(question: str, reference: str) -> str:
    """A bare number as reference with the unit its question asks for: `How many metres ...?`, `..., in km/h?`"""
    asked = _HOW_MANY.search(question.lower()) or _IN_UNIT.search(question)
    if asked is None or not reference.replace(".", "", 1).isdecimal():
        return reference
    unit = read_unit(" " + asked[1])
    return f"{reference} {asked[1]}" if unit and is_known(unit) and unit != PERCENT else reference


def is_asked_base(question: str, found: Extracted, reference: str) -> bool:
    """Whether an answer names the base that the question asks for and its reference leaves out: `101_2`."""
    said = _LOWERED.fullmatch(found.text.strip(" $"))
    if said is None or said[1] != reference.strip(" $"):
        return False
    return re.search(rf"\bbase[- ]{said[2]}\b|\b{_BASES.get(said[2], 'base ' + said[2])}\b", question) is not None


def is_in_base_ten(answer: str, found: Extracted, reference: str) -> bool:
    """Whether plain digits beside a reference in another base are said to be decimal."""
    if reference.isdigit() or not found.text.strip(" $").isdigit() or _BASED.search(reference) is None:
        return False
    sentence = re.split(r"[.!?\n]\s", answer[max(0, found.start - 120) : found.start])[-1]
    return _TEN.search(sentence) is not None
