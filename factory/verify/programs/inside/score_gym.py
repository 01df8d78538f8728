"""Inside a jail: ask reasoning-gym's scorers that run what they are given, each time in a fork of its own.

The family's file is loaded once, without the rest of its package, which wants libraries that are not here. Does not
cover which answers are shown to a scorer: that is decided outside.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import types
from typing import Any, NoReturn

from factory.verify.programs.inside.plain import HERE, NotPlain, read_frame, take_over, write_frame

GYM = "reasoning_gym"
SHORT = 60_000
"""Bytes of a reply: it fits a pipe that nobody reads yet."""


def prepare(folders: dict[str, str]) -> None:
    """Make the packages in these folders importable, and reasoning-gym's without what their `__init__` imports."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads would each take some of the memory
    sys.path[:0] = {os.path.dirname(folder): None for folder in folders.values()}  # noqa: PTH120
    bare = ("", ".coaching", ".data", ".algebra", ".algorithmic", ".arithmetic", ".games")
    for name in bare:
        module = types.ModuleType(GYM + name)
        module.__path__ = [folders[GYM] + name.replace(".", "/")]
        sys.modules[GYM + name] = module
    coaching = sys.modules[f"{GYM}.coaching"]
    for part in ("attributes", "base_curriculum"):
        found = importlib.import_module(f"{GYM}.coaching.{part}")
        coaching.__dict__.update({key: value for key, value in vars(found).items() if not key.startswith("_")})


def child(request: Any, out: int) -> NoReturn:
    """Score the texts and say so; None for one at which the scorer raises."""
    os.setsid()
    try:
        factory = importlib.import_module(f"{GYM}.factory")
        scorer = factory.create_dataset(request["family"], size=1, **request["config"])
        scores = [score(scorer, text, request["entry"]) for text in request["texts"]]
        reply: Any = {"scores": scores}
    except BaseException as error:
        reply = {"error": type(error).__name__}
    os.write(out, json.dumps(reply).encode()[:SHORT])
    os._exit(0)


def score(scorer: Any, text: str, entry: Any) -> float | None:
    """The scorer's word on one text."""
    try:
        found = scorer.score_answer(text, entry=entry)
    except Exception:
        return None
    return float(found) if isinstance(found, (int, float)) else None


def ask(request: Any, seconds: float) -> Any:
    """What a fork says within its time; whatever it started ends with it."""
    heard, said = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(heard)
        child(request, said)
    os.close(said)
    ready, _, _ = select.select([heard], [], [], seconds)
    data = os.read(heard, SHORT) if ready else b'{"timeout": true}'
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(heard)
    try:
        return json.loads(data)
    except ValueError:
        return {"error": "crashed"}


def main() -> None:
    """Serve until the other side closes."""
    payload, (source, out, _) = take_over(int(sys.argv[1]))
    write_frame(out, HERE)
    while True:
        try:
            request = read_frame(source)
        except EOFError:
            os._exit(0)
        try:
            if GYM not in sys.modules:
                prepare(payload["folders"])
            importlib.import_module(request["module"])
            reply = ask(request, payload["seconds"]) if "texts" in request else {"ready": True}
        except Exception as error:  # also where there is no room for a fork
            reply = {"failed": type(error).__name__, "text": str(error)[:200]}
        try:
            write_frame(out, reply)
        except NotPlain:
            write_frame(out, {"error": "too large"})


if __name__ == "__main__":
    main()
