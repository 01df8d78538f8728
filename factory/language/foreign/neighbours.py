"""Find words of a neighbour that writes the target's own script: Ukrainian in Russian, Persian in Arabic.

Three witnesses: letters and words that the target never writes (`words.py`), words that together are ten thousand
times as usual in a neighbour (`frequencies.py`), and sentences that both identifiers hold to be a neighbour's.
Does not cover targets that write Latin (`foreign.py`) but Nordic ones and Czech, which share too many words for it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cache, lru_cache
from typing import Final

from factory.language.frequencies import FLOOR, at_home, usualness
from factory.language.identify import NORDIC, detector, foreign_to, near
from factory.language.languages import Allowed
from factory.language.line import UNIT
from factory.language.scripts import OTHER, RANGES
from factory.language.text import Span, lower, sentences
from factory.language.words import STRANGE

_LISTED: Final = {"Cyrillic": ("ru", "uk", "bg", "mk"), "Arabic": ("ar", "fa", "ur"), "Devanagari": ("hi",)}
_SCRIPT_OF: Final = {
    **dict.fromkeys(("ru", "uk", "bg", "mk", "sr", "be"), "Cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur"), "Arabic"),
    **dict.fromkeys(("hi", "mr", "ne"), "Devanagari"),
}
_ENOUGH: Final = 4.0
_FAR_MORE: Final = 2.5
_MOST_A_WORD: Final = 3.0
_AT_HOME: Final = -1.5
_NEITHER: Final = -0.3
_MOST_ASKED: Final = 400


def neighbours(prose: str, allowed: Allowed) -> list[Span]:
    """Spans of a neighbour's letters, words and sentences."""
    target = allowed.target or ""
    if target == "ja" and "zh" in allowed.languages:
        return []
    found = [span for span in _strange(prose, allowed) if not _is_quoted(prose, span)]
    if found or target not in _SCRIPT_OF:
        return found
    found = _more_usual(prose, allowed) or _other_sentences(prose, allowed)
    return [span for span in found if not _is_quoted(prose, span)]


def _is_quoted(prose: str, span: Span) -> bool:
    """Whether a span stands inside a pair of quotes on its line: "«Лісова пісня»"."""
    before = prose[max(0, span[0] - _LONGEST_QUOTE) : span[0]].rpartition("\n")[2]
    after = prose[span[1] : span[1] + _LONGEST_QUOTE].partition("\n")[0]
    opened = max(map(before.rfind, "«„“"))
    return opened > max(map(before.rfind, "»”")) and any(map(after.__contains__, "»“”"))


_LONGEST_QUOTE: Final = 80


def _strange(prose: str, allowed: Allowed) -> list[Span]:
    pattern, own = STRANGE.get(allowed.target or ""), _SCRIPT_OF.get(allowed.target or "")
    if not pattern or (own and any(_SCRIPT_OF.get(other) == own for other in allowed.languages - {allowed.target})):
        return []  # a neighbour that the prompt asks for writes these letters
    known = " ".join(allowed.words)
    found = [match.span() for match in pattern.finditer(prose) if match.group().lower() not in known]
    if not found and allowed.target == "ja":
        found = [match.span() for match in _chinese_only().finditer(prose) if match.group() not in known]
    return found


@cache
def _chinese_only() -> re.Pattern[str]:
    """Characters that usual Chinese words are written with and no listed Japanese one is."""
    japanese = set("".join(usualness("ja", 0.0, "large")))
    chinese = {letter for word in usualness("zh", _USUAL_CHINESE) for letter in word if "\u4e00" <= letter <= "\u9fff"}
    return re.compile(f"[{''.join(sorted(chinese - japanese))}]")


_USUAL_CHINESE: Final = 3.5


@lru_cache(maxsize=64)
def _words_of(script: str) -> re.Pattern[str]:
    return re.compile(rf"[{RANGES[script]}]+(?:['’ʼ][{RANGES[script]}]+)?|[.!?:;\n«»„“”\"]|۔|؟|।")


_VERY_USUAL: Final = 5.5
"""A word that is so usual there and never met at home is evidence alone: "когда" in Ukrainian."""
_GUEST: Final = 1.4
"""From here on a word of the Ukrainian list is Russian."""


_BOTH: Final = frozenset(["потому"])
"""Russian words that Ukrainian has with another meaning ("потому": later), so usual that its list looks Russian."""


