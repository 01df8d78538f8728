"""What one `generate` command was asked. Plain data; no work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    near_duplicates: float | None = None
    dry_run: bool = False
    concurrency: int = 256
    grace: float = GRACE
    workers: int = 1
    ledger_dir: Path | None = None
