"""Samples to judge: a run's as they stand in its ledger, or anybody's files, laid into a new one: one way through.

Does not cover reading the files (`reading/`) nor judging (`filter.py`).
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory import ledger, runs, terminal
from factory.said import said
from factory.terminal import Say


@dataclass(frozen=True, slots=True)
class Origin:
    """A ledger of samples, a run's or none's, and what the manifest says of it."""

    path: Path
    described: Mapping[str, Any]
    run: Path | None = None
    partial: bool = False


@contextlib.contextmanager
def opened(source: str, columns: Mapping[str, str], say: Say) -> Iterator[Origin]:
    """A run's ledger as it stands, or a new one with anybody's samples, for a while. Raises BadInput."""
    run = Path(source)
    if not runs.is_run(run):
        with tempfile.TemporaryDirectory() as scratch:
            yield Origin(_import(source, columns, Path(scratch) / runs.LEDGER, say), {"source": source})
        return
    described, partial = runs.read_run(run), runs.is_going(run)
    if partial:
        say(f"{run} is still being drawn: judged as it stands")
    yield Origin(run / runs.LEDGER, described, run, partial)


def _import(source: str, columns: Mapping[str, str], path: Path, say: Say) -> Path:
    """Lay anybody's samples into a ledger and say how the files were read."""
    from factory.reading.prompts import Reading
    from factory.reading.samples import read_samples

    reading, last = Reading(), ""
    with ledger.Ledger(path, durable=False) as book, terminal.bar("reading", "samples", None) as bar:
        for prompt, sample, verdicts in read_samples(source, columns=columns, reading=reading):
            if prompt.id != last:
                book.put_prompts([prompt])
            last = prompt.id
            book.put(sample)
            if verdicts:
                book.put_verdicts(sample, "", said(verdicts))
            bar.update()
        book.flush()  # raises where the disk was full
    say(reading.describe())
    return path
