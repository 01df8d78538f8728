"""Hashes with a salt and a seed, and places for rows: random, yet every stratum in every part.

Does not cover which rows are chosen (`blend.py`, `choosing.py`).
"""

from __future__ import annotations

import hashlib

import numpy as np

from factory.blending.keys import Hashes, Indices


def salted(values: Hashes, seed: int, salt: str) -> Hashes:
    """Fresh 64-bit hashes (splitmix64) of hashes: another salt or seed, an independent order."""
    offset = int.from_bytes(hashlib.blake2b(f"{seed}/{salt}".encode(), digest_size=8).digest(), "little")
    mixed = values + np.uint64(offset)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)


def linked(one: Hashes, two: Hashes) -> Hashes:
    """A label a row, equal for rows that share a value of `one` or of `two`, also through other rows."""
    ones, twos = (np.unique(values, return_inverse=True)[1] for values in (one, two))
    label = two
    while True:
        before = label
        for inverse in (ones, twos):
            least = np.full(int(inverse.max()) + 1 if len(inverse) else 0, np.iinfo(np.uint64).max, np.uint64)
            np.minimum.at(least, inverse, label)
            label = least[inverse]
        if np.array_equal(label, before):
            return label


def places(stratum: Hashes, identity: Hashes, seed: int) -> Indices:
    """Positions 0..n-1: random, yet every stratum spread evenly (its i-th row falls in the i-th n-th part)."""
    shuffled = salted(identity, seed, "order")
    jitter = salted(identity, seed, "jitter") / 2.0**64
    _, inverse, sizes = np.unique(stratum, return_inverse=True, return_counts=True)
    order = np.lexsort((shuffled, inverse))
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(len(stratum), np.float64)
    rank[order] = np.arange(len(stratum)) - np.repeat(starts, sizes)
    at = (rank + jitter) / sizes[inverse]
    position = np.empty(len(stratum), np.int64)
    position[np.lexsort((shuffled, at))] = np.arange(len(stratum))
    return position


def check_shares(stratum: Hashes, position: Indices, train: int, starts: Indices) -> None:
    """Assert that each shard (from its start to the next) holds every stratum's share of its split.

    A stratum's i-th row lies in the i-th part of its split, so its count up to any position is off by less than
    1 + (share x strata), at either end of a shard.
    """
    strata, inverse = np.unique(stratum, return_inverse=True)
    shard = np.searchsorted(starts, position, side="right") - 1
    held = np.bincount(inverse * len(starts) + shard, minlength=len(strata) * len(starts))
    held = held.reshape(len(strata), len(starts))
    for split in (starts < train, starts >= train):
        share = held[:, split].sum(axis=1) / max(1, held[:, split].sum())
        off = np.abs(held[:, split] - share[:, None] * held[:, split].sum(axis=0))
        if np.any(off > 2 * (1 + share[:, None] * len(strata)) + 1e-6):
            raise AssertionError("a shard does not hold its share of some source")
