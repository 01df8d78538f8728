"""Tell foreign names, terms and quotations by how they stand: in quotes, in brackets, behind a capital, in English.

Does not cover titles by their makers, Latin, mentions and lists (`cited.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from factory.language.foreign.elsewhere import JOINTS
from factory.language.foreign.loans import PARTICLES
from factory.language.frequencies import usualness
from factory.language.line import ENDS, Line
from factory.language.romanised import plain
from factory.language.text import TOKEN, lower
from factory.language.words import COMMON, NAMING, REMARKS

_QUOTES: Final = ("()", "[]", '""', "\u201c\u201d", "\u201e\u201c", "\u201e\u201d", "\u00ab\u00bb")
_ITALICS: Final = (*_QUOTES, "**", "__")
"""The same with what an answer about words sets in italics."""
_LONGEST_LINE: Final = 1_000
_LONGEST_GLOSS: Final = 100


def is_gloss(line: Line, first: int, behind: int) -> bool:
    """Whether most in a pair of quotes is foreign, or in brackets and no sentence: "(greatest common divisor)"."""
    start, end = line.spans[first][0], line.spans[behind - 1][1]
    before, after = line.before(first, _LONGEST_LINE), line.prose[end : end + _LONGEST_GLOSS]
    for opener, closer in map(tuple, _ITALICS if line.allowed.about_words else _QUOTES):
        at, to = before.rfind(opener), after.find(closer)
        if max(0, len(before) - _LONGEST_GLOSS) > at or to < 0 or closer in before[at + 1 :]:
            continue
        if before[at - 1 : at].isalnum() or (opener == closer and before.count(opener) % 2 == 0):
            continue
        inside = line.prose[start - len(before) + at + 1 : end + to]
        if opener in "([" and not (
            _SPEAKING.isdisjoint(line.words[first:behind]) or _TITLE.fullmatch(inside.strip("*_"))
        ):
            continue
        said = TOKEN.findall(lower(inside))
        if sum(word in line.home for word in said) * 2 <= len(said):
            return True
    return False


_TITLE: Final = re.compile(r"[A-ZÀ-Þ][^.!?;:=<>0-9]{8,80}")
_LONGEST_NAME: Final = 9
_INSIDE: Final = re.compile(r"[\w)»”] [\"“„«'*_(]*$")


def is_capital_name(line: Line, first: int, behind: int) -> bool:
    """Whether the words go on from a capital inside a sentence, as titles and mottos do: "the Dieu et mon droit"."""
    home = line.home
    start, end = line.around(first, behind, _LONGEST_NAME, lambda word, joint: joint == " " and word not in home)
    if not line.is_capital(start) or not _INSIDE.search(line.before(start, 8)) or end - start > _LONGEST_NAME:
        return False
    said = line.words[start:end]
    return end - start > 1 and (_SPEAKING.isdisjoint(said) or (end - start <= 6 and _GERMAN.isdisjoint(said)))


def is_expansion(line: Line, first: int, behind: int) -> bool:
    """Whether the words belong to what an abbreviation near by stands for: "FOMO, fear of missing out"."""
    around = line.before(first, _NEAR_BY) + line.prose[line.spans[first][0] : line.spans[behind - 1][1] + _NEAR_BY]
    near_by = range(max(0, first - _LONGEST_NAME), min(len(line.words), behind + _LONGEST_NAME))
    for places in (near_by, [i for i in near_by if line.words[i] not in JOINTS]):
        heads = "".join(plain(line.words[i])[0] for i in places)
        for letters in {found.replace(".", "").lower() for found in _ABBREVIATION.findall(around)}:
            at = heads.find(letters)
            if at >= 0 and places[at] <= first + 1 and behind <= places[at + len(letters) - 1] + 1:
                return True
    return False


_NEAR_BY: Final = 80
_ABBREVIATION: Final = re.compile(r"\b(?:[A-Z]{2,6}\b|(?:[A-Za-z]\.){3,6})")


def are_english_terms(line: Line, first: int, behind: int) -> bool:
    """Whether English words, a few at a time, hold neither function words nor remarks, as terms do everywhere."""
    english, home = usualness("en"), line.home
    while first and behind - first < _LONGEST_TERM and line.joint(first) == " " and line.words[first] in _INNER:
        if line.words[first - 1] in home or english.get(line.words[first - 1], 0.0) < _USUAL_ENGLISH:
            break
        first -= 1
    while behind - first < _LONGEST_TERM and line.joint(behind) == " ":
        before, word = line.words[behind - 1], line.words[behind]
        known = english.get(word, 0.0) >= _USUAL_ENGLISH and word not in home
        if before not in _INNER or word in ENDS or not known:
            break
        behind += 1
    return all(_is_english_term(term) for term in _terms(line, first, behind))


def _is_english_term(term: Sequence[str]) -> bool:
    english = usualness("en")
    known = sum(english.get(word, 0.0) >= _USUAL_ENGLISH for word in term)
    elsewhere = any(word in _SPOKEN and english.get(word, 0.0) < _VERY_USUAL for word in term)
    spoken = elsewhere or not _REMARKING.isdisjoint(term) or not _LINKS.isdisjoint((term[0], term[-1]))
    return len(term) <= _LONGEST_TERM and known * 2 >= len(term) and not spoken


def _terms(line: Line, first: int, behind: int) -> Iterator[list[str]]:
    """Words at a time, between commas and words at home."""
    term: list[str] = []
    for i in range(first, behind):
        if line.words[i] in line.home or (i > first and line.joint(i) != " "):
            if term:
                yield term
            term = []
        if line.words[i] not in line.home:
            term.append(line.words[i])
    if term:
        yield term


_LONGEST_TERM: Final = 4
_LINKS: Final = frozenset(["of", "and", "by", "per", "to", "for"])
_INNER: Final = _LINKS | {"three", "two", "one"}
"""English words that stand inside a term and not at its ends; numbers may."""
_USUAL_ENGLISH: Final = 2.9
_VERY_USUAL: Final = 5.5
_SPOKEN: Final = frozenset().union(*COMMON.values())
_SMALL: Final = "of the a an and or for in on by to with per au aux à con alla ma et ed en del los las"
_SPEAKING: Final = _SPOKEN - PARTICLES.union(_SMALL.split(), NAMING)
_GERMAN: Final = COMMON["de"] - PARTICLES
_NAMED_BY: Final = """of and by per to for second first last sum number numbers value step case time out up over after
    before zero one two three four five six seven eight nine ten same like"""
_REMARKING: Final = (COMMON["en"] | REMARKS).difference(_NAMED_BY.split())
