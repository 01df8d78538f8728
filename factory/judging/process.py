"""One rule process as its feeder sees it: started when it is first asked, killed with all it started, started again.

Covers the socket, the deadline and what the process says of itself in shared memory. Does not cover what is asked and
what a fault means (`feeder.py`) nor what the process does (`worker.py`).
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from factory.judging.rules import Rule
from factory.said import unpack

STDERR: Final = 2
START_DEADLINE = 120.0
"""Seconds a worker may take to import the rules; a cold disk is slow."""
PROGRESS: Final = struct.Struct("=qqd")
"""What a worker says of itself in shared memory: the sample at work, the rule (-1: none), CLOCK_MONOTONIC of its start.
Samples are counted from the start of a conversation."""


class RuleProcess:
    """Pickles go down (ours), msgpack comes up: never a pickle from a process that read hostile text."""

    def __init__(self, rules: Sequence[Rule], deadline: float, until_no: bool) -> None:
        self._opening = (list(rules), until_no)
        self._deadline = deadline
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Connection | None = None
        self._progress: mmap.mmap | None = None

    def ask(self, message: object) -> None:
        """Send a message. Raises OSError where there is no process to read it."""
        self._start().send_bytes(pickle.dumps(message))

    def answer(self) -> Any:
        """Wait for one. Raises TimeoutError when a rule is over its deadline, EOFError and OSError for a dead process.

        How far it was `stop` tells.
        """
        link = self._start()
        while not link.poll(0.2):
            _, rule, began = self._at()
            limit = self._deadline if rule >= 0 else START_DEADLINE
            if began and time.monotonic() - began > limit:
                raise TimeoutError
        return unpack(link.recv_bytes())

    def kill(self) -> None:
        """Kill it, from any thread; whoever waits for its answer gets EOFError, and then stops it."""
        if (process := self._process) is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def stop(self) -> tuple[int, int]:
        """End it, or what is left of it; the sample and the rule (-1: none) it was at."""
        sample, rule, _ = self._at()
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._link is not None:
            self._link.close()
        if self._progress is not None:
            self._progress.close()
        self._process, self._link, self._progress = None, None, None
        return sample, rule

    def _at(self) -> tuple[int, int, float]:
        if self._progress is None:
            return 0, -1, 0.0
        sample, rule, began = PROGRESS.unpack(self._progress[: PROGRESS.size])
        return int(sample), int(rule), float(began)

    def _start(self) -> Connection:
        if self._link is None:
            ours, theirs = socket.socketpair()
            memory = os.memfd_create("factory-progress")
            os.ftruncate(memory, mmap.PAGESIZE)
            self._progress = mmap.mmap(memory, mmap.PAGESIZE)
            # before it can say so itself: a process that dies while it imports has run no rule
            PROGRESS.pack_into(self._progress, 0, 0, -1, time.monotonic())
            # -P: a file of the user's folder named like a library is not that library
            command = [sys.executable, "-P", "-m", "factory.judging.worker", str(theirs.fileno()), str(memory)]
            # a session of its own: Ctrl-C is for us, and whatever a rule starts can be killed with it; what a rule
            # prints goes where errors go, for our own output may be somebody's JSON
            self._process = subprocess.Popen(
                command, pass_fds=(theirs.fileno(), memory), start_new_session=True, stdout=STDERR
            )
            theirs.close()
            os.close(memory)
            self._link = Connection(ours.detach())
            self._link.send_bytes(pickle.dumps(self._opening))
        return self._link
