"""The words around an answer that deny it, doubt it or bound it.

Covers a dozen languages. Every pattern is bounded, so a search is linear, and stands behind a quick look for the words
it can't do without. Does not cover what announces an answer (`cues.py`).
"""

from __future__ import annotations

import re
from typing import Final

_DENIAL: Final = re.compile(
    r"(?:\b(?:can)?not|n't|n’t|\bnever|\bneither|\bnicht|\bpas|\bno (?:es|son)|\bnon (?:è|sono)|\bне"
    r"|不是|不为|不等于|≠|\\neq?|\bany(?:thing|one|body|\s[a-z]{1,12}) but|\brul(?:e|ed|ing) out|\bexclud(?:e|ed|ing)"
    r"|\beliminat(?:e|ed|ing)|排除)$",
    re.IGNORECASE,
)
_FILLERS: Final = frozenset(["be", "equal", "equals", "to", "the", "simply", "just", "really"])
"""Words between a denial and what it denies."""
_DENIED: Final = re.compile(
    r"(?i)\W*(?:(?:is|are|was|definitely|certainly|clearly|obviously|probably|most|simply|actually|also|therefore)\s+)*"
    r"(?:not\b|never\b|any(?:thing|one|body) but\b|nicht\b|pas\b|no\s+(?:es|son|longer)\b"
    r"|non\s+(?:è|sono)\b|не\b|不是|不为|并非|不等于|≠|\\neq?\b)"
)
_INSTEAD: Final = re.compile(r"\b(?:but|rather|sondern|mais|sino|ma)\b(?:\s+rather)?|而是|а\s", re.IGNORECASE)
_DENIED_AFTER: Final = re.compile(r"(?:ではない|ではありません|じゃない|아니|が間違い)")
_UNSURE: Final = re.compile(
    r"\b(?:or|maybe|perhaps|possibly|either|oder|bzw|vielleicht|ou|или)\b|或|可能", re.IGNORECASE
)
_DENIED_NEXT: Final = re.compile(
    r"[\s*$)\]}]{0,6}(?:is|was|are|would be|can)\s?(?:not|n['’]t|never)\b.{0,20}(?:answer|correct|right|solution|it\b"
    r"|root|possible|valid|enough)"
    r"|[\s*$)\]}]{0,6}(?:, ?which )?(?:is|was) (?:wrong|incorrect|false|extraneous|invalid)|[\s*$)\]}]{0,6}\? *no\b"
    r"|[\s*$)\]}.,;]{0,6}but (?:that|this|it)(?:'s|’s| is| was) (?:wrong|incorrect|false|not)\b"
    r"|[\s$，,]{0,3}(?:不是|不对|是增根|舍去|应舍|不合题意)",
    re.IGNORECASE,
)
_BOUND: Final = re.compile(
    r"(?:\b(?:(?:more|less|fewer|[a-z]{3,8}er) than"
    r"|nearly|almost|close to|over|under|above|below|beyond|exceed(?:s|ing)?"
    r"|between\b[^.\n]{1,30}\band|mehr als|weniger als|plus de|moins de)|超过|大于|小于|少于|多于|不到)[\s*$\\(]{0,4}$"
    r"|(?:^\W*|\b(?:is|are|was|were) )"
    r"(?:at (?:least|most)|no (?:more|less|fewer) than|up to|almost|nearly|至少|至多|最多|最少)[\s*$]{0,4}$",
    re.IGNORECASE,
)
"""Before a number that is only a bound. "You need at least 12" names a number, "at least 12" alone doesn't."""
_LABELLED: Final = re.compile(
    r"\b(?:(?:step|problem|question|example|exercise|chapter|section|figure|fig\.|table|equation|eq\.|theorem|lemma"
    r"|case|page|part|(?:divid|multipl)[a-z]{1,4}\b[^.=\d]{0,30}\sby|(?:add|subtract)(?:ing)?|modulo|mod|in base)"
    r"\s?\(?|第\s?)$",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(
    r"[\s*$]{0,4}(?:(?:times|plus|minus|divided by|multiplied by|mod(?:ulo)?|squared|cubed|factorial|to the power"
    r"|only (?:if|when)|unless|(?:more|less|fewer) than|(?:is )?(?:impossible|too)"
    r"|does(?: not|n['’]t) (?:work|satisfy|hold|fit))\b"
    r"|of (?=\d)|of (?:them|these|those) (?:are|is)\b"
    r"|[（(]?(?:wrong|incorrect)|之间|[^\d，。,]{0,3}(?:以上|以下|未満|以内))",
    re.IGNORECASE,
)
_NO_ANSWER: Final = re.compile(
    r"\b(?:unknown|undetermined|unclear|not sure|unsure|no idea|(?:in)?sufficient information"
    r"|(?:not|isn['’]t) enough information"
    r"|impossible to (?:say|tell|know|determine)|(?:do not|don't|don’t) know"
    r"|(?:can|could)(?:not| not|n't|n’t|'t|’t) (?:be )?(?:determine|tell|told|solve|say|know|answer|decide"
    r"|settle|find|verify|confirm)\w*)\b"
    r"|(?<!no )(?<!a )(?<!any )\bdoubt(?:s|ful)?\b|(?:n't|n’t|\bnot|\bnever) (?:think|believe|say|expect)\b"
    r"|\b(?:no (?:unique|single|definite|clear) (?:answer|solution|value|result)|(?:has|have) no answer)\b"
    r"|\bthe reference(?: answer| solution)?(?: is\b|\W*$)|^\W*(?:assum(?:e|ing)|suppos(?:e|ing))\b"
    r"|不知道|不确定|无法(?:确定|判断|求|解)",
    re.IGNORECASE,
)
_TAKEN_BACK: Final = re.compile(
    r"\b(?:maybe|perhaps|possibly|but wait|wait,|(?:it|that) should be|correction|oops|but (?:actually|no)\b)"
    r"|不对|\d[^。]{0,20}应该是",
    re.IGNORECASE,
)
_WITHDRAWN: Final = re.compile(
    r"[\s$})\].*]{0,6}(?:(?:but )?(?:oops|wait|hmm|sorry|correction|actually|no, )\b"
    r"|(?:but )?(?:that|this|it)(?:'s|’s| is| was)? (?:wrong|incorrect|false|a mistake|not (?:right|correct)))",
    re.IGNORECASE,
)
_ENDS: Final = """not|n't|n’t|never|neither|nicht|pas|no es|no son|non è|non sono|не|不是|不为|不等于|≠|\\ne|\\neq|but|\
out|exclude|excluded|excluding|eliminate|eliminated|eliminating|排除"""
_DENIAL_ENDS: Final = tuple(_ENDS.split("|"))
_BEFORE_LIST: Final = """than nearly almost over under above below beyond exceed exceeds exceeding and als de least most
to 第 超过 大于 小于 少于 多于 不到 至少 至多 最多 最少 step problem question example exercise chapter section figure
fig. table case page part by add subtract adding subtracting modulo mod base equation eq. theorem lemma"""
_BEFORE_ENDS: Final = tuple(_BEFORE_LIST.split())
"""Endings without which the patterns above can't match: looking for them first is ten times as fast."""
UNSETTLED: Final = re.compile(
    r"\b(?:not|never|nor|neither|no|nobody|none|cannot|if|whether|unless|or|either(?! way)|maybe|perhaps|possibly"
    r"|without|except|might|may|could|would|false|wrong|incorrect|opposite|doubt\w*|den(?:y|ies|ied)|claim\w*|say|says|said"
    r"|think\w*|thought|believ\w*|suppos\w*|assum\w*|expect\w*|guess\w*|ask\w*)\b|n['’ ]t\b",
    re.IGNORECASE,
)
"""Words of a sentence that states no result by itself, or somebody else's."""
_CODE: Final = re.compile(r"__\w{1,20}__|\w\(\s*['\"]")


def after_denial(segment: str) -> int | None:
    """Where in the words after a cue the answer begins: 0, after "not 5 but", or None if it is only denied."""
    if not segment.isascii() and _DENIED_AFTER.search(segment):
        return None
    denied = _DENIED.match(segment)
    if denied is None:
        return 0
    instead = _INSTEAD.search(segment, denied.end())
    return instead.end() if instead else None


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether what stands at start..end is denied by the words around it: "is not 5", "5 is not the answer"."""
    before = text[max(0, start - 60) : start].rstrip(" \t\n:*$\\([")
    while (word := before.rpartition(" ")[2]).lower() in _FILLERS and word != before:
        before = before[: -len(word)].rstrip()
    if before.lower().endswith(_DENIAL_ENDS) and _DENIAL.search(before[-24:]):
        return True
    return _DENIED_NEXT.match(text[end : end + 60]) is not None


def is_no_result(text: str, start: int, end: int) -> bool:
    """Whether the number there is a bound ("more than 5"), a label ("Step 5") or goes on ("5 times 2", "5 only if")."""
    before = text[max(0, start - 60) : start]
    if before.rstrip(" \t\n*$\\(").lower().endswith(_BEFORE_ENDS) and (
        _BOUND.search(before) or _LABELLED.search(before)
    ):
        return True
    return _GOES_ON.match(text[end : end + 30]) is not None


def gives_none(text: str) -> bool:
    """Whether a sentence says that it has no answer, or is code: no number in it counts."""
    if ("__" in text or "(" in text) and _CODE.search(text):
        return True
    return _NO_ANSWER.search(text) is not None


def is_taken_back(segment: str) -> bool:
    """Whether what follows a cue doubts or corrects what it said: "50, but wait, it should be 60", "35, maybe"."""
    return _TAKEN_BACK.search(segment) is not None


def is_withdrawn(later: str) -> bool:
    """Whether what follows an answer begins by taking it back: "Oops, I meant 6", "Wait, that's wrong"."""
    return _WITHDRAWN.match(later) is not None


def is_unsure(text: str) -> bool:
    """Whether a sentence weighs several answers."""
    return _UNSURE.search(text) is not None
