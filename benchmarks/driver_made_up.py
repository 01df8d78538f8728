"""An engine that holds nothing, for `driver.py` and `driver_resume.py`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from factory import generate
from factory.engines import Completion, Request
from factory.engines.loading import Loader

Say = Callable[[str], None]


def quiet(_: str) -> None:
    pass


class MadeUp:
    """An engine that holds nothing: its texts follow from prompt and index. `first` is when it was first asked."""

    name = "made-up"
    notes: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.first = 0.0

    async def draw(self, request: Request) -> Completion:
        self.first = self.first or time.perf_counter()
        await asyncio.sleep(0)
        text = f"<think>\nSample {request.sample_index} of {request.prompt_id}.\n</think>\n\n\\boxed{{7}}"
        return Completion(text, "stop", None, 20, 30)

    async def close(self) -> None:
        pass


def made_up() -> MadeUp:
    """From now on `generate` draws from this engine."""
    engine = MadeUp()

    async def load(example: Request, say: Say) -> MadeUp:
        return engine

    generate.prepare = lambda plan: Loader(load, {"model": "made-up"}, ())
    return engine
