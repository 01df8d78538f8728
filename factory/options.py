"""The words of command line options as values. Each mistake is one line that names the option.

Does not cover the options themselves (`cli.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from factory.errors import BadInput


def value(text: str) -> Any:
    """JSON where it is JSON, else the text itself: 8 is a number, auto a word."""
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text


def pairs(option: str, given: tuple[str, ...], read: Callable[[str], Any] = value) -> dict[str, Any]:
    """`("a=1", "b=x")` as `{"a": 1, "b": "x"}`. Raises BadInput."""
    pairs = {}
    for word in given:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise BadInput(f"{option} {word}: should be NAME=VALUE")
        pairs[key] = read(value)
    return pairs


def ratio(text: str | None) -> tuple[float, float] | None:
    """`3.53:1` as `(3.53, 1.0)`. Raises BadInput."""
    if text is None:
        return None
    try:
        left, right = (float(part) for part in text.split(":"))
    except ValueError:
        left, right = 0.0, 0.0
    if not 0 < left < 1e9 or not 0 < right < 1e9:
        raise BadInput(f"--ratio {text}: should be REASONING:GENERAL, two numbers above 0 such as 3.53:1")
    return left, right


def band(option: str, text: str | None) -> tuple[float, float] | None:
    """`0.1..0.9` as `(0.1, 0.9)`. Raises BadInput."""
    if text is None:
        return None
    try:
        low, high = (float(part) for part in text.split(".."))
    except ValueError:
        low, high = 1.0, 0.0
    if not 0 <= low <= high <= 1:
        raise BadInput(f"{option} {text}: should be LO..HI with 0 <= LO <= HI <= 1, such as 0.1..0.9")
    return low, high


def shard(text: str | None) -> tuple[int, int] | None:
    """`3/16` as `(3, 16)`: part 3 of the parts 0 to 15. Raises BadInput."""
    if text is None:
        return None
    part, slash, parts = text.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and int(part) < int(parts) <= 1_000_000):
        raise BadInput(f"--shard {text}: should be I/N with I from 0 to N-1, as in --shard $SLURM_ARRAY_TASK_ID/16")
    return int(part), int(parts)


def size(option: str, text: str | None) -> int | None:
    """`500MB` as bytes. Raises BadInput."""
    if text is None:
        return None
    number, unit = text.rstrip("BbKkMmGg"), text.lstrip("0123456789.").upper().removesuffix("B")
    try:
        return int(float(number) * {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}[unit])
    except (ValueError, KeyError, OverflowError):
        raise BadInput(f"{option} {text}: should be a size such as 500MB or 2GB") from None


def count(text: str) -> int:
    """A number of rows. Raises BadInput."""
    if not text.isdecimal():
        raise BadInput(f"{text!r}: should be a number of rows, as in NAME=1000")
    return int(text)
