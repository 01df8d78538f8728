"""How much of a text is new: where it goes on for long without saying anything that did not stand before.

Running prose counts: three words in a row are new once. Lines of data (numbers, names, symbols, table rows) say
something new by their order, so stretches made of them are left alone. A look at how often words come again, block
by block, passes over nearly every text before anything is counted. Does not find loops at a fixed distance
(`cycles.py`).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Final

from factory.language.text import CJK, Span, prose

_TOKEN: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W\d_]+|(?:_\w+)++)?|\d+(?:\.\d+)?"
    r"|[=+/<>|^]|(?<=\s)[*-](?=\s)"
)
_SHORTEST, _SHORTEST_CJK = 800, 300
"""Characters below which nothing can be stale."""
_BLOCK: Final = 200
_FEW: Final = 0.45
"""Share of different words in a block of 200 below which a text is looked at; prose has over half."""
_WINDOW: Final = 120
_LEAST_NEW: Final = 0.25
_MOST_DATA, _LITTLE_DATA = 0.35, 0.15
_HALF_NEW, _LEAST_WORDS = 0.5, 0.08
"""A sentence whose words change places: half its threes are new, and hardly a word."""
_TWICE: Final = 5
"""Sentences that came again, from which on a text is looked at as well."""


def stale(text: str) -> Span | None:
    """The first window of 120 words and signs of which less than a quarter of all threes is new."""
    if len(text) < (_SHORTEST if text.isascii() else _SHORTEST_CJK) or not (_few_words(text) or _copies(text)):
        return None
    spans, names = [], _names_count(text)
    tokens, data = [], bytearray()
    for match in _TOKEN.finditer(prose(text)):
        token = match.group()
        spans.append(match.span())
        tokens.append(token.lower())
        data.append(_is_data(token, names))
    return _window(tokens, data, spans)


def _few_words(text: str) -> bool:
    """Whether a block of 200 words, counted from the end, uses few different ones."""
    words = text.split()
    if len(words) < _BLOCK * 3 // 4:
        return False
    for end in range(len(words), 0, -_BLOCK):
        block = words[max(0, end - _BLOCK) : end]
        if len(block) >= _BLOCK * 3 // 4 and len(set(block)) < _FEW * len(block):
            return True
    return False


def _copies(text: str) -> bool:
    """Whether some sentences or lines stand there twice or more."""
    pieces = text.replace("\n", ". ").replace("。", ". ").split(". ")
    return len(pieces) - len(set(pieces)) - pieces.count("") >= _TWICE


def _names_count(text: str) -> bool:
    """Whether a capital means a name: not in German, which writes all nouns so."""
    return not (" der " in text and " und " in text)


def _is_data(word: str, names: bool) -> bool:
    if word.islower() or CJK.match(word):
        return "_" in word or (len(word) == 1 and word != "a" and word.isascii())
    return not word.isalpha() or (len(word) == 1 and word != "I") or (names and word[0].isupper())


def _window(tokens: list[str], data: bytearray, spans: list[Span]) -> Span | None:
    threes, ones = _first_times(list(zip(tokens, tokens[1:], tokens[2:], strict=False))), _first_times(tokens)
    if len(threes) < _WINDOW:
        return None
    count, words, bulk = (sum(flags[: _WINDOW - 1]) for flags in (threes, ones, data))
    for end in range(_WINDOW - 1, len(threes)):
        count, words, bulk = count + threes[end], words + ones[end], bulk + data[end]
        few = count < _LEAST_NEW * _WINDOW or (count < _HALF_NEW * _WINDOW and words < _LEAST_WORDS * _WINDOW)
        if few and bulk < (_MOST_DATA if count < _LEAST_NEW * _WINDOW else _LITTLE_DATA) * _WINDOW:
            return spans[end - _WINDOW + 1][0], spans[end][1]
        begin = end - _WINDOW + 1
        count, words, bulk = count - threes[begin], words - ones[begin], bulk - data[begin]
    return None


def _first_times(items: Sequence[Hashable]) -> bytearray:
    """For each item 1 where it stands for the first time, else 0."""
    seen: set[Hashable] = set()
    flags = bytearray()
    for item in items:
        flags.append(item not in seen)
        seen.add(item)
    return flags
