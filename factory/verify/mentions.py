"""Whether a sentence says the wanted words, where it is no value that could be compared.

Covers short sentences that begin or end with them. Does not cover synonyms.
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.candidates import Extracted, Finding
from factory.verify.normalise import normalise
from factory.verify.words import fold, meaning, told

_FIRST_WORD: Final = re.compile(r"[,.;:!]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]")
_HEDGE: Final = re.compile(
    r"\b(?:before|after|until|following|opposite|or|nor|not|neither|except|unlike|than|instead|but|while|whereas|either"
    r"|cannot|never|no|without|hardly|barely|scarcely|doubt\w*|if|whether|thinks|thought|says|said|claims|claimed|oder|nicht|ou|pas|o|не|или)\b"
    r"|n't|不|或|非",
    re.IGNORECASE,
)
_SO: Final = re.compile(r"\b(?:so|therefore|thus|hence)\b ?")
_IS: Final = re.compile(r"\b(?:is|was|are|were) ")
_NOT_BUT: Final = re.compile(r"\bnot \w[\w ]{0,30} but (?:rather )?")
_NOT_OTHER: Final = re.compile(r"(?<=\w) not (?!the\b|true\b|right\b|correct\b)[\w ]{1,30}$")
"""`it is Monday, not Tuesday`"""
_UNSETTLED: Final = re.compile(
    r"\b(?:or|nor|not|neither|never|no|nobody|none|without|either|cannot|if|whether|unless|doubt\w*|den(?:y|ies|ied)"
    r"|claim\w*|say|says|said|think\w*|thought|believ\w*|suppos\w*|assum\w*|false|wrong|incorrect|only|than|as)\b"
)
"""Words of a sentence that settles nothing about its subject, or speaks of another one."""


def mention(reference: str, candidates: list[Extracted]) -> Finding | None:
    """A short sentence that begins or ends with the wanted words and neither denies nor hedges."""
    wanted = fold(normalise(reference))
    sense = meaning(wanted)
    for found in candidates:
        text = normalise(found.text)
        said = fold(text)
        if _concludes(said, wanted):
            return Finding(True, "mention", found)
        if sense and len({one for one in told(said) if one[0] == sense[0]}) > 1:
            continue  # even, odd
        first = meaning(_FIRST_WORD.split(text, maxsplit=1)[0])
        if sense and first and sense[0] == first[0]:
            return Finding(sense == first, "mention", found)
        if sense and _ends_with(sense, text):
            return Finding(True, "mention", found)
        if len(said) > 300 or _HEDGE.search(said.replace(wanted, " ")):
            continue
        if sense and len(mentioned := {one for one in told(said) if one[0] == sense[0]}) == 1:
            return Finding(mentioned == {sense}, "mention", found)
        if _HAN.search(wanted) and re.search(rf"(?:是|为|叫|在|:)\s?{re.escape(wanted)}$", said):
            return Finding(True, "mention", found)
        if f" {said} ".endswith(f" {wanted} ") or (found.how != "line" and f" {said} ".startswith(f" {wanted} ")):
            return Finding(True, "mention", found)
    return None


def _concludes(said: str, wanted: str) -> bool:
    """Whether all that a sentence says of its subject, or in its last clause, is what is wanted."""
    if len(said) > 300 or not wanted or wanted not in said:
        return False
    if found := _NOT_BUT.search(said):
        return said[found.end() :] == wanted
    clause = _NOT_OTHER.sub("", _SO.split(said)[-1])
    *subject, told_of_it = _IS.split(clause)
    return told_of_it == wanted and len(subject) == 1 and not _UNSETTLED.search(clause)


def _ends_with(sense: tuple[int, int], text: str) -> bool:
    """Whether a sentence ends in words of this meaning ("There is no solution") that nothing before denies."""
    words = fold(text).split()[-40:]
    for size in range(1, min(5, len(words) + 1)):
        before = " ".join(words[:-size])
        if meaning(" ".join(words[-size:])) == sense and not _HEDGE.search(before):
            return True
    return False
