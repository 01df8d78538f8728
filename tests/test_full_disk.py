"""A full disk: nothing more is drawn, what is finished waits for room, and what was acknowledged is safe."""

import contextlib
import json
import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factory import ledger
from factory.engines.replay import ReplayEngine
from factory.errors import FactoryError
from factory.ledger import Ledger, patience, writer
from tests import make
from tests.test_generate import QUESTIONS, _drawn, _generate, _setting

ASKED = make.prompt()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Writers whose ledgers may have 40 pages; their connections."""
    made: list[sqlite3.Connection] = []
    connect = writer.connect

    def limited(path: Path, *, durable: bool) -> sqlite3.Connection:
        connection = connect(path, durable=durable)
        if durable:
            connection.execute("PRAGMA max_page_count=40")
            made.append(connection)
        return connection

    monkeypatch.setattr(writer, "connect", limited)
    monkeypatch.setattr(patience, "RETRY", 0.02)
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    return made


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    with contextlib.suppress(OSError):
        if os.getuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            yield place
            subprocess.run(["umount", str(place)], check=True)
            return
    pytest.skip("may not mount")


def _stored(path: Path) -> list[int]:
    with ledger.reading(path) as connection:
        return sorted(ledger.tokens_by_index(connection, ASKED.id))


def _fill(book: Ledger, acknowledged: list[int]) -> None:
    book.put_prompts([ASKED])
    for index in range(1_000):
        book.put(make.sample(ASKED, index, os.urandom(10_000).hex())).result()
        acknowledged.append(index)


def test_a_disk_that_stays_full_ends_it_and_keeps_what_was_acknowledged(
    tmp_path: Path, small: list[sqlite3.Connection]
) -> None:
    said: list[str] = []
    acknowledged: list[int] = []
    with (
        pytest.raises(FactoryError, match="full.*acknowledged before is safe"),
        Ledger(tmp_path / "l", tell=said.append) as book,
    ):
        _fill(book, acknowledged)
    assert acknowledged and _stored(tmp_path / "l") == acknowledged
    (line,) = said
    assert str(tmp_path / "l") in line and "1 results wait in memory" in line


def test_on_a_real_file_system(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "RETRY", 0.02)
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    acknowledged: list[int] = []
    with pytest.raises(FactoryError, match="can't write"), Ledger(disk / "l") as book:
        _fill(book, acknowledged)
    assert acknowledged and _stored(disk / "l") == acknowledged
    # another command with a little more room goes on
    subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
    with Ledger(disk / "l") as book:
        book.put(make.sample(ASKED, 5_000)).result()
    assert _stored(disk / "l") == [*acknowledged, 5_000]


def test_room_that_comes_back_on_a_real_file_system(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "RETRY", 0.02)
    (disk / "other").write_bytes(bytes(1_400_000))
    full = threading.Event()

    def tell(line: str) -> None:
        full.set()
        threading.Timer(0.1, (disk / "other").unlink).start()

    acknowledged: list[int] = []
    with Ledger(disk / "l", tell=tell) as book:
        book.put_prompts([ASKED])
        for index in range(40):
            book.put(make.sample(ASKED, index, os.urandom(5_000).hex())).result()
            acknowledged.append(index)
    assert full.is_set()
    assert _stored(disk / "l") == acknowledged == list(range(40))


def test_a_run_waits_draws_nothing_meanwhile_and_goes_on(
    tmp_path: Path, small: list[sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 20.0)
    prompts, recorded = _texts(tmp_path)
    began: list[float] = []
    draw = ReplayEngine.draw

    async def counted(self: ReplayEngine, request: Any) -> Any:
        began.append(time.monotonic())
        return await draw(self, request)

    monkeypatch.setattr(ReplayEngine, "draw", counted)
    full: list[float] = []
    waits = patience.patiently

    def patiently(attempt: Any, hurry: Any, told: Any) -> None:
        def noted(why: str) -> None:
            told(why)
            full.append(time.monotonic())
            threading.Timer(0.4, room.set).start()

        def roomy() -> None:
            if room.is_set():
                small[-1].execute("PRAGMA max_page_count=4000")
            attempt()

        waits(roomy, hurry, noted)

    room = threading.Event()
    monkeypatch.setattr(patience, "patiently", patiently)
    result = _generate(prompts, recorded, tmp_path / "run", "--samples", 8, "--concurrency", 4)
    assert result.exit_code == 0, result.output
    assert len(full) == 1
    assert not [at for at in began if full[0] + 0.1 < at < full[0] + 0.4], "nothing is drawn while nothing is kept"
    assert _drawn(tmp_path / "run") == {f"1 + {i}?": list(range(8)) for i in range(QUESTIONS)}


def test_a_run_on_a_disk_that_stays_full_names_it_and_can_go_on(
    tmp_path: Path, small: list[sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts, recorded = _texts(tmp_path)
    result = _generate(prompts, recorded, tmp_path / "run", "--samples", 8, "--concurrency", 4)
    assert result.exit_code == 1
    assert f"{tmp_path / 'run' / 'ledger.sqlite'}: can't write: database or disk is full" in result.stderr
    assert "Traceback" not in result.output and result.stderr.count("wait in memory") == 1
    before = sum(map(len, _drawn(tmp_path / "run").values()))
    assert before
    monkeypatch.undo()
    again = _generate(prompts, recorded, tmp_path / "run", "--samples", 8)
    assert f"{before} were there" in again.stdout
    assert _drawn(tmp_path / "run") == {f"1 + {i}?": list(range(8)) for i in range(QUESTIONS)}


def test_who_is_to_end_does_not_wait_for_room(
    tmp_path: Path, small: list[sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = threading.Event()
    monkeypatch.setattr(patience, "PATIENCE", 600.0)
    monkeypatch.setattr(patience, "RETRY", 600.0)
    began = time.monotonic()
    with pytest.raises(FactoryError, match="full"), Ledger(tmp_path / "l", tell=lambda _: full.set()) as book:
        book.put_prompts([ASKED])
        one = book.put(make.sample(ASKED, 0, os.urandom(200_000).hex()))
        assert full.wait(10)
        book.hurry()
        one.result(10)
    assert time.monotonic() - began < 10


def test_what_no_database_takes_fails_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    with pytest.raises(FactoryError, match="too large"), Ledger(tmp_path / "l") as book:
        book.put_prompts([ASKED])
        book.put(make.sample(ASKED, 0, completion_tokens=2**70)).result(10)


def _texts(folder: Path) -> tuple[Path, Path]:
    """A setting whose samples don't compress."""
    prompts, recorded = _setting(folder)
    rows = [json.loads(line) for line in recorded.read_text().splitlines()]
    return prompts, make.jsonl(recorded, [{**row, "text": os.urandom(3_000).hex()} for row in rows])
