"""Cut, flipped and zeroed bytes in a ledger: one line that names it, never a traceback, never another text."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from factory import ledger, runs
from factory.errors import FactoryError
from factory.ledger import tables
from tests import make
from tests.test_generate import _drawn, _generate, _run, _setting

Damage = Callable[[random.Random, bytearray], None]


def _flip(chance: random.Random, data: bytearray) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _head(chance: random.Random, data: bytearray) -> None:
    data[chance.randrange(100)] ^= 1 << chance.randrange(8)


def _cut(chance: random.Random, data: bytearray) -> None:
    del data[chance.randrange(1, len(data)) :]


def _zero(chance: random.Random, data: bytearray) -> None:
    at = chance.randrange(len(data))
    data[at : at + 512] = bytes(len(data[at : at + 512]))


def _attack(folder: Path, damages: list[Damage], seed: int) -> set[int]:
    """Every command on a run whose ledger is damaged in each way; returns the exit codes."""
    prompts, recorded = _setting(folder)
    run, rules = folder / "run", folder / "mine.toml"
    rules.write_text('[[rule]]\nuse = "finished"\n')
    assert _generate(prompts, recorded, run, "--samples", 3).exit_code == 0
    good, chance, codes = (run / runs.LEDGER).read_bytes(), random.Random(seed), set[int]()
    attacks: list[Callable[[], Result]] = [
        lambda: _generate(prompts, recorded, run, "--samples", 3),
        lambda: _generate(prompts, recorded, run, "--samples", 3, "--ledger-dir", folder / "disk"),
        lambda: _run("filter", run, "--rules", rules),
        lambda: _run("status", run),
    ]
    for damage in damages:
        bad = bytearray(good)
        damage(chance, bad)
        for attack in attacks:
            for path in run.glob(f"{runs.LEDGER}*"):
                path.unlink()
            shutil.rmtree(folder / "disk", ignore_errors=True)
            (run / runs.LEDGER).write_bytes(bad)
            result = attack()
            assert isinstance(result.exception, SystemExit | None), (damage, result.exception)
            codes.add(result.exit_code)
            if result.exit_code:
                assert runs.LEDGER in result.stderr.strip().splitlines()[-1], result.stderr
    return codes


def test_a_damaged_ledger_is_one_line(tmp_path: Path) -> None:
    assert 1 in _attack(tmp_path, [_head, _cut], 3)


@pytest.mark.slow
def test_a_ledger_damaged_in_many_ways_is_one_line(tmp_path: Path) -> None:
    assert 1 in _attack(tmp_path, [_head, _cut, _flip, _flip, _zero] * 12, 4)


def test_a_flipped_bit_in_a_body_is_noticed() -> None:
    body = tables.pack(["4 + 5 = 9 " * 20, None, "9"])
    assert tables.unpack(body) == ["4 + 5 = 9 " * 20, None, "9"]
    for at in range(len(body)):
        bad = bytearray(body)
        bad[at] ^= 1
        with pytest.raises(sqlite3.DatabaseError, match="damaged"):
            tables.unpack(bytes(bad))
    for size in range(len(body)):
        with pytest.raises(sqlite3.DatabaseError, match="damaged"):
            tables.unpack(body[:size])


WRITER = """
import os, sys
from pathlib import Path
from factory.ledger import Ledger
from tests import make
asked = make.prompt()
with Ledger(Path(sys.argv[1])) as book:
    book.put_prompts([asked])
    for index in range(30):
        book.put(make.sample(asked, index, f"{index} " * 500)).result()
    os._exit(9)
"""


@pytest.mark.slow
def test_a_torn_or_flipped_log_costs_at_most_its_end_and_no_text_changes(tmp_path: Path) -> None:
    path, asked = tmp_path / "l", make.prompt()
    assert subprocess.run([sys.executable, "-c", WRITER, str(path)], check=False).returncode == 9
    log, whole = Path(f"{path}-wal").read_bytes(), path.read_bytes()
    assert len(log) > 50_000
    chance, sizes = random.Random(5), set[int]()
    for damage in [_flip, _cut, _zero] * 7:
        bad = bytearray(log)
        damage(chance, bad)
        for old in tmp_path.iterdir():
            old.unlink()
        path.write_bytes(whole)
        Path(f"{path}-wal").write_bytes(bad)
        try:
            with ledger.reading(path) as connection:
                found = [(s.sample_index, s.text) for _, ss in ledger.prompts_with_samples(connection) for s in ss]
        except FactoryError as error:
            assert str(path) in str(error)
            continue
        assert found == [(index, f"{index} " * 500) for index in range(len(found))]
        sizes.add(len(found))
        with ledger.Ledger(path) as book:  # and what is missing is written again
            book.put_prompts([asked])
            for index in range(30):
                book.put(make.sample(asked, index, f"{index} " * 500))
        with ledger.reading(path) as connection:
            assert len(ledger.tokens_by_index(connection, asked.id)) == 30
    assert len(sizes) > 3


def test_other_files_in_place_of_a_ledger_are_named(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    run = tmp_path / "run"
    assert _generate(prompts, recorded, run, "--samples", 1).exit_code == 0
    drawn = _drawn(run)
    for content in (b"text, not a database, " * 100, os.urandom(5_000), b"SQLite format 3\0"):
        for path in run.glob(f"{runs.LEDGER}-*"):
            path.unlink()
        (run / runs.LEDGER).write_bytes(content)
        result = _generate(prompts, recorded, run, "--samples", 1)
        assert result.exit_code == 1 and f"{run / runs.LEDGER}: " in result.stderr, result.output
        assert "Traceback" not in result.output
        assert (run / runs.LEDGER).read_bytes() == content, "what can't be read is left alone"
    assert drawn
