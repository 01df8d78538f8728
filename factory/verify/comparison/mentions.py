"""Whether a sentence says the wanted words, where it is no value that could be compared.

Covers short sentences that begin or end with them. Does not cover synonyms.
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.comparison.sayings import CLAIM, is_disowned, is_inflected, outright
from factory.verify.extraction.candidates import Extracted, Finding
from factory.verify.extraction.doubts import UNSETTLED
from factory.verify.literals.normalise import normalise
from factory.verify.literals.words import fold, meaning, told

_LED: Final = re.compile(
    r"\W*(?:(?:so|then|thus|hence|therefore|indeed|well|in conclusion|in short|overall|finally|consequently),?\s)?",
    re.IGNORECASE,
)
"""What a first word may stand behind: `So yes, it could`."""
_FIRST_WORD: Final = re.compile(r"[,.;:!(]|\s[—–-]\s")
SENTENCES: Final = re.compile(
    r"(?<=[.!?])\s+(?=[A-Z\"'*])(?<!\bDr\.\s)(?<!\bMr\.\s)(?<!\bSt\.\s)(?<!\bMs\.\s)(?<!\bMrs\.\s)"
)
_STATEMENT: Final = re.compile(
    rf"\W*(?:(?:so|then|thus|hence|therefore|in conclusion),? )?(?:this|that|it|(?:the|this|that) (?:{CLAIM}))"
    r" (?:is|was) (?:indeed |clearly |always |therefore )?"
    r"(true|false|correct|incorrect)\b(?! (?:if|only|unless|when|that|for)\b)",
    re.IGNORECASE,
)
"""`This is true by the mean value theorem`."""
_ADDED: Final = re.compile(
    r"(?<!^),\s(?:[A-Z] ?=|(?:followed|which(?! (?:means|implies|shows|tells|gives|makes|leaves))|who|whose|where|ahead"
    r"|behind|near|independently|unlike|since|because|one of|often|sometimes|also|first|originally|later|with|in|at"
    r"|from|between|during|after|by|for|a|an|on|the \w+ (?:of|who|that|where|in)"
    r"|[A-Z]\w+'s(?!.* (?:is|was|are|were) )) )|(?<=\w) (?=(?:since|because) )|\s\([^()]{1,40}\)$"
)
"""Before what is only said of the answer."""
_PUT_IN: Final = re.compile(
    r", (?:of course|indeed|in fact|then|therefore|as expected|naturally|again"
    r"|(?:which|who|whose|where|with|in|at|from|by|for|an?|the|one) [^,]{1,80}(?=, (?:is|was|are|were|has|must) )), "
)
_FROM: Final = re.compile(r"\b(?:from|since|past|than) (?:an? |the )?\w+")
"""`ten days on from Saturday`"""
_YEAR: Final = re.compile(r" in \d{4}$")
_CORRECTED: Final = re.compile(
    r"\b(?:wait|hold on|actually|I mean|rather)\b[,\s]+(?:\w+,? ){0,2}(?:yes|no)\b", re.IGNORECASE
)
_NAME: Final = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z][a-z]+\b")
_SUBJECT: Final = re.compile(
    r"(?:it (?:is|was|must be|must have been) )?(?P<who>.{1,60}?)(?: (?:is|was) (?:the|clearly|therefore|thus|now)\b"
    r"| (?:must|has to) (?:be|have been)\b| (?:has|had|holds|wins|won|remains|committed|did)\b| (?:who|which|that)\b)"
)
"""`Alice must be the culprit`, `it was Alice who`."""
_CLEFT: Final = re.compile(r"it (?:is|was) (.{1,60}?) (?:who|that|which) ")
"""`It was Bob who saw Alice`."""
_AMONG: Final = re.compile(
    r"(?:(?:of|among|out of) [^,]{1,40}?(?:, | (?=only )))?(?:only (?=\w+ (?:is|has|can|does|will)\b))?", re.IGNORECASE
)
_TITLE: Final = re.compile(r"^(?:the|sir|dr|professor|king|queen|president) ")
_NONE: Final = re.compile(
    r"\bno (?:(?:such|real|integer|valid|positive|possible|rational|further) ){0,2}"
    r"(?:solutions?|roots?|values?|numbers?|integers?|functions?|[a-z])\b(?: of [a-z]\b)?"
    r"(?: (?:exists?|(?:that )?(?:satisf|work)\w*|to (?:this|the) (?:equation|system|inequality|problem)))?"
    r"(?: in (?:the )?real(?: number)?s)?$"
)
"""`there are no real solutions to this equation`"""
_HAN: Final = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]")
_HEDGE: Final = re.compile(
    r"\b(?:before|(?<!named )after|until|following|opposite|or|nor|not|neither|except|unlike|than|instead|but|while"
    r"|whereas|either"
    r"|cannot|never|no|nobody|wrong|incorrect|without|hardly|barely|scarcely|doubt\w*|possibly|impossible|maybe|perhaps|if|whether|thinks"
    r"|thought|(?<!i d )(?<!I'd )(?<!would )say|says"
    r"|said|claims|claimed|oder|nicht|ou|pas|o|не|или)\b"
    r"|n't|不|或|非",
    re.IGNORECASE,
)
_SO: Final = re.compile(r"\b(?:(?<!\bis )(?<!\bwas )so|therefore|thus|hence|and(?= the only))\b ?")
_ARTICLE: Final = re.compile(r"^an? ")
_IS: Final = re.compile(r"\b(?:is|was|are|were) ")
_NOT_BUT: Final = re.compile(r"\bnot \w[\w ]{0,30} but (?:rather )?")
_NOT_OTHER: Final = re.compile(r"(?<=\w) not (?!the\b|true\b|right\b|correct\b)[\w ]{1,30}$")
"""`it is Monday, not Tuesday`"""
_RELATING: Final = frozenset(["of", "to", "with", "beside", "behind", "near", "under", "over", "for", "from", "like"])
"""Words before a name that is told of somebody else: `ahead of Alice`."""
_AT_LAST: Final = re.compile(
    r"(?:[,:;—–-]|\b(?:so|thus|hence|therefore|and),?)\s(?:(?:and |so |hence )?(yes|no)(?:,\s|[.!]*$)"
    r"|it(?:'s| is) (?:indeed |therefore )?(true|false) that\b)",
    re.IGNORECASE,
)
_YES_NO: Final = (meaning("yes") or (0, 0))[0]
_NO_SOLUTION: Final = meaning("no solution")


def mention(reference: str, candidates: list[Extracted]) -> Finding | None:
    """A short sentence that begins or ends with the wanted words and neither denies nor hedges."""
    wanted = fold(normalise(reference))
    sense = meaning(wanted)
    for found in candidates:
        if found.how == "clause":
            continue
        text = normalise(SENTENCES.split(found.text)[-1] if found.how == "line" else found.text)
        if is_disowned(text):
            continue
        text, added = _head(text)
        said = fold(text).removesuffix(" it is")
        if (wanted in added and wanted not in said) or UNSETTLED.search(added):
            continue  # `Lyon, which is south of Paris`; `Paris, in spite of that, is wrong`
        if _concludes(said, wanted) or is_inflected(text, reference):
            return Finding(True, "mention", found)
        if (told_so := outright(text, wanted, sense)) is not None:
            return Finding(told_so, "mention", found)
        if sense and len({one for one in told(_FROM.sub("", said)) if one[0] == sense[0]}) > 1:
            continue  # even, odd
        if sense and sense[0] == _YES_NO and _CORRECTED.search(text):
            continue  # `Yes, well, actually no`
        first = _first_meaning(text) or _first_meaning(found.text) or _last_meaning(text)
        if sense and first and sense[0] == first[0]:
            return Finding(sense == first, "mention", found)
        if sense and sense[0] == _YES_NO and (one := _STATEMENT.match(text)) and not _HEDGE.search(said):
            return Finding(meaning(one[1]) == sense, "mention", found)
        if sense and (_ends_with(sense, _SO.split(said)[-1]) or (sense == _NO_SOLUTION and _says_none(said))):
            return Finding(True, "mention", found)
        if len(said) > 300 or _HEDGE.search(_SO.split(said)[-1].replace(wanted, " ")):
            continue
        if sense and len(mentioned := {one for one in told(_FROM.sub("", said)) if one[0] == sense[0]}) == 1:
            return Finding(mentioned == {sense}, "mention", found)
        if _HAN.search(wanted) and re.search(
            rf"(?:^|是|为|叫|在|は|が|[:,])(?:[^,，。;]{{0,20}}的)?\s?{re.escape(wanted)}(?:です|だ|である|でした)?$",
            said,
        ):
            return Finding(True, "mention", found)
        if _is_subject(text, said, wanted):
            return Finding(True, "mention", found)
        if (cleft := _CLEFT.match(said)) and wanted not in cleft[1]:
            continue
        if _says_other(text, said, wanted):
            continue
        if f" {said} ".endswith(f" {wanted} ") or (found.how != "line" and f" {said} ".startswith(f" {wanted} ")):
            return Finding(True, "mention", found)
    return None


def _head(text: str) -> tuple[str, str]:
    """A sentence without what it adds to its subject or gives as its reason, and that, folded."""
    text = _PUT_IN.sub(" ", text).replace("none other than ", "")
    found = _ADDED.search(text)
    return (text[: found.start()], fold(text[found.end() :])) if found else (_YEAR.sub("", text), "")


def _is_subject(text: str, said: str, wanted: str) -> bool:
    """Whether a sentence names what is wanted as what it speaks of, and nobody else: `Alice must be the culprit`."""
    found = _SUBJECT.match(fold(_AMONG.sub("", _LED.sub("", text, count=1))))
    if found is None or _TITLE.sub("", found["who"]) != wanted or text.endswith("?"):
        return False
    others = [name for name in _NAME.findall(text) if fold(name) not in wanted and not _TITLE.match(fold(name) + " ")]
    return not others or said[len(found["who"]) :].lstrip().startswith(("is the ", "was the "))


def _says_other(text: str, said: str, wanted: str) -> bool:
    """Whether a sentence says of its subject that it is somebody else: `the winner is Bob, ahead of Alice`."""
    *subject, told_of_it = _IS.split(_SO.split(said)[-1])
    before = told_of_it.removesuffix(wanted).split()
    if not subject or not before or before[-1] not in _RELATING:
        return False
    return any(fold(name) not in wanted and fold(name) in before for name in _NAME.findall(text))


def _first_meaning(text: str) -> tuple[int, int] | None:
    return meaning(_FIRST_WORD.split(_LED.sub("", text, count=1), maxsplit=1)[0])


def _last_meaning(text: str) -> tuple[int, int] | None:
    """The yes or no of a last clause: `..., and yes, it does`; of `so it's true that ...`"""
    for found in _AT_LAST.finditer(text):
        sense = meaning(found[1] or found[2])
        around = text[: found.start()] + (text[found.end() :] if sense == meaning("yes") else "")
        return None if UNSETTLED.search(around) else sense
    return None


def _says_none(said: str) -> bool:
    return _NONE.search(said) is not None and not _HEDGE.search(_NONE.sub("", said))


def _concludes(said: str, wanted: str) -> bool:
    """Whether all that a sentence says of its subject, or in its last clause, is what is wanted."""
    if len(said) > 300 or not wanted or wanted not in said:
        return False
    if found := _NOT_BUT.search(said):
        return said[found.end() :] == wanted
    clause = _NOT_OTHER.sub("", _SO.split(said)[-1].rpartition(" but ")[2]).replace("the only ", "the ")
    *subject, told_of_it = _IS.split(clause)
    return wanted in (told_of_it, _ARTICLE.sub("", told_of_it)) and len(subject) == 1 and not UNSETTLED.search(clause)


def _ends_with(sense: tuple[int, int], text: str) -> bool:
    """Whether a folded sentence ends in words of this meaning ("There is no solution") that nothing before denies."""
    words = text.split()[-40:]
    for size in range(1, min(5, len(words) + 1)):
        before = " ".join(words[:-size])
        if before.endswith(("minus", "negative")):
            return False
        if meaning(" ".join(words[-size:])) == sense and not _HEDGE.search(before):
            return True
    return False
