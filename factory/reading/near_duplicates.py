"""Prompts that say nearly the same: MinHash over word shingles, one of each cluster kept.

Only prompts are compared: two right answers to one prompt are wanted. Two prompts whose numbers or operators differ are
different problems, however alike their words. Which one stays depends on keys and seed alone. Needs the package rensa,
and about a kilobyte of memory a prompt. Does not cover exact duplicates (`prompts.py`) nor benchmark text
(`blending/decontaminate.py`).
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from factory.errors import BadInput
from factory.language.text import words
from factory.records import Message

PERMUTATIONS: Final = 128
BANDS: Final = 32
"""128 permutations in bands of 4: a pair at Jaccard 0.8 is compared with probability above 0.9999."""
SHINGLE: Final = 3
"""Words a shingle; a shorter prompt is one shingle."""
OPERATOR: Final = re.compile(
    r"(?:(?<=[\d)}\]])|(?<=\b[A-Za-z])) ?[-+−*/^=<>×÷] ?(?=[\w({\\-])|\\(?:times|div|cdot|pm|le|ge|ne|frac|sqrt)\b"
)
"""Between operands, as hyphens, bullets and emphasis don't stand; `words` leaves all of these out."""
SAME: Final = {"×": "*", "\\times": "*", "\\cdot": "*", "÷": "/", "\\div": "/", "−": "-"}

Key = TypeVar("Key", int, str)


def near_duplicates(prompts: Mapping[Key, str], threshold: float, seed: int) -> dict[Key, Key]:
    """The prompts to leave out, each with the one it is at least `threshold` alike to (Jaccard) and that stays.

    Raises BadInput.
    """
    if not 0.5 <= threshold <= 1:
        raise BadInput(f"--near-duplicates {threshold}: expected a similarity from 0.5 to 1, as in 0.8")
    rensa = _rensa()
    index = rensa.RMinHashLSH(threshold, PERMUTATIONS, BANDS)
    kept: list[tuple[Key, Any, tuple[str, ...]]] = []
    dropped: dict[Key, Key] = {}
    for key in sorted(prompts, key=lambda key: _rank(key, seed)):
        row = words(prompts[key])
        numbers = _numbers(prompts[key], row)
        sketch = rensa.RMinHash(PERMUTATIONS, 42)
        sketch.update(list(_shingles(row)))
        near = (kept[i] for i in index.query(sketch))
        first = next((k for k, one, other in near if numbers == other and sketch.jaccard(one) >= threshold), None)
        if first is not None:
            dropped[key] = first
        else:
            index.insert(len(kept), sketch)
            kept.append((key, sketch, numbers))
    return dropped


def _numbers(text: str, row: Sequence[str]) -> tuple[str, ...]:
    """What makes another problem of the same words."""
    return (*(word for word in row if any(map(str.isdigit, word))), *operators(text))


def operators(text: str) -> list[str]:
    """The operators of a text in order, which `words` leaves out: "5 + 5" and "5 * 5" are the same words."""
    return [SAME.get(mark, mark) for found in OPERATOR.findall(text) if (mark := found.strip())]


def text_of(messages: Sequence[Message]) -> str:
    """What is compared of a prompt."""
    return "\n".join(turn["content"] for turn in messages)


def _rank(key: int | str, seed: int) -> bytes:
    name = f"{seed}/near/{key}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(name, digest_size=8).digest()


def _shingles(row: Sequence[str]) -> Iterator[str]:
    for start in range(max(1, len(row) - SHINGLE + 1)):
        yield " ".join(row[start : start + SHINGLE])


def _rensa() -> Any:
    try:
        rensa = importlib.import_module("rensa")  # optional, and without types
    except ImportError as error:
        raise BadInput("--near-duplicates needs the package rensa: pip install 'rejection-factory[dedup]'") from error
    return rensa
