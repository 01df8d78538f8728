"""The ledger's tables, its connections, and how records become rows and come back.

Does not cover who writes (`writer.py`) and who reads (`reader.py`).
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from factory.errors import FactoryError, Refused
from factory.ledger.disks import unfit
from factory.records import Prompt, Sample, sample_id, split_thinking
from factory.said import Said
from factory.said import pack as packed
from factory.said import unpack as unpacked

VERSION = 4
TABLES = """
CREATE TABLE prompts (
    position INTEGER PRIMARY KEY,          -- order of first listing, over all commands of the run
    id TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL,                    -- Prompt as msgpack, zstd
    -- how many of its samples count, why, and how many of those are kept, once that is known
    settled_at INTEGER, settled_why TEXT, settled_kept INTEGER
);
CREATE TABLE samples (
    prompt INTEGER NOT NULL,               -- prompts.position
    sample_index INTEGER NOT NULL,
    seed INTEGER, finish_reason TEXT NOT NULL, stop_reason TEXT,
    prompt_tokens INTEGER, completion_tokens INTEGER, reasoning_tokens INTEGER,
    engine TEXT NOT NULL, started REAL, ended REAL,
    body BLOB NOT NULL,                    -- [text, reasoning, answer] or [text] as msgpack, zstd
    PRIMARY KEY (prompt, sample_index)     -- an index of its own: resuming never reads a body
);
CREATE TABLE attempts (                    -- draws that never became a trial: their tokens are waste
    prompt INTEGER NOT NULL, sample_index INTEGER NOT NULL, why TEXT NOT NULL,
    started REAL NOT NULL, ended REAL NOT NULL
);
CREATE TABLE verdicts (                    -- what a recipe said of a sample (recipe "": it came with the sample)
    prompt INTEGER NOT NULL, sample_index INTEGER NOT NULL, recipe TEXT NOT NULL,
    keep INTEGER NOT NULL,                 -- whether every applicable rule keeps it
    passed INTEGER,                        -- what `correct` said, NULL where it couldn't tell or wasn't asked
    why TEXT,                              -- the first verdict against it, "rule: reason", NULL where it is kept
    digest BLOB,                           -- of a kept sample's text: equal ones are duplicates
    -- all of it, for filter, and the columns above let resuming and counting read no body
    body BLOB NOT NULL,                    -- [[rule, keep, reason, score, spans], ...] as msgpack, zstd
    PRIMARY KEY (prompt, sample_index, recipe)
) WITHOUT ROWID;
CREATE TABLE constants (                   -- `terms` (what giving up hangs on, never fitted again), `forecast`
    name TEXT PRIMARY KEY, body TEXT NOT NULL  -- JSON
) WITHOUT ROWID;
CREATE TABLE commands (                    -- when the engine was at work, a row a command
    began REAL PRIMARY KEY, ended REAL NOT NULL, load_seconds REAL NOT NULL
);
"""
"""`attempts.why`: `lost` (the engine failed), `drained` (stopped on request), `surplus` (the prompt had enough)."""

SAMPLE_COLUMNS = (
    "sample_index, seed, finish_reason, stop_reason, prompt_tokens, completion_tokens, reasoning_tokens,"
    " engine, started, ended, body"
)
SHORT = 512
"""Bytes below which a body isn't compressed."""
POSITION = "(SELECT position FROM prompts WHERE id = ?)"


