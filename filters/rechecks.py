"""Reject thinking that checks what it has found again and again and finds nothing, and sentences said twice throughout.

Whatever the language and the words: seven pieces of thinking and more, most of all, that all hold one number and none
that did not stand there before. Checks that try something new bring new numbers, so searches, case analyses and slips
that are found stay; so do a few checks too many, and states without words. Word for word loops are `repetition`'s. The
score is the share of pieces that bring nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from factory.language.text import CJK, Span, bare, lines, sentences, thinking_span
from factory.records import Prompt, Sample, Verdict

_WORDS = (
    "four five six seven eight nine ten twelve vier fünf sechs sieben acht neun zehn zwölf quatre cinq sept huit"
    " neuf dix douze cuatro cinco siete ocho nueve diez doce quattro cinque sette otto dieci четыре пять шесть"
    " семь восемь девять десять"
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_SPELT = re.compile(rf"\b(?:{'|'.join(_WORDS.split())})\b")
_SAID = re.compile(r"(?:[^\W\d_]{2,}[ ,;:'’.]+){3}")
_LEAST_SAID = 6
"""Chinese characters that say something, as three words do."""
_LONGEST = 400
"""Characters of a check: a longer one works something out."""
_OFTEN = 3
"""Numbers that come most often: one of them is what is found again and again."""


def judge(sample: Sample, prompt: Prompt, *, checks: int = 7, share: float = 0.5) -> Verdict:
    """`checks`: how many pieces that bring nothing reject, where they are this `share` of all."""
    text = sample.text
    start, end = thinking_span(text)
    everything = list(sentences(text))
    said = [span for span in everything if start <= span[0] and span[1] <= end]
    if again := _said_again(text, said) or _doubled(text, everything):
        return Verdict.reject("same_again", 1.0, again[:100])
    if drifts := _drifts(text, said):
        return Verdict.reject("same_shape", 1.0, drifts[:100])
    pieces = [(start + a, start + b) for a, b in lines(text[start:end]) if text[start + a : start + b].strip()]
    pieces = pieces if len(pieces) > checks else said
    idle = _idle(text, pieces, checks) or _doubts(text, pieces, checks)
    found = len(idle) / max(1, len(pieces))
    if len(idle) >= checks and found >= share:
        return Verdict.reject("no_progress", found, idle[:100])
    return Verdict.accept(score=found)


def _said_again(text: str, said: list[Span]) -> list[Span]:
    """Where one sentence, its connective aside ("Hence:"), comes again and again and is most of what is said."""
    if len(said) < _AGAIN:
        return []
    keys = [_CONNECTIVE.sub("", text[a:b].strip().lower()) for a, b in said]
    key, times = Counter(keys).most_common(1)[0]
    enough = times >= _AGAIN and times * 2 >= len(said) and key.count(" ") > 1 and "|" not in key
    if not enough or not key[:1].isalnum():
        return []
    return [span for span, said_key in zip(said, keys, strict=True) if said_key == key]


_CONNECTIVE = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+)?\s?[:：,，]\s*")
_AGAIN = 6


def _doubled(text: str, said: list[Span]) -> list[Span]:
    """Sentences that stand twice in a row, where four different ones do and that is a quarter of all."""
    plain = bare(text)
    twice = [
        b for a, b in pairwise(said) if text[slice(*a)].strip() == text[slice(*b)].strip() and _says(plain[slice(*b)])
    ]
    kinds = {text[slice(*span)].strip() for span in twice}
    return twice if len(kinds) >= _LEAST_DOUBLED and len(kinds) * _DOUBLED_OF >= len(said) else []


_LEAST_DOUBLED, _DOUBLED_OF = 4, 4


def _drifts(text: str, said: list[Span]) -> list[Span]:
    """A run of sentences without numbers, each much like the one before, or somewhat and begun with its last."""
    before: list[str] = []
    run: list[Span] = []
    for a, b in said:
        words = [word[:_STEM] for word in _WORD.findall(text[a:b].lower())]
        alike = sum((Counter(before) & Counter(words)).values())
        linked = bool(before) and before[-1] in words[:_STEM]
        most = max(len(before), len(words))
        goes_on = len(words) >= _SHORTEST and (alike * 2 >= most or (linked and alike * 5 >= most * 2))
        run = [*run, (a, b)] if goes_on and not _NO_PROSE.search(text, a, b) else []
        if len(run) >= _DRIFTS:
            return run
        before = words
    return []


_WORD = re.compile(r"[^\W\d_]+")
_NO_PROSE = re.compile(r"[\d=|]")
_STEM, _SHORTEST, _DRIFTS = 4, 5, 12


def _says(piece: str) -> bool:
    return _SAID.search(piece) is not None or len(CJK.findall(piece)) >= _LEAST_SAID


def _idle(text: str, pieces: list[Span], checks: int) -> list[Span]:
    """The pieces that hold one number, always the same, and no number that is new."""
    digits = [set(_DIGITS.findall(text[a:b])) for a, b in pieces]
    numbers = [found.union(_SPELT.findall(text[a:b].lower())) for (a, b), found in zip(pieces, digits, strict=True)]
    often = [n for n, times in Counter(n for found in numbers for n in found).most_common(_OFTEN) if times >= checks]
    if not often:
        return []
    known: set[str] = set()
    stale = []
    for span, new, found in zip(pieces, digits, numbers, strict=True):
        if known.issuperset(new) and span[1] - span[0] <= _LONGEST and _says(text[slice(*span)]):
            stale.append((span, found))
        known |= new
    return max(([span for span, found in stale if number in found] for number in often), key=len)


def _doubts(text: str, pieces: list[Span], checks: int) -> list[Span]:
    """The pieces that begin with a doubt and say no more than was said, half of their words at most being new."""
    if sum(_DOUBT.match(text, a, b) is not None for a, b in pieces) < checks:
        return []
    known: set[str] = set()
    found = []
    for a, b in pieces:
        words = {word[:_STEM] for word in _WORD.findall(text[a:b].lower())}
        if _DOUBT.match(text, a, b) and len(words - known) * 2 <= len(words) and not _DIGITS.search(text, a, b):
            found.append((a, b))
        known |= words
    return found


_DOUBT = re.compile(
    r"\W*(?:(?:but|no|ok(?:ay)?|aber|mais|pero|но|但|不过),? ?)?(?:wait|hmm+|hold on|let me|is it|am I|warte|moment"
    r"|hm+|attend\w*|voyons|espera|a ver|aspetta|подожди|постой|хм+|等等|等一下|再|嗯|待って|いや|잠깐)(?!\w{3})",
    re.I,
)
