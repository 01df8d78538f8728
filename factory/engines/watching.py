"""Early stop: a growing sample is shown to its watch at fixed token counts, while the engine goes on with it.

Covers the counts and who has the last word. The watch decides at every count below the sample's length, in order, also
where the sample ended by itself meanwhile: what is recorded doesn't hang on how quick the watch was, nor on the batch.
Does not cover what dooms a sample (`judging/watch.py`) nor how an engine counts.

vLLM's own `repetition_detection` is left to the user. It has one `min_count` for patterns of every size, and
`filters/repetition.py` lets dashes, zeros and grids repeat up to 2,000 characters: so only 2,000 repeats would imply
our verdict, and by then a look of ours has been.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any, Final

from factory.engines import Completion, Watch

STEP: Final = 512
"""Tokens from one look to the next; beyond 8,192 an eighth of the length. So all looks at a sample read about ten
times its text, and what is drawn after it was lost stays below an eighth of it, or 512 tokens."""

Show = Callable[[Completion], None]
"""Takes what would be recorded if the sample were stopped here, but for the reason."""


def counts() -> Iterator[int]:
    """The token counts at which a sample is looked at: 512, 1024, ..., 8192, 9216, ... without end."""
    count = 0
    while True:
        count += max(STEP, count // 8 // STEP * STEP)
        yield count


async def watched(draw: Callable[[Show], Coroutine[Any, Any, Completion]], watch: Watch) -> Completion:
    """What `draw` returns, unless the watch says stop to something it showed: then that, and `draw` is cancelled.

    The looks of one sample are taken one after the other; the stream of tokens never waits for them.
    """
    shown: asyncio.Queue[Completion | None] = asyncio.Queue()
    drawing = asyncio.create_task(draw(shown.put_nowait))
    looking = asyncio.create_task(_look(shown, watch))
    try:
        await asyncio.wait({drawing, looking}, return_when=asyncio.FIRST_COMPLETED)
        if not looking.done():
            drawing.result()  # its failure comes first
            shown.put_nowait(None)
        return await looking or drawing.result()
    finally:
        drawing.cancel()
        looking.cancel()
        await asyncio.gather(drawing, looking, return_exceptions=True)


async def _look(shown: asyncio.Queue[Completion | None], watch: Watch) -> Completion | None:
    """The first that the watch says stop to, with the reason; None when there are no more."""
    while (growing := await shown.get()) is not None:
        reason = await watch(growing.text, growing.completion_tokens or 0)
        if reason is not None:
            return replace(growing, stop_reason=reason)
    return None
