"""Whose fault it is when a draw keeps failing: the prompt's or the servers'.

Does not cover what went wrong with one attempt (`faults.py`).
"""

from __future__ import annotations

import asyncio
from typing import Final

from factory.engines.servers.faults import Fault
from factory.engines.servers.urls import Urls
from factory.errors import BadInput, EngineFailed

ATTEMPTS: Final = 8
"""Tries of one sample that fail while others are answered; a prompt that kills servers must not go on."""


class Tries:
    """The faults of one draw. One counts against the prompt where others were answered since the one before.

    In an outage nobody is answered, however many tries fail: it counts once. What was answered before it says nothing
    of what came after.
    """

    def __init__(self, prompt_id: str, urls: Urls) -> None:
        self._prompt = prompt_id
        self._urls = urls
        self._against = 0
        self._finished = 0
        self._in_vain = 0
        self._since = 0.0

    def failed(self, fault: Fault) -> None:
        """Count one. Raises BadInput where the prompt is to blame, EngineFailed where nothing else was answered."""
        if fault.busy:
            return
        now, finished = asyncio.get_running_loop().time(), self._urls.finished
        if not self._against or finished > self._finished:
            self._against, self._finished, self._in_vain, self._since = self._against + 1, finished, 0, now
        self._in_vain += 1
        if self._against == ATTEMPTS:
            raise BadInput(
                f"prompt {self._prompt}: failed {ATTEMPTS} times while others were answered; the last time the server "
                f"{fault}"
            )
        # a gateway whose server is away is no sign of life, and waited for like one that can't be reached
        if self._in_vain >= ATTEMPTS and not fault.cut and now - self._since > self._urls.patience:
            raise EngineFailed(
                f"prompt {self._prompt} failed {self._in_vain} times; the last time the server {fault}; nothing else "
                "was answered meanwhile"
            )
