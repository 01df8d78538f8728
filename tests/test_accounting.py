"""The books of a run: every token is counted once, in the right place, and rates allow for how draws were stopped."""

import random
from collections import Counter
from pathlib import Path

import pytest

from factory import ledger
from factory.accounting import BINS, Spent, account, histogram
from factory.judging.distinct import digest
from factory.records import Verdict
from factory.said import said
from tests import make

KEEP = [Verdict(True, rule="correct")]
WRONG = [Verdict(False, "wrong", rule="correct"), Verdict(False, "loop", rule="repetition")]
UNSURE = [Verdict(None, "undecided", rule="correct")]


def test_every_token_is_counted_once_and_under_the_first_that_stood_in_its_way(tmp_path: Path) -> None:
    asked = make.prompt()
    with ledger.Ledger(tmp_path / "ledger.sqlite") as book:
        book.put_prompts([asked])
        told = [KEEP, WRONG, UNSURE, KEEP, KEEP, WRONG, None]
        texts = ["a", "b", "c", "a ", "e", "f", "g"]
        for index, (verdicts, text) in enumerate(zip(told, texts, strict=True)):
            sample = make.sample(asked, index, text, completion_tokens=10**index, started=0.0, ended=1.0)
            book.put(sample)
            if verdicts:
                book.put_verdicts(sample, "r", said(verdicts, digest(text)))
        book.put_settlement(asked.id, 5, "enough", 2)
        book.put_attempt(asked.id, 7, "lost", 0.0, 2.0)
        book.put_command(0.0, 40.0, 3.0)
        book.put_command(0.0, 50.0, 3.0)
        book.flush()
        books = account(book.reader, "r")
        unjudged = account(book.reader, None)
    assert books.spent == {
        "kept": Spent(2, 10_001),
        "correct: wrong": Spent(1, 10),
        "correct: undecided": Spent(1, 100),
        "distinct: duplicate": Spent(1, 1_000),
        "surplus": Spent(2, 1_100_000),
    }
    assert (books.samples, books.tokens, books.kept) == (7, 1_111_111, 2)
    # 7 samples took a second each: what was lost after two took twice the mean
    assert books.attempts == {"lost": Spent(1, round(2 * 1_111_111 / 7))}
    assert (books.engine_seconds, books.load_seconds) == (50.0, 3.0)
    assert books.settled == {"enough": 1}
    assert books.passes == {(4, 3): 1}, "undecided is not wrong, surplus is no trial"
    assert unjudged.kept is None
    assert unjudged.spent == {"not judged": Spent(5, 11_111), "surplus": Spent(2, 1_100_000)}


@pytest.mark.parametrize("keep", [1, 4])
def test_the_spread_of_pass_rates_is_not_pulled_up_by_stopping_at_k(keep: int) -> None:
    rng = random.Random(1)
    passes: Counter[tuple[int, int]] = Counter()
    true = [0.0] * BINS
    for _ in range(4_000):
        rate = rng.betavariate(0.5, 1.0)
        true[min(int(rate * BINS), BINS - 1)] += 1
        draws = hits = 0
        while hits < keep and draws < 16:
            draws += 1
            hits += rng.random() < rate
        passes[draws, hits] += 1
    found = histogram(passes)
    assert sum(found) == pytest.approx(4_000)
    assert sum(abs(a - b) for a, b in zip(found, true, strict=True)) / 4_000 < 0.06
    naive = [0.0] * BINS
    for (n, k), count in passes.items():
        naive[min(int(k / n * BINS), BINS - 1)] += count
    assert sum(abs(a - b) for a, b in zip(naive, true, strict=True)) / 4_000 > 0.1


def test_without_verdicts_there_is_no_spread() -> None:
    assert histogram({}) == [0.0] * BINS
