"""Inside the tests' jail: run the tests with stand-ins that call the program in its own jail.

The verdict is written here, where no line of the program runs.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from collections.abc import Callable
from typing import Any

from factory.verify.programs.inside.plain import HERE, NotPlain, decode, encode, read_frame, take_over, write_frame


class Gone(BaseException):
    """The program's jail is gone."""


class Unsupported(BaseException):
    """The program returned something that can't pass as plain data."""


def caller(name: str, source: int, out: int, ends: list[BaseException]) -> Callable[..., Any]:
    """A function that calls `name` in the program's jail; what ends the tests is noted, as a bare except catches it."""

    def noted(error: BaseException) -> BaseException:
        ends.append(error)
        return error

    def call(*given: Any, **kwargs: Any) -> Any:
        args = list(given)
        try:
            write_frame(out, {"name": name, "args": encode(args), "kwargs": encode(kwargs)})
            reply = read_frame(source)
        except (EOFError, OSError):
            raise noted(Gone()) from None
        except NotPlain as error:
            raise noted(Unsupported(str(error))) from None
        if "not_plain" in reply:
            raise noted(Unsupported(str(reply["not_plain"])))
        if "error" in reply:
            raise error_of(str(reply["error"]))(str(reply.get("text", "")))
        try:
            copy_back(args, decode(reply["args"]))
            return decode(reply["result"])
        except (NotPlain, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise noted(Gone()) from None

    call.__name__ = name
    return call


def error_of(name: str) -> type[Exception]:
    """The builtin exception of this name; RuntimeError for any other."""
    kind = getattr(builtins, name, None)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError


def copy_back(args: list[Any], after: list[Any]) -> None:
    """What the program changed in place is changed here too."""
    for mine, theirs in zip(args, after, strict=False):
        if type(mine) is not type(theirs) or mine == theirs:
            continue
        if type(mine) is list:
            mine[:] = theirs
        elif type(mine) in (dict, set):
            mine.clear()
            mine.update(theirs)


def free_names(code: str) -> set[str]:
    """Names a piece of code reads and never sets."""
    read: set[str] = set()
    written: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else written).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            written.add(node.name)
        elif isinstance(node, ast.arg):
            written.add(node.arg)
        elif isinstance(node, ast.alias):
            written.add((node.asname or node.name).split(".")[0])
    return read - written - set(dir(builtins))


def outcome_of(payload: dict[str, Any], source: int, out: int) -> tuple[str, str]:
    """How the tests end, and why. Tests that fail by themselves say nothing of the program: they are `unsupported`."""
    names: dict[str, Any] = {"__name__": "tests"}
    ends: list[BaseException] = []
    try:
        tests = compile(payload["tests"], "tests", "exec")
        exec(compile(payload["setup"], "setup", "exec"), names)  # noqa: S102
        for name in [*payload["names"], *(free_names(payload["tests"]) - names.keys())]:
            names[name] = caller(name, source, out, ends)
    except BaseException as error:
        return "unsupported", f"the tests' own {type(error).__name__}"
    try:
        exec(tests, names)  # noqa: S102
    except ImportError as error:
        ends.append(Unsupported(str(error)))
    except BaseException as error:
        ends.append(error)
    if not ends:
        return "passed", ""
    return "unsupported" if isinstance(ends[0], Unsupported) else "failed", type(ends[0]).__name__


def main() -> None:
    """Serve one payload."""
    payload, (source, out, result) = take_over(int(sys.argv[1]))
    write_frame(result, HERE)
    try:
        here = read_frame(source) == HERE
    except EOFError:
        here = False
    if not here:
        write_frame(result, {"outcome": "no_jail"})
        os._exit(0)
    try:
        ready = read_frame(source)
    except EOFError:
        ready = {"error": "gone"}
    if "ready" not in ready:
        write_frame(result, {"outcome": "failed", "why": str(ready.get("error", ""))})
        os._exit(0)
    outcome, why = outcome_of(payload, source, out)
    write_frame(result, {"outcome": outcome, "why": why})
    os._exit(0)


if __name__ == "__main__":
    main()
