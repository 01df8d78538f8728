"""What is known of a prompt at work while its draws end in any order, and of the prompts that are like it.

Does not cover what settles it (`settlement.py`) nor what is drawn next (`urgency.py`, `schedule.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from factory.quota.calibration import CALIBRATION_DRAWS
from factory.quota.prior import Trial
from factory.quota.settlement import Outcome, Tally


@dataclass(slots=True)
class Group:
    """Running counts of a (task, source): for scheduling only."""

    draws: int = 0
    kept: int = 0
    tokens: int = 0


@dataclass(slots=True, eq=False)
class AtWork:
    """A prompt. Each index below `drawn` was drawn, or was known at the start; `lost` ones, a heap, are drawn again."""

    key: str
    group: str
    alike: Group
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
    lost: list[int] = field(default_factory=list)
    version: int = 0
    """Of its place in the queue: only the newest counts."""
    done: bool = False

    def learn(self, index: int, outcome: Outcome) -> None:
        """A draw ended."""
        self.ahead[index] = outcome
        self.ahead_kept += outcome.keep
        self.ahead_tokens += outcome.tokens
        self.alike.draws += 1
        self.alike.kept += outcome.keep
        self.alike.tokens += outcome.tokens

    def advance(self) -> bool:
        """Move what is known without a gap on by a draw; False where there is a gap."""
        outcome = self.ahead.pop(self.tally.draws, None)
        if outcome is None:
            return False
        self.ahead_kept -= outcome.keep
        self.ahead_tokens -= outcome.tokens
        self.prefix.append(outcome)
        self.keeps.append(self.tally.add(outcome))
        return True

    def trial(self) -> Trial:
        """Its first draws, for the prior."""
        first = self.prefix[:CALIBRATION_DRAWS]
        return Trial(tuple(self.keeps[:CALIBRATION_DRAWS]), tuple(outcome.tokens for outcome in first))

    def next_index(self) -> int:
        """The lowest index to draw: one that was lost, else the next that isn't known."""
        if self.lost:
            return self.lost[0]
        index = self.drawn
        while index in self.ahead:
            index += 1
        return index
