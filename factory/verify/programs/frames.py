"""What a jail says: frames of plain data, read by a deadline from somebody who may say anything.

The other side of `inside/plain.py`. Does not cover starting jails (`jail.py`) nor what a frame means.
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any

from factory.verify.programs import jail
from factory.verify.programs.inside.plain import HERE, LARGEST


class Over(Exception):
    """The program is gone or talks nonsense."""


def await_start(fd: int, deadline: float) -> None:
    """Read a jail's first frame. Raises NoJail where there is none: a program that never ran is not wrong."""
    try:
        if read_frame(fd, deadline) == HERE:
            return
    except Over:
        pass
    raise jail.NoJail("a jail didn't start")


def read_frame(fd: int, deadline: float) -> dict[str, Any]:
    """The next frame from a jail. Raises Over or TimeoutError."""
    head = read_some(fd, 4, deadline)
    size = struct.unpack(">I", head)[0] if len(head) == 4 else LARGEST + 1
    if size > LARGEST:
        raise Over
    try:
        value = json.loads(read_some(fd, size, deadline))
    except (ValueError, RecursionError) as error:
        raise Over from error
    if not isinstance(value, dict):
        raise Over
    return value


def read_some(fd: int, size: int, deadline: float) -> bytes:
    """Up to `size` bytes, all of them unless the other side closes. Raises TimeoutError at the deadline."""
    parts: list[bytes] = []
    while size:
        ready, _, _ = select.select([fd], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = os.read(fd, min(size, 65536))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
