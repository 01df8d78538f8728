"""Runs one command and takes it, and all it started, down with the process that started this one.

    python -I guard.py COMMAND...       ends when COMMAND does, with its status, or when stdin closes

A pipe closes however its other end died, kill -9 included. Needed because vLLM's engine process outlives a server that
was killed. Covers clearing up shared memory: Python's resource trackers are left to the last, and they remove what the
others leaked. Does not cover what is run; imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

CLEARING = 5.0
"""Seconds that resource trackers get; they need a fraction of one."""


def main() -> int:
    """Run the command in this process's own group."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_watch, daemon=True).start()
    status = child.wait()
    _end_group()
    return status


def _watch() -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock can't be held while Python ends
        pass
    _end_group()
    os._exit(1)


def _end_group() -> None:
    """Kill every other process of this group, the resource trackers only if they stay."""
    until = time.monotonic() + CLEARING
    while (others := _others()) and time.monotonic() < until:
        for pid, tracks in others.items():
            if not tracks:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    for pid in others:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _others() -> dict[int, bool]:
    """The living processes of this group, and whether each is a resource tracker (Linux; elsewhere none is found)."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(group) == os.getpgrp() and state not in "ZX" and int(folder.name) != os.getpid():
                found[int(folder.name)] = b"resource_tracker" in (folder / "cmdline").read_bytes()
    return found


if __name__ == "__main__":
    sys.exit(main())
