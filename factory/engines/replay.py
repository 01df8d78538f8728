"""Recorded texts instead of a checkpoint: for tests of our own logic, and for running a recipe again without a GPU.

A recording is a run folder (its ledger) or JSONL with a row a sample:

    {"prompt_id": "0f3a...", "sample_index": 2, "text": "<think>...", "finish_reason": "stop", "completion_tokens": 12}

A watched sample is looked at as if its characters had come evenly with its tokens; one without a token count isn't.
Does not cover drawing anything new: a sample that was never recorded is an error.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from factory import ledger, runs
from factory.engines import Completion, Request
from factory.engines.watching import Show, counts, watched
from factory.errors import BadInput, EngineFailed

FINISH_REASONS = ("stop", "length", "stopped_early", "unknown")


class ReplayEngine:
    """An engine (see `factory.engines.Engine`) over a recording; `delay` is seconds a completion token."""

    name = "replay"

    def __init__(self, recording: Path, delay: float = 0.0) -> None:
        """Read the recording. Raises BadInput naming the file and line."""
        self._recording = recording
        self._delay = delay
        source = _of_run(recording) if runs.is_run(recording) else _of_jsonl(recording)
        self._completions = dict(source)

    async def draw(self, request: Request) -> Completion:
        """The recorded sample, after its delay. Raises EngineFailed where there is none."""
        completion = self._completions.get((request.prompt_id, request.sample_index))
        if completion is None:
            raise EngineFailed(
                f"{self._recording}: holds no sample {request.sample_index} of prompt {request.prompt_id}; "
                f"ask for fewer --samples or another recording"
            )
        tokens = completion.completion_tokens or 0
        if request.watch is None or tokens <= next(counts()):  # too short to be looked at
            await asyncio.sleep(self._delay * max(tokens, 1))
            return completion
        return await watched(lambda show: self._grow(completion, tokens, show), request.watch)

    async def _grow(self, whole: Completion, tokens: int, show: Show) -> Completion:
        """The recorded sample, shown on its way."""
        reached = 0
        for count in itertools.takewhile(lambda c: c < tokens, counts()):
            await asyncio.sleep(self._delay * (count - reached))
            reached = count
            text = whole.text[: len(whole.text) * count // tokens]
            show(Completion(text, "stopped_early", None, whole.prompt_tokens, count))
        await asyncio.sleep(self._delay * (tokens - reached))
        return whole

    async def close(self) -> None:
        """Nothing to release."""


Recorded = tuple[tuple[str, int], Completion]


def _of_run(run: Path) -> Iterator[Recorded]:
    with ledger.reading(run / runs.LEDGER) as connection:
        for _, samples in ledger.prompts_with_samples(connection):
            for s in samples:
                counts = (s.prompt_tokens, s.completion_tokens, s.reasoning_tokens)
                yield (s.prompt_id, s.sample_index), Completion(s.text, s.finish_reason, s.stop_reason, *counts)


def _of_jsonl(path: Path) -> Iterator[Recorded]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                yield _recorded(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not a readable recording (a run folder or JSONL): {error}") from error


def _recorded(line: str, where: str) -> Recorded:
    try:
        row: dict[str, Any] = json.loads(line)
        key = str(row["prompt_id"]), int(row["sample_index"])
        finish = row.get("finish_reason", "unknown")
        if finish not in FINISH_REASONS:
            raise BadInput(f"{where}: finish_reason {finish!r} is none of {', '.join(FINISH_REASONS)}")
        counts = (row.get("prompt_tokens"), row.get("completion_tokens"), row.get("reasoning_tokens"))
        return key, Completion(str(row["text"]), finish, row.get("stop_reason"), *counts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{where}: should be a JSON object with prompt_id, sample_index and text ({error})") from error
