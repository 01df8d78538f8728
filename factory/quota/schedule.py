"""Which sample to draw next. Pure: no I/O, no clock.

Scheduling may use all that is known at the moment, running estimates included: it changes cost and order, never the
result, for a prompt is done where `settlement.py` says so. It keeps every slot busy, draws the longest work first,
and draws ahead of what is known to be needed only where a slot would idle.
Does not cover drawing itself (`drawing/`), how much a draw is needed (`urgency.py`) nor the numbers behind the price
(`prior.py`).
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from factory.quota.at_work import AtWork, Group
from factory.quota.calibration import CALIBRATION_DRAWS
from factory.quota.prior import WHOLE, Prior, Trial
from factory.quota.settlement import Outcome, Quota, Settlement, settle
from factory.quota.urgency import urgency
from factory.records import PROMPTS_AT_WORK

WINDOW: Final = 16
"""Prompts at work a slot: enough choice to draw the longest first, few enough for memory (see `window`)."""

_Entry = tuple[float, bool, float, int, int, AtWork]


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
        self._prompts: dict[str, AtWork] = {}
        self._parked: dict[str, AtWork] = {}
        self._trials: dict[str, dict[str, Trial]] = {}
        self._groups: dict[str, Group] = {}
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
        alike = self._groups.setdefault(group, Group())
        prompt = AtWork(key, group, alike, next(self._order), calibrate)
        for index, outcome in outcomes.items():
            prompt.learn(index, outcome)
        self._prompts[key] = prompt
        self.calibrating += calibrate
        return self._update(prompt)

    def next(self) -> tuple[str, int] | None:
        """The draw that is needed most, as (prompt, sample_index); None when none is worth a slot now."""
        while self._queue:
            *_, version, prompt = heapq.heappop(self._queue)
            if version == prompt.version and not prompt.done:
                index = prompt.next_index()
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
        prompt.learn(index, outcome)
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

    def _update(self, prompt: AtWork) -> Settlement | None:
        """Move the known prefix on, a draw at a time, until it settles the prompt or meets a gap."""
        prior, settlement = self._prior(prompt.group), None
        while settlement is None and prompt.advance():
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

    def _calibrated(self, prompt: AtWork) -> None:
        self._trials.setdefault(prompt.group, {})[prompt.key] = prompt.trial()
        prompt.calibrate = False
        self.calibrating -= 1

    def _finish(self, prompt: AtWork) -> None:
        prompt.done = True
        self._prompts.pop(prompt.key, None)

    def _enqueue(self, prompt: AtWork) -> None:
        """Put the prompt's next draw where it belongs; what stood in the queue for it counts no longer."""
        prompt.version += 1
        prior = None if self.quota.price is None else self._prior(prompt.group)
        found = urgency(prompt, prompt.next_index(), self.quota, prior)
        if found is None:
            return
        heapq.heappush(self._queue, (*found, prompt.order, prompt.version, prompt))
        if len(self._queue) > 4 * len(self._prompts) + 64:
            self._queue = [entry for entry in self._queue if entry[4] == entry[5].version and not entry[5].done]
            heapq.heapify(self._queue)
