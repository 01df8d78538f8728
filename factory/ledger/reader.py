"""Reading a ledger, also while a run writes it. Does not cover writing (`writer.py`)."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.errors import BadInput
from factory.ledger.tables import POSITION, SAMPLE_COLUMNS, check_version, explained, opened, prompt_of, sample_of
from factory.records import Prompt, Sample, Verdict
from factory.said import verdicts_of

LAST_INDEX = 2**31
DONE = "coalesce(drawn >= ?, kept IS NOT NULL)"
"""Of a surveyed prompt, given a number of samples or NULL."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a ledger holds: rows, and tokens of the samples that ended."""

    prompts: int
    samples: int
    completion_tokens: int


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection with one consistent view, also while a run writes. Raises BadInput."""
    if not path.is_file():
        raise BadInput(f"{path}: no ledger here")
    with explained(path):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            connection.execute("BEGIN")
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not tables:
                raise BadInput(f"{path}: holds nothing yet")
            check_version(connection, path)
            yield connection
        finally:
            connection.close()


def totals(connection: sqlite3.Connection) -> Totals:
    """Count what the ledger holds."""
    (prompts,) = connection.execute("SELECT count(*) FROM prompts").fetchone()
    samples, tokens = connection.execute("SELECT count(*), total(completion_tokens) FROM samples").fetchone()
    return Totals(prompts, samples, int(tokens))


def all_prompts(connection: sqlite3.Connection) -> Iterator[Prompt]:
    """Every prompt in the order of listing."""
    for (body,) in connection.execute("SELECT body FROM prompts ORDER BY position"):
        yield prompt_of(body)


def some_prompts(connection: sqlite3.Connection, ids: Iterable[str]) -> Iterator[Prompt]:
    """The prompts of these ids, in the order of the ids."""
    for key in ids:
        (body,) = connection.execute("SELECT body FROM prompts WHERE id = ?", (key,)).fetchone()
        yield prompt_of(body)


def lacking(listed: sqlite3.Connection, samples: int | None) -> Iterator[tuple[Prompt, int]]:
    """Of a surveyed ledger (`Ledger.survey`) the prompts that lack draws, in order, and how many samples each has.

    Those with fewer than `samples`; where that is None, those that aren't settled.
    """
    query = f"SELECT body, drawn FROM survey JOIN prompts USING (position) WHERE NOT {DONE} ORDER BY position"  # noqa: S608
    for body, drawn in listed.execute(query, (samples,)):
        yield prompt_of(body), drawn


def done(listed: sqlite3.Connection, samples: int | None, but: Iterable[str] = ()) -> tuple[int, int]:
    """How many prompts of a surveyed ledger lack nothing, those with the ids `but` left out, and their kept samples."""
    query = f"SELECT count(*), total(kept) FROM survey JOIN prompts USING (position) WHERE {DONE}"  # noqa: S608
    count, kept = listed.execute(query, (samples,)).fetchone()
    for key in but:
        less, fewer = listed.execute(f"{query} AND id = ?", (samples, key)).fetchone()
        count, kept = count - less, kept - fewer
    return count, int(kept)


def prompts_with_samples(connection: sqlite3.Connection) -> Iterator[tuple[Prompt, list[Sample]]]:
    """Every prompt that has samples, in id order, with its samples in index order; a prompt at a time in memory.

    Of a settled prompt only the samples that count: what came after is surplus.
    """
    return _with_samples(connection, "SELECT position, settled_at, body FROM prompts ORDER BY id", ())


def hopeless(connection: sqlite3.Connection, recipe: str, decided: int) -> Iterator[tuple[Prompt, list[Sample]]]:
    """The same of the prompts that have at least so many samples `correct` decided, and none that passed."""
    which = (
        "SELECT v.prompt FROM verdicts v JOIN prompts p ON p.position = v.prompt"
        " WHERE v.recipe = ? AND (p.settled_at IS NULL OR v.sample_index < p.settled_at)"
        " GROUP BY v.prompt HAVING count(v.passed) >= ? AND total(v.passed) = 0"
    )
    prompts = f"SELECT position, settled_at, body FROM prompts WHERE position IN ({which}) ORDER BY id"  # noqa: S608
    return _with_samples(connection, prompts, (recipe, decided))


def _with_samples(
    connection: sqlite3.Connection, prompts: str, values: tuple[Any, ...]
) -> Iterator[tuple[Prompt, list[Sample]]]:
    query = f"SELECT {SAMPLE_COLUMNS} FROM samples WHERE prompt = ? AND sample_index < ? ORDER BY sample_index"  # noqa: S608
    for position, at, body in connection.execute(prompts, values):
        prompt = prompt_of(body)
        rows = connection.execute(query, (position, LAST_INDEX if at is None else at))
        if samples := [sample_of(prompt.id, row) for row in rows]:
            yield prompt, samples


def count_surplus(connection: sqlite3.Connection) -> int:
    """Samples that ended although their prompt had enough."""
    query = "SELECT count(*) FROM samples JOIN prompts ON prompt = position WHERE sample_index >= settled_at"
    (count,) = connection.execute(query).fetchone()
    return int(count)


def verdicts_by_index(connection: sqlite3.Connection, prompt_id: str, recipe: str) -> dict[int, list[Verdict]]:
    """What a recipe (its digest; "" for what came with imported samples) said of a prompt's samples."""
    query = f"SELECT sample_index, body FROM verdicts WHERE prompt = {POSITION} AND recipe = ?"  # noqa: S608
    return {index: verdicts_of(opened(body)) for index, body in connection.execute(query, (prompt_id, recipe))}


def judged_by_index(connection: sqlite3.Connection, prompt_id: str, recipe: str) -> dict[int, tuple[bool, Any]]:
    """Whether a recipe keeps each of a prompt's judged samples, and the digest of its text; no body is read."""
    query = f"SELECT sample_index, keep, digest FROM verdicts WHERE prompt = {POSITION} AND recipe = ?"  # noqa: S608
    return {index: (bool(keep), digest) for index, keep, digest in connection.execute(query, (prompt_id, recipe))}


def constant(connection: sqlite3.Connection, name: str) -> Any:
    """A constant of the run, None before it was written."""
    row = connection.execute("SELECT body FROM constants WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row[0])


def tokens_by_index(connection: sqlite3.Connection, prompt_id: str) -> dict[int, int]:
    """The completion tokens of a prompt's samples; no text is read."""
    query = f"SELECT sample_index, completion_tokens FROM samples WHERE prompt = {POSITION}"  # noqa: S608
    return {index: tokens or 0 for index, tokens in connection.execute(query, (prompt_id,))}


def one_sample(connection: sqlite3.Connection, prompt_id: str, index: int) -> Sample:
    """A sample that is there."""
    query = f"SELECT {SAMPLE_COLUMNS} FROM samples WHERE prompt = {POSITION} AND sample_index = ?"  # noqa: S608
    return sample_of(prompt_id, connection.execute(query, (prompt_id, index)).fetchone())
