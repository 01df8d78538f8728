"""Engines draw samples; each is an object that has the methods of `Engine`.

    loading.py         from what the user asked to an engine ready to load; what a run keeps fixed
      checkpoints.py   is this a checkpoint, and which; conversions.py knows trainers' shards
      sampling.py      every sampling field resolved once
    vllm/              the checkpoint in this process
    servers/           OpenAI-compatible servers, elsewhere or of our own
    replay.py          recorded texts, for tests and re-runs
    restarting.py      an engine that died is started once more
    rendering.py       requests to tokens, and the thought that a prompt has opened
    texts.py           texts as they were written, and how they ended
    watching.py        growing samples are looked at, and the hopeless ones stopped
    thinking_budget.py thoughts that a token budget cut

Does not cover which samples to draw (`drawing/`, `quota/`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from factory.errors import EngineFailed
from factory.records import FinishReason, Message

Watch = Callable[[str, int], Awaitable[str | None]]
"""Asked of a growing sample: its canonical text at so many completion tokens. Answers "rule:reason" where nothing that
may follow can save it, else None."""


@dataclass(frozen=True, slots=True)
class Request:
    """One sample to draw: what the engine sees, after the template.

    Either `messages` (a chat, rendered by the checkpoint's chat template, then `prefill`) or, where the template
    completes raw text, `text` (and no messages). `seed` is the sample's own. `watch` may end the sample early; an
    engine that can't count tokens while they come leaves it unasked.
    """

    prompt_id: str
    sample_index: int
    seed: int
    messages: tuple[Message, ...]
    prefill: str = ""
    text: str | None = None
    watch: Watch | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back. `text` is canonical (see `records`): a think opener that was prefilled is put back.

    Counts are None where the engine doesn't tell.
    """

    text: str
    finish_reason: FinishReason
    stop_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None


class EngineDied(EngineFailed):
    """The engine is gone for good, and all that was in flight with it; another one may be started."""


class Lost(Exception):
    """The engine died under this draw and another has taken its place: ask again."""


class Engine(Protocol):
    """What `generate` asks of an engine.

    `draw` may be awaited many times at once; cancelling the task that awaits it aborts the sample in the engine.
    It raises EngineFailed when the engine is gone, BadInput when this prompt can never be drawn (too long), Lost when
    the same draw may be asked again.
    """

    name: str

    async def draw(self, request: Request) -> Completion:
        """Draw one sample to its end."""
        ...

    async def close(self) -> None:
        """Release the engine; no draw is in flight any more."""
        ...
