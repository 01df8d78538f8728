"""What is known of each written word ("marbles,"), remembered from text to text: most words were met before.

Per set of allowed languages a memo holds a letter for each word of a token. Joined, they are a text's outline, in which
one pattern finds whatever deserves a closer look, so a clean text costs one look-up a token.
Does not decide what deserves a verdict (`foreign.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from factory.language.foreign.asides import aside_words
from factory.language.foreign.connectives import keys
from factory.language.foreign.lexicon import lexicon
from factory.language.frequencies import USUAL, at_home, codes, strange
from factory.language.identify import near
from factory.language.line import UNIT, common
from factory.language.romanised import SYLLABLES
from factory.language.text import Span, lower, without_digits

REACH: Final = 3
"""Words from one to the next that may be of one foreign phrase."""
_MOST_KEPT: Final = 100_000
_LONGEST_KEPT: Final = 40

_COMMON, _COMMON_ELSEWHERE, _HOME, _ODD, _ELSEWHERE, _SUSPECT = "cmhoxs"
"""A function word or an end; one more usual elsewhere; a word that the language's list has; one that it hasn't; one
more usual elsewhere; a word of the lexicon, of an English aside or of pinyin."""
_SUSPICIOUS: Final = re.compile(
    rf"s|m.{{0,{REACH - 1}}}[mx]|x.{{0,{REACH - 1}}}[mx]|xo|x(?<=ox)|xhh|x(?<=hx)h|x(?<=hhx)"
    r"|oo[ho]|oo(?<=hoo)|oho|ohho"
)
"""What evidence needs at least: a suspect, two words of elsewhere near each other or one beside a word of no list, or
three words without a function word of which too many aren't the list's (`odd_runs.py` takes two in five, or one in four
that is more usual elsewhere). Every way begins with a rare letter, which `re` looks for first: six times as fast as to
begin with an `h`.
"""


class Letters(dict[str, str]):
    """Token -> a letter for each of its words and ends where `languages` are allowed; filled as tokens are met."""

    def __init__(self, languages: frozenset[str]) -> None:
        own = codes(near(languages))
        self.common = common(languages)
        self.foreign = lexicon(languages)
        self.home = at_home(own)
        self.openings = openings(languages)
        self.strange = strange(own) if codes(languages) else None

    def __missing__(self, token: str) -> str:
        letters = "".join(map(self._letter, UNIT.findall(lower(token) + " ")))
        if len(self) >= _MOST_KEPT:
            self.clear()
        if len(token) <= _LONGEST_KEPT:
            self[token] = letters
        return letters

    def _letter(self, word: str) -> str:
        if self.foreign[word] or word in self.openings:
            return _SUSPECT
        usual_elsewhere = self.strange is not None and self.strange[word] > 0
        if word in self.common:
            return _COMMON_ELSEWHERE if usual_elsewhere else _COMMON
        if usual_elsewhere:
            return _ELSEWHERE
        return _HOME if word in self.home else _ODD


@lru_cache(maxsize=64)
def usual_at_home(languages: frozenset[str]) -> frozenset[str]:
    """The words that are usual where `languages` are allowed."""
    return common(languages).union(word for word, value in at_home(codes(near(languages))).items() if value >= USUAL)


@lru_cache(maxsize=64)
def openings(languages: frozenset[str]) -> frozenset[str]:
    """Words that may be of an English aside or of pinyin, and are no usual ones where `languages` are allowed."""
    spelt = frozenset() if "zh" in languages else SYLLABLES
    return ((aside_words(languages) | spelt) - usual_at_home(languages)) | keys(languages)


@lru_cache(maxsize=64)
def _letters(languages: frozenset[str]) -> Letters:
    return Letters(languages)


def suspicious_lines(text: str, languages: frozenset[str]) -> Iterator[Span]:
    """Spans of the lines that hold what evidence of other languages needs; lines of clean texts rarely do."""
    letters, at = _letters(languages).__getitem__, 0
    plain = without_digits(text)
    # The whole at once, for speed: a line end is a token of its own, and counts as a word at home.
    if not _SUSPICIOUS.search("".join(map(letters, plain.replace("\n", " \n ").split(" ")))):
        return
    for line in plain.split("\n"):
        if _SUSPICIOUS.search("".join(map(letters, line.split(" ")))):
            yield at, at + len(line)
        at += len(line) + 1
