r"""Reject text whose blanks and line ends are wrong throughout: none between words, some before every mark, wide gaps,
tabs for blanks, words cut at line ends, words said twice.

Counts and shares of the whole text decide, so a slip stays. Code, formulas and URLs are left out, and so are tables
and languages that set no blanks. Single glued words are `layout`'s. The score is the share or count found.
"""

from __future__ import annotations

import re

from factory.language.faults.asked import asks_for_setting
from factory.language.faults.nonsense import known
from factory.language.languages import allowed_by
from factory.language.scripts import LATIN
from factory.language.text import CJK, bare, thinking_span
from factory.language.words import COMMON
from factory.records import Prompt, Sample, Verdict

_FUNCTION = frozenset(word for words in COMMON.values() for word in words if len(word) > 1)
_LETTER = re.compile(f"[{LATIN}\u0400-\u04ff]")
_LONG_STRETCH, _MOST_LETTERS = 60, 14
"""Letters of a line from which on it must have blanks, and letters to a blank: German has seven or eight."""
_BEFORE_MARK = re.compile(r"(?<=[^\W\d_]{2}) (?:[,.](?=\s)|,(?=[^\W\d_])|\.(?=[A-ZÀ-ÞА-Я][a-zß-ÿа-я]))")
_BEHIND_WORD = re.compile(r"(?<=[^\W\d_]{2})[,.](?=\s)")
_TAB = re.compile(r"(?<=[^\W_])\t(?=[^\W_])")
_CUT = re.compile(r"(?<=[a-zß-ÿа-яё]{2})[-\u00ad\u2010]\n(?=[a-zß-ÿа-яё]{2})")
_TWICE = re.compile(r"(?<![\w'’-])([^\W\d_]{2,})[ \n]\1(?![\w'’-])", re.I)
_SAID_TWICE = (
    "that had very bye no ha so too many really hip yes there now nous vous sie die das der all la"
    " blah ya oh hey far much never again more on in is not"
)
_MAY_BE_TWICE = frozenset(_SAID_TWICE.split())
_LEAST = {"before_marks": 6, "tabs": 12, "cut_words": 4, "twice": 5, "gaps": 20}


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    if asks_for_setting(prompt.question):
        return Verdict.accept("asked_for")
    text = bare(sample.text)
    if share := _glued(text):
        return Verdict.reject("glued", share)
    for reason, count in (
        ("before_marks", _before_marks(text, thinking_span(sample.text)[1])),
        ("tabs", _tabs(text)),
        ("cut_words", len(_CUT.findall(text)) + _cut_bare(text, prompt) if "\n" in text else 0),
        ("twice", _twice(text)),
        ("gaps", _gaps(text)),
    ):
        if count >= _LEAST[reason]:
            return Verdict.reject(reason, float(count))
    return Verdict.accept(score=0.0)


def _glued(text: str) -> float:
    """Share of the text in lines of many letters and hardly a blank, that hold words of sentences."""
    found = 0
    for line in text.split("\n"):
        if len(line) < _LONG_STRETCH or len(line.split()) * _MOST_LETTERS > len(line):
            continue
        letters = len(_LETTER.findall(line))
        if CJK.search(line) and len(CJK.findall(line)) * 5 > letters:  # names in a language that sets no blanks
            continue
        if letters >= _LONG_STRETCH and len(line.split()) * _MOST_LETTERS < letters and _reads(line):
            found += len(line)
    return found / len(text) if 0 < len(text) <= 3 * found or found >= 4 * _LONG_STRETCH else 0.0


def _reads(line: str) -> bool:
    """Whether the letters, freed of what stands between, hide many words of sentences: no strand of DNA does."""
    low = line.lower()
    return sum(word in low for word in _HIDDEN) >= _LEAST_HIDDEN and len(set(low)) >= _LEAST_KINDS


_SHORT = "the and of is der die und ist les est que los del con что как на"
_HIDDEN = tuple(_SHORT.split())
_LEAST_HIDDEN, _LEAST_KINDS = 3, 15


def _before_marks(text: str, end: int) -> int:
    """How many commas and stops of thinking or answer stand off their words, where no more stand at them."""
    if " ," not in text and " ." not in text:
        return 0
    counts = [(len(_BEFORE_MARK.findall(part)), len(_BEHIND_WORD.findall(part))) for part in (text[:end], text[end:])]
    return max(off + 2 * (at == 0) if off >= at else 0 for off, at in counts)


def _cut_bare(text: str, prompt: Prompt) -> int:
    """How many line ends part a word in two pieces of which one is no word: "muscl", "es"."""
    pairs = _ACROSS.findall(text)
    if len(pairs) < _LEAST["cut_words"]:
        return 0
    told = known(allowed_by(prompt).languages or frozenset({"en"}))
    return sum(a + b in told and not (a in told and b in told) for a, b in pairs)


_ACROSS = re.compile(r"(?<![^\W\d_])([a-zß-ÿа-яё]+)\n([a-zß-ÿа-яё]+)(?![^\W\d_])")


def _tabs(text: str) -> int:
    """How many tabs stand between the words of sentences."""
    if text.count("\t") < _LEAST["tabs"]:
        return 0
    found = 0
    for line in text.split("\n"):
        words = line.lower().split("\t")
        if sum(word.strip(".,") in _FUNCTION for word in words) * 5 >= len(words):
            found += len(_TAB.findall(line))
    return found


def _twice(text: str) -> int:
    """How many words are said twice in a row, where it is one in twenty-five."""
    count = sum(word.lower() not in _MAY_BE_TWICE for word in _TWICE.findall(text))
    return count if count * 25 >= len(text.split()) else 0


def _gaps(text: str) -> int:
    """How many blanks are two or more in lines of sentences that have more of these than single ones."""
    found = 0
    for line in text.split("\n") if "  " in text else ():
        wide = len(_GAP.findall(line))
        words = line.lower().split()
        if wide * 2 >= len(words) >= _LINE and sum(map(_FUNCTION.__contains__, words)) * 5 >= len(words):
            found += wide
    return found


_LINE = 8
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
