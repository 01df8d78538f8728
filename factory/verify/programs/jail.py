"""Run hostile Python in bubblewrap: no network, no files but Python's own, no way out, and a deadline.

Covers starting, feeding and killing jails. Does not cover what runs inside (`inside/`), what it says (`frames.py`) nor
what that means (`code.py`).
Bubblewrap 0.8 is Debian's package `bubblewrap`; the options are explained in bwrap(1).

Each jail has its own user, process, network, IPC and mount namespaces, a root that can't be written, a /tmp of 32 MB,
limits set inside it (a limit on processes set before would count the whole machine's), and an empty environment. As
root it starts as user 65534, so nothing inside is root in any namespace that matters.

Where no jail can be had, nothing runs, unless somebody asked for it by name (`--unsafe-exec`): then programs run as
they are, in an empty folder with limits on memory and time, and may
read, write and connect as this user may (started by root: as user 65534 may).
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

NOBODY: Final = 65534
MEMORY: Final = 1 << 30
PROCESSES: Final = 32
TMP_BYTES: Final = 32 << 20
UNSAFE: Final = "FACTORY_UNSAFE_EXEC"
"""The environment's name for the wish to run programs without a jail; only the command line sets it."""
_INSIDE: Final = Path(__file__).parent / "inside"
_START: Final = """
import sys, types
parts = "factory.verify.programs.inside.plain".split(".")
for end in range(1, len(parts) + 1):
    plain = sys.modules[".".join(parts[:end])] = types.ModuleType(parts[end - 1])
exec({plain!r}, plain.__dict__)
exec({script!r}, {{"__name__": "__main__"}})
"""


class NoJail(Exception):
    """Programs can't be run safely here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Jail:
    """A running jail: the bwrap process and the end of its pipe that is ours, -1 without a jail."""

    process: subprocess.Popen[bytes]
    info: int


@lru_cache(maxsize=1)
def why_not() -> str:
    """Why programs can't be jailed here, "" if they can: no bwrap, no user namespaces, no Python to bind."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (Debian: apt-get install bubblewrap)"
    if not _python():
        return "no Python that user 65534 may read; install Debian's python3"
    try:
        done = subprocess.run(
            [*_command(), "-c", "print(1)"], capture_output=True, env={}, timeout=5, check=False, **_user()
        )
    except subprocess.TimeoutExpired:
        return ""  # a busy machine; a jail that never starts runs nothing, and is said then
    except (OSError, subprocess.SubprocessError) as error:
        return f"bwrap doesn't start: {error}"
    return "" if done.stdout == b"1\n" else f"bwrap doesn't start: {done.stderr.decode(errors='replace').strip()[:200]}"


def is_unsafe() -> bool:
    """Whether programs run without a jail: there is none, and somebody asked for that."""
    return bool(os.environ.get(UNSAFE)) and bool(why_not())


def check() -> None:
    """Raise NoJail unless programs can be jailed here."""
    if reason := why_not():
        raise NoJail(reason)


@lru_cache(maxsize=1)
def _python() -> str:
    """An interpreter that may be bound: this one's base, else Debian's."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (base, Path("/usr/bin/python3")):
        if path.exists() and is_readable(path):
            return str(path)
    return ""


def is_readable(path: Path) -> bool:
    """Whether a jail may read what lies there: as root it starts as user 65534."""
    return os.geteuid() != 0 or all(p.stat().st_mode & 0o005 for p in path.resolve().parents)


def _user() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


@lru_cache(maxsize=1)
def _command() -> tuple[str, ...]:
    prefix = str(Path(_python()).resolve().parent.parent)
    binds = ["--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib64", "bin"):
        top = Path("/") / name
        if top.is_symlink():
            binds += ["--symlink", str(top.readlink()), str(top)]
        elif top.exists():
            binds += ["--ro-bind", str(top), str(top)]
    if not prefix.startswith("/usr"):
        binds += ["--ro-bind", prefix, prefix]
    devices = [word for name in ("/dev/null", "/dev/urandom") for word in ("--dev-bind", name, name)]
    return (
        "bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session",
        "--cap-drop", "ALL", "--hostname", "jail", *binds, "--dir", "/dev", *devices,
        "--size", str(TMP_BYTES), "--tmpfs", "/tmp", "--chdir", "/tmp", "--remount-ro", "/",  # noqa: S108
        "--", _python(), "-I", "-S", "-B",
    )  # fmt: skip


@lru_cache(maxsize=8)
def _script(name: str) -> str:
    plain = (_INSIDE / "plain.py").read_text(encoding="utf-8")
    return _START.format(plain=plain, script=(_INSIDE / f"{name}.py").read_text(encoding="utf-8"))


@contextmanager
def start(
    script: str, payload: Mapping[str, Any], *, stdin: int, stdout: int, stderr: int, reads: Sequence[Path] = ()
) -> Iterator[Jail]:
    """A jail that runs one of `inside/` on a payload; killed with all it started when the block ends.

    `reads` are folders it may read beside Python's own, at their places.
    """
    unsafe = is_unsafe()
    # without a jail of its own the limit on processes would count all of this user's
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1] if unsafe else PROCESSES
    given = os.memfd_create("payload", 0)
    try:
        _write_all(given, json.dumps({"memory": MEMORY, "processes": most, **payload}).encode())
        tail, streams = ["-c", _script(script), str(given)], {"stdin": stdin, "stdout": stdout, "stderr": stderr}
        if unsafe:
            with tempfile.TemporaryDirectory() as folder:
                Path(folder).chmod(0o777)
                with _running(_bare(tail, given, folder, streams)) as jail:
                    yield jail
        else:
            with _running(_jailed(tail, given, streams, reads)) as jail:
                yield jail
    finally:
        os.close(given)


def _jailed(tail: list[str], given: int, streams: Mapping[str, Any], reads: Sequence[Path]) -> Jail:
    info, info_write = os.pipe()
    command = list(_command())
    after_tmp = command.index("--chdir")  # some of them may lie in /tmp
    command[after_tmp:after_tmp] = [word for path in reads for word in ("--ro-bind", str(path), str(path))]
    command[1:1] = ["--info-fd", str(info_write)]
    try:
        process = subprocess.Popen([*command, *tail], env={}, pass_fds=(given, info_write), **streams, **_user())
    except BaseException:
        os.close(info)
        raise
    finally:
        os.close(info_write)
    return Jail(process, info)


def _bare(tail: list[str], given: int, folder: str, streams: Mapping[str, Any]) -> Jail:
    """A session of its own, so that what it starts can be killed with it."""
    command = [_python() or sys.executable, "-I", "-S", "-B", *tail]
    user = _user() if _python() else {}
    started = subprocess.Popen(
        command, env={}, cwd=folder, pass_fds=(given,), start_new_session=True, **streams, **user
    )
    return Jail(started, -1)


@contextmanager
def _running(jail: Jail) -> Iterator[Jail]:
    try:
        yield jail
    finally:
        _kill(jail)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _kill(jail: Jail) -> None:
    """Kill bwrap and its child: once in 2,000 jails the child outlived bwrap alone."""
    if jail.info < 0:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(jail.process.pid, signal.SIGKILL)
        jail.process.wait()
        return
    if jail.process.poll() is None:
        os.set_blocking(jail.info, False)
        with contextlib.suppress(OSError, ValueError, KeyError):
            os.kill(json.loads(os.read(jail.info, 4096))["child-pid"], signal.SIGKILL)
        jail.process.kill()
    os.close(jail.info)
    jail.process.wait()
