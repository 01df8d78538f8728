"""Which words speak for another language than the target's, and which are at home.

Both follow from the lists of `words.py`; how usual a word is (`frequencies.py`) settles what two languages share, as
words, loans or names. Does not judge a word in its place (`foreign.py`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from factory.language.foreign.loans import EVERYWHERE
from factory.language.frequencies import USUAL, at_home, codes, gain, usualness
from factory.language.identify import near
from factory.language.romanised import NAMESAKES, ROMANISED, has_tones, plain
from factory.language.words import COMMON, LANGUAGES_OF


@lru_cache(maxsize=64)
def home_of(languages: frozenset[str]) -> frozenset[str]:
    """The words at home in any of the languages."""
    home = {"th", "st", "nd", "rd", "okay"}
    for language in languages:
        home |= COMMON.get(language, frozenset())
    return frozenset(home)


class Lexicon(dict[str, frozenset[str]]):
    """Foreign word -> its languages where `languages` are allowed, none for others; filled as words are met.

    Empty where we have no list of any of these languages, but for romanised words.
    """

    def __init__(self, languages: frozenset[str]) -> None:
        self.near = near(languages)
        home = home_of(languages)
        told = [words for own, words in COMMON.items() if own not in self.near]
        listed = frozenset().union(*told) if any(own in COMMON for own in languages) else frozenset()
        self.romanised = {word for word, own in ROMANISED.items() if own not in languages} - home - NAMESAKES
        self.suspects = frozenset((listed - home) | self.romanised)
        """Words that may be foreign: how usual they are at home is asked when they are met, since that takes lists."""

    def __missing__(self, word: str) -> frozenset[str]:
        if word not in self.suspects:
            return frozenset(["romanised"]) if has_tones(word) and plain(word) in self.romanised else frozenset()
        others = set(LANGUAGES_OF.get(word, ())) - self.near
        found = frozenset(language for language in others if not _is_shared(word, language, self.near))
        self[word] = found | {"romanised"} if word in self.romanised else found
        return self[word]


@lru_cache(maxsize=64)
def lexicon(languages: frozenset[str]) -> Lexicon:
    """The one memo of these languages."""
    return Lexicon(languages)


_USUAL: Final = 3.5
_USUAL_ENGLISH: Final = 4.5
"""English words are met in every language's pages."""


def _is_shared(word: str, language: str, home: frozenset[str]) -> bool:
    """Whether a word is usual at home or next door, or about as usual as in its own language."""
    here = at_home(codes(home))
    if word in EVERYWHERE or here.get(word, 0.0) >= (_USUAL_ENGLISH if language == "en" else _USUAL):
        return True
    lists = [usualness(code, USUAL) for code in codes(frozenset({language}))] if word in here else []
    return any((gain(word, there, here) or 0.0) < 1.0 for there in lists)
