"""Plain data over a pipe between jails: the only thing that passes from a program to those who judge it.

Exact types only (None, bool, int, float, str, bytes, list, tuple, set, frozenset, dict): a subclass with a hostile
`__eq__` can't pass. Frames are a length and JSON. Runs inside the jail, so it needs the standard library alone; the
other files here import it from the text that `programs/jail.py` sends along. Does not cover generators, classes or
objects: those raise NotPlain.
"""

from __future__ import annotations

import builtins
import json
import os
import resource
import struct
import sys
from typing import Any

LARGEST = 8_000_000
"""Bytes of a frame: a list of 100,000 numbers fits well, and what a hostile one makes of memory is bearable."""
OUTPUT = LARGEST // 8
"""Characters of a program's output: escaped they still fit a frame."""
SMALL = 1 << 63
"""Whole numbers below travel as they are; of larger ones decimal digits would take quadratic time."""
DEEPEST = 50
HERE = {"here": True}
"""The first frame from a jail, before any line of the program: without it the jail is at fault, not the program."""


class NotPlain(Exception):
    """A value that is no plain data, or too large or deep."""


def encode(value: Any, depth: int = 0) -> Any:
    """Plain data as JSON values tagged with their type."""
    if depth > DEEPEST:
        raise NotPlain("too deep")
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if -SMALL < value < SMALL else {"int": hex(value)}
    if kind is float:
        return {"float": repr(value)}
    if kind is bytes:
        return {"bytes": value.hex()}
    if kind in (list, tuple, set, frozenset):
        return {kind.__name__: [encode(item, depth + 1) for item in value]}
    if kind is dict:
        return {"dict": [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in value.items()]}
    raise NotPlain(kind.__name__)


def decode(value: Any, depth: int = 0) -> Any:
    """The plain data again. Raises NotPlain for anything else."""
    if value is None or type(value) in (bool, str, int):
        return value
    if type(value) is not dict or len(value) != 1 or depth > DEEPEST:
        raise NotPlain("not a tagged value")
    ((kind, content),) = value.items()
    if kind == "int":
        return int(content, 16)
    if kind == "float":
        return float(content)
    if kind == "bytes":
        return bytes.fromhex(content)
    if kind == "dict":
        return {decode(k, depth + 1): decode(v, depth + 1) for k, v in content}
    makers: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
    if kind not in makers:
        raise NotPlain(str(kind))
    return makers[kind](decode(item, depth + 1) for item in content)


def write_frame(out: int, value: Any) -> None:
    """One JSON value down a file descriptor."""
    data = json.dumps(value).encode()
    if len(data) > LARGEST:
        raise NotPlain("too large")
    data = struct.pack(">I", len(data)) + data
    while data:
        data = data[os.write(out, data) :]


def read_frame(source: int) -> Any:
    """The next JSON value; EOFError when the other side is gone or talks nonsense."""
    (size,) = struct.unpack(">I", _exactly(source, 4))
    if size > LARGEST:
        raise EOFError
    try:
        return json.loads(_exactly(source, size))
    except (ValueError, RecursionError):
        raise EOFError from None


def _exactly(source: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(source, min(size, 65536))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def take_over(fd: int) -> tuple[Any, list[int]]:
    """The payload from `fd`, its limits set, and private copies of stdin, stdout and stderr."""
    with os.fdopen(fd, "rb") as file:
        file.seek(0)
        payload = json.loads(file.read())
    for what, limit in (
        (resource.RLIMIT_AS, payload["memory"]),
        (resource.RLIMIT_NPROC, payload["processes"]),
        (resource.RLIMIT_FSIZE, 2 * LARGEST),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    private = [os.dup(n) for n in range(3)]
    null = os.open("/dev/null", os.O_RDWR)
    for n in range(3):
        os.dup2(null, n)
    return payload, private


def as_at_home() -> None:
    """What a program finds when Python is started as usual: `exit`, and a command line of its own."""
    setattr(builtins, "exit", sys.exit)  # noqa: B010 - mypy knows them, and `-S` leaves them out
    setattr(builtins, "quit", sys.exit)  # noqa: B010
    sys.argv = ["program"]
