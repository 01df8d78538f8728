"""The processes that vLLM runs in: what they may say, where that goes, and which signals reach them.

Does not cover what they are started with (`arguments.py`). The user's own environment variables win.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Final

from factory.signals import SIGNALS

_ERROR: Final = re.compile(r"\b\w*(?:Error|Exception|Killed): \S.*")

_QUIET: Final = {
    "VLLM_LOGGING_LEVEL": "WARNING",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",  # its default, stdout, is where our results go
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
}


def quiet() -> None:
    """Environment for a vLLM that reports to nobody; set before it is imported, so in its processes too."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


def quieter() -> None:
    """Once loaded, only errors of vLLM's part in this process are worth the terminal."""
    if os.environ["VLLM_LOGGING_LEVEL"] == _QUIET["VLLM_LOGGING_LEVEL"]:
        logging.getLogger("vllm").setLevel(logging.ERROR)


def new_log() -> Path:
    """An empty file for what vLLM prints; it stays where an error names it."""
    descriptor, name = tempfile.mkstemp(prefix="factory-vllm-", suffix=".log")
    os.close(descriptor)
    return Path(name)


@contextlib.contextmanager
def logged_to(log: Path) -> Iterator[None]:
    """Write what this process and those started inside print as errors to a file.

    The processes go on writing there for as long as they live. vLLM reports a fault in hundreds of lines; `fault`
    finds the one that says why.
    """
    sys.stderr.flush()
    before = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(before, 2)
        os.close(before)


def fault(log: Path) -> str:
    """The first error in a log, which is the cause of those after it, and where to read more."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except OSError:  # somebody cleans /tmp
        return "its log is gone"
    errors = (_ERROR.search(line) for line in lines)
    found = next((e[0] for e in errors if e and "Engine core init" not in e[0]), "no error in its log")
    return f"{found[:300]} (log: {log})"


@contextlib.contextmanager
def deaf_to_signals() -> Iterator[None]:
    """Processes started inside inherit a mask that keeps the signals we drain on (Ctrl-C, TERM, USR1) from them.

    A terminal or a batch system signals the whole group; vLLM would drop what is in flight while we drain it.
    They still end with us: vLLM watches its parent, and `close` kills what does not leave by itself.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        # started first, because starting it unblocks INT and TERM again; it ignores these two, but not USR1
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
