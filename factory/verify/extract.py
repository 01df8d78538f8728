"""Find the answer in the answer part of a sample, in linear time, and say how and where it was found.

Covers boxes, `<answer>` tags, `####` lines, answer cues in a dozen languages, else the last line. An answer the text
denies ("is not 5") is passed over. Does not cover the thinking: an unclosed thought has no answer part, so no answer.

Only the last `TAIL` characters are read: what comes later counts, and a hostile text costs no more than that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from factory.verify.boxes import is_cut_off, last_boxes, said
from factory.verify.cues import (
    after_denial,
    cue_ends,
    gives_none,
    is_denied,
    is_goodbye,
    is_no_result,
    is_taken_back,
    is_unsure,
)

TAIL: Final = 100_000
CUE_TAIL: Final = 20_000
LONGEST: Final = 2_000
"""Characters an extracted answer may have; anything longer is no final answer."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A candidate answer; `how`: boxed, tag, hashes, cue, line, math, group or number; `start`, `end`: code points."""

    text: str
    how: str
    start: int
    end: int


Finder = Callable[[str], Iterator[Extracted]]

_SYMBOL: Final = re.compile(r"\\?[A-Za-z]+(?:_\{?\w+\}?)?(?:\([a-z]\))?")
"""`n`, `f(x)`, `\\alpha`: what an answer is about, where something else follows."""
_AFTER_HAN: Final = re.compile(r"[\u3040-\u9fff][ ,，：:]{0,3}([ -~＝０-９]{1,60}[=＝][ -~０-９]{1,60})[。.]?$")
"""An equation at the end of a line of Chinese or Japanese."""
_TURN: Final = re.compile(r"<\|(?:im_start|im_end|endoftext|eot_id|end_of_text|end)\|>")
"""Where a turn ends; what a model goes on to write is no answer."""
_TAG: Final = re.compile(r"<answer>|</answer>", re.IGNORECASE)
_HASHES: Final = re.compile(r"^#### *(?!#)(\S.*)$", re.MULTILINE)
_SENTENCE_END: Final = re.compile(r"(?:[.!?](?=[\s*\")]|$)|[。!?;])(?<!\bSt\.)(?<!\bMr\.)(?<!\bDr\.)")
_MATH: Final = re.compile(
    r"\$\$([^$]{1,2000})\$\$|\$([^$\n]{1,1000})\$|\\\((.{1,1000}?)\\\)|\\\[(.{1,2000}?)\\\]", re.DOTALL
)
_OPERATORS: Final = tuple("<>≤≥≠^*/+_")
_RELATED: Final = re.compile(r"\\(?:n?mid|equiv|cdot|times|n?eq?|leq?|geq?|pm|in|approx|sqrt|binom)(?![A-Za-z])")
_CONNECTOR: Final = re.compile(r"(?:[\s,;.*]|\band\b|\bor\b|和|或|、)*")
_GROUP: Final = re.compile(r"[(\[][^()\[\]]{1,200},[^()\[\]]{1,200}[)\]]")
_BOLD: Final = re.compile(r"\*\*([^*\n]{1,200})\*\*")
_COMPOUND: Final = (
    r"\d+ (?:dollars?|hours?|minutes?|feet|foot|meters?) (?:and )?"
    r"\d+ (?:cents?|minutes?|seconds?|inch(?:es)?|centimeters?)\b|"
)
"""`7 dollars and 25 cents` is one quantity."""
NUMBER: Final = re.compile(
    rf"(?<![A-Za-z0-9_.^{{]){_COMPOUND}"
    r"(?<![A-Za-z0-9_.^{])(?:\d{1,3}:\d{1,3}(?::\d{1,3})?(?![\d:])(?:\s?[AaPp]\.?[Mm]\b\.?)?|[-+−]?\s?[$€£¥]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:\s?/\s?\d+(?!\d|\.\d))?(?:[eE][+-]?\d+)?"
    r"(?:\s?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]|\s?\\?[%％]|\s(?:hundred|thousand|million|billion|trillion|dozen)\b|\s?[万亿])?|[-+−]?\.\d+)|-?\\[dt]?frac\{-?\d+\}\{\d+\}(?:\s?\\?[%％])?"
)


def extract(answer: str) -> Iterator[Extracted]:
    """The candidates of the first place that holds an answer, the best first; nothing if there is none."""
    if "<|" in answer and (turn := _TURN.search(answer)):
        answer = answer[: turn.start()]
    shift = max(0, len(answer) - TAIL)
    text = answer[shift:]
    finders = [_boxed, _tagged, _hashed, _cued]
    if not is_cut_off(text):
        finders.append(_last_line)
    for one in _chain(text, finders):
        yield Extracted(one.text, one.how, one.start + shift, one.end + shift) if shift else one


