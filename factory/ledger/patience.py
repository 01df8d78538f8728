"""A disk that is full for a while: what to write waits in memory and is tried again, for a bounded time.

Nothing more is drawn meanwhile: a slot of the driver takes its next draw when its last one is on disk. Does not cover
what is written (`writer.py`).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Final

RETRY = 3.0
"""Seconds between two attempts."""
PATIENCE = 300.0
"""Seconds until it is given up."""
MAY_PASS: Final = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,  # network file systems, quotas
        sqlite3.SQLITE_CANTOPEN,  # a full disk without room for a journal
        sqlite3.SQLITE_BUSY,  # a reader, where there is no write-ahead log
    )
)


def patiently(attempt: Callable[[], None], hurry: threading.Event, waits: Callable[[str], None]) -> None:
    """Call `attempt` until it succeeds; `waits` hears once why it doesn't. Raises its error when that can't pass.

    `hurry` ends waiting after one more attempt.
    """
    until, told = time.monotonic() + PATIENCE, False
    while True:
        last = hurry.is_set() or time.monotonic() >= until
        try:
            return attempt()
        except sqlite3.Error as error:
            if last or getattr(error, "sqlite_errorcode", 0) & 0xFF not in MAY_PASS:
                raise
            if not told:
                waits(str(error))
            told = True
        hurry.wait(RETRY)
