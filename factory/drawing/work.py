"""What a driver is given to draw for, and what it says of it: prompts, judging, what it did, samples.

Does not cover drawing (`driver.py`) nor what is still to draw (`feed.py`).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from factory.drawing.pricing import Terms, Trials
from factory.engines import Completion, Request
from factory.quota.settlement import Outcome
from factory.records import Prompt, Sample, sample_id, split_thinking

Judge = Callable[[Prompt, Sample], Awaitable[Outcome]]
"""The verdicts of a sample, on their way to the disk, as what counts for the quota."""


@dataclass(frozen=True, slots=True)
class Work:
    """A prompt to draw for: what is known of it, and the samples that a crash left without verdicts."""

    prompt: Prompt
    request: Callable[[int], Request]
    outcomes: Mapping[int, Outcome]
    unjudged: tuple[Sample, ...] = ()
    calibrate: bool = False


@dataclass(slots=True)
class Tally:
    """What a driver did. Tokens are completion tokens; `kept` and `settled` count settled prompts only."""

    drawn: int = 0
    tokens: int = 0
    judged: int = 0
    """Samples whose verdicts came, and those of them that every rule keeps."""
    passing: int = 0
    kept: int = 0
    settled: int = 0
    surplus: int = 0
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """The prompts to calibrate on come first, so many of them; `fix` gives the terms once their draws have ended."""

    prompts: int
    fix: Callable[[Trials], Awaitable[Terms]]


@dataclass(frozen=True, slots=True)
class Budget:
    """Completion tokens that may still be taken, and how many a draw is expected to take before one has ended."""

    tokens: float
    mean: float

    def affords(self, tally: Tally, in_flight: int) -> bool:
        """Whether one more draw fits, those in flight taken as long as the mean; one draw at least."""
        left = self.tokens - tally.tokens
        mean = tally.tokens / tally.drawn if tally.drawn else self.mean
        return left > 0 and (not in_flight or (in_flight + 1) * mean <= left)


def make_sample(request: Request, completion: Completion, engine: str, started: float) -> Sample:
    """The record of a draw that ended now."""
    reasoning, answer = split_thinking(completion.text)
    return Sample(
        id=sample_id(request.prompt_id, request.sample_index),
        prompt_id=request.prompt_id,
        sample_index=request.sample_index,
        text=completion.text,
        reasoning=reasoning,
        answer=answer,
        finish_reason=completion.finish_reason,
        stop_reason=completion.stop_reason,
        seed=request.seed,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        reasoning_tokens=completion.reasoning_tokens,
        engine=engine,
        started=started,
        ended=time.time(),
    )
