"""Questions to servers: the cache that outlives a process, the books, and what a failure leaves."""

import json
import time

import pytest

from factory.filter import filter_samples
from factory.judging.rules import load_module
from factory.shipped import shipped
from factory.verify import asking
from tests.judge_server import server
from tests.make import prompt, sample

judge = load_module(shipped("filters") / "correct.py").judge
ROWS = [
    {"prompt": "Who found radium?", "response": "<think>hm</think>\n\nMaria Sklodowska", "answer": "Marie Curie"},
    {"prompt": "Who found radium?", "response": "<think>so</think>\n\nMaria Sklodowska", "answer": "Marie Curie"},
    {"prompt": "What is 4 + 5?", "response": "<think>9</think>\n\n\\\\boxed{9}", "answer": "9"},
]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    asking._known.cache_clear()
    monkeypatch.setattr(asking, "PAUSE", 0.01)


def ask_once(url):
    asked = prompt("Who found radium?", "Marie Curie", "")
    return judge(sample(asked, text="Maria Sklodowska"), asked, judge=url, judge_model="m")


def test_the_journal_is_the_cache_of_later_processes(tmp_path):
    with server(lambda _: "CORRECT") as (url, asked), asking.journal(tmp_path / "asked.jsonl"):
        for _ in range(2):
            assert ask_once(url).reason == "judge"
            asking._known.cache_clear()  # as a new process starts
    assert len(asked) == 2
    books = asking.costs(tmp_path / "asked.jsonl")["judge"]
    assert {k: books[k] for k in ("asked", "cached", "unanswered", "prompt_tokens", "completion_tokens")} == {
        "asked": 2, "cached": 2, "unanswered": 0, "prompt_tokens": 14, "completion_tokens": 2,
    }  # fmt: skip


def test_threads_share_one_cache(tmp_path, monkeypatch):
    loaded = []

    def slowly(path):
        time.sleep(0.05)
        loaded.append(path)
        return iter(())

    monkeypatch.setattr(asking, "lines", slowly)
    with server(lambda _: "CORRECT") as (url, _), asking.journal(tmp_path / "asked.jsonl"):
        ask_once(url)
    assert len(loaded) == 1


def test_a_failure_is_counted_and_asked_again(tmp_path):
    words = iter([None] * 6)
    with server(lambda _: next(words, "CORRECT")) as (url, _), asking.journal(tmp_path / "asked.jsonl"):
        assert ask_once(url).reason == "judge_error"
        assert ask_once(url).reason == "judge"
    books = asking.costs(tmp_path / "asked.jsonl")["judge"]
    assert (books["asked"], books["unanswered"], books["failures"]) == (2, 2, 6)


def test_another_question_is_another_entry(tmp_path):
    with server(lambda _: "CORRECT") as (url, asked), asking.journal(tmp_path / "asked.jsonl"):
        ask_once(url)
        other = prompt("Who found radium?", "Pierre Curie", "")
        judge(sample(other, text="Maria Sklodowska"), other, judge=url, judge_model="m")
    assert len(asked) == 4


def test_torn_and_foreign_lines_are_passed_over(tmp_path):
    path = tmp_path / "asked.jsonl"
    path.write_text('{"who": "judge", "key": "a", "answer": "WRONG"}\n[1]\n{"who": "judge", "ke')
    assert asking.costs(path)["judge"]["asked"] == 1


def test_without_a_journal_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with server(lambda _: "CORRECT") as (url, _):
        ask_once(url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_filter_says_what_its_judge_cost_and_asks_nothing_twice(tmp_path):
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    with server(lambda _: "CORRECT") as (url, asked):
        recipe = f'[[rule]]\nuse = "correct"\njudge = "{url}"\njudge_model = "m"\n'
        (tmp_path / "mine.toml").write_text(recipe)
        said = []
        for _ in range(2):
            filter_samples(
                str(tmp_path / "rows.jsonl"),
                str(tmp_path / "mine.toml"),
                tmp_path / "out",
                columns={},
                processes=2,
                say=said.append,
            )
    assert len(asked) == 2
    books = json.loads((tmp_path / "out" / "manifest.json").read_text())["asked"]["judge"]
    assert (books["asked"], books["cached"]) == (2, 6)
    assert any(line.startswith("judge: 2 answers for 14 + 2 tokens, 6 from the cache") for line in said)
