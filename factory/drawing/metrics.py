"""`metrics.jsonl` in the run folder: a line every 30 s of what the run is doing, for whatever dashboard people use.

    {"time": 1767225600.0, "seconds": 90.0, "samples": 4120, "tokens": 9135220, "samples_per_second": 44.1,
     "tokens_per_second": 98212.5, "kept": 1712, "keep_share": 0.42, "tokens_per_kept": 5336.0, "prompts_settled": 210,
     "in_flight": 256, "awaiting_verdict": 3}

Rates are of the time since the line before, the other figures of this command so far; `kept` and what hangs on it are
null where no rules judge. Lines of later commands are added. Does not cover what a run came to (`accounting.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

EVERY: Final = 30.0
"""Seconds from one line to the next."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the driver counts at one moment; `judged` and `kept` are samples with verdicts, None without rules."""

    samples: int
    tokens: int
    settled: int
    in_flight: int
    awaiting_verdict: int
    judged: int | None
    kept: int | None


@contextlib.asynccontextmanager
async def written(path: Path, read: Callable[[], Moment], tick: Callable[[], None]) -> AsyncIterator[None]:
    """Add a line to `path` every `EVERY` seconds and one at the end; `tick` is called as often.

    A line that can't be written is left out: a full disk must not end a run here, the ledger will say so.
    """
    task = asyncio.create_task(_write(path, read, tick))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _write(path: Path, read: Callable[[], Moment], tick: Callable[[], None]) -> None:
    began = last = time.monotonic()
    before = read()
    going = True
    while going:
        try:
            await asyncio.sleep(EVERY)
        except asyncio.CancelledError:
            going = False
        now, moment = time.monotonic(), read()
        _append(path, line(before, moment, now - last, now - began))
        before, last = moment, now
        tick()


def line(before: Moment, now: Moment, elapsed: float, seconds: float) -> dict[str, Any]:
    """A line from two moments `elapsed` seconds apart, `seconds` after the command began to draw."""
    elapsed = max(elapsed, 1e-9)
    return {
        "time": round(time.time(), 3),
        "seconds": round(seconds, 1),
        "samples": now.samples,
        "tokens": now.tokens,
        "samples_per_second": round((now.samples - before.samples) / elapsed, 2),
        "tokens_per_second": round((now.tokens - before.tokens) / elapsed, 1),
        "kept": now.kept,
        "keep_share": round(now.kept / now.judged, 4) if now.kept is not None and now.judged else None,
        "tokens_per_kept": round(now.tokens / now.kept, 1) if now.kept else None,
        "prompts_settled": now.settled,
        "in_flight": now.in_flight,
        "awaiting_verdict": now.awaiting_verdict,
    }


def newest(path: Path) -> dict[str, Any] | None:
    """The last whole line, None where there is none."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return None
    for text in reversed(lines[-2:]):
        with contextlib.suppress(ValueError):
            return dict(json.loads(text))
    return None


def _append(path: Path, entry: dict[str, Any]) -> None:
    with contextlib.suppress(OSError), path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
