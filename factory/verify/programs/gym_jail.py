"""reasoning-gym's scorers that run what they are given (`eval`, sympy's `parse_expr`), in a jail that stays.

One jail a rule process, started at the first question and again where it is lost: sympy takes a second to load, a fork
of what has loaded it a few milliseconds. It sees reasoning-gym, sympy and numpy, and nothing else of ours. Does not
cover which answers a scorer is shown (`gym.py`) nor what happens inside (`inside/score_gym.py`).
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from factory.verify.programs import jail
from factory.verify.programs.frames import Over, await_start, read_frame
from factory.verify.programs.inside.plain import NotPlain, write_frame

PACKAGES: Final = ("reasoning_gym", "sympy", "mpmath", "numpy")
LOADING: Final = 5.0
"""Seconds a jail may take to load sympy, beside those of a scorer: together below the house's deadline for a rule."""


class Server:
    """A jail with scorers in it. Any failure ends it; the next question starts another."""

    def __init__(self, seconds: float) -> None:
        self._open = contextlib.ExitStack()
        try:
            asked, self._asks = os.pipe()
            self._open.callback(os.close, self._asks)
            self._replies, replied = os.pipe()
            self._open.callback(os.close, self._replies)
            with os.fdopen(asked, "rb"), os.fdopen(replied, "wb"):
                payload = {"folders": {name: str(path) for name, path in folders().items()}, "seconds": seconds}
                streams = {"stdin": asked, "stdout": replied, "stderr": subprocess.DEVNULL}
                reads = [path for path in folders().values() if not jail.is_unsafe()]
                self._jail = self._open.enter_context(jail.start("score_gym", payload, reads=reads, **streams))
            await_start(self._replies, time.monotonic() + LOADING)
        except BaseException:
            self.close()
            raise

    def ask(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """Put one question. Raises what says that the jail is lost."""
        write_frame(self._asks, request)
        return read_frame(self._replies, time.monotonic() + seconds)

    def close(self) -> None:
        """Kill the jail."""
        self._open.close()


_server: Server | None = None
_lock: Final = threading.Lock()


def scores(module: str, question: Mapping[str, Any], seconds: float) -> list[float | None]:
    """What the family in a module of reasoning-gym gives each text: question {"family", "config", "entry", "texts"}.

    Raises NoJail where there is none, or none that has these packages, TimeoutError, ValueError where the scorer can't
    be had for this entry.
    """
    global _server
    if jail.why_not() and not jail.is_unsafe():
        raise jail.NoJail(jail.why_not())
    texts = question["texts"]
    with _lock:
        try:
            reply = _ask(f"reasoning_gym.{module}", question, seconds)
        except BaseException:
            close()
            raise
    if "timeout" in reply:
        raise TimeoutError
    found = reply.get("scores")
    if not isinstance(found, list) or len(found) != len(texts):
        raise ValueError(str(reply.get("error")))
    return [float(one) if isinstance(one, int | float) else None for one in found]


def _ask(module: str, question: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
    """Ask the jail there is, else a new one: that which stands may have been killed meanwhile."""
    global _server
    for attempt in (0, 1):
        try:
            _server = _server or Server(seconds)
            if "failed" in (said := _server.ask({"module": module}, LOADING)):
                raise jail.NoJail(f"the jail's Python can't load {module}: {said.get('text')}")
            return _server.ask({"module": module, **question}, seconds + 1)
        except (Over, OSError) as error:
            if isinstance(error, TimeoutError) or attempt:
                raise
            close()
        except NotPlain as error:
            raise ValueError(str(error)) from error
    raise AssertionError


def close() -> None:
    """End the jail, if there is one."""
    global _server
    if _server is not None:
        _server.close()
    _server = None


atexit.register(close)


@lru_cache(maxsize=1)
def folders() -> Mapping[str, Path]:
    """Where the packages are. Raises ImportError where one isn't installed, NoJail where a jail may not read it."""
    found = {}
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise ImportError(name)
        found[name] = Path(spec.submodule_search_locations[0]).resolve()
    libraries = found["numpy"].with_name("numpy.libs")
    found |= {"numpy.libs": libraries} if libraries.is_dir() else {}
    if not jail.is_unsafe() and not all(map(jail.is_readable, found.values())):
        found = _linked(found)  # root's own virtual environment, as under /root
    for path in found.values():
        if not jail.is_unsafe() and not jail.is_readable(path):
            raise jail.NoJail(f"user 65534 may not read {path}")
    return found


def _linked(found: Mapping[str, Path]) -> dict[str, Path]:
    """The packages once more, where everybody may read them: laid there once for all processes and runs, as links where
    that goes. Raises NoJail.
    """
    inits = [(str(found[name]), (found[name] / "__init__.py").stat()) for name in PACKAGES if name in found]
    known = repr([(path, init.st_ino, init.st_mtime_ns) for path, init in inits])
    there = Path(tempfile.gettempdir()) / f"factory-gym-{hashlib.blake2b(known.encode(), digest_size=8).hexdigest()}"
    if not jail.is_readable(there):
        raise jail.NoJail(f"user 65534 may read neither {found['reasoning_gym']} nor {there.parent}")
    try:
        if not there.exists():
            _lay(found, there)
        state = there.lstat()
    except OSError as error:
        raise jail.NoJail(f"{there}: {error}") from error
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o022:
        raise jail.NoJail(f"{there} is somebody else's, or others may write there")
    return {name: there / name for name in found}


def _lay(found: Mapping[str, Path], there: Path) -> None:
    """All of it or nothing; another process may be first."""
    made = Path(tempfile.mkdtemp(prefix=".factory-gym-", dir=there.parent))
    try:
        made.chmod(0o755)
        for name, path in found.items():
            shutil.copytree(path, made / name, copy_function=_link)
        made.rename(there)
    except OSError:
        if not there.is_dir():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
