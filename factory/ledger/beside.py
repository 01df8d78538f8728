"""Two ledgers in one connection: a command's listed prompts (`other`) and what the run has of them (`main`).

Does not cover who lists (`drawing/listing.py`) nor what is made of a survey (`reader.py`).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

LAST = 2**62
"""A position beyond all."""
PLACE = (
    "coalesce("
    "(SELECT position FROM main.prompts AS mine WHERE mine.position = theirs.position AND mine.id = theirs.id),"
    " (SELECT position FROM main.prompts AS mine WHERE mine.id = theirs.id))"
)
"""The position here of another ledger's prompt. The same, where a command lists what the first one did: reading the
table in order takes a tenth of looking up a million ids."""


@contextlib.contextmanager
def attached(connection: sqlite3.Connection, other: Path) -> Iterator[None]:
    """The other ledger as `other`; what goes wrong leaves it attached, for the command ends then."""
    connection.execute("ATTACH ? AS other", (str(other),))
    yield
    connection.execute("DETACH other")


def adopt(connection: sqlite3.Connection, first: int) -> bool:
    """Add the other's first so many prompts that are new; returns whether they stand at the same places in both."""
    if holds_in_place(connection, first):
        return True
    connection.execute(
        "INSERT INTO main.prompts (id, body) SELECT id, body FROM other.prompts AS theirs"  # noqa: S608
        f" WHERE position <= ? AND {PLACE} IS NULL ORDER BY position",
        (first,),
    )
    return holds_in_place(connection, first)


def holds_in_place(connection: sqlite3.Connection, first: int) -> bool:
    """Whether the other's first so many prompts stand where they stand there: one look through both tables."""
    elsewhere = "main.prompts AS mine USING (position) WHERE theirs.position <= ? AND mine.id IS NOT theirs.id"
    query = f"SELECT NOT EXISTS (SELECT 1 FROM other.prompts AS theirs LEFT JOIN {elsewhere})"  # noqa: S608
    (same,) = connection.execute(query, (first,)).fetchone()
    return bool(same)


def survey(connection: sqlite3.Connection, samples: int) -> int:
    """Note beside each of the other's prompts how many samples below an index it has, and its kept ones if settled.

    Returns how many samples that makes.
    """
    connection.execute("DROP TABLE IF EXISTS other.survey")
    connection.execute("CREATE TABLE other.survey (position INTEGER PRIMARY KEY, drawn INTEGER, kept INTEGER)")
    drawn = "SELECT count(*) FROM main.samples WHERE prompt = place AND sample_index < ?"
    kept = "SELECT settled_kept FROM main.prompts AS mine WHERE mine.position = place"
    connection.execute(
        # not by the index: that would go through both tables in the order of ids, a page for every prompt
        f"WITH placed AS MATERIALIZED ("  # noqa: S608
        f"SELECT position, {PLACE} AS place FROM other.prompts AS theirs NOT INDEXED)"
        f" INSERT INTO other.survey SELECT position, ({drawn}), ({kept}) FROM placed",
        (samples,),
    )
    (count,) = connection.execute("SELECT total(drawn) FROM other.survey").fetchone()
    return int(count)
