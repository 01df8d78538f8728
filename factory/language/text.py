"""What the rules know of a text: its thinking, its code, LaTeX and URLs, its scripts and sentences.

Offsets are code points of the text itself: blanked copies keep the length, so evidence can be pointed at. Every
function is linear in the text whatever it holds, and those that several rules share are memoised by text.
Does not cover loops (`faults/cycles.py`), languages (`languages.py`) nor judgements (`filters/`).
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Final, Literal, NamedTuple

from factory.language.scripts import LATIN
from factory.records import THINK_CLOSE, THINK_OPEN

Span = tuple[int, int]
KEPT: Final = 16
"""Texts whose parts are kept for the next rule: rules are asked in turn about eight, and two copies made of each."""

STYLES: Final = {
    "think": (THINK_OPEN, THINK_CLOSE),
    "thought": ("<|begin_of_thought|>", "<|end_of_thought|>"),
    "channels": ("<|channel|>analysis<|message|>", "<|end|>"),
}
"""Opening and closing tags: DeepSeek-R1 and Qwen3; Sky-T1 and OpenThoughts; gpt-oss (OpenAI's harmony format)."""


class Region(NamedTuple):
    """A part that isn't prose: `start` and `end` include the delimiters."""

    kind: Literal["fence", "code", "math", "url", "tag"]
    start: int
    end: int


def style_of(text: str) -> str:
    """The key of `STYLES` whose tags stand in the text; `think` where none does."""
    found = [(text.find(tags[0]), name) for name, tags in STYLES.items() if tags[0] in text]
    return min(found)[1] if found else "think"


@lru_cache(maxsize=KEPT)
def thinking_span(text: str) -> Span:
    """Where the thinking stands, without its tags; (0, 0) when there is none, to the end when it is never closed."""
    opener, closer = STYLES[style_of(text)]
    start, end = text.find(opener), text.rfind(closer) if opener == THINK_OPEN else text.find(closer)
    if start < 0:
        return (0, end) if end >= 0 else (0, 0)
    start += len(opener)
    return (start, end) if end >= start else (start, len(text))


# One opening delimiter; an escaped dollar or backtick opens nothing.
_OPEN = re.compile(r"```|~~~|`|</?(?:think|answer)>|<\|[a-z_]{1,20}\|>|\\[$`]|\$\$|\$|\\[\[(]|\\begin\{")
_OPEN_OR_URL = re.compile(_OPEN.pattern + r"|https?://[^\s<>\"'`)\]}，。；]+")
"""Apart for speed: a search that must stop at every "h" takes twice as long."""
_CLOSERS: Final = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_LONGEST_INLINE: Final = 1_000
_LONGEST_BLOCK: Final = 8_000


@lru_cache(maxsize=KEPT)
def regions(text: str) -> tuple[Region, ...]:
    """Code fences, inline code, LaTeX, URLs and tags of the chat format, in order and without overlap.

    A fence that is never closed goes to the end; other delimiters without a partner near by open nothing.
    """
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[Region]:
    closers: dict[str, int] = {}  # where each closer stands next: found once, so the scan is linear
    opens = _OPEN_OR_URL if "://" in text else _OPEN
    match = opens.search(text)
    while match:
        mark, start, after = match.group(), match.start(), match.end()
        region = None
        if mark in ("```", "~~~"):
            region = Region("fence", start, _fence_end(text, after, mark))
        elif mark == "`":
            region = _inline(text, start, "`", "code")
        elif mark == "$":
            region = _inline(text, start, "$", "math")
        elif mark in _CLOSERS:
            region = _block(text, start, after, _CLOSERS[mark], closers)
        elif mark == "\\begin{":
            name = text[after : max(after, text.find("}", after, after + 30))]
            region = _block(text, start, after, f"\\end{{{name}}}", closers) if name.rstrip("*").isalpha() else None
        elif mark.startswith("<"):
            region = Region("tag", start, after)
        elif mark.startswith("http"):
            region = Region("url", start, after)
        if region:
            yield region
            after = region.end
        match = opens.search(text, after)


def _fence_end(text: str, after: int, mark: str) -> int:
    end = text.find(mark, after)
    return len(text) if end < 0 else end + 3


def _inline(text: str, start: int, mark: str, kind: Literal["code", "math"]) -> Region | None:
    """Inline code or LaTeX on one line. As in Pandoc a dollar beside a space or before a digit is money."""
    stop = min(len(text), start + _LONGEST_INLINE)
    end = text.find(mark, start + 1, stop)
    if end <= start + 1 or "\n" in text[start:end]:
        return None
    money = text[start + 1].isspace() or text[end - 1].isspace() or text[end + 1 : end + 2].isdigit()
    return None if kind == "math" and money else Region(kind, start, end + 1)


def _block(text: str, start: int, after: int, closer: str, closers: dict[str, int]) -> Region | None:
    if closer not in closers and len(closers) > 100:
        return None
    if closers.get(closer, 0) < after:
        found = text.find(closer, after)
        closers[closer] = len(text) if found < 0 else found
    end = closers[closer] + len(closer)
    # A partner far away belongs to another opener: a stray "\[" must not blind the rules to pages of prose.
    return Region("math", start, end) if end <= min(len(text), start + _LONGEST_BLOCK) else None


# What is written for people inside code and LaTeX. Comments: #, //, /* */, and -- after a space (SQL, Lua, Haskell).
_COMMENT = re.compile(r"(?<![\w\"':/#&])(?:#|//)[^\n]*|/\*[^*]*\*/|(?<=\s)--\s[^\n]*")
_LATEX_TEXT = re.compile(r"\\(?:text|textbf|textit|textrm|mbox|intertext)\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?")
_NOT_NEWLINE = re.compile(r"[^\n]+")


def _islands(text: str, region: Region) -> Iterator[Span]:
    if region.kind == "fence":
        for match in _COMMENT.finditer(text, region.start, region.end):
            yield match.span()
    elif region.kind == "math":
        for match in _LATEX_TEXT.finditer(text, region.start, region.end):
            yield match.span(1)


def prose(text: str) -> str:
    r"""The text with code, LaTeX and URLs blanked to spaces: same length, line ends kept.

    Comments inside fences and `\text{}` inside LaTeX stay: they are written for people.
    """
    return _prose(text)[0]


@lru_cache(maxsize=KEPT)
def bare(text: str) -> str:
    """The same without comments and text inside LaTeX, which are English in many a language's texts."""
    known, islands = _prose(text)
    return _blanked(text, ()) if islands else known


@lru_cache(maxsize=KEPT)
def _prose(text: str) -> tuple[str, list[Span]]:
    islands = [span for region in regions(text) for span in _islands(text, region)]
    return _blanked(text, islands), islands


def _blanked(text: str, islands: Sequence[Span]) -> str:
    """The text with its regions blanked, but for these spans inside them."""
    parts, at, kept = [], 0, iter(islands)
    start, end = next(kept, _NONE)
    for region in regions(text):
        parts.append(text[at : region.start])
        at = region.start
        while start < region.end:
            parts += [blank(text[at:start]), text[start:end]]
            at = end
            start, end = next(kept, _NONE)
        parts.append(blank(text[at : region.end]))
        at = region.end
    parts.append(text[at:])
    joined = "".join(parts)
    return _COMMAND.sub(lambda m: " " * len(m.group()), joined) if "\\" in joined else joined


_NONE: Final = (sys.maxsize, sys.maxsize)


def without(text: str, *kinds: str) -> str:
    """The text with regions of these kinds blanked and nothing else, LaTeX commands included."""
    parts, at = [], 0
    for region in regions(text):
        if region.kind in kinds:
            parts += [text[at : region.start], blank(text[region.start : region.end])]
            at = region.end
    return "".join([*parts, text[at:]])


def without_digits(text: str) -> str:
    """The text with every digit a zero: numbers of one length look alike, and places stay."""
    if text.isascii():
        return text.encode("ascii").translate(_ZEROES).decode("ascii")
    for digit in "123456789":
        text = text.replace(digit, "0")
    return text


_ZEROES: Final = bytes.maketrans(b"123456789", b"000000000")


def blank(text: str) -> str:
    """Spaces of the same length, line ends kept."""
    if "\n" not in text:
        return " " * len(text)
    return _NOT_NEWLINE.sub(lambda m: " " * len(m.group()), text)


def region_at(text: str, position: int) -> Region | None:
    """The region a code point lies in."""
    known = regions(text)
    before = bisect_right(known, position, key=attrgetter("start")) - 1
    return known[before] if before >= 0 and position < known[before].end else None


CJK: Final = re.compile(r"[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Possessive and never started inside a run of stops: "....." without a blank stays linear.
_SENTENCE_END = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"')\]»”’*]*+(?=\s)|[。！？；]++[”』」）]*+|\n)\s*+")


TOKEN: Final = re.compile(f"[{LATIN}]{{2,}}(?:['’][{LATIN}]+)?|[{LATIN}]['’][{LATIN}]{{2,}}")
"""A Latin word of two letters or more: single letters are variables."""


def lower(text: str) -> str:
    """The text in lower case and of the same length."""
    return text.replace("İ", "i").lower()  # the one letter whose lower case is longer


@lru_cache(maxsize=KEPT)
def sentences(text: str) -> tuple[Span, ...]:
    """Spans of sentences; a line end is an end, a full stop inside a number isn't. Blanks at the ends are left out."""
    spans, at = [], 0
    for match in _SENTENCE_END.finditer(text):
        if match.start() > at:
            spans.append((at, match.end()))
        at = match.end()
    if at < len(text):
        spans.append((at, len(text)))
    return tuple(spans)


def lines(text: str) -> Iterator[Span]:
    r"""Spans of the lines that are not empty, without their "\n" (no other character ends a line here)."""
    at = 0
    for line in text.split("\n"):
        if line:
            yield at, at + len(line)
        at += len(line) + 1


_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_MACRO: Final = re.compile(r"\\[A-Za-z]+")


def words(text: str) -> list[str]:
    """Lower-case words, punctuation and LaTeX commands left out; a CJK character is a word. For comparing texts."""
    return _WORD.findall(_MACRO.sub(" ", text).lower())
