"""What goes wrong with one attempt: whether another may succeed, and when.

Does not cover attempts that fail again and again (`tries.py`), when a URL is asked again (`urls.py`) nor what in an
answer is wrong (`reply.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from factory.errors import BadInput, EngineFailed

FINAL: Final = (400, 413, 422)
"""Statuses that say: this request, however often. 404 is not among them: it means another model is served now."""
NO_ACCESS: Final = (401, 402, 403)
BUSY: Final = (404, 429, 503)
CUT: Final = (502, 504)
"""A gateway's: its server is away, or this answer always takes longer than the gateway waits."""
AWAY: Final = (404, *CUT)
"""Not said by the server that should answer, so no sign of its life."""


class Fault(Exception):
    """An attempt that may succeed when tried again; `wait` is Retry-After in seconds where the server named it.

    The message goes on after "the server".
    `busy` tells that the server itself is to blame (refused, 429, 503), not possibly this request; `cut` that a
    gateway spoke for it; `alive` that the server said so itself.
    """

    def __init__(
        self, message: str, *, wait: float | None = None, busy: bool = False, cut: bool = False, alive: bool = False
    ) -> None:
        super().__init__(message)
        self.wait = wait
        self.busy = busy
        self.cut = cut
        self.alive = alive


def refusal(status: int, message: str, retry_after: str | None = None) -> Exception:
    """The exception for an answer that isn't 200."""
    text = f"says {status}: {message}" if message else f"says {status}"
    if status in FINAL:
        return BadInput(f"the server {text}")
    if status in NO_ACCESS:
        return EngineFailed(f"the server {text}; the key is read from FACTORY_API_KEY")
    wait = seconds(retry_after)
    return Fault(text, wait=wait, busy=status in BUSY, cut=status in CUT, alive=status not in AWAY or wait is not None)


def seconds(retry_after: str | None) -> float | None:
    """Retry-After, a number or a date (RFC 9110, 10.2.3), as seconds from now; None where it is neither."""
    try:
        value = float(retry_after or "")
    except ValueError:
        return _until(retry_after or "")
    return value if 0 <= value < float("inf") else None


def _until(date: str) -> float | None:
    try:
        then = parsedate_to_datetime(date)
    except ValueError:
        return None
    # -0000 reads as no zone at all; the header is always in GMT
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
