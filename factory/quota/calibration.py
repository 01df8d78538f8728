"""Which prompts a run learns its prior from, and how many draws of each. Pure: no I/O, no clock.

Does not cover drawing them first (`schedule.py`) nor the fit (`prior.py`).
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable
from typing import Final

CALIBRATION_PROMPTS: Final = 64
"""Prompts of each (task, source): 4 draws of each tell a mean keep rate to about 5 points."""
CALIBRATION_DRAWS: Final = 4
"""The prior is fitted on so many draws of a calibration prompt, fewer where it is done earlier."""


def calibration_set(prompts: Iterable[tuple[str, str]], seed: int, size: int = CALIBRATION_PROMPTS) -> dict[str, str]:
    """The `size` prompts of each group with the lowest hash of (seed, id), as id -> group; reads (id, group) pairs.

    The same set in whatever order the prompts come. Memory is that of the set, not of the prompts.
    """
    lowest: dict[str, list[tuple[int, str]]] = {}
    for key, group in prompts:
        heap = lowest.setdefault(group, [])
        rank = (-_hash(seed, key), key)
        if len(heap) < size:
            heapq.heappush(heap, rank)
        elif rank > heap[0]:
            heapq.heapreplace(heap, rank)
    return {key: group for group in sorted(lowest) for _, key in sorted(lowest[group], reverse=True)}


def _hash(seed: int, key: str) -> int:
    text = f"{seed}\n{key}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, person=b"calibration").digest(), "big")
