"""Which words of the lexicon are evidence one by one, or with another of their language near: "suoyi", "dus we add".

A word counts by its length, by how usual it is here and there, and by its place: names, identifiers, loans and short
quotations are no evidence. Does not cover stretches of words (`elsewhere.py`, `odd_runs.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from factory.language.foreign.elsewhere import JOINTS
from factory.language.foreign.lexicon import lexicon
from factory.language.foreign.loans import LOANS, PARTICLES
from factory.language.foreign.tokens import REACH
from factory.language.frequencies import USUAL, at_home, codes, gain, usualness
from factory.language.identify import cousins, detector, near
from factory.language.languages import Allowed
from factory.language.line import ENDS, Line, blank_between
from factory.language.scripts import LATIN
from factory.language.words import CUE_AFTER, CUES, NAMING

STRONG: Final = 4
"""Letters from which on a foreign word is evidence alone; shorter ones need another of their language near."""


def singly(line: Line, hits: Sequence[int], short: Sequence[int]) -> set[int]:
    """Which words of the lexicon are evidence one by one, or with another near: longer ones, and short ones apart."""
    words, foreign = line.words, lexicon(line.allowed.languages)
    hits = [i for i in hits if counts(line, i)]
    found = {i for i in hits if _is_strong(line, i)}
    found.update(i for i in backed(hits, words, foreign) if _flows(line, i))
    long = [i for i in hits if i not in found and len(words[i]) >= STRONG and words[i] not in JOINTS]
    found.update(i for i in long if _in_odd_clause(line, i))
    short = [i for i in short if counts(line, i)]
    found.update(i for i in short if _opens(line, i) and _speaks(words[i], line.allowed))
    found.update(i for i in short if _turns(line, i) and _odds(words[i], foreign[words[i]], line.allowed) >= _MUCH)
    return found


_LETTERS: Final = {
    "es": frozenset("áéíóúñü"),
    "pt": frozenset("áâãàçéêíóôõú"),
    "it": frozenset("àèéìòù"),
    "fr": frozenset("àâçéèêëîïôûùüœ"),
    "ro": frozenset("ăâîșțşţ"),
}


def _is_strong(line: Line, i: int) -> bool:
    """Whether a word is evidence alone: long enough, no name of an option, and not of a cousin that may share it."""
    word, allowed = line.words[i], line.allowed
    languages = lexicon(allowed.languages)[word]
    if len(word) < STRONG or word in JOINTS:
        return False
    if "en" in languages and not _is_cue(word, line.prose[line.spans[i][1] :]):
        return False
    odds = _odds(word, languages, allowed)
    if "en" not in languages and odds < _MUCH_MORE and word in at_home(codes(near(allowed.languages))):
        return False
    if not languages <= cousins(allowed.languages) or odds >= _MUCH:
        return True
    if "'" in word and allowed.target in _WITHOUT_APOSTROPHE:
        return True
    return any(not c.isascii() and c not in _LETTERS.get(allowed.target or "", c) for c in word)


def _is_cue(word: str, after: str) -> bool:
    """Whether an English word is more than what an option or a term may be named by."""
    return word not in NAMING and (word not in CUES["spoken"] or bool(CUE_AFTER.match(after)))


_WITHOUT_APOSTROPHE: Final = frozenset({"es", "ro"})
_MUCH: Final = 2.0
_MUCH_MORE: Final = 3.5
"""Powers of ten by which a word must be more usual there than at home: a cousin's, and one that is listed at home."""


def _odds(word: str, languages: frozenset[str], allowed: Allowed) -> float:
    """How much more usual a word is in any of some languages than at home and next door; 0 where nobody counted."""
    own = codes(near(allowed.languages))
    lists = [usualness(code, USUAL) for code in codes(languages)] if own else []
    return max((gain(word, there, at_home(own)) or 0.0 for there in lists), default=0.0)


def backed(hits: Sequence[int], words: Sequence[str], foreign: Mapping[str, frozenset[str]]) -> list[int]:
    """Those of the hits that have a different hit of the same language within reach."""
    found = set()
    for place, i in enumerate(hits):
        for j in hits[place + 1 : place + 1 + REACH]:
            if j - i > REACH:
                break
            if words[i] == words[j] or not foreign[words[i]] & foreign[words[j]]:
                continue
            if JOINTS.issuperset((words[i], words[j])):  # "vino de la tierra"
                continue
            if not NAMING.issuperset((words[i], words[j])):  # "for ou while" names two keywords
                found |= {i, j}
    return sorted(found)