class _Gains(dict[str, float]):
    """Word -> powers of ten by which it is more usual in a neighbour than at home; filled as words are met."""

    def __init__(self, code: str, own: frozenset[str]) -> None:
        self.there, self.home = usualness(code), at_home(own)
        self.guests = code == "ru" and own == frozenset(["uk"])  # Ukrainian pages, and their list, quote Russian

    def __missing__(self, word: str) -> float:
        there, here = self.there.get(word), self.home.get(word)
        if self.guests and word in _BOTH:
            there = None
        if there is not None and here is not None and self.guests and there - here >= _GUEST:
            here = None
        if there is None:
            gained = _NEITHER if here is None else _AT_HOME
        else:
            most = _ENOUGH if here is None and there >= _VERY_USUAL else _MOST_A_WORD
            gained = max(_AT_HOME, min(most, (there if most == _ENOUGH else there - (here or FLOOR))))
        if len(self) < 100_000:
            self[word] = gained
        return gained


@lru_cache(maxsize=64)
def _gains(code: str, own: frozenset[str]) -> _Gains:
    return _Gains(code, own)


def _more_usual(prose: str, allowed: Allowed) -> list[Span]:
    """The heaviest stretch of a neighbour's words in the target's script."""
    script = _SCRIPT_OF[allowed.target or ""]
    own = frozenset(code for code in _LISTED[script] if code in near(allowed.languages))
    return _heaviest_of(prose, _words_of(script), own, [code for code in _LISTED[script] if code not in own], allowed)


def next_door(prose: str, allowed: Allowed) -> list[Span]:
    """The same for Swedish among Danish or Norwegian words, Slovak among Czech ones, and the other way round."""
    target = allowed.target or ""
    own, others = _NEXT_DOOR.get(target, ((), ()))
    if not own or allowed.languages & _DOORS != {target}:
        return []
    words, home = UNIT.findall(lower(prose)), frozenset(own)
    if any(sum(map(_gains(code, home).__getitem__, words)) > 0 for code in others):
        return []  # all of it is the neighbour's, so the short prompt was misread
    return _heaviest_of(prose, UNIT, home, others, allowed)


_DANISH: Final = (("da", "nb"), ("sv",))
"""A short prompt may be of either."""
_NEXT_DOOR: Final = {
    "sv": _DANISH[::-1],
    **dict.fromkeys(("da", "no"), _DANISH),
    "cs": (("cs",), ("sk",)),
    "sk": (("sk",), ("cs",)),
}
"""Target -> lists of its own and of the neighbour's."""
_DOORS: Final = NORDIC.union(_NEXT_DOOR)


def _heaviest_of(
    prose: str, pattern: re.Pattern[str], own: frozenset[str], others: Sequence[str], allowed: Allowed
) -> list[Span]:
    """The heaviest stretch of words of one of the `others` (Kadane's algorithm), if it is heavy enough."""
    if not own or not others:
        return []
    small = lower(prose)
    spans = [match.span() for match in pattern.finditer(small)]
    words = [small[start:end] for start, end in spans]
    for code in others:
        weights = list(map(_gains(code, own).__getitem__, words))
        if max(weights, default=0.0) < 1.0:
            continue
        best = _heaviest(prose, spans, words, weights, at_home(own), allowed)
        if best:
            return [best]
    return []


def _heaviest(
    prose: str,
    spans: Sequence[Span],
    words: Sequence[str],
    weights: Sequence[float],
    home: Container[str],
    allowed: Allowed,
) -> Span | None:
    best, score, first = (0.0, 0, 0), 0.0, 0
    said: set[str] = set()
    for i, weight in enumerate(weights):
        if not words[i][0].isalpha():
            score, said = 0.0, set()
            continue
        if words[i] in allowed.words or words[i] in said or (weight > 0 and _is_name(prose, spans, i)):
            weight = min(0.0, weight)
        said.add(words[i])
        if score <= 0:
            score, first = 0.0, i
        score += weight
        best = max(best, (score, first, i + 1))
    score, first, behind = best
    unheard = sum(weights[i] > 0 and (words[i] not in home or weights[i] >= _FAR_MORE) for i in range(first, behind))
    start, end = (spans[first][0], spans[behind - 1][1]) if behind else (0, 0)
    return (start, end) if unheard and score >= _ENOUGH else None


def _is_name(prose: str, spans: Sequence[Span], i: int) -> bool:
    """Whether a word has a capital inside a sentence."""
    start, _ = spans[i]
    return prose[start].isupper() and i > 0 and prose[spans[i - 1][0]].isalpha()


def _other_sentences(prose: str, allowed: Allowed) -> list[Span]:
    """Sentences of four words or more that both identifiers hold to be a neighbour's."""
    detect, home, found = detector(), near(allowed.languages), []
    clean = prose.encode("utf-8", "replace").decode()
    for start, end in sentences(clean)[:_MOST_ASKED]:
        said = " ".join(OTHER.findall(clean, start, end))
        if said.count(" ") >= 3 and detect(said) not in home and foreign_to(said, allowed.languages, 0.7):
            found.append((start, end))
    return found
