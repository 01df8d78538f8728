"""An engine that is started once more when it died; a second death ends the run.

Covers the restart, and telling the draws that were in flight that they are lost. Does not cover drawing them again
(`drawing/`), nor faults that leave the engine alive: those are raised as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from factory.engines import Completion, Engine, EngineDied, Lost, Request
from factory.errors import BadInput, EngineFailed
from factory.terminal import Say


class RestartingEngine:
    """An engine (see `factory.engines.Engine`) around one that `load` makes; made by `start`."""

    def __init__(self, engine: Engine, load: Callable[[], Awaitable[Engine]], say: Say) -> None:
        self.name = engine.name
        self._engine = engine
        self._load = load
        self._say = say
        self._restart: asyncio.Task[None] | None = None

    async def draw(self, request: Request) -> Completion:
        """Draw one sample to its end; see `Engine.draw`.

        Raises Lost, once the new engine is up, where the old one died under the draw; EngineFailed when the new one
        died too or couldn't be started.
        """
        if self._restart is not None:
            await asyncio.shield(self._restart)
        engine = self._engine
        try:
            return await engine.draw(request)
        except EngineDied as died:
            if self._restart is None:
                self._restart = asyncio.create_task(self._again(died))
            elif engine is self._engine and self._restart.done():
                raise EngineFailed(f"{died.message}; it had been restarted once already") from died
            await asyncio.shield(self._restart)
            raise Lost from died

    async def close(self) -> None:
        """Release the engine; no draw is in flight any more."""
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        await self._engine.close()

    async def _again(self, died: EngineDied) -> None:
        self._say(f"note: {died.message}; starting it once more")
        await self._engine.close()
        try:
            self._engine = await self._load()
        except BadInput as error:  # it took the same input before, and a draw's BadInput would blame the prompt
            raise EngineFailed(f"the engine can't be started once more: {error.message}") from error


async def start(load: Callable[[], Awaitable[Engine]], say: Say) -> RestartingEngine:
    """The engine that `load` makes, and makes again when it died; `say` takes a line for the user."""
    return RestartingEngine(await load(), load, say)