def connect(path: Path, *, durable: bool) -> sqlite3.Connection:
    """A connection for writing; `durable` commits wait for the disk."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    mode = "DELETE" if unfit(path) else "WAL"
    (found,) = connection.execute(f"PRAGMA journal_mode={mode}").fetchone()
    if found != mode.lower():
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    return connection


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Create the tables in a new file. Raises Refused for a ledger of another version."""
    connection.execute("BEGIN IMMEDIATE")
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables:
        connection.execute("COMMIT")
        check_version(connection, path)
        return
    for statement in TABLES.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Raises Refused for a ledger that this code can't read."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise Refused(f"{path}: a ledger of version {version}, this factory reads {VERSION}; use the one that wrote it")


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors as FactoryError, with the file named."""
    try:
        yield
    except sqlite3.Error as error:
        raise FactoryError(f"{path}: {error}") from error


def prompt_row(prompt: Prompt) -> list[Any]:
    """What `pack` takes of a prompt."""
    head = [prompt.id, list(prompt.messages), prompt.source, prompt.source_id, prompt.task]
    return [*head, prompt.reference, prompt.reference_from, prompt.meta]


def prompt_of(body: bytes) -> Prompt:
    """The prompt of a packed row."""
    key, messages, source, source_id, task, reference, reference_from, meta = unpack(body)
    return Prompt(key, tuple(messages), source, source_id, task, reference, reference_from, meta)


def sample_of(prompt_id: str, row: tuple[Any, ...]) -> Sample:
    """The sample of a row of SAMPLE_COLUMNS."""
    index, seed, finish, stop, prompt_tokens, completion_tokens, reasoning_tokens, engine, started, ended, body = row
    text, *halves = unpack(body)
    reasoning, answer = halves or split_thinking(text)
    return Sample(
        id=sample_id(prompt_id, index),
        prompt_id=prompt_id,
        sample_index=index,
        text=text,
        reasoning=reasoning,
        answer=answer,
        finish_reason=finish,
        stop_reason=stop,
        seed=seed,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        reasoning_tokens=reasoning_tokens,
        engine=engine,
        started=started,
        ended=ended,
    )


def sample_body(sample: Sample) -> bytes:
    """The text, and its halves where they aren't what the text says: they came apart from somewhere else."""
    halves = (sample.reasoning, sample.answer)
    return pack((sample.text,) if halves == split_thinking(sample.text) else (sample.text, *halves))


def plain(text: str) -> str:
    """A text that a column takes: lone surrogates, which a server may send, are written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def pack(value: object) -> bytes:
    """msgpack, sealed."""
    return seal(packed(value))


def seal(data: bytes) -> bytes:
    """zstd; in front the length and a checksum, 4 bytes each.

    What is short stays as it is, with a length of 0: most verdicts, and zstd would take as long as all else.
    """
    body = data if len(data) < SHORT else pa.compress(data, codec="zstd", asbytes=True)
    size = 0 if body is data else len(data)
    return size.to_bytes(4, "little") + zlib.crc32(body, size).to_bytes(4, "little") + body


def opened(body: bytes) -> bytes:
    """What `seal` sealed. Raises sqlite3.DatabaseError for a body that was damaged: SQLite itself checks no bodies."""
    size, checksum, data = int.from_bytes(body[:4], "little"), body[4:8], body[8:]
    if zlib.crc32(data, size).to_bytes(4, "little") != checksum:
        raise sqlite3.DatabaseError("a row is damaged: its checksum doesn't fit")
    return pa.decompress(data, decompressed_size=size, codec="zstd", asbytes=True) if size else data


def unpack(body: bytes) -> Any:
    """What `pack` packed; as `opened` for what was damaged."""
    return unpacked(opened(body))


class Late:
    """A value of a row that is made when SQLite binds it, in the ledger's thread: the event loop has enough to do."""

    __slots__ = ("_given", "_make")

    def __init__(self, make: Callable[[Any], bytes], given: object) -> None:
        self._make = make
        self._given = given

    def __conform__(self, _: object) -> bytes:
        """PEP 246, as `sqlite3` asks it of what it doesn't know."""
        return self._make(self._given)


def verdict_row(said: Said) -> tuple[Any, ...]:
    """What a row of `verdicts` holds after its key."""
    why = None if said.why is None else plain(said.why)
    return said.keep, said.passed, why, said.digest, Late(seal, said.body)
