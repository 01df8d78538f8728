"""One line of prose, read: its words, where they stand, and what stands between them.

Does not decide what any of it means (`foreign/foreign.py` and the modules it asks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from factory.language.languages import Allowed
from factory.language.text import TOKEN, Span
from factory.language.words import COMMON

UNIT: Final = re.compile(rf"{TOKEN.pattern}|[.!?:;](?=\s)|\n")
"""A word, or what ends a sentence: it counts as a word at home, so no evidence reaches across it."""
ENDS: Final = frozenset(".!?:;\n")
_SOUNDS: Final = frozenset(["hm", "hmm", "uh", "um", "ah", "oh", "huh", "mhm", "aha", "ok"])
_BEFORE: Final = re.compile(r"(?:[\w_/\\@#.$=<%~^-]|::)$")
_AFTER: Final = re.compile(r"[_/\\@\d=(\[]|-(?!à-dire|ce\b|t-|il\b|elle\b|on\b)|\.[A-Za-z]|::|\+\w| \(\d\)")


def is_identifier(prose: str, start: int, end: int) -> bool:
    """Whether a sign or a digit stands beside a word as beside the words of identifiers."""
    return bool(_BEFORE.search(prose[max(0, start - 2) : start]) or _AFTER.match(prose, end))


@lru_cache(maxsize=64)
def common(languages: frozenset[str]) -> frozenset[str]:
    """The languages' own words, ends, and sounds that thinkers make in any language."""
    return ENDS.union(_SOUNDS, *(COMMON.get(language, ()) for language in languages))


@dataclass(frozen=True, slots=True)
class Line:
    """`words[i]`, in lower case, stands at `spans[i]`; what ends a sentence is a word too."""

    prose: str
    words: Sequence[str]
    spans: Sequence[Span]
    allowed: Allowed

    @property
    def home(self) -> frozenset[str]:
        """Function words where the text is at home, and ends."""
        return common(self.allowed.languages)

    def joint(self, i: int) -> str:
        """What stands between a word and the one before; before the first word a line end."""
        return self.prose[self.spans[i - 1][1] : self.spans[i][0]] if 0 < i < len(self.spans) else "\n"

    def before(self, i: int, size: int) -> str:
        """The characters before a word."""
        start = self.spans[i][0]
        return self.prose[max(0, start - size) : start]

    def said(self, first: int, behind: int) -> str:
        """The text from the word `first` to the one before `behind`."""
        return self.prose[self.spans[first][0] : self.spans[behind - 1][1]]

    def is_capital(self, i: int) -> bool:
        """Whether a word begins with a capital; what is outside the line doesn't."""
        return 0 <= i < len(self.spans) and self.prose[self.spans[i][0]].isupper()

    def is_identifier(self, i: int) -> bool:
        """Whether a word stands beside a sign or a digit as identifiers do."""
        return is_identifier(self.prose, *self.spans[i])

    def around(self, first: int, behind: int, most: int, belongs: Callable[[str, str], bool]) -> Span:
        """A stretch with up to `most` words to either side, while a word and what parts it from them belong."""
        start, end = first, behind
        while start and first - start < most and belongs(self.words[start - 1], self.joint(start)):
            start -= 1
        while end < len(self.words) and end - behind < most and belongs(self.words[end], self.joint(end)):
            end += 1
        return start, end

    def clauses(self) -> Iterator[Span]:
        """(first, behind last) of words with nothing but blanks between."""
        first = 0
        for i in range(1, len(self.words) + 1):
            if i == len(self.words) or self.words[i] in ENDS or not self.joint(i).isspace():
                if self.words[first] in ENDS:
                    first += 1
                if first < i:
                    yield first, i
                first = i

    def stands_alone(self, first: int, behind: int) -> bool:
        """Whether words fill a sentence or the line."""
        opens = first == 0 or self.words[first - 1] in ENDS
        return opens and (behind == len(self.words) or self.words[behind] in ENDS)


def blank_between(_: str, joint: str) -> bool:
    """For `around`: words with one blank between."""
    return joint == " "
