"""Reject text that goes round in circles: repeated characters, phrases, sentences or paragraphs, and counters that
count without computing.

Enumerations, tables, grids, simulation traces, refrains and a repeated "wait, let me check" stay: their lines say
something new or stand apart. The score is the share of the text that lies in loops.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise

from factory.language.faults.cycles import Cycle, cycles
from factory.language.faults.novelty import stale
from factory.language.text import CJK, Span, bare, lines, sentences, without_digits
from factory.records import Prompt, Sample, Verdict

_NUMBER = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]")
_WORDED = re.compile(r"[^\W\d_]{4}[^\n]{0,40}\d")
_FINDING = re.compile(
    r"n['’]t\b|\b(?:no|not|yes|cannot|fails?|works?|prime|true|false|even|odd|ok|too|invalid|valid|possible)\b"
    r"|[=<>≠≤≥✓✗不]|是(?!否)|(?<!是)否",
    re.I,
)
_MOST_COLUMNS = 6
_COUNTED, _LONG_COUNT, _SAID = 12, 24, 10
_LONG_RUN, _PARTED = 500, re.compile(r"[\s,;]")
_TRACE = 8
_STEP = re.compile(r"\d[^\n]{0,40}(?:goes? to|moves? to|->|→|reads?|push|pop|swap)", re.I)
"""Lines that only count up are a loop from here on."""


def judge(sample: Sample, prompt: Prompt, *, distinct: int = 40, window: int = 200) -> Verdict:
    """`distinct`: fewest different words in a `window` of running prose (facts of our own labelled set)."""
    text = sample.text
    plain = without_digits(text)
    if next(cycles(plain, _is_loop), None):  # whatever loops with its digits loops without
        loops = _loops(text)
        if loops:
            return Verdict.reject("loop", _share(loops, text), loops[:10])
        counter = _counter(text, plain)
        if counter:
            return Verdict.reject("counter", _share([counter], text), [counter])
    if stammer := _stammer(text):
        return Verdict.reject("loop", _share([stammer], text), [stammer])
    copies = _copies(text)
    if copies:
        return Verdict.reject("repeated_sentences", _share(copies, text), copies[:10])
    if nothing_new := _nothing_new(text, sample.answer):
        return Verdict.reject("nothing_new", None, [nothing_new])
    few = _few_words(text, distinct, window)
    return Verdict.reject("few_words", None, [few]) if few else Verdict.accept(score=0.0)


def doomed(text: str, prompt: Prompt, *, distinct: int = 40, window: int = 200) -> Verdict | None:
    """A loop that stands in a growing text stands in whatever it grows into."""
    loop = next(cycles(text, _is_loop), None)
    return Verdict.reject("loop", None, [loop[:2]]) if loop else None


def _loops(text: str) -> list[Span]:
    """Where the text loops, overlaps joined."""
    joined: list[Span] = []
    for start, end in sorted((c.start, c.end) for c in islice(cycles(text, _is_loop), 1_000)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _is_loop(text: str, cycle: Cycle) -> bool:
    """Whether a stretch is long enough for what it repeats.

    Prose: four times and 150 characters, or three times and 400. Short phrases need 200. Without letters (rules of
    dashes, digits of a fraction) 500, parted ones (grids, sequences) 2,000, and table rows 50 repeats, 10 with words
    and numbers.
    """
    length, period = cycle.end - cycle.start, text[cycle.start : cycle.start + cycle.period]
    if not _LETTERS.search(period):
        return length >= (2_000 if _PARTED.search(period) else _LONG_RUN)
    if "|" in period:
        return cycle.repeats >= (10 if "\n" in period and _WORDED.search(period) else 50)
    if CJK.search(period):
        return cycle.repeats >= 4 and length >= 120
    if cycle.repeats >= 3 and length >= 400 and cycle.period > 100:
        return True
    if cycle.repeats < _TRACE and _STEP.search(period):
        return False  # a trace of states may come round a few times
    return cycle.repeats >= 4 and length >= (150 if cycle.period >= 20 else 200)


def _nothing_new(text: str, answer: str) -> Span | None:
    """Where nothing new is said, in the thinking or in the answer: a draft may come again as the answer."""
    if not (found := stale(text)):
        return None
    at = max(0, len(text.rstrip()) - len(answer.rstrip()))
    return found if found[1] <= at or not at else stale(text[:at]) or _shifted(stale(text[at:]), at)


def _shifted(span: Span | None, by: int) -> Span | None:
    return (span[0] + by, span[1] + by) if span else None


def _stammer(text: str) -> Span | None:
    """A Chinese or Japanese character fifty times in a row, or a short word twenty times."""
    if text.isascii() or ("。" not in text and "，" not in text):
        return None
    for at in range(0, len(text) - 24, 16):
        if text[at : at + 12] == text[at + 12 : at + 24]:  # 12 is a multiple of the lengths of such words
            found = _STAMMER.search(text)
            return found.span() if found else None
    return None


_STAMMER = re.compile("([\u3041-\u30fa\u4e03-\u9fff])\\1{49}|([\u3041-\u30fa\u4e03-\u9fff]{2,4})\\2{19}")
"""Strokes, rings and dashes draw lines."""


def _counter(text: str, plain: str) -> Span | None:
    """A loop but for one number that counts up, whose lines find nothing out ("Step 7: go on.") or ever the same."""
    for cycle in islice(cycles(plain, _is_loop), 20):
        period = plain[cycle.start : cycle.start + cycle.period]
        columns = len(_NUMBER.findall(period + period)) // 2
        wordy = cycle.repeats >= _LONG_COUNT and period.count(" ") >= _SAID
        if cycle.repeats >= _COUNTED and 0 < columns <= _MOST_COLUMNS and (wordy or not _FINDING.search(period)):
            span = (cycle.start, cycle.start + int(cycle.repeats) * cycle.period)
            if _only_counts(text, span, columns, wordy):
                return cycle.start, cycle.end
    return None


def _only_counts(text: str, span: Span, columns: int, wordy: bool) -> bool:
    """Whether the numbers of each round stay or go up by one, nearly always: a counter, a date or a clock.

    Nearly, because the ends of the span may cut a number in two and a clock goes on at zero.
    """
    numbers = [int(n[-9:]) for n in _NUMBER.findall(text, *span)]
    varying = [column for i in range(columns) if len(set(column := numbers[i::columns])) > 2]
    linked = wordy and sum(a == b for a, b in pairwise(numbers)) * 5 >= 2 * len(numbers)  # "1. On to 2: try 2."
    if columns <= 2 and len(varying) != 1 and not linked:
        return False
    steps = [[b - a for a, b in pairwise(column)] for column in varying]
    return bool(steps) and all(max(s.count(1), s.count(0)) >= 0.8 * len(s) for s in steps)


def _copies(text: str) -> list[Span]:
    """Sentences of 30 characters or more that stood before, when they make up nearly half of such sentences."""
    all_pieces = text.replace("\n", ". ").replace("。", ". ").split(". ")
    blank = all_pieces.count("")  # between paragraphs
    if len(all_pieces) - blank - len(set(all_pieces)) < _LEAST_COPIES - 1:  # a rough first look, for speed
        return []
    if short := _short_copies(text, all_pieces) or _round_dance(text, all_pieces):
        return short
    pieces = [p for p in all_pieces if len(p) >= 25]
    if len(pieces) - len(set(pieces)) < _LEAST_COPIES:
        return []
    plain = bare(text)  # a docstring may stand in thinking and program
    spans = [(a, b) for a, b in sentences(text) if b - a >= 30 and _LETTERS.search(plain, a, b)]
    if len(spans) < _LEAST_SPANS:
        return []
    seen: Counter[str] = Counter()
    copies = []
    for start, end in spans:
        key = text[start:end].strip()
        if seen[key] and "|" not in key:
            copies.append((start, end))
        seen[key] += 1
    most = _length(copies) * 20 >= _length(spans) * 9
    return copies if len(copies) >= _LONG_COPIES and _length(copies) >= _LEAST_COPIED and most else []


def _short_copies(text: str, pieces: list[str]) -> list[Span]:
    """Sentences of any length that stood before, when they are many and most: "Let me check again." without end."""
    plain = [piece for piece in pieces if len(piece) >= 10 and piece.count(" ") >= 2]
    if len(plain) - len(set(plain)) < _SHORT_COPIES or len(set(plain)) * 2 > len(plain):
        return []
    seen: set[str] = set()
    copies = []
    for start, end in sentences(text):
        key = text[start:end].strip()
        if (
            key in seen
            and key.count(" ") >= 2
            and "|" not in key
            and not _NUMBER.search(key)
            and not _FINDING.search(key)
        ):
            copies.append((start, end))
        seen.add(key)
    return copies if len(copies) >= _SHORT_COPIES else []


def _round_dance(text: str, pieces: list[str]) -> list[Span]:
    """All sentences when a handful of them comes again and again in any order."""
    said = [piece.strip() for piece in pieces if " " in piece and _LETTERS.search(piece)]
    few = len(said) >= _DANCE and len(set(said)) * 8 <= len(said) and len(said) * 2 >= len(pieces)
    return [] if not few or "|" in text else list(sentences(text))


_DANCE = 60
_LEAST_COPIES = 5
_LONG_COPIES, _LEAST_COPIED, _LEAST_SPANS = 5, 300, 7
_SHORT_COPIES = 25


def _few_words(text: str, distinct: int, window: int) -> Span | None:
    """A window of running prose (lines of at least `window` words) with fewer than `distinct` different ones."""
    if len(text) < 2 * window or len(max(text.split("\n"), key=len)) < 2 * window:
        return None
    for start, end in lines(text):
        if end - start < 2 * window:
            continue
        if text.count(" ", start, end) < window / 2:  # nearly no word stands between other blanks
            continue
        words = text[start:end].lower().split()
        if _is_monotone(words[-window // 2 :], distinct // 2):
            return start, end
        for at in range(0, len(words) - window + 1, window // 2):
            found = {w for w in words[at : at + window] if _LETTERS.search(w)}
            if 0 < len(found) < distinct and sum(map(len, found)) >= 2 * len(found):
                return start, end
    return None


def _is_monotone(words: list[str], distinct: int) -> bool:
    """Whether the end of a line, words nearly all of it, makes do with very few."""
    if len(set(words)) > 2 * distinct:
        return False
    plain = [bare_word for word in words if (bare_word := word.strip(".,;:!?'’")).isalpha()]
    return len(plain) >= _MONOTONE and len(plain) * 10 >= 9 * len(words) and len(set(plain)) < distinct


_MONOTONE = 80


def _length(spans: list[Span]) -> int:
    return sum(end - start for start, end in spans)


def _share(spans: list[Span], text: str) -> float:
    """Share of the text that the spans cover."""
    return _length(spans) / len(text) if text else 0.0
