"""The error family: one line for the user, an exit code for the script, never a traceback.

    FactoryError            1   anything the user can act on
    |-- BadInput            2   what was given can't be used: says what, where (file and row), what to do
    |-- Refused             3   what is on disk is not ours, or belongs to another configuration
    |-- EngineFailed        4   the engine died or could not be started; what was committed is safe
    `-- Drained            75   stopped on request with work left (EX_TEMPFAIL: requeue me)

Does not cover faults of a rule on one sample: those are data (`Verdict`, reasons `raised` and `timeout`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click


class FactoryError(click.ClickException):
    """Base of the family; `str(error)` is the one line the user reads."""

    exit_code = 1


class BadInput(FactoryError):
    """A file, row, option, recipe or template that can't be used."""

    exit_code = 2


class Refused(FactoryError):
    """Going on would mix or overwrite what must not be."""

    exit_code = 3


class EngineFailed(FactoryError):
    """The sampling engine can't go on."""

    exit_code = 4


class Drained(FactoryError):
    """Stopped on request; the same command goes on."""

    exit_code = 75


class Commands(click.Group):
    """Commands whose trouble with a file is one line too: a full disk, a place that may not be written."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises FactoryError for an OSError, but for a pipe that nobody reads, which click knows."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            what = error.strerror or f"{type(error).__name__}: {error}"
            raise FactoryError(f"{error.filename}: {what}" if error.filename else what) from error


def one_line(error: object) -> str:
    """What an exception that isn't ours says: one line, at most 300 characters, none that steers a terminal."""
    printable = "".join(c if c.isprintable() else " " for c in str(error))
    return " ".join(printable.split())[:300] or type(error).__name__


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x' or 'y'?)` for a misspelt word, the whole list when nothing is near."""
    import difflib

    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if near:
        return f" (did you mean {' or '.join(repr(n) for n in near)}?)"
    return f" (known: {', '.join(names)})" if names else ""
