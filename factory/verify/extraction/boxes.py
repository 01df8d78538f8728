r"""Boxes of a text: their contents by linear brace matching, and which of them are one answer together.

Covers `\boxed{}` and `\fbox{}`, nested, escaped twice, bare (`\boxed 5`), and runs such as `\boxed{1}` and
`\boxed{2}`. Does not cover what is in them (`comparison/compare.py`) nor other marks of an answer (`extract.py`).
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.extraction.doubts import is_denied

MOST: Final = 12
"""Boxes that are too many to be one answer together: then the last one counts."""
_BRACES: Final = re.compile(r"\\\\(?!boxed|fbox)|\\[{}]|(\\(?:boxed|fbox)\s*\{)|([{}])")
_BRACES_OF_BARE: Final = re.compile(r"\\[{}]|(\bboxed\s*\{|\\beginboxed\s*\{)|([{}])")
"""The same where the box's backslash is missing."""
_BARE_BOX: Final = re.compile(r"\\(?:boxed|fbox)\s*([^\s{}\\$]{1,50})")
_UNCLOSED: Final = re.compile(r"\\(?:boxed|fbox)\s*\{[^}]*$")
_JOINED: Final = re.compile(
    r"(?:[\s$,;&()、和或]|\\[()\[\],;:! ]|\\q?quad(?![a-z])|\\(?:text|mathrm)\{[^{}]{0,30}\}"
    r"|(?<![A-Za-z])[A-Za-z](?:_\{?\w\}?)? ?="
    r"|\b(?:and|or|und|oder|et|y)\b)*"
)
"""Between boxes that are one answer: `\\boxed{1} \\quad \\text{and} \\quad \\boxed{2}`."""
_VERBS: Final = re.compile(
    r"\b(?:is|are|was|were|not|wrong|but|so|then|thus|hence|wait|no|which|gives?|yields?|becomes?)\b"
)


def is_cut_off(text: str) -> bool:
    """Whether a box was begun and never closed: what stands in it is no answer yet."""
    return ("\\boxed" in text or "\\fbox" in text) and _UNCLOSED.search(text) is not None


def boxes(text: str) -> list[tuple[int, int]]:
    r"""Spans of the contents of complete outermost `\boxed{}` and `\fbox{}`, in order; one pass, no recursion."""
    found: list[tuple[int, int]] = []
    stack: list[int] = []  # the content's start for a box, -1 for a plain brace
    pattern = _BRACES if "\\boxed" in text or "\\fbox" in text else _BRACES_OF_BARE
    first = min((place for mark in ("boxed", "fbox") if (place := text.find(mark)) >= 0), default=len(text))
    for match in pattern.finditer(text, max(0, first - len("\\begin"))):
        if match[1]:
            stack.append(match.end())
        elif match[2] == "{":
            stack.append(-1)
        elif match[2] == "}" and stack:
            start = stack.pop()
            if start >= 0:
                while found and found[-1][0] > start:  # boxes inside this one
                    found.pop()
                found.append((start, match.start()))
    return found


def _only_box(text: str) -> list[tuple[int, int]]:
    """A text's only box, if what it holds is a plain number or word: most are, and need no count of braces."""
    place = text.find("\\boxed{")
    if place < 0 or text.find("boxed", place + 6) >= 0 or text.find("boxed", 0, place) >= 0 or "fbox" in text:
        return []
    start, end = place + 7, text.find("}", place)
    return [(start, end)] if text[start:end].isalnum() else []


def last_boxes(text: str) -> list[tuple[int, int]]:
    """The last box that the words around it don't deny, and those before it that are one answer with it."""
    if "boxed" not in text and "fbox" not in text:
        return []
    found = _only_box(text) or [span for span in boxes(text) if text[slice(*span)].strip()]
    if not found:
        found = [match.span(1) for match in _BARE_BOX.finditer(text)]
    while found and is_denied(text, _opener(text, found[-1][0]), found[-1][1] + 1):
        found.pop()
    if not found:
        return []
    run = [found.pop()]
    while found and len(run) < MOST and _are_joined(text[found[-1][1] + 1 : _opener(text, run[0][0])]):
        run.insert(0, found.pop())
    return run if len(run) < MOST else run[-1:]


def said(text: str, run: list[tuple[int, int]]) -> str:
    """What boxes say, each once."""
    return ", ".join(dict.fromkeys(text[start:end].strip() for start, end in run))


def _opener(text: str, start: int) -> int:
    """Where the command of the box with this content begins; models leave its backslash out at times."""
    place = max(text.rfind("boxed", 0, start), text.rfind("fbox", 0, start))
    return place - text.startswith("\\", place - 1)


def _are_joined(gap: str) -> bool:
    """Whether what stands between two boxes makes them one answer."""
    if len(gap) > 80 or _VERBS.search(gap):
        return False
    return _JOINED.fullmatch(gap) is not None
