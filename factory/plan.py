"""What one `generate` command was asked, and what came of it. Plain data; no work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.driver import Tally
from factory.quota.settlement import Quota

if TYPE_CHECKING:
    from factory.feed import Feed
    from factory.quota.forecast import Forecast

GRACE = 20.0
"""Seconds that samples in flight get to end after the first signal."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One command. `sampling`, `engine_args` and `chat_template_kwargs` are what the user gave, not yet resolved."""

    prompts: str
    model: str
    out: Path
    samples: int
    keep: int | None = None
    rules: str | None = None
    resettle: bool = False
    max_tokens_per_kept: float | None = None
    token_budget: float | None = None
    pilot: bool = False
    engine: str = "vllm"
    url: tuple[str, ...] = ()
    tp: int | None = None
    template: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    task: str | None = None
    sampling: Mapping[str, Any] = field(default_factory=dict)
    engine_args: Mapping[str, Any] = field(default_factory=dict)
    chat_template_kwargs: Mapping[str, Any] = field(default_factory=dict)
    adapter: str | None = None
    tokenizer: str | None = None
    seed: int = 0
    limit: int | None = None
    shard: tuple[int, int] | None = None
    strict: bool = False
    dry_run: bool = False
    concurrency: int = 256
    grace: float = GRACE
    workers: int = 1


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
    notes: list[str] = field(default_factory=list)

    @property
    def settled(self) -> int:
        """Listed prompts that have what was asked, those settled by earlier commands included."""
        return self.tally.settled + (self.feed.settled if self.feed else 0)

    @property
    def kept(self) -> int:
        """Kept samples of the settled prompts."""
        return self.tally.kept + (self.feed.kept if self.feed else 0)
