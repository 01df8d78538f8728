"""What an answer says outright in its last clause or list, where the sentence as a whole can't be compared.

Covers English sentences: lists of words, claims called true or false, clauses behind a colon, contrasts, plurals from
Latin. Does not cover numbers (`extraction/last_number.py`), formulas (`extraction/clauses.py`) nor synonyms.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK
from factory.verify.extraction.doubts import UNSETTLED
from factory.verify.extraction.sentences import STOP
from factory.verify.literals.normalise import normalise
from factory.verify.literals.words import fold, meaning

_BETWEEN: Final = re.compile(r",? and |[,;] ")
_ORDERED: Final = r"(?:,? (?:in (?:this|that) order|respectively|in total|altogether))?[.!]?$"
_MORE: Final = re.compile(r"(?:[,;&/+\d-]|\b(?:and|or|nor|not|than|of|by|but))\s*$")
"""Before a list of which only the end was wanted."""
CLAIM: Final = "statement|claim|assertion|proposition|conjecture|inequality|sentence|hypothesis|argument"
_CLAIM: Final = re.compile(
    r"(?:^(?:this |that )?|\b(?:so|and|thus|hence|therefore|then|conclude) (?:the|this|that) )"
    rf"(?:{CLAIM})(?P<that> that [\w ]{{1,60}}?)?"
    r"(?: (?:is|was)(?: indeed| clearly| therefore| thus| simply)?)?"
    r" (?P<verdict>(?:not )?(?:true|correct)|false|incorrect|wrong|holds|fails|does not hold)$"
)
"""`the claim that it does is not true`, folded."""
_DENIES: Final = re.compile(r"\b(?:not?|never|false|untrue)\b")
_MARK: Final = re.compile(r"[:;]\s")
_OPEN_LEAD: Final = re.compile(
    r"\b(?:say|says|said|saying|claim\w*|think\w*|thought|ask\w*|question\w*|suppos\w*|assum\w*|if|whether|wrong|false"
    r"|incorrect|options?|choices?|guess\w*|example|either|maybe|perhaps|unless|mistake\w*|tempt\w*)\b"
    r"|n['’]t (?:true|right)",
    re.IGNORECASE,
)
"""Before a colon behind which nobody answers: `Some say: it is Lyon`."""
_DISOWNED: Final = re.compile(
    r"\b(?:wrong|false|incorrect|guess\w*|candidates?|repl(?:y|ies)|says?|claims?|mistakes?|students?|others?|another)\b"
    r"[^:]{0,40}:[^:]{1,80}$",
    re.IGNORECASE,
)
_RATHER: Final = re.compile(r" (?:rather than|instead of|as opposed to|and not) [\w ]{1,30}$")
_IS: Final = re.compile(r" (?:is|was|are|were) ")
_CALLED: Final = re.compile(r" (?:is|was|are|were)(?: called| named| termed| known as)? (?:the |an? )?")
_ENDINGS: Final = (("on", "a"), ("um", "a"), ("us", "i"))


def lists(reference: str, text: str) -> bool:
    """Whether a text's last sentence ends with the words of a list, in their order and no more of them."""
    pattern = _pattern(reference)
    if pattern is None:
        return False
    sentence = STOP.split(normalise(text[-600:]))[-1]
    found = pattern.search(sentence)
    if found is None:
        return False
    before = sentence[: found.start()]
    return _MORE.search(before) is None and UNSETTLED.search(before) is None


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _pattern(reference: str) -> re.Pattern[str] | None:
    """What a list of words looks like in a sentence; None for any other reference."""
    items = _BETWEEN.split(normalise(reference)) if len(reference) < 200 else []
    if len(items) < 2 or not all(re.fullmatch(r"(?:\d+ )?[A-Za-z][A-Za-z' -]+", item) for item in items):
        return None
    return re.compile(r"\b" + r"(?:,? and |, )".join(map(re.escape, items)) + _ORDERED, re.IGNORECASE)


def outright(text: str, wanted: str, sense: tuple[int, int] | None) -> bool | None:
    """Whether a normalised sentence says what is wanted (folded) outright; None where it says nothing of the kind."""
    said = fold(text)
    if len(said) > 400:
        return None
    if sense and sense[0] == _YES[0] and (claim := _CLAIM.search(said)):
        if claim["that"] and _DENIES.search(claim["that"]):
            return None
        return (claim["verdict"] in ("true", "correct", "holds")) == (sense == _YES)
    *lead, clause = _MARK.split(text.rstrip(" .!*"))
    if lead and not _OPEN_LEAD.search(" ".join(lead)) and _is_told(fold(clause), wanted, sense):
        return True
    said, contrasts = _RATHER.subn("", said)
    return True if contrasts and _is_told(said, wanted, None) else None


def is_disowned(text: str) -> bool:
    """Whether what a sentence says behind its colon is nobody's answer: `Some get this wrong: it is Lyon`."""
    return ":" in text and _DISOWNED.search(text[-400:]) is not None


def _is_told(clause: str, wanted: str, sense: tuple[int, int] | None) -> bool:
    """Whether all that a folded clause says is what is wanted, or a word of its meaning."""
    *subject, told = _CALLED.split(f" {clause}")
    if len(subject) > 1 or UNSETTLED.search(" ".join(subject)):
        return False
    return told.strip() == wanted or (sense is not None and meaning(told.strip()) == sense)


def is_inflected(text: str, reference: str) -> bool:
    """Whether a sentence ends with the other number of a Latin or Greek noun: `it is the mitochondrion`."""
    wanted = reference.strip()
    if not (wanted.isalpha() and wanted.islower() and len(wanted) > 6):
        return False
    *subject, told = _IS.split(" " + fold(text))
    if len(subject) != 1 or UNSETTLED.search(subject[0]):
        return False
    return any(
        wanted.endswith(end) and fold(told) == wanted.removesuffix(end) + other
        for one, two in _ENDINGS
        for end, other in ((one, two), (two, one))
    )


_YES: Final = meaning("yes") or (0, 0)
