"""Inside the program's jail: define its functions, then answer calls with plain data until the other side closes."""

from __future__ import annotations

import os
import sys
import types
from typing import Any

from factory.verify.programs.inside.plain import (
    HERE,
    NotPlain,
    as_at_home,
    decode,
    encode,
    read_frame,
    take_over,
    write_frame,
)


def find(names: dict[str, Any], name: str) -> Any:
    """A function of the program, or a method of its class Solution."""
    if name in names:
        return names[name]
    if "Solution" in names:
        return getattr(names["Solution"](), name)
    raise NameError(name)


def answer(names: dict[str, Any], request: Any) -> Any:
    """The reply to one call: the result and the arguments as they are afterwards, or an exception's name."""
    try:
        args, kwargs = decode(request["args"]), decode(request["kwargs"])
        result = find(names, request["name"])(*args, **kwargs)
        return {"result": encode(result), "args": encode(args)}
    except NotPlain as error:
        return {"not_plain": str(error)[:100]}
    except BaseException as error:
        return {"error": type(error).__name__, "text": str(error)[:500]}


def main() -> None:
    """Serve one payload."""
    payload, (source, out, _) = take_over(int(sys.argv[1]))
    write_frame(out, HERE)
    module = types.ModuleType("program")
    names: dict[str, Any] = module.__dict__
    sys.modules["program"] = module  # where dataclasses look for the names in their annotations
    as_at_home()
    try:
        exec(compile(payload["program"], "program", "exec"), names)  # noqa: S102 - what the jail is for
    except BaseException as error:
        write_frame(out, {"error": type(error).__name__, "text": str(error)[:500]})
        os._exit(0)
    write_frame(out, {"ready": True})
    while True:
        try:
            request = read_frame(source)
        except EOFError:
            os._exit(0)
        reply = answer(names, request)
        try:
            write_frame(out, reply)
        except NotPlain:
            write_frame(out, {"not_plain": "too large"})


if __name__ == "__main__":
    main()