def after_cue(text: str) -> list[Extracted]:
    """The candidates a cue in this text gives, if it has one."""
    return list(_cued(text[-CUE_TAIL:]))


def _boxed(text: str) -> Iterator[Extracted]:
    run = last_boxes(text)
    if not run:
        return
    whole = said(text, run)
    yield Extracted(whole, "boxed", run[0][0], run[-1][1])
    if len(run) == 1 and "=" not in whole and "$" in whole:
        yield from _refine(text, *run[0], "boxed")


def _tagged(text: str) -> Iterator[Extracted]:
    if "<" not in text:
        return
    marks = list(_TAG.finditer(text))
    opens = [n for n, mark in enumerate(marks) if mark[0][1] != "/"]
    if not opens:
        return
    last = opens[-1]
    end = marks[last + 1].start() if last + 1 < len(marks) else len(text)
    start = marks[last].end()
    inner = text[start:end]
    if inner.count("\n") > 3 or len(inner) > 300:
        for one in _chain(inner, (_hashed, _cued, _last_line)):
            yield Extracted(one.text, "tag", one.start + start, one.end + start)
    else:
        yield from _refine(text, start, end, "tag")


def _chain(text: str, finders: Iterable[Finder]) -> Iterator[Extracted]:
    """What the first finder that finds anything finds: lazily, since the first candidate decides most."""
    for find in finders:
        found = find(text)
        if (first := next(found, None)) is not None:
            yield first
            yield from found
            return


def _hashed(text: str) -> Iterator[Extracted]:
    found = None
    if "####" not in text:
        return
    for match in _HASHES.finditer(text):
        found = match
    if found is None or len(found[1]) > 200:
        return
    if not text[found.end() :].strip() or found[1].lstrip("-$ ")[:1].isdigit():
        yield from _refine(text, *found.span(1), "hashes")


def _cued(text: str) -> Iterator[Extracted]:
    shift = max(0, len(text) - CUE_TAIL)
    for start in islice(cue_ends(text, shift), 5):
        segment = _segment(text, start)
        skip = after_denial(text[slice(*segment)]) if segment else None
        if segment is None or skip is None or text[segment[1] : segment[1] + 1] == "?":
            continue
        found = _refine(text, segment[0] + skip, segment[1], "cue")
        if (first := next(found, None)) is not None:
            yield first
            yield from found
            return


def _segment(text: str, start: int) -> tuple[int, int] | None:
    """From a cue to the end of its sentence, or the next lines where the cue ends its own."""
    end = _line_end(text, start)
    if not text[start:end].strip(" \t*_:$`#") or text[start:end].strip() in ("\\[", "\\("):
        while start < len(text) and text[start] in " \t\r\n*_:`#":
            start += 1
        if start >= len(text):
            return None
        end = _line_end(text, start)
        block = _MATH.match(text, start)
        if block or text[start:end].strip() in ("$$", "\\["):
            return (start, block.end()) if block else (start, min(len(text), start + LONGEST))
    end = min(end, start + 2 * LONGEST)
    stop = _SENTENCE_END.search(text, start, end)
    while stop and _inside_math(text[start : stop.start()]):
        stop = _SENTENCE_END.search(text, stop.end(), end)
    return start, stop.start() if stop and text[start : stop.start()].strip() else end


def _inside_math(text: str) -> bool:
    return text.count("$") % 2 == 1 or text.count("\\(") > text.count("\\)")


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _refine(text: str, start: int, end: int, how: str) -> Iterator[Extracted]:
    """A segment as a whole, then its first formula, its first bold words, the number it begins with."""
    segment = text[start:end]
    if not segment.strip() or len(segment) > LONGEST:
        return
    lead = len(segment) - len(segment.lstrip())
    whole = segment.strip()
    if whole.endswith("**") and whole.count("**") % 2:  # the bold began before the cue
        whole = whole[:-2].rstrip()
    yield Extracted(whole, how, start + lead, start + lead + len(whole))
    if whole.isascii() and whole.isdigit():
        return  # nothing is in it but itself
    formulas = list(_MATH.finditer(segment)) if "$" in segment or "\\" in segment else []
    formulas = [m for m in formulas if not _SYMBOL.fullmatch(_formula(m))] or formulas[:1]
    named_only = len(formulas) == 1 and _SYMBOL.fullmatch(_formula(formulas[0])) and NUMBER.search(segment)
    if formulas and not named_only:
        gaps = _MATH.sub(" ", segment)
        if len(formulas) > 1 and _CONNECTOR.fullmatch(gaps):
            joined = ", ".join(_formula(m) for m in formulas)
            yield Extracted(joined, how, start + formulas[0].start(), start + formulas[-1].end())
        first = formulas[0]
        yield Extracted(_formula(first), how, start + first.start(), start + first.end())
    elif bold := _BOLD.search(segment):
        yield Extracted(bold[1].strip(), how, start + bold.start(1), start + bold.end(1))
    if gives_none(segment) or is_taken_back(segment):
        return
    numbers = [m for m in islice(NUMBER.finditer(segment), 2) if not is_no_result(segment, m.start(), m.end())]
    leads = numbers and not segment[: numbers[0].start()].strip(" *$(:=") and not is_unsure(segment)
    if numbers and (len(numbers) == 1 or leads):
        first = numbers[0]
        yield Extracted(first[0].strip(), how, start + first.start(), start + first.end())


