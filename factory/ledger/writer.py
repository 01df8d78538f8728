"""The one writer of a ledger: a thread that commits in groups.

Does not cover reading (`reader.py`) nor which samples to draw (`drawing/`).
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from factory.errors import FactoryError
from factory.ledger import beside, patience
from factory.ledger.groups import Group, Waiting
from factory.ledger.tables import (
    POSITION,
    SAMPLE_COLUMNS,
    Late,
    connect,
    explained,
    pack,
    plain,
    prepare,
    prompt_row,
    sample_body,
    verdict_row,
)
from factory.records import Prompt, Sample
from factory.said import Said

PROMPT_CHUNK = 1_000
ADD_PROMPT = "INSERT OR IGNORE INTO prompts (id, body) VALUES (?,?)"
ADD_SAMPLE = (
    f"INSERT INTO samples (prompt, {SAMPLE_COLUMNS}) VALUES ({POSITION},{','.join('?' * 11)})"  # noqa: S608
    # not OR IGNORE: that would also swallow a sample of a prompt the ledger doesn't know
    " ON CONFLICT (prompt, sample_index) DO NOTHING"
)
ADD_VERDICTS = f"INSERT OR IGNORE INTO verdicts VALUES ({POSITION},?,?,?,?,?,?,?)"  # noqa: S608


class Ledger:
    """The writer's side. `put` may be called from any thread; use as a context manager."""

    def __init__(self, path: Path, *, durable: bool = True, tell: Callable[[str], None] = lambda _: None) -> None:
        """Open or create; not `durable` for scratch files that nobody resumes. `tell` hears when the disk is full.

        Raises Refused for a ledger of another version, FactoryError for a bad file.
        """
        self.path = path
        self._durable = durable
        self._tell = tell
        self._hurry = threading.Event()
        self._waiting = Waiting(ADD_PROMPT)  # prompts first, for their samples hang on them
        self._failure: BaseException | None = None
        with explained(path):
            self._reader = connect(path, durable=durable)
            prepare(self._reader, path)
        self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)
        self._thread.start()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.hurry()
        self.close()

    def hurry(self) -> None:
        """Wait no longer for room on a full disk: the command is to end."""
        self._hurry.set()

    def close(self) -> None:
        """Commit what was put and close."""
        self._waiting.close()
        self._thread.join()
        self._reader.close()

    def put(self, sample: Sample) -> Future[None]:
        """Add a sample; the future is done when it is on disk. A second put of the same draw changes nothing."""
        stop = sample.stop_reason and plain(sample.stop_reason)
        row = (sample.prompt_id, sample.sample_index, sample.seed, sample.finish_reason, stop)
        counts = (sample.prompt_tokens, sample.completion_tokens, sample.reasoning_tokens)
        end = (plain(sample.engine), sample.started, sample.ended, Late(sample_body, sample))
        return self._submit(ADD_SAMPLE, [(*row, *counts, *end)])

    def put_attempt(self, prompt_id: str, sample_index: int, why: str, started: float, ended: float) -> Future[None]:
        """Count a draw that never became a trial; its time (Unix seconds) tells about how many tokens it cost."""
        row = (prompt_id, sample_index, why, started, ended)
        return self._submit(f"INSERT INTO attempts VALUES ({POSITION},?,?,?,?)", [row])  # noqa: S608

    def put_verdicts(self, sample: Sample, recipe: str, found: Said) -> Future[None]:
        """Keep what a recipe (its digest; "" for what came with the sample) said of a sample. The first stays."""
        return self._submit(ADD_VERDICTS, [(sample.prompt_id, sample.sample_index, recipe, *verdict_row(found))])

    def put_settlement(self, prompt_id: str, at: int, why: str, kept: int) -> Future[None]:
        """A prompt is done: its first `at` samples count, of which `kept` are kept."""
        statement = "UPDATE prompts SET settled_at = ?, settled_why = ?, settled_kept = ? WHERE id = ?"
        return self._submit(statement, [(at, why, kept, prompt_id)])

    def put_constant(self, name: str, value: object) -> Future[None]:
        """Keep a JSON value of the run; an earlier one of this name is replaced."""
        return self._submit("INSERT OR REPLACE INTO constants VALUES (?,?)", [(name, json.dumps(value))])

    def put_command(self, began: float, ended: float, load_seconds: float) -> Future[None]:
        """A command has drawn from `began` to `ended` (Unix time), after so many seconds of loading the engine.

        Said again as it goes on; `began` names the command.
        """
        return self._submit("INSERT OR REPLACE INTO commands VALUES (?,?,?)", [(began, ended, load_seconds)])

    def unsettle(self) -> None:
        """Forget every settlement and what they hung on: all is settled anew from what was drawn."""
        with explained(self.path):
            self._reader.execute("UPDATE prompts SET settled_at = NULL, settled_why = NULL, settled_kept = NULL")
            self._reader.execute("DELETE FROM constants WHERE name = 'terms'")

    def flush(self) -> None:
        """Wait until all that was put is on disk."""
        self._submit("DELETE FROM attempts WHERE 0", [()]).result()

    def put_prompts(self, prompts: Iterable[Prompt]) -> int:
        """Add prompts that are new, in order; returns how many were listed."""
        listed, before = 0, None
        stream = iter(prompts)
        while chunk := list(itertools.islice(stream, PROMPT_CHUNK)):
            rows = [(p.id, pack(prompt_row(p))) for p in chunk]
            if before is not None:
                before.result()  # reading is quicker than an index of a million ids; rows must not pile up
            before = self._submit(ADD_PROMPT, rows)
            listed += len(chunk)
        return listed

    def adopt_prompts(self, other: Path, first: int = beside.LAST) -> bool:
        """Add another ledger's prompts (its `first` so many) that are new here, in its order and all at once or none.

        Returns whether they stand at the same places here as there.
        """
        self.flush()
        with explained(self.path), beside.attached(self._reader, other):
            return beside.adopt(self._reader, first)

    @property
    def reader(self) -> sqlite3.Connection:
        """A connection that sees what was committed; for the thread that opened the ledger."""
        return self._reader

    def count_prompts(self) -> int:
        """Prompts of the run, over all its commands."""
        (count,) = self._reader.execute("SELECT count(*) FROM prompts").fetchone()
        return int(count)

    def survey(self, listed: Path, samples: int) -> int:
        """Note in another ledger, beside each prompt it lists, what this one has of it: see `reader.lacking`.

        Returns how many samples with an index below `samples` there are of these prompts.
        """
        with explained(self.path), beside.attached(self._reader, listed):
            return beside.survey(self._reader, samples)

    def _submit(self, statement: str, rows: list[tuple[Any, ...]]) -> Future[None]:
        if self._failure is None:
            return self._waiting.put(statement, rows)
        done: Future[None] = Future()
        done.set_exception(self._failure)
        return done

    def _write(self) -> None:
        try:
            connection = connect(self.path, durable=self._durable)
        except sqlite3.Error as error:
            self._fail(error)
            connection = sqlite3.connect(":memory:")
        try:
            while group := self._waiting.take():
                self._commit(connection, group)
        finally:
            connection.close()

    def _commit(self, connection: sqlite3.Connection, group: Group) -> None:
        def attempt() -> None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement, rows in group.rows.items():
                    connection.executemany(statement, rows)

        def waits(why: str) -> None:
            self._tell(
                f"warning: {self.path}: can't write: {why}; {group.size + len(self._waiting):,} results wait in memory"
                f" and nothing more is drawn; tried again every {patience.RETRY:.0f} s for {patience.PATIENCE:.0f} s"
            )

        try:
            if self._failure is not None:
                raise self._failure
            if self._durable:
                patience.patiently(attempt, self._hurry, waits)
            else:
                attempt()
        except Exception as error:  # whatever it is, whoever waits must hear of it
            group.done.set_exception(self._fail(error))
        else:
            group.done.set_result(None)

    def _fail(self, error: Exception) -> BaseException:
        if self._failure is None:
            self._failure = FactoryError(
                f"{self.path}: can't write: {error}; what was acknowledged before is safe: mend it and run the same "
                f"command again"
            )
        return self._failure
