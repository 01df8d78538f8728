"""How much a draw is needed, as its place in the queue. Pure: no I/O, no clock.

Running estimates are welcome here: they change cost and order, never the result. Does not cover who is in the queue
(`schedule.py`).
"""

from __future__ import annotations

import math
from typing import Final

from factory.quota.at_work import AtWork
from factory.quota.calibration import CALIBRATION_DRAWS
from factory.quota.prior import Prior
from factory.quota.settlement import Quota, given_up

SPECULATE: Final = 0.05
"""A draw that may turn out surplus is made when it is needed with at least this probability and a slot is idle:
half a percent of the tokens for 1-2 % of the time (`benchmarks/quota.py`)."""

Urgency = tuple[float, bool, float]
"""The lowest is the most urgent."""
IN_ORDER: Final[Urgency] = (-1.0, False, 0.0)


def urgency(prompt: AtWork, index: int, quota: Quota, prior: Prior | None) -> Urgency | None:
    """Where a prompt's next draw belongs; None where it isn't worth a slot. `prior` is None without a price.

    What is needed for certain comes before what may be. Among equals calibration and first samples, which teach
    lengths; then the longest work, taken three deviations long: a chain of failures that starts late ends last.
    """
    if index >= quota.samples:
        return None
    if quota.keep == quota.samples:
        # nothing to choose: in order, so that a prompt's samples share the engine's prefix cache
        return IN_ORDER
    rate, tokens = _estimate(prompt)
    needed = _needed(prompt, index, quota, prior, rate, tokens)
    if needed < SPECULATE:
        return None
    missing = max(quota.keep - prompt.tally.kept - prompt.ahead_kept, 1)
    draws = min((missing + 3 * math.sqrt(missing * (1 - rate))) / rate, quota.samples - prompt.tally.draws)
    rank = -2.0 if prompt.calibrate and index < CALIBRATION_DRAWS else -math.floor(needed * 20) / 20
    return rank, index > 0, -draws * tokens


def _estimate(prompt: AtWork) -> tuple[float, float]:
    """A prompt's chance that a draw is kept and a draw's tokens, shrunk to what its group shows by now.

    The group weighs 2 draws in the rate and half a draw in the length, near the best of what was tried.
    """
    tally, alike = prompt.tally, prompt.alike
    ended, kept = tally.draws + len(prompt.ahead), tally.kept + prompt.ahead_kept
    rate, mean = (alike.kept + 1) / (alike.draws + 2), (alike.tokens + 1) / (alike.draws + 1)
    return (2 * rate + kept) / (2 + ended), (0.5 * mean + tally.tokens + prompt.ahead_tokens) / (0.5 + ended)


def _needed(prompt: AtWork, index: int, quota: Quota, prior: Prior | None, rate: float, tokens: float) -> float:
    """The probability that the settled prefix reaches this index, given what is in flight before it.

    With a price, giving up is looked for at the index itself, not on the way there: near enough for an order.
    """
    tally = prompt.tally
    if index == tally.draws:
        return 1.0
    known = [outcome for i, outcome in prompt.ahead.items() if i < index]
    flying = index - tally.draws - len(known)
    kept = tally.kept + sum(outcome.keep for outcome in known)
    if prior is None and flying < quota.keep - kept:
        return 1.0
    spent = tally.tokens + sum(outcome.tokens for outcome in known) + flying * tokens
    total, chance = 0.0, (1 - rate) ** flying
    for more in range(min(quota.keep - kept, flying + 1)):
        if prior is None or not given_up(quota, prior, index, kept + more, spent):
            total += chance
        chance *= (flying - more) / (more + 1) * rate / (1 - rate)
    return total
