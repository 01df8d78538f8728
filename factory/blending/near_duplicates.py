"""Prompts that say nearly the same: MinHash over word shingles, one of each cluster kept.

Only prompts are compared: two right answers to one prompt are wanted. Two prompts whose numbers differ are different
problems, however alike their words. Which one stays depends on content and seed alone. Needs the package rensa.
Does not cover exact duplicates (`blend.py`) nor benchmark text (`decontaminate.py`).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from factory.blending import shuffle, turns
from factory.blending.decontaminate import words
from factory.blending.inputs import Source
from factory.blending.keys import Hashes
from factory.blending.spread import salted
from factory.errors import BadInput

PERMUTATIONS: Final = 128
BANDS: Final = 32
"""128 permutations in bands of 4: a pair at Jaccard 0.8 is compared with probability above 0.9999."""
SHINGLE: Final = 3
"""Words a shingle; a shorter prompt is one shingle."""


def near_duplicates(prompts: Mapping[int, str], threshold: float, seed: int) -> Hashes:
    """The prompts (by hash) to leave out: at least `threshold` alike (Jaccard) to one that stays. Raises BadInput."""
    if not 0.5 <= threshold <= 1:
        raise BadInput(f"--near-duplicates {threshold}: expected a similarity from 0.5 to 1, as in 0.8")
    rensa = _rensa()
    hashes = np.array(sorted(prompts), np.uint64)
    index = rensa.RMinHashLSH(threshold, PERMUTATIONS, BANDS)
    kept: list[tuple[Any, tuple[str, ...]]] = []
    dropped = []
    for name in hashes[np.argsort(salted(hashes, seed, "near"), kind="stable")].tolist():
        row = words(prompts[name])
        numbers = tuple(word for word in row if any(map(str.isdigit, word)))
        sketch = rensa.RMinHash(PERMUTATIONS, 42)
        sketch.update(list(_shingles(row)))
        near = (kept[i] for i in index.query(sketch))
        if any(numbers == other and sketch.jaccard(one) >= threshold for one, other in near):
            dropped.append(name)
        else:
            index.insert(len(kept), sketch)
            kept.append((sketch, numbers))
    return np.array(sorted(dropped), np.uint64)


def read_prompts(sources: Sequence[Source]) -> dict[int, str]:
    """The text of every kept row's prompt, by the hash that `Keys.prompt` has."""
    prompts: dict[int, str] = {}
    for source in sources:
        for table in shuffle.read_chunks(source.files, ("prompt_id", "messages", "keep")):
            kept = table.filter(table["keep"]).combine_chunks()
            hashes = turns.hash_strings(kept["prompt_id"])
            new, rows = np.unique(hashes, return_index=True)
            texts = kept["messages"].take(rows).to_pylist()
            prompts.update(zip(new.tolist(), map(_text, texts), strict=True))
    return prompts


def _text(messages: Iterable[Mapping[str, str]]) -> str:
    return "\n".join(turn["content"] for turn in messages)


def _shingles(row: Sequence[str]) -> Iterator[str]:
    for start in range(max(1, len(row) - SHINGLE + 1)):
        yield " ".join(row[start : start + SHINGLE])


def _rensa() -> Any:
    try:
        rensa = importlib.import_module("rensa")  # optional, and without types
    except ImportError as error:
        raise BadInput("--near-duplicates needs the package rensa: pip install 'rejection-factory[dedup]'") from error
    return rensa
