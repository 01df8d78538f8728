"""Options of the command line whose words are read as values. Each mistake is one line that names the option.

Does not cover which command has which, nor their help (`cli.py`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

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


def ratio(option: str, text: str) -> tuple[float, float]:
    """`3.53:1` as `(3.53, 1.0)`. Raises BadInput."""
    try:
        left, right = (float(part) for part in text.split(":"))
    except ValueError:
        left, right = 0.0, 0.0
    if not 0 < left < 1e9 or not 0 < right < 1e9:
        raise BadInput(f"{option} {text}: should be REASONING:GENERAL, two numbers above 0 such as 3.53:1")
    return left, right


def band(option: str, text: str) -> tuple[float, float]:
    """`0.1..0.9` as `(0.1, 0.9)`. Raises BadInput."""
    try:
        low, high = (float(part) for part in text.split(".."))
    except ValueError:
        low, high = 1.0, 0.0
    if not 0 <= low <= high <= 1:
        raise BadInput(f"{option} {text}: should be LO..HI with 0 <= LO <= HI <= 1, such as 0.1..0.9")
    return low, high


def shard(option: str, text: str) -> tuple[int, int]:
    """`3/16` as `(3, 16)`: part 3 of the parts 0 to 15. Raises BadInput."""
    part, slash, parts = text.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and int(part) < int(parts) <= 1_000_000):
        raise BadInput(f"{option} {text}: should be I/N with I from 0 to N-1, as in --shard $SLURM_ARRAY_TASK_ID/16")
    return int(part), int(parts)


def size(option: str, text: str) -> int:
    """`500MB` as bytes. Raises BadInput."""
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


def _worded(read: Callable[[str, str], Any], metavar: str) -> Callable[..., Callable[[Any], Any]]:
    """An option whose word, where there is one, is a value."""

    def callback(_: click.Context, option: click.Parameter, word: str | None) -> Any:
        return None if word is None else read(option.opts[0], word)

    return functools.partial(click.option, callback=callback, metavar=metavar)


def _paired(read: Callable[[str], Any], metavar: str) -> Callable[..., Callable[[Any], Any]]:
    """An option that may be given many times, each with a name and a value."""

    def callback(_: click.Context, option: click.Parameter, words: tuple[str, ...]) -> dict[str, Any]:
        return pairs(option.opts[0], words, read)

    return functools.partial(click.option, multiple=True, callback=callback, metavar=metavar)


def _wish_unsafe(_: click.Context, __: click.Parameter, wished: bool) -> None:
    """Leave the wish where rule processes find it; without it none stands there, whatever was inherited."""
    import os

    os.environ.pop("FACTORY_UNSAFE_EXEC", None)
    if wished:
        os.environ["FACTORY_UNSAFE_EXEC"] = "1"


ratio_option = _worded(ratio, "A:B")
band_option = _worded(band, "LO..HI")
shard_option = _worded(shard, "I/N")
size_option = _worded(size, "SIZE")
fields_option = _paired(value, "K=V")
caps_option = _paired(count, "NAME=N")
columns_option = _paired(str, "ROLE=NAME")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
unsafe_option = click.option(
    "--unsafe-exec",
    is_flag=True,
    expose_value=False,
    callback=_wish_unsafe,
    help="Where bubblewrap is missing: run programs of samples without a jail. Each row says so.",
)
