"""What other threads finish, brought to the event loop in groups.

`asyncio.wrap_future` wakes the loop once for every future. A commit ends what two hundred wait for and a rule process
answers dozens, so here the first of a group wakes the loop and finds the others landed. Does not cover what is awaited.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Landing:
    """Awaits futures of other threads; of one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[Future[Any], list[asyncio.Future[None]]] = {}
        self._landed: deque[Future[Any]] = deque()
        self._called = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def of(self, future: Future[T]) -> T:
        """The result of the future. Who cancels this cancels the future."""
        self._loop = asyncio.get_running_loop()
        waiter = self._loop.create_future()
        if future in self._waiting:
            self._waiting[future].append(waiter)
        else:
            self._waiting[future] = [waiter]
            future.add_done_callback(self._land)
        try:
            await waiter
        except asyncio.CancelledError:
            future.cancel()
            raise
        return future.result()

    def _land(self, future: Future[Any]) -> None:
        """In any thread."""
        self._landed.append(future)
        if not self._called and self._loop is not None:
            self._called = True
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        # first, so that who lands while the queue is emptied calls again
        self._called = False
        while self._landed:
            for waiter in self._waiting.pop(self._landed.popleft()):
                if not waiter.done():
                    waiter.set_result(None)
