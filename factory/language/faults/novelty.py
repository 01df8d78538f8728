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
_SHORTEST, _SHORTEST_CJK = 900, 300
"""Characters below which nothing can be stale."""
_PROBE, _STEP, _FIRST, _BACK = 10, 150, 300, 4_000
"""A few letters every now and then are looked for in what stood before: prose has seen one in five, a loop most."""
_PROBE_CJK, _STEP_CJK = 5, 40
_WINDOW: Final = 120
_LEAST_NEW: Final = 0.25
_MOST_DATA, _LITTLE_DATA = 0.35, 0.15
_HALF_NEW, _LEAST_WORDS = 0.5, 0.08
"""A sentence whose words change places: half its threes are new, and hardly a word."""


def stale(text: str) -> Span | None:
    """The first window of 120 words and signs of which less than a quarter of all threes is new."""
    if len(text) < _SHORTEST_CJK or not _comes_again(text):
        return None
    spans, names = [], _names_count(text)
    tokens, data = [], bytearray()
    blanked = prose(text)
    for match in _TOKEN.finditer(blanked):
        token = match.group()
        spans.append(match.span())
        tokens.append(token.lower())
        data.append(_is_data(token, names) and not (token.istitle() and _begins(blanked, match.start())))
    return _window(tokens, data, spans)


def _comes_again(text: str) -> bool:
    """Whether three probes of four in a row stood there before."""
    cjk = "。" in text
    if not cjk and len(text) < _SHORTEST:
        return False
    size, step = (_PROBE_CJK, _STEP_CJK) if cjk else (_PROBE, _STEP)
    find = text.find
    seen = bytes(
        find(text[at : at + size], max(0, at - _BACK), at + size - 1) >= 0 for at in range(_FIRST // 2, len(text), step)
    )
    return any(run in seen for run in _RUNS)


_RUNS: Final = (b"\1\1\1", b"\1\1\0\1", b"\1\0\1\1")


def _names_count(text: str) -> bool:
    """Whether a capital means a name: not in German, which writes all nouns so."""
    return not (" der " in text and " und " in text)


def _is_data(word: str, names: bool) -> bool:
    if word.islower() or CJK.match(word):
        return "_" in word or (len(word) == 1 and word != "a" and word.isascii())
    return not word.isalpha() or (len(word) == 1 and word != "I") or (names and word[0].isupper())


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here, whose capital is no name's."""
    return text[max(0, at - 2) : at] in _STOPS


_STOPS: Final = frozenset({". ", "? ", "! ", ": ", ", ", ".\n", "?\n", "\n\n"})


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
