"""The record of one command's draws, filled while it works. Does not cover how it is said (`factory/summary.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from factory.drawing.work import Tally
from factory.quota.settlement import Quota

if TYPE_CHECKING:
    from factory.accounting import Account
    from factory.drawing.feed import Feed
    from factory.quota.forecast import Forecast


@dataclass(slots=True)
class Summary:
    """What one command did; seconds are of the wall clock."""

    out: Path
    quota: Quota
    pilot: bool = False
    listed: int = 0
    before: int = 0
    """Samples of the listed prompts that were there."""
    unlisted: int = 0
    seconds: float = 0.0
    load_seconds: float = 0.0
    feed: Feed | None = None
    tally: Tally = field(default_factory=Tally)
    forecast: Forecast | None = None
    spent: bool = False
    """Whether the token budget stopped it."""
    books: Account | None = None
    """The run's, over all its commands, as this one left it."""
    suspects: int = 0
    """Prompts whose samples agree on another answer than the reference."""
    notes: list[str] = field(default_factory=list)

    @property
    def settled(self) -> int:
        """Listed prompts that have what was asked, those settled by earlier commands included; a pilot settles none."""
        return 0 if self.pilot else self.tally.settled + (self.feed.settled if self.feed else 0)

    @property
    def kept(self) -> int:
        """Kept samples of the settled prompts."""
        return self.tally.kept + (self.feed.kept if self.feed else 0)
