"""Whole copies of a ledger: made beside the place, on disk before they take it, at any time also while a run writes.

Covers one copy, and the thread that makes one every minute while there is something new. Does not cover which copy of
a run's ledger is the one to go on with (`drawing/home.py`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from factory.errors import FactoryError
from factory.ledger.tables import explained

INTERVAL = 60.0
"""Seconds between snapshots."""
REST: Final = 4
"""A snapshot that took a second is followed by at least so many without one."""
STEP_PAGES: Final = 500
"""Copied at a time, 2 MB; then others get the disk for as long as that took."""


class Stopped(Exception):
    """A copy was given up on request."""


def copy(source: sqlite3.Connection, target: Path, stop: threading.Event | None = None) -> None:
    """Put what a connection sees at this moment in place of `target`: the old file or the new one, never a part.

    Raises FactoryError naming the target, and Stopped once `stop` is set.
    """
    temp = target.with_name(f".{target.name}.new")
    try:
        with explained(target), _one_view(source):
            _copy_pages(source, temp, stop)
        _to_disk(temp)
        temp.replace(target)
        _to_disk(target.parent)
    except OSError as error:
        raise FactoryError(f"{target}: can't write: {error.strerror or error}") from error
    finally:
        for path in (temp, temp.with_name(f"{temp.name}-journal")):
            with contextlib.suppress(OSError):
                path.unlink()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to copy from, for any thread."""
    with explained(path), contextlib.closing(_connect(path)) as connection:
        yield connection


def fold(path: Path) -> None:
    """Bring a ledger's log into its one file, so that another file may take its place. Raises FactoryError."""
    with explained(path), contextlib.closing(_connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN IMMEDIATE")  # rolls back what a dead process left half written
        connection.execute("COMMIT")


class Snapshots:
    """Copies `source` to `target` every INTERVAL seconds while it changes, and at the end; a context manager."""

    def __init__(self, source: Path, target: Path, tell: Callable[[str], None]) -> None:
        self._target = target
        self._tell = tell
        self._stop = threading.Event()
        self._said: object = None
        self._copied: int | None = None
        self._source = _connect(source)
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)

    def __enter__(self) -> Snapshots:
        self.take()
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """The last one, complete; where the command failed already, its failure stays the one that is raised."""
        self._stop.set()
        self._thread.join()
        try:
            self.take()
        except FactoryError as error:
            if kind is None:
                raise
            self._tell(f"warning: {error}")
        finally:
            self._source.close()

    def take(self, stop: threading.Event | None = None) -> None:
        """Copy now, unless nothing changed since. Raises FactoryError."""
        with explained(self._target):
            (version,) = self._source.execute("PRAGMA data_version").fetchone()
        if version != self._copied or not self._target.is_file():
            copy(self._source, self._target, stop)
            self._copied = version

    def _run(self) -> None:
        wait = INTERVAL
        while not self._stop.wait(wait):
            began = time.monotonic()
            try:
                self.take(self._stop)
            except Stopped:
                return
            except FactoryError as error:
                self._say_once(str(error), f"warning: no snapshot: {error}; trying again every {wait:.0f} s")
                continue
            took = time.monotonic() - began
            wait = max(INTERVAL, REST * took)
            if wait > INTERVAL:
                doublings = int(wait / INTERVAL).bit_length()
                self._say_once(doublings, f"note: a snapshot takes {took:.0f} s by now: one every {wait + took:.0f} s")

    def _say_once(self, what: object, line: str) -> None:
        if what != self._said:
            self._said = what
            self._tell(line)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)


@contextlib.contextmanager
def _one_view(source: sqlite3.Connection) -> Iterator[None]:
    """Hold one state of the source, or its writer would make the copy begin again and again.

    Without a write-ahead log that would keep the writer waiting; there the copy begins again.
    """
    (mode,) = source.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        yield
        return
    source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield
    finally:
        source.execute("ROLLBACK")


def _copy_pages(source: sqlite3.Connection, temp: Path, stop: threading.Event | None) -> None:
    last = time.monotonic()

    def pause(*_: object) -> None:
        nonlocal last
        if stop is not None and stop.is_set():
            raise Stopped
        time.sleep(min(time.monotonic() - last, 0.1))
        last = time.monotonic()

    temp.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(temp, isolation_level=None)) as made:
        made.execute("PRAGMA synchronous=OFF")  # `_to_disk` waits for all of it, once
        made.execute("PRAGMA journal_mode=OFF")
        source.backup(made, pages=STEP_PAGES, progress=pause)
    with contextlib.closing(sqlite3.connect(temp, isolation_level=None)) as made:
        # a copy says of itself that it has a log, as its source; readers of the run folder do better without
        made.execute("PRAGMA journal_mode=DELETE")


def _to_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)
