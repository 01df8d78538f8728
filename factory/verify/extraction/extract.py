"""Find the answer in the answer part of a sample, in linear time, and say how and where it was found.

Covers boxes, `<answer>` tags, `####` lines, answer cues in a dozen languages, else the last line. An answer the text
denies ("is not 5") is passed over. Does not cover the thinking: an unclosed thought has no answer part, so no answer.

Only the last `TAIL` characters are read: what comes later counts, and a hostile text costs no more than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from factory.verify.extraction.boxes import is_cut_off, last_boxes, said
from factory.verify.extraction.candidates import LONGEST, MATH, Extracted, Finder, refine
from factory.verify.extraction.cues import cue_ends
from factory.verify.extraction.doubts import after_denial
from factory.verify.extraction.last_line import last_line
from factory.verify.extraction.trailing import unit_after

TAIL: Final = 100_000
CUE_TAIL: Final = 20_000


_TURN: Final = re.compile(r"<\|(?:im_start|im_end|endoftext|eot_id|end_of_text|end)\|>|<think>")
"""Where a turn ends or another thought begins; what a model goes on to write is no answer."""
_CALCULATED: Final = re.compile(r"<<[^<>\n]{1,80}>>")
"""gsm8k's calculator: `180 * 3 = <<180*3=540>>540`."""
_TAG: Final = re.compile(r"<answer>|</answer>", re.IGNORECASE)
_VALUE: Final = re.compile(r'\s*(?:"((?:[^"\\\n]|\\.){1,300})"|([^\s",{}\[\]]{1,100}))')
_FINAL: Final = re.compile(r"\bfinal answer\b", re.IGNORECASE)
_WHY: Final = re.compile(r"(?<=\S),?\s(?:since|because)\s")
_SENTENCE_END: Final = re.compile(r"(?:[.!?](?=[\s*\")]|$)|[。!?;])(?<!\bSt\.)(?<!\bMr\.)(?<!\bDr\.)")

_FIRST_STEP: Final = re.compile(
    r"(?:\*\*)?(?:step )?1[.):]\**\s(?=[^\n]*[a-z])[^\n]*+\n\s*(?:\*\*)?(?:step )?2[.):]", re.IGNORECASE
)
"""A heading's numbered steps, of which none is the answer: "### Solution", then "1. First we ..."."""
_ROUNDLY: Final = re.compile(
    r"[\s$]{0,3},?\s?\(?(?:or|which is|that is|i\.e\.)?,?\s?(?:(?:roughly|about|approximately)\s|≈|\\approx)"
    r"\s?\$?(-?\d+\.\d+)"
)
"""What a box's sentence rounds it to: `, or roughly 2.33`."""
_ANOTHER: Final = re.compile(r"\s?-?\d[\d.,]*\s*(?:$|\n)")
"""`36; 63`: one more value behind the mark."""


def extract(answer: str) -> Iterator[Extracted]:
    """The candidates of the first place that holds an answer, the best first; nothing if there is none."""
    if "<" in answer and (turn := _TURN.search(answer, answer.startswith("<|im_start|>"))):
        answer = answer[: turn.start()]
    shift = max(0, len(answer) - TAIL)
    text = answer[shift:]
    if "<<" in text:
        text = _CALCULATED.sub(lambda found: " " * len(found[0]), text)
    found = _first_found(text, _finders(text))
    if not shift:
        return found
    return (Extracted(one.text, one.how, one.start + shift, one.end + shift) for one in found)


def _finders(text: str) -> Iterator[Finder]:
    """Those that may find something, the surest first: looking for their marks is quicker than asking them."""
    if "boxed" in text or "fbox" in text:
        yield _boxed
    if "<" in text:
        yield _tagged
    if "####" in text:
        yield _hashed
    yield _cued
    yield _unmarked


def _unmarked(text: str) -> Iterator[Extracted]:
    """What the last line gives, unless a box was begun and never closed."""
    return iter(()) if is_cut_off(text) else last_line(text)


def after_cue(text: str) -> list[Extracted]:
    """The candidates a cue in this text gives, if it has one."""
    return list(_cued(text[-CUE_TAIL:]))


def _boxed(text: str) -> Iterator[Extracted]:
    run = last_boxes(text)
    if not run:
        return iter(())
    whole, end = said(text, run), run[-1][1] + 1
    later: list[Extracted] = []
    if end < len(text):
        if (rounded := _ROUNDLY.match(text, end)) and _rounds(whole, rounded[1]):
            whole = f"{whole} \\approx {rounded[1]}"
        if len(run) == 1 and whole[-1:].isdigit():
            whole = f"{whole} {unit_after(text, end)[0]}".rstrip()  # `\boxed{30} radians`
        later = _final_answer(text, end - 1)
    first = Extracted(whole, "boxed", run[0][0], end - 1)
    inner = len(run) == 1 and "=" not in whole and "$" in whole
    return chain(later, (first,), refine(text, *run[0], "boxed")) if inner else chain(later, (first,))


def _rounds(whole: str, rounded: str) -> bool:
    """Whether a number is a rounding of the other, or of something that is no plain number."""
    try:
        return f"{float(whole):.{len(rounded.partition('.')[2])}f}" == rounded
    except ValueError:
        return True