def _in_odd_clause(line: Line, i: int) -> bool:
    """Whether a word is one of two or three between commas or stops that eldc gives to its language: "also gilt"."""
    languages = lexicon(line.allowed.languages)[line.words[i]]
    first, behind = line.around(i, i + 1, _CLAUSE, blank_between)
    said = " ".join(line.words[first:behind])
    if not 2 <= behind - first <= _CLAUSE or said in LOANS or languages <= cousins(line.allowed.languages):
        return False
    return detector()(said) in languages


def _opens(line: Line, i: int) -> bool:
    """Whether a word opens a clause of the target's: behind a comma or stop, before a function word ("dus we add")."""
    if not _TURN_BEFORE.search(line.before(i, 6)) or i + 1 >= len(line.words):
        return False
    after, end = line.words[i + 1], line.spans[i][1]
    if after in _AND:  # the last item but one of a list
        return False
    goes_on = after in line.home and after not in ENDS and line.joint(i + 1) == " "
    odd = not line.words[i].isascii() and line.prose[end : end + 2].strip()[:1].islower()
    return goes_on or odd or (line.is_capital(i) and bool(_COMMA_AFTER.match(line.prose, end)))


def _speaks(word: str, allowed: Allowed) -> bool:
    """Whether a short word is far more usual in a language that is no cousin, or a romanised connective."""
    languages = lexicon(allowed.languages)[word]
    if languages == {"romanised"}:
        return True
    least = _MUCH if word in CUES["always"] else _FAR_MORE
    return not languages <= cousins(allowed.languages) and _odds(word, languages, allowed) >= least


_FAR_MORE: Final = 3.0
_ANDS: Final = "and or und oder et ou y o e ed i och og en of lub albo a nebo ve veya dan atau sau și és vagy"
_AND: Final = frozenset(_ANDS.split())
_COMMA_AFTER: Final = re.compile(r", [a-z]")


def _turns(line: Line, i: int) -> bool:
    """Whether a word turns a step of a calculation: behind a comma or a stop, before a number ("so 240 km")."""
    return bool(_TURN_BEFORE.search(line.before(i, 6)) and _TURN_AFTER.match(line.prose, line.spans[i][1]))


_TURN_BEFORE = re.compile(r"(?:^|(?<!\d)[.!?]|[\n>]|, ?)[\s*_]*$")
_TURN_AFTER = re.compile(r",? (?:\d+(?![\d.]*[A-Z])|[a-z] ?[=<>+])")


_CLAUSE: Final = 3
_WORDS_ONLY = re.compile(rf"[{LATIN}'’ -]*")


def _flows(line: Line, i: int) -> bool:
    """Whether a word has a neighbour with nothing but a blank between: codes in a list ("en, fr, de") don't."""
    return bool(_WORDS_ONLY.fullmatch(line.joint(i)) or _WORDS_ONLY.fullmatch(line.joint(i + 1)))


_SENTENCE_STARTS = re.compile(r"(?:^|[.!?:\n>)•*-])\W*$")
_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ](?:\.|[\w'’-]*) (?:[a-z'’]{1,4} ){0,2}$")
_NAME_AFTER = re.compile(r" (?:[a-z'’]{1,4} ){0,2}[A-ZÀ-Þ]")
_MENTION = re.compile(
    r"\b(?:variables?|functions?|methods?|fields?|columns?|class|keys?|identifiers?|named|called|words?|letters?) $"
)
_QUOTE_BEFORE = re.compile(r"(?:^|[\s(\[])[\"“«„‘'*_](?=\S)[^\"”»“\n]{0,30}$")
_QUOTE_AFTER = re.compile(r"[^\"”»“\n]{0,30}(?<=\S)[\"”»“’'*_]")


def counts(line: Line, i: int) -> bool:
    """Whether a foreign word in this place is evidence: no name, identifier, loan or short quotation."""
    word, end = line.said(i, i + 1), line.spans[i][1]
    before, after = line.before(i, 40), line.prose[end : end + 40]
    if line.is_identifier(i) or _MENTION.search(before):
        return False
    names_follow = bool(_NAME_AFTER.match(after))
    if word[0].isupper() and (word.isupper() or names_follow or not _SENTENCE_STARTS.search(before)):
        return False
    if names_follow and (word in PARTICLES or (len(word) < STRONG and _NAME_BEFORE.search(before))):
        return False
    if _QUOTE_BEFORE.search(before) and _QUOTE_AFTER.match(after):
        return False
    around, word = line.prose[max(0, end - len(word) - 40) : end + 40].lower(), word.lower()
    return not any(word in loan and loan in around for loan in LOANS)
