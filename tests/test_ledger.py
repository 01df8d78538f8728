"""What was acknowledged is there, once, whatever happens to the process."""

import dataclasses
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from factory import ledger
from factory.errors import BadInput, FactoryError, Refused
from factory.ledger import Ledger
from factory.records import Verdict
from factory.said import said
from tests import make

NASTY = "nul \x00, surrogate \ud800, separator \u2028, \U0001f600, empty next"


def _stored(path: Path) -> dict[tuple[str, int], str]:
    with ledger.reading(path) as connection:
        rows = ledger.prompts_with_samples(connection)
        return {(p.id, s.sample_index): s.text for p, samples in rows for s in samples}


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    asked = make.prompt(NASTY, source="s", source_id="7", meta='{"a": 1}')
    drawn = [make.sample(asked, i, text, seed=2**53 - 1) for i, text in enumerate([NASTY, "", "x" * 1_000_000])]
    with Ledger(tmp_path / "l") as book:
        book.put_prompts([asked])
        for one in drawn:
            book.put(one).result()
        verdicts = [Verdict(None, "undecided", 0.5, ((0, 2),), "r"), Verdict(False, "no", None, (), "q")]
        book.put_verdicts(drawn[1], "recipe", said(verdicts))
    with ledger.reading(tmp_path / "l") as connection:
        assert list(ledger.prompts_with_samples(connection)) == [(asked, drawn)]
        found = ledger.verdicts_by_index(connection, asked.id, "recipe")
        assert ledger.verdicts_by_index(connection, asked.id, "other") == {}
    assert found == {1: verdicts}


def test_a_draw_counts_once_and_the_first_stays(tmp_path: Path) -> None:
    asked = make.prompt()
    with Ledger(tmp_path / "l") as book:
        book.put_prompts([asked, asked])
        book.put(make.sample(asked, 3, "first")).result()
        book.put(make.sample(asked, 3, "second")).result()
        assert ledger.tokens_by_index(book.reader, asked.id) == {3: 10}
        assert book.count_prompts() == 1
    assert _stored(tmp_path / "l") == {(asked.id, 3): "first"}


def test_a_sample_of_an_unknown_prompt_is_an_error_not_a_loss(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l") as book, pytest.raises(FactoryError, match="NOT NULL"):
        book.put(make.sample(make.prompt())).result()


def test_prompts_are_adopted_all_or_none_and_in_order(tmp_path: Path) -> None:
    asked = [make.prompt(f"q{i}") for i in range(5)]
    with Ledger(tmp_path / "other", durable=False) as other:
        other.put_prompts(asked)
    with Ledger(tmp_path / "l") as book:
        book.put_prompts([asked[3]])
        book.adopt_prompts(tmp_path / "other")
        book.put(make.sample(asked[0], 0)).result()
        book.put(make.sample(asked[0], 9)).result()
        assert book.survey(tmp_path / "other", samples=4) == 1
    with ledger.reading(tmp_path / "l") as connection:
        assert [p.messages[0]["content"] for p in ledger.all_prompts(connection)] == ["q3", "q0", "q1", "q2", "q4"]


def test_halves_that_came_apart_stay_as_they_came(tmp_path: Path) -> None:
    asked = make.prompt()
    apart = dataclasses.replace(make.sample(asked), reasoning="not what", answer="the text says")
    with Ledger(tmp_path / "l") as book:
        book.put_prompts([asked])
        book.put(apart).result()
    with ledger.reading(tmp_path / "l") as connection:
        assert list(ledger.prompts_with_samples(connection)) == [(asked, [apart])]


def test_a_survey_finds_what_lacks_draws_wherever_it_stands_in_the_run(tmp_path: Path) -> None:
    asked = [make.prompt(f"q{i}") for i in range(6)]
    with Ledger(tmp_path / "listed", durable=False) as other:
        other.put_prompts(asked)
    with Ledger(tmp_path / "l") as book:
        book.put_prompts([asked[0], asked[4], make.prompt("of an earlier command")])
        book.adopt_prompts(tmp_path / "listed")
        for number, draws in enumerate([2, 0, 1, 2, 3, 1]):
            for index in range(draws):
                book.put(make.sample(asked[number], index))
        for number, kept in ((1, 0), (4, 2)):
            book.put_settlement(asked[number].id, 3, "cap", kept)
        book.flush()
        for _ in range(2):  # said again by the next command
            assert book.survey(tmp_path / "listed", samples=2) == 8
    with ledger.reading(tmp_path / "listed") as listed:
        short = [(asked[1], 0), (asked[2], 1), (asked[5], 1)]
        assert (list(ledger.lacking(listed, 2)), ledger.done(listed, 2)[0]) == (short, 3)
        unsettled = [(asked[0], 2), (asked[2], 1), (asked[3], 2), (asked[5], 1)]
        assert (list(ledger.lacking(listed, None)), ledger.done(listed, None)) == (unsettled, (2, 2))
        assert ledger.done(listed, None, but={asked[4].id, asked[0].id}) == (1, 0)


def test_readers_work_while_a_run_writes_and_see_one_state(tmp_path: Path) -> None:
    asked = make.prompt()
    with Ledger(tmp_path / "l") as book:
        book.put_prompts([asked])
        book.put(make.sample(asked, 0)).result()
        with ledger.reading(tmp_path / "l") as connection:
            assert ledger.totals(connection).samples == 1
            book.put(make.sample(asked, 1)).result()
            assert ledger.totals(connection).samples == 1
    assert len(_stored(tmp_path / "l")) == 2


def test_one_who_stops_waiting_harms_nobody(tmp_path: Path) -> None:
    asked = make.prompt()
    with Ledger(tmp_path / "l") as book:
        book.put_prompts([asked])
        for index in range(50):
            assert not book.put(make.sample(asked, index)).cancel()
        book.put(make.sample(asked, 50)).result()
    assert len(_stored(tmp_path / "l")) == 51


def test_other_files_and_other_versions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, but long enough to look at" * 100)
    with pytest.raises(FactoryError, match="not a database"):
        Ledger(tmp_path / "text")
    with pytest.raises(BadInput, match="no ledger"), ledger.reading(tmp_path / "absent"):
        pass
    Ledger(tmp_path / "l").close()
    with sqlite3.connect(tmp_path / "l") as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(Refused, match="version 99"):
        Ledger(tmp_path / "l")


WRITER = """
import sys
from pathlib import Path
from typing import Any
from factory.ledger import Ledger, writer
from tests import make
asked = make.prompt()
with Ledger(Path(sys.argv[1])) as book:
    book.put_prompts([asked])
    for index in range(int(sys.argv[2]), 10**9):
        book.put(make.sample(asked, index, str(index) * 100)).add_done_callback(lambda _, i=index: print(i, flush=True))
"""


@pytest.mark.slow
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path, said = tmp_path / "l", set[int]()
    for life in range(3):
        command = [sys.executable, "-c", WRITER, str(path), str(life * 10**6)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            said.add(int(writer.stdout.readline()))
            time.sleep(0.01 * life)
            writer.send_signal(signal.SIGKILL)
            # a last line may be torn
            said |= {int(line) for line in writer.stdout.read().split("\n")[:-1]}
    stored = {index for _, index in _stored(path)}
    assert said <= stored
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
