"""What other threads finish, brought to the event loop in groups.

`asyncio.wrap_future` wakes the loop once for every future. A commit ends two hundred at a time and a rule process
dozens, so here the first of a group wakes the loop and finds the others waiting. Does not cover what is awaited.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Landing:
    """Awaits futures of other threads; of one event loop."""

    def __init__(self) -> None:
        self._landed: deque[asyncio.Future[None]] = deque()
        self._called = False

    async def of(self, future: Future[T]) -> T:
        """The result of the future. Who cancels this cancels the future."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()

        def land(_: object) -> None:
            self._landed.append(waiter)
            if not self._called:
                self._called = True
                with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
                    loop.call_soon_threadsafe(self._wake)

        future.add_done_callback(land)
        try:
            await waiter
        except asyncio.CancelledError:
            future.cancel()
            raise
        return future.result()

    def _wake(self) -> None:
        # first, so that who lands while the queue is emptied calls again
        self._called = False
        while self._landed:
            waiter = self._landed.popleft()
            if not waiter.done():
                waiter.set_result(None)
