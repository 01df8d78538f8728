"""A listing is read and checked once: the next command on the same files takes it from the run's own ledger.

A million prompts take minutes to read, hash and check, and a quarter of that to copy. Covers what a listing hangs on,
where that is kept (the constant `listing`), and the copy. Does not cover listing itself (`listing.py`): where anything
differs, where the prompts come from a hub or a generator, or the run has listed others in between, all is read anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from factory import __version__, ledger
from factory.drawing import home
from factory.errors import FactoryError
from factory.plan import Plan
from factory.reading.rows import find_files
from factory.reading.templates import Template

NAME: Final = "listing"


def seal(plan: Plan, template: Template) -> str | None:
    """32 hex digits of all that the prompts of a command hang on, its files' bytes included; None where no file is."""
    files = [] if plan.prompts.startswith("gym:") else find_files(plan.prompts)
    if not files or not all(path.is_file() for path in files):
        return None
    options = [plan.prompts, dict(plan.columns), plan.task, plan.limit, plan.shard, plan.strict]
    near = [plan.near_duplicates, plan.seed if plan.near_duplicates is not None else None]
    said = json.dumps([__version__, options, near, template.source], sort_keys=True)
    total = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16)
    try:
        for path in files:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "blake2b").digest()
            total.update(str(path).encode("utf-8", "surrogateescape") + digest)
    except OSError:  # whoever reads it will say so
        return None
    return total.hexdigest()


def put(listed: ledger.Ledger, seal: str | None, count: int, said: Sequence[str]) -> None:
    """Note in a scratch ledger what its prompts hang on and what was said of them."""
    listed.put_constant(NAME, None if seal is None else {"seal": seal, "count": count, "said": list(said)})


def adopt(book: ledger.Ledger, listed: Path) -> None:
    """Add the listed prompts to the run's ledger, and the note about them if they stand first there, in their order."""
    with ledger.reading(listed) as connection:
        note = ledger.constant(connection, NAME)
    book.put_constant(NAME, note if book.adopt_prompts(listed) else None).result()


def again(plan: Plan, seal: str | None, listed: Path) -> tuple[int, list[str]] | None:
    """Copy the prompts that an earlier command listed under the same seal, if one did; their number and what was said.

    Whatever is wrong with the run's ledger is left to be found by who opens it.
    """
    with contextlib.suppress(FactoryError):
        for path in (home.place(plan.out, plan.ledger_dir), home.place(plan.out, None)):
            if seal is None or not path.is_file():
                continue
            with ledger.reading(path) as connection:
                note = ledger.constant(connection, NAME)
            if note is not None and note["seal"] == seal:
                with ledger.Ledger(listed, durable=False) as book:
                    book.adopt_prompts(path, note["count"])
                    put(book, seal, note["count"], note["said"])
                return note["count"], note["said"]
    return None