def _is_part(line: str, number: re.Match[str]) -> bool:
    before, after = line[: number.start()].rstrip(), line[number.end() :].lstrip()
    if before.count("**") % 2 and re.search(r"(?:^|\s)\*\*$", before):  # bold begins here
        before, after = before.removesuffix("**").rstrip(), after.removeprefix("**")
    return before.endswith(_OPERATORS) or after.startswith(_OPERATORS) or _RELATED.match(after) is not None


def _formula(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None).strip()


def _last_line(text: str) -> Iterator[Extracted]:
    """Without any mark: the last line as a whole, its last formula, what follows its last `=`, its last number."""
    end = len(text.rstrip())
    start = text.rfind("\n", 0, end) + 1
    if text[start:end].strip() in ("$$", "\\]", "```"):
        start = max(text.rfind(mark, max(0, start - LONGEST), start) for mark in ("$$", "\\[", "```"))
        start = start if start >= 0 else text.rfind("\n", 0, end) + 1
    while start and (is_goodbye(text[start:end]) or not any(map(str.isalnum, text[start:end]))):
        end = len(text[:start].rstrip())
        start = text.rfind("\n", 0, end) + 1
    line = text[max(start, end - LONGEST) : end]
    start = end - len(line)
    if not line.strip():
        return
    yield Extracted(line.strip(), "line", start, end)
    marked = "$" in line or "\\" in line
    formulas = [m for m in _MATH.finditer(line) if not is_denied(line, m.start(), m.end())] if marked else []
    if formulas:
        run = [formulas.pop()]
        while formulas and _CONNECTOR.fullmatch(line[formulas[-1].end() : run[0].start()]):
            run.insert(0, formulas.pop())
        joined = ", ".join(map(_formula, run))
        yield Extracted(joined, "math", start + run[0].start(), start + run[-1].end())
    elif "," in line and (groups := list(_GROUP.finditer(line))):
        yield Extracted(groups[-1][0], "group", start + groups[-1].start(), start + groups[-1].end())
        return
    if not line.isascii() and (equation := _AFTER_HAN.search(line)):
        yield Extracted(equation[1].strip(), "math", start + equation.start(1), start + equation.end(1))
    yield from _last_number(line, start)


def _depth(text: str) -> int:
    return sum(text.count(char) for char in "([{") - sum(text.count(char) for char in ")]}")


_ASIDE: Final = re.compile(r"\([^()]*[A-Za-z=+*/][^()]*\)")


def _last_number(line: str, start: int) -> Iterator[Extracted]:
    """The last number that a line states: not in an aside, not denied, no bound, no part of a formula."""
    numbers = list(NUMBER.finditer(line))
    if gives_none(line) or (len(numbers) > 1 and not line.strip(" 0123456789.,")):
        return  # a row of numbers has no last word
    if "**" in line:  # what is set in bold is meant
        numbers = [m for m in numbers if line[: m.start()].endswith("**") and "**" in line[m.end() :]] or numbers
    asides = [m.span() for m in _ASIDE.finditer(line)] if "(" in line else []
    outside = [m for m in numbers if not any(a < m.start() < b for a, b in asides)] if asides else numbers
    for match in reversed(outside or numbers):
        if _is_part(line, match) or (outside and _depth(line[: match.start()]) > 0):
            return  # of a formula or a relation that nobody could read
        if is_no_result(line, match.start(), match.end()):
            return
        if not is_denied(line, match.start(), match.end()):
            yield Extracted(match[0].strip(), "number", start + match.start(), start + match.end())
            return
