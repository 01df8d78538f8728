"""Which sample to draw next. Pure: no I/O, no clock.

Scheduling may use all that is known at the moment, running estimates included: it changes cost and order, never the
result, for a prompt is done where `settlement.py` says so. It keeps every slot busy, draws the longest work first,
and draws ahead of what is known to be needed only where a slot would idle.
Does not cover drawing itself (`generate.py`) nor the numbers behind the price (`prior.py`).
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from factory.quota.prior import WHOLE, Prior, Trial
from factory.quota.settlement import Outcome, Quota, Settlement, Tally, given_up, settle
from factory.records import PROMPTS_AT_WORK

__all__ = ["CALIBRATION_DRAWS", "WINDOW", "Outcome", "Quota", "Schedule", "Settlement", "settle", "window"]

WINDOW: Final = 16
"""Prompts at work a slot: enough choice to draw the longest first, few enough for memory (see `window`)."""
SPECULATE: Final = 0.05
"""A draw that may turn out surplus is made when it is needed with at least this probability and a slot is idle:
half a percent of the tokens for 1-2 % of the time (`benchmarks/quota.py`)."""
CALIBRATION_DRAWS: Final = 4
"""The prior is fitted on so many draws of a calibration prompt, fewer where it is done earlier."""

_Entry = tuple[float, bool, float, int, int, "_Prompt"]


@dataclass(slots=True)
class _Group:
    """Running counts of a (task, source): for scheduling only."""

    draws: int = 0
    kept: int = 0
    tokens: int = 0


@dataclass(slots=True, eq=False)
class _Prompt:
    key: str
    group: str
    order: int
    calibrate: bool
    tally: Tally = field(default_factory=Tally)
    """Of the draws known without a gap, which alone settle the prompt."""
    keeps: list[bool] = field(default_factory=list)
    prefix: list[Outcome] = field(default_factory=list)
    ahead: dict[int, Outcome] = field(default_factory=dict)
    """Draws that ended before an earlier one did, with how many of them are kept, and their tokens."""
    ahead_kept: int = 0
    ahead_tokens: int = 0
    drawn: int = 0
    """Every index below was drawn, or was known at the start."""
    lost: list[int] = field(default_factory=list)
    """A heap of indices to draw again."""
    version: int = 0
    done: bool = False


def window(slots: int) -> int:
    """Prompts at work at most: what every cache by prompt holds, unless there are more slots than that."""
    return max(slots, min(WINDOW * slots, PROMPTS_AT_WORK))


class Schedule:
    """The prompts at work and what to draw for them. A driver admits prompts, draws what `next` says, and records.

    With a price but without priors nothing is settled before `freeze`: the price might have settled it earlier.
    """

    def __init__(self, quota: Quota, priors: Mapping[str, Prior] | None = None) -> None:
        self.quota = quota
        self.calibrating = 0
        """Calibration prompts whose first draws haven't all ended."""
        self._priors = priors
        self._prompts: dict[str, _Prompt] = {}
        self._parked: dict[str, _Prompt] = {}
        self._trials: dict[str, dict[str, Trial]] = {}
        self._groups: dict[str, _Group] = {}
        self._queue: list[_Entry] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        """How many prompts need more draws, those that wait for `freeze` alone left out."""
        return len(self._prompts)

    def admit(
        self, key: str, group: str, outcomes: Mapping[int, Outcome], calibrate: bool = False
    ) -> Settlement | None:
        """Take a prompt to work, with what is already known of it; returns its settlement where that is enough.

        A run resumed before its priors were frozen admits its whole calibration set, those long done too.
        """
        prompt = _Prompt(key, group, next(self._order), calibrate)
        self._groups.setdefault(group, _Group())
        for index, outcome in outcomes.items():
            self._learn(prompt, index, outcome)
        self._prompts[key] = prompt
        self.calibrating += calibrate
        return self._update(prompt)

    def next(self) -> tuple[str, int] | None:
        """The draw that is needed most, as (prompt, sample_index); None when none is worth a slot now."""
        while self._queue:
            *_, version, prompt = heapq.heappop(self._queue)
            if version == prompt.version and not prompt.done:
                index = _next_index(prompt)
                if prompt.lost:
                    heapq.heappop(prompt.lost)
                else:
                    prompt.drawn = index + 1
                self._enqueue(prompt)
                return prompt.key, index
        return None

    def record(self, key: str, index: int, outcome: Outcome) -> Settlement | None:
        """A draw ended and was judged; returns the prompt's settlement when that settles it."""
        prompt = self._prompts.get(key)
        if prompt is None or index < prompt.tally.draws or index in prompt.ahead:
            return None
        self._learn(prompt, index, outcome)
        return self._update(prompt)

    def lost(self, key: str, index: int) -> None:
        """A draw ended without a sample; its index is drawn again when it is needed."""
        prompt = self._prompts.get(key)
        if prompt is not None and index < prompt.drawn and index not in prompt.lost:
            heapq.heappush(prompt.lost, index)
            self._enqueue(prompt)

    def drop(self, key: str) -> None:
        """Forget a prompt that the engine can never draw."""
        prompt = self._prompts.get(key)
        if prompt is not None:
            self.calibrating -= prompt.calibrate
            self._finish(prompt)

    def trials(self) -> dict[str, list[Trial]]:
        """What `prior.fit` needs, by group, the same whatever ended first; complete once `calibrating` is 0."""
        return {group: [trials[key] for key in sorted(trials)] for group, trials in sorted(self._trials.items())}

    @property
    def parked(self) -> int:
        """How many prompts wait for `freeze` alone."""
        return len(self._parked)

    def freeze(self, priors: Mapping[str, Prior], price: float | None) -> Iterator[tuple[str, Settlement]]:
        """Priors and price are known; yields the prompts that this settles. Exhaust it before drawing on."""
        self._priors = priors
        self.quota = replace(self.quota, price=price)
        for prompt in [*self._parked.values(), *self._prompts.values()]:
            settlement = settle(prompt.prefix, self.quota, self._prior(prompt.group))
            if settlement is not None:
                self._finish(prompt)
                yield prompt.key, settlement
            else:
                self._enqueue(prompt)
        self._parked.clear()

    def _prior(self, group: str) -> Prior | None:
        """A group that came after the fit is taken as the whole run was."""
        return None if self._priors is None else self._priors.get(group, self._priors.get(WHOLE))

    def _update(self, prompt: _Prompt) -> Settlement | None:
        """Move the known prefix on, a draw at a time, until it settles the prompt or meets a gap."""
        prior, settlement = self._prior(prompt.group), None
        while settlement is None and (outcome := prompt.ahead.pop(prompt.tally.draws, None)) is not None:
            prompt.ahead_kept -= outcome.keep
            prompt.ahead_tokens -= outcome.tokens
            prompt.prefix.append(outcome)
            prompt.keeps.append(prompt.tally.add(outcome))
            settlement = prompt.tally.settlement(self.quota, prior)
        prompt.drawn = max(prompt.drawn, prompt.tally.draws)
        if prompt.calibrate and (settlement or prompt.tally.draws >= CALIBRATION_DRAWS):
            self._calibrated(prompt)
        if settlement is None:
            self._enqueue(prompt)
            return None
        self._finish(prompt)
        if self.quota.price is not None and self._priors is None:
            self._parked[prompt.key] = prompt
            return None
        return settlement

    def _calibrated(self, prompt: _Prompt) -> None:
        first = prompt.prefix[:CALIBRATION_DRAWS]
        keeps = tuple(prompt.keeps[:CALIBRATION_DRAWS])
        self._trials.setdefault(prompt.group, {})[prompt.key] = Trial(keeps, tuple(o.tokens for o in first))
        prompt.calibrate = False
        self.calibrating -= 1

    def _finish(self, prompt: _Prompt) -> None:
        prompt.done = True
        self._prompts.pop(prompt.key, None)

    def _learn(self, prompt: _Prompt, index: int, outcome: Outcome) -> None:
        prompt.ahead[index] = outcome
        prompt.ahead_kept += outcome.keep
        prompt.ahead_tokens += outcome.tokens
        counts = self._groups[prompt.group]
        counts.draws += 1
        counts.kept += outcome.keep
        counts.tokens += outcome.tokens

    def _enqueue(self, prompt: _Prompt) -> None:
        """Put the prompt's next draw where it belongs; what stood in the queue for it counts no longer."""
        prompt.version += 1
        index = _next_index(prompt)
        if index >= self.quota.samples:
            return
        if self.quota.keep == self.quota.samples:
            # nothing to choose: in order, so that a prompt's samples share the engine's prefix cache
            heapq.heappush(self._queue, (-1.0, False, 0.0, prompt.order, prompt.version, prompt))
            return
        tally = prompt.tally
        kept = tally.kept + prompt.ahead_kept
        rate, tokens = self._estimate(
            prompt.group, tally.draws + len(prompt.ahead), kept, tally.tokens + prompt.ahead_tokens
        )
        needed = self._needed(prompt, index, rate, tokens)
        if needed < SPECULATE:
            return
        # What is needed for certain comes before what may be. Among equals calibration and first samples, which teach
        # lengths; then the longest work, taken three deviations long: a chain of failures that starts late ends last.
        missing = max(self.quota.keep - kept, 1)
        draws = min((missing + 3 * math.sqrt(missing * (1 - rate))) / rate, self.quota.samples - tally.draws)
        rank = -2.0 if prompt.calibrate and index < CALIBRATION_DRAWS else -math.floor(needed * 20) / 20
        heapq.heappush(self._queue, (rank, index > 0, -draws * tokens, prompt.order, prompt.version, prompt))
        if len(self._queue) > 4 * len(self._prompts) + 64:
            self._queue = [entry for entry in self._queue if entry[4] == entry[5].version and not entry[5].done]
            heapq.heapify(self._queue)

    def _estimate(self, group: str, ended: int, kept: int, tokens: int) -> tuple[float, float]:
        """A prompt's chance that a draw is kept and a draw's tokens, shrunk to what its group shows by now.

        The group weighs 2 draws in the rate and half a draw in the length, near the best of what was tried.
        """
        counts = self._groups[group]
        rate, mean = (counts.kept + 1) / (counts.draws + 2), (counts.tokens + 1) / (counts.draws + 1)
        return (2 * rate + kept) / (2 + ended), (0.5 * mean + tokens) / (0.5 + ended)

    def _needed(self, prompt: _Prompt, index: int, rate: float, tokens: float) -> float:
        """The probability that the settled prefix reaches this index, given what is in flight before it.

        With a price, giving up is looked for at the index itself, not on the way there: near enough for an order.
        """
        tally = prompt.tally
        if index == tally.draws:
            return 1.0
        known = [outcome for i, outcome in prompt.ahead.items() if i < index]
        flying = index - tally.draws - len(known)
        kept = tally.kept + sum(outcome.keep for outcome in known)
        prior = self._prior(prompt.group) if self.quota.price is not None else None
        if prior is None and flying < self.quota.keep - kept:
            return 1.0
        spent = tally.tokens + sum(outcome.tokens for outcome in known) + flying * tokens
        total, chance = 0.0, (1 - rate) ** flying
        for more in range(min(self.quota.keep - kept, flying + 1)):
            if prior is None or not given_up(self.quota, prior, index, kept + more, spent):
                total += chance
            chance *= (flying - more) / (more + 1) * rate / (1 - rate)
        return total


def _next_index(prompt: _Prompt) -> int:
    """The lowest index to draw: one that was lost, else the next that isn't known."""
    if prompt.lost:
        return prompt.lost[0]
    index = prompt.drawn
    while index in prompt.ahead:
        index += 1
    return index