def _final_answer(text: str, end: int) -> list[Extracted]:
    """What is called the final answer after the last box, which held a step then; a few words at most."""
    place = text.find("inal ", end)
    if place < 0 or (called := _FINAL.search(text, place - 1)) is None:
        return []
    found = list(_cued(text[called.start() :]))
    shift = called.start()
    if not found or len(found[0].text.split()) > 6:
        return []
    return [Extracted(one.text, one.how, one.start + shift, one.end + shift) for one in found]


def _tagged(text: str) -> Iterator[Extracted]:
    marks = list(_TAG.finditer(text)) if "<" in text else []
    opens = [n for n, mark in enumerate(marks) if mark[0][1] != "/"]
    if not opens:
        return iter(())
    last = opens[-1]
    end = marks[last + 1].start() if last + 1 < len(marks) else len(text)
    start = marks[last].end()
    inner = text[start:end]
    if inner.count("\n") > 3 or len(inner) > 300:
        found = _first_found(inner, (_hashed, _cued, last_line))
        return (Extracted(one.text, "tag", one.start + start, one.end + start) for one in found)
    return refine(text, start, end, "tag")


def _first_found(text: str, finders: Iterable[Finder]) -> Iterator[Extracted]:
    """What the first finder that finds anything finds."""
    for find in finders:
        found = find(text)
        if (first := next(found, None)) is not None:
            return chain((first,), found)
    return iter(())


def _hashed(text: str) -> Iterator[Extracted]:
    place = text.rfind("####")
    while place > 0 and not (text[place - 1].isspace() and text[place + 4 : _line_end(text, place)].strip(" #")):
        place = text.rfind("####", 0, place)
    if place < 0:
        return iter(())
    end = _line_end(text, place)
    if (rest := text[end:]).strip() and next(_cued(rest), None):
        return iter(())  # said anew: "#### 12", then "Correction. The answer is 13."
    said = text[place + 4 : end].strip()
    counts = said[:1] not in ("", "#") and (not text[end:].strip() or said.lstrip("-$ ")[:1].isdigit())
    return refine(text, place + 4, end, "hashes") if counts and len(said) <= 200 else iter(())


def _cued(text: str) -> Iterator[Extracted]:
    """After the last cue: most stand in the last line, so that is looked at first, and by itself."""
    shift = max(0, len(text) - CUE_TAIL)
    last = max(text.rfind("\n", shift, len(text.rstrip())) + 1, shift)
    for begin, end in ((last, len(text)), (shift, last)):
        for start in cue_ends(text, begin, end)[:5]:
            if (plain := text[start:end].rstrip(" .$*").lstrip(" $*")).isdigit() and plain.isascii():
                place = text.index(plain, start)
                return iter((Extracted(plain, "cue", place, place + len(plain)),))
            segment = _field(text, start) or _segment(text, start)
            skip = after_denial(text[slice(*segment)]) if segment else None
            if segment is None or skip is None or text[segment[1] : segment[1] + 1] == "?":
                continue
            found = refine(text, segment[0] + skip, segment[1], "cue")
            if (first := next(found, None)) is not None:
                return chain((first,), found)
    return iter(())


def _field(text: str, start: int) -> tuple[int, int] | None:
    """The value of a JSON field the cue was the name of: `{"answer": "12"}`."""
    found = _VALUE.match(text, start) if text.startswith('":', start - 2) else None
    return found.span(found.lastindex or 0) if found else None


def _segment(text: str, start: int) -> tuple[int, int] | None:
    """From a cue to the end of its sentence, or the next lines where the cue ends its own."""
    end = _line_end(text, start)
    if text[start:end].strip(" \t*_:$`#") in ("", "\\[", "\\("):
        while start < len(text) and text[start] in " \t\r\n*_:`#":
            start += 1
        start += 2 if text.startswith("- ", start) else 0  # a bullet
        if start >= len(text):
            return None
        end = _line_end(text, start)
        block = MATH.match(text, start)
        if block or text[start:end].strip() in ("$$", "\\["):
            return (start, block.end()) if block else (start, min(len(text), start + LONGEST))
        if _FIRST_STEP.match(text, start):
            return None  # `### Solution`, then its steps
    end = min(end, start + 2 * LONGEST)
    stop = _SENTENCE_END.search(text, start, end)
    while stop and (_inside_math(text[start : stop.start()]) or _is_open(text[start : stop.end()])):
        stop = _SENTENCE_END.search(text, stop.end(), end)
    if stop and stop[0] == ";" and _ANOTHER.match(text, stop.end()):
        return start, end
    end = stop.start() if stop and text[start : stop.start()].strip() else end
    why = _WHY.search(text, start + 1, end)
    return start, why.start() if why and not _inside_math(text[start : why.start()]) else end


def _inside_math(text: str) -> bool:
    return text.count("$") % 2 == 1 or text.count("\\(") > text.count("\\)")


def _is_open(text: str) -> bool:
    """Whether a semicolon parts what a bracket holds: `(-oo; 4]`."""
    return text[-1] == ";" and text.count("(") + text.count("[") > text.count(")") + text.count("]")


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
