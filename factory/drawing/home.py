"""Where a run's ledger lives: in the run folder, or on a local disk (`--ledger-dir`) with snapshots in the run folder.

    DIR/NAME-HASH/ledger.sqlite      the ledger, where the command draws; a lock beside it
    outputs/run/ledger.sqlite        its newest snapshot: what filter, show, merge and status read

Covers which copy a command goes on from. Copies of one run may lie on several nodes, older and newer ones, so each
tells in the constant `home` which commands wrote it (`lives`: a token and the samples that were there before). A copy
that holds something the chosen one lacks is never overwritten. Does not cover how a copy is made
(`ledger/snapshots.py`) nor the run folder (`runs.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factory import ledger, runs
from factory.errors import BadInput, Refused
from factory.ledger import disks, snapshots
from factory.ledger.tables import explained
from factory.terminal import Say

NAME = "home"


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy of a ledger says of itself."""

    path: Path
    samples: int
    run: str | None = None
    lives: tuple[tuple[str, int], ...] = ()
    at: str | None = None
    """Where the ledger was that it is a snapshot of; None where it is the ledger itself."""

    def has_all_of(self, other: Copy) -> bool:
        """Whether nothing is in the other copy that isn't in this one."""
        if self.run != other.run or self.lives[: len(other.lives)] != other.lives:
            return False
        later = self.lives[len(other.lives) :]
        return other.samples <= (later[0][1] if later else self.samples)


def place(run: Path, folder: Path | None) -> Path:
    """Where a command keeps the ledger of a run. Raises BadInput for a ledger folder inside the run's."""
    if folder is None:
        return run / runs.LEDGER
    if folder.resolve().is_relative_to(run.resolve()):
        raise BadInput(f"--ledger-dir {folder}: lies in the run folder; give one on a local disk")
    # two runs of one name share a folder, and so may a run that was deleted and begun again
    named = hashlib.blake2b(f"{runs.run_id(run)} {run.resolve()}".encode("utf-8", "surrogateescape"), digest_size=6)
    return folder / f"{run.name}-{named.hexdigest()}" / runs.LEDGER


@contextlib.contextmanager
def kept(run: Path, path: Path, say: Say) -> Iterator[ledger.Ledger]:
    """The run's ledger at `path`, opened for writing on the newest of its copies, with snapshots where it lives apart.

    The caller holds the run's lock. Raises Refused and FactoryError.
    """
    with contextlib.ExitStack() as stack:
        apart = path != run / runs.LEDGER
        if apart:
            _make(path.parent)
            stack.enter_context(runs.lock(path.parent))
        _settle_on(run, path, say)
        _say_where(run, path, apart, say)
        with ledger.Ledger(path) as book:
            _mark(book, run, path if apart else None)
        if apart:  # entered before the ledger is, left after it: the last snapshot has all that was committed
            stack.enter_context(snapshots.Snapshots(path, run / runs.LEDGER, say))
        book = stack.enter_context(ledger.Ledger(path, tell=say))
        with explained(path):
            yield book
        book.flush()


def _make(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BadInput(f"--ledger-dir {folder.parent}: can't be used: {error.strerror}") from error
    if folder.is_symlink():
        raise Refused(f"{folder}: is a symbolic link; outputs are never written through links")


def _settle_on(run: Path, path: Path, say: Say) -> None:
    """Put the newest copy of the run's ledger at `path`, and make way in the run folder for snapshots."""
    here, snapshot = look(path), look(run / runs.LEDGER)
    if snapshot is None:
        return
    newest, gone = snapshot, snapshot.at is not None and not Path(snapshot.at).is_file()
    # where the last command kept it, if that was on this machine: a command without --ledger-dir comes past it too
    for other in (here, look(Path(snapshot.at)) if snapshot.at else None):
        if other is not None and other.has_all_of(newest):
            newest = other
    if newest.path != path:
        if here is not None and not newest.has_all_of(here):
            _set_aside(here, newest, say)
        _bring(newest, path, say)
    if path != snapshot.path:
        snapshots.fold(snapshot.path)
    if gone and newest is snapshot:
        say(
            f"note: {snapshot.at} is not here: going on from its snapshot in {run}, {snapshot.samples:,} samples; "
            f"later ones, if there were any, are drawn again"
        )


def look(path: Path) -> Copy | None:
    """What a copy says of itself; None where there is none yet. Raises FactoryError for a damaged one."""
    if not path.is_file() or not path.stat().st_size:
        return None
    with ledger.reading(path) as connection:
        samples, said = ledger.totals(connection).samples, ledger.constant(connection, NAME) or {}
    lives = tuple((token, before) for token, before in said.get("lives", ()))
    return Copy(path, samples, said.get("run"), lives, said.get("at"))


def _bring(newest: Copy, path: Path, say: Say) -> None:
    if path.is_file():
        snapshots.fold(path)
    with snapshots.opened(newest.path) as source:
        snapshots.copy(source, path)
    if newest.samples:
        say(f"going on from {newest.path}: {newest.samples:,} samples")


def _set_aside(old: Copy, newest: Copy, say: Say) -> None:
    """Both have what the other lacks: the run went on elsewhere. What the run folder says is the run."""
    snapshots.fold(old.path)
    number = 1
    while (aside := old.path.with_name(f"aside-{number}.sqlite")).exists():
        number += 1
    old.path.rename(aside)
    say(f"note: {old.path} has samples that {newest.path} lacks, and lacks others: set aside as {aside}")


def _say_where(run: Path, path: Path, apart: bool, say: Say) -> None:
    kind = disks.unfit(path)
    if kind:
        advice = "a local disk would be" if apart else "--ledger-dir LOCAL_DISK is"
        say(f"note: {path.parent} is on {kind}, not fit for SQLite's write-ahead log: without one; {advice} faster")
    if apart:
        lost = f"{snapshots.INTERVAL:.0f} s"
        say(f"ledger in {path.parent}, a snapshot in {run} every {lost}: with that disk the last {lost} would be lost")


def _mark(book: ledger.Ledger, run: Path, at: Path | None) -> None:
    """Write down that a command more goes on from here."""
    said = ledger.constant(book.reader, NAME) or {}
    before = ledger.totals(book.reader).samples
    lives = [*said.get("lives", ()), [secrets.token_hex(4), before]]
    book.put_constant(NAME, {"run": runs.run_id(run), "lives": lives, "at": str(at.resolve()) if at else None}).result()
