"""Inside the program's jail: run it once for each input in a fresh fork, and hand its output out.

Nothing is compared here.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
from pathlib import Path
from types import CodeType
from typing import Any, NoReturn

from factory.verify.programs.inside.plain import HERE, OUTPUT, as_at_home, take_over, write_frame

GIVEN, SAID = Path("/tmp/in"), Path("/tmp/out")  # noqa: S108 - the jail's own


def child(code: CodeType) -> NoReturn:
    """Be the program: input from a file, output to a file of limited size."""
    os.setsid()
    os.dup2(os.open(GIVEN, os.O_RDONLY), 0)
    os.dup2(os.open(SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="replace", closefd=False)
    sys.stdout = first = os.fdopen(1, "w", encoding="utf-8", errors="replace", closefd=False)
    as_at_home()
    status = 0
    try:
        exec(code, {"__name__": "__main__"})  # noqa: S102 - what the jail is for
    except SystemExit as error:
        status = 0 if not error.code else 1
    except BaseException:
        status = 1
    try:
        leave()
        for stream in (sys.stdout, first):
            stream.flush()
    except BaseException:
        status = 1
    os._exit(status)


def leave() -> None:
    """What Python does at the end of a program: wait for its threads, call what it left to be called."""
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    if "atexit" in sys.modules:
        sys.modules["atexit"]._run_exitfuncs()


def run(code: CodeType, text: str, seconds: float) -> Any:
    """One input: its output and how it ended (`ended`, `failed`, `timeout`)."""
    GIVEN.write_text(text, encoding="utf-8", errors="replace")
    SAID.write_text("")
    alive, held = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(alive)
        child(code)
    os.close(held)
    ready, _, _ = select.select([alive], [], [], seconds)
    how = "ended" if ready else "timeout"
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(alive)
    if how == "ended" and status:
        how = "failed"
    with SAID.open(encoding="utf-8", errors="replace") as file:
        return {"how": how, "output": file.read(OUTPUT)}


def main() -> None:
    """Serve one payload."""
    payload, (_, out, _) = take_over(int(sys.argv[1]))
    write_frame(out, HERE)
    try:
        code = compile(payload["program"], "program", "exec")
    except BaseException as error:
        write_frame(out, {"how": "failed", "output": type(error).__name__})
        os._exit(0)
    for text in payload["inputs"]:
        reply = run(code, text, payload["seconds"])
        write_frame(out, reply)
        if reply["how"] != "ended":
            break
    os._exit(0)


if __name__ == "__main__":
    main()
