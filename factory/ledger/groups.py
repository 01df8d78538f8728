"""What waits for the disk, in groups: a commit, an fsync and a future serve all that came while the last one ran.

Covers who waits for whom, and the bound on what waits. Does not cover the commit itself (`writer.py`).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final

GROUP_ROWS: Final = 256
"""Statements a commit at most."""
QUEUED: Final = 10_000
"""Statements that may wait; then `put` blocks, so that memory stays bounded."""


class Group:
    """Rows by statement, so that each is prepared once, in the order in which the statements first came.

    `first` is a statement that goes ahead of all. `done` is over when the commit returned, or failed.
    """

    __slots__ = ("done", "rows", "size")

    def __init__(self, first: str) -> None:
        self.rows: dict[str, list[tuple[Any, ...]]] = {first: []}
        self.size = 0
        self.done: Future[None] = Future()
        self.done.set_running_or_notify_cancel()  # what was put is written; who waits for it may leave


class Waiting:
    """Groups in the order in which they are written; many threads put, one takes."""

    def __init__(self, first: str) -> None:
        self._first = first
        self._groups: deque[Group] = deque()
        self._closed = False
        self._size = 0
        lock = threading.Lock()
        self._some, self._room = threading.Condition(lock), threading.Condition(lock)

    def __len__(self) -> int:
        """How many statements wait."""
        return self._size

    def put(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> Future[None]:
        """Add rows to the last group; its future. Blocks while too much waits."""
        with self._some:
            while self._size >= QUEUED:
                self._room.wait()
            if not self._groups or self._groups[-1].size >= GROUP_ROWS:
                self._groups.append(Group(self._first))
                self._some.notify()
            group = self._groups[-1]
            group.rows.setdefault(statement, []).extend(rows)
            group.size += 1
            self._size += 1
            return group.done

    def take(self) -> Group | None:
        """Wait for a group; None once all was taken and no more will come."""
        with self._some:
            while not self._groups:
                if self._closed:
                    return None
                self._some.wait()
            group = self._groups.popleft()
            self._size -= group.size
            self._room.notify_all()
            return group

    def close(self) -> None:
        """No more will come."""
        with self._some:
            self._closed = True
            self._some.notify()
