"""A quick first look: whether a large pattern may match anywhere in a text, at a hundred times the speed of `re`.

The pattern is loosened for RE2, which reads a text once whatever it looks for: look-arounds and word borders go,
classes are widened to what Python means by them. So the look may say yes where `re` finds nothing, and never no
where it does. Does not find places.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

_LOOK_AROUND: Final = re.compile(r"\(\?<?[=!]")
_SPACE: Final = (
    r"\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"  # Python's own
)
_CLASSES: Final = {"\\w": r"\pL\pN_", "\\d": r"\pN", "\\s": _SPACE}
_WIDE: Final = re.compile(r"(?<!\\)\{([01]),(?:[3-9]\d|\d{3,})\}")
"""Up to thirty times and more: without an end RE2 needs far fewer states."""
_POSSESSIVE: Final = re.compile(r"(?<!\\)([*+?}])\+")


@lru_cache(maxsize=256)
def first_look(*patterns: str, multiline: bool = False, ignore_case: bool = True) -> Callable[[str], bool]:
    """A function that says whether one of the patterns (as `re` reads them, without back references) may match."""
    re2 = importlib.import_module("re2")  # google-re2, without type stubs
    options = re2.Options()
    options.case_sensitive, options.never_capture = not ignore_case, True
    options.max_mem, options.log_errors = 64 << 20, False
    joined = "|".join(f"(?:{_loosened(pattern)})" for pattern in patterns)
    search = re2.compile(f"(?{'m' if multiline else 's'}:{joined})", options).search
    return lambda text: search(text.encode("utf-8", "replace")) is not None


def _loosened(pattern: str) -> str:
    """The pattern for RE2, matching wherever it matched and perhaps elsewhere."""
    pattern = pattern.replace(r"[^\W\d_]", r"\pL")
    out, at, in_class = [], 0, False
    while at < len(pattern):
        if pattern[at] == "\\":
            out.append(_escape(pattern[at : at + 2], in_class))
            at += 2
        elif not in_class and _LOOK_AROUND.match(pattern, at):
            at = _behind_group(pattern, at)
        elif not in_class and pattern[at] == "$":
            at += 1
        else:
            in_class = pattern[at] == "[" if not in_class else pattern[at] != "]"
            out.append(pattern[at])
            at += 1
    wide = _WIDE.sub(lambda match: "*" if match[1] == "0" else "+", "".join(out))
    return _POSSESSIVE.sub(r"\1", wide)


def _escape(pair: str, in_class: bool) -> str:
    if pair in _CLASSES:
        return _CLASSES[pair] if in_class else f"[{_CLASSES[pair]}]"
    if pair in ("\\b", "\\B", "\\Z", "\\A") and not in_class:
        return ""
    return pair


def _behind_group(pattern: str, at: int) -> int:
    """Where the group that opens here has closed."""
    depth, in_class = 0, False
    while True:
        mark = pattern[at]
        if mark == "\\":
            at += 1
        elif in_class:
            in_class = mark != "]"
        elif mark == "[":
            in_class = True
        else:
            depth += (mark == "(") - (mark == ")")
            if depth == 0:
                return at + 1
        at += 1
