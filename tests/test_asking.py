"""Questions to servers: the cache that outlives a process, the books, and what a failure leaves."""

import json
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from factory.errors import FactoryError
from factory.filter import describe, filter_samples
from factory.judging.pool import Pool
from factory.judging.recipes import load_recipe
from factory.judging.rules import load_module
from factory.shipped import shipped
from factory.verify.judges import asking, journal
from tests.judge_server import server
from tests.make import prompt, sample

correct = load_module(shipped("filters") / "correct.py")
judge, begin = correct.judge, correct.begin
ROWS = [
    {"prompt": "Who found radium?", "response": "<think>hm</think>\n\nMaria Sklodowska", "answer": "Marie Curie"},
    {"prompt": "Who found radium?", "response": "<think>so</think>\n\nMaria Sklodowska", "answer": "Marie Curie"},
    {"prompt": "What is 4 + 5?", "response": "<think>9</think>\n\n\\\\boxed{9}", "answer": "9"},
]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    journal._known.cache_clear()
    monkeypatch.setattr(asking, "PAUSE", 0.01)


class Silent:
    """A server that takes connections and never says a whole answer: a byte now and then, for ever."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/v1"

    def __exit__(self, *_):
        self.socket.close()

    def _serve(self):
        with suppress(OSError):
            while True:
                threading.Thread(target=self._drip, args=self.socket.accept()[:1], daemon=True).start()

    @staticmethod
    def _drip(link):
        with link, suppress(OSError):
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                time.sleep(0.01)
                link.sendall(b" ")


def ask_once(url):
    asked = prompt("Who found radium?", "Marie Curie", "")
    return judge(sample(asked, text="Maria Sklodowska"), asked, judge=url, judge_model="m")


def test_the_journal_is_the_cache_of_later_processes(tmp_path):
    with server(lambda _: "CORRECT") as (url, asked), journal.journal(tmp_path / "asked.jsonl"):
        for _ in range(2):
            assert ask_once(url).reason == "judge"
            journal._known.cache_clear()  # as a new process starts
    assert len(asked) == 2
    books = journal.costs(tmp_path / "asked.jsonl")["judge"]
    assert {k: books[k] for k in ("asked", "cached", "unanswered", "prompt_tokens", "completion_tokens")} == {
        "asked": 2, "cached": 2, "unanswered": 0, "prompt_tokens": 14, "completion_tokens": 2,
    }  # fmt: skip


def test_threads_share_one_cache(tmp_path, monkeypatch):
    loaded = []

    def slowly(path):
        time.sleep(0.05)
        loaded.append(path)
        return iter(())

    monkeypatch.setattr(journal, "lines", slowly)
    with server(lambda _: "CORRECT") as (url, _), journal.journal(tmp_path / "asked.jsonl"):
        ask_once(url)
    assert len(loaded) == 1


def test_a_failure_is_counted_and_asked_again(tmp_path):
    words = iter([None] * 6)
    with server(lambda _: next(words, "CORRECT")) as (url, _), journal.journal(tmp_path / "asked.jsonl"):
        assert ask_once(url).reason == "judge_error"
        before = journal.costs(tmp_path / "asked.jsonl")["judge"]
        assert ask_once(url).reason == "judge"
    after = journal.costs(tmp_path / "asked.jsonl")["judge"]
    assert [(b["asked"], b["unanswered"], b["failures"]) for b in (before, after)] == [(0, 2, 6), (2, 0, 6)]
    assert "HTTP 500" in journal.describe({"judge": before})[1]


def test_no_server_can_stretch_its_deadline(monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.1)
    began = time.monotonic()
    with Silent() as url:
        assert ask_once(url).reason == "judge_error"
    assert time.monotonic() - began < 2


def test_a_full_server_is_asked_until_it_has_room(monkeypatch):
    monkeypatch.setattr(asking, "TRIES", 1)
    words = iter([(429, {"Retry-After": "0"}, ""), (503, {}, ""), (429, {"Retry-After": "soon"}, "")])
    with server(lambda _: next(words, "CORRECT")) as (url, _):
        assert ask_once(url).reason == "judge"


def test_a_server_that_refuses_is_not_asked_again(tmp_path):
    with server(lambda _: (401, {}, "who are you?\x1b[2J")) as (url, asked), journal.journal(tmp_path / "asked.jsonl"):
        assert ask_once(url).reason == "judge_error"
    assert len(asked) == 2
    (_, why) = journal.describe(journal.costs(tmp_path / "asked.jsonl"))
    assert "HTTP 401" in why and "who are you?" in why and "\x1b" not in why


def test_a_server_that_knows_no_grammar_is_asked_without():
    def reply(body):
        return (400, {}, "unknown field") if "structured_outputs" in body else "correct."

    with server(reply, whole=True) as (url, asked):
        assert ask_once(url).reason == "judge"
        assert ask_once(url).reason == "judge"
    assert [b.get("max_tokens") for b in asked] == [8] * len(asked) and len(asked) <= 4


def test_token_counts_that_make_no_sense_count_nothing(tmp_path):
    chat = {
        "choices": [{"message": {"content": "CORRECT"}}],
        "usage": {"prompt_tokens": 10**400, "completion_tokens": -1},
    }
    with server(lambda _: chat) as (url, _), journal.journal(tmp_path / "asked.jsonl"):
        assert ask_once(url).reason == "judge"
    assert "2 answers for 0 + 0 tokens" in journal.describe(journal.costs(tmp_path / "asked.jsonl"))[0]


def test_after_many_failures_a_dead_server_costs_little_and_somebody_is_told(monkeypatch, capsys):
    monkeypatch.setattr(asking, "_dead", asking._Dead())
    monkeypatch.setattr(asking, "IN_A_ROW", 1)
    monkeypatch.setattr(asking, "SECONDS_IF_DEAD", 0.01)
    with Silent() as url:
        with monkeypatch.context() as patch:
            patch.setattr(asking, "SECONDS", 0.05)
            ask_once(url)
        began = time.monotonic()
        ask_once(url)
        assert time.monotonic() - began < 1
    assert "1 questions in a row had no answer" in capsys.readouterr().err


def test_a_server_that_was_only_slow_comes_back(monkeypatch):
    mine = asking._Dead()
    mine.row = asking.IN_A_ROW
    limits = [mine.limit() for _ in range(2)]
    monkeypatch.setattr(asking, "PROBE", 0.0)
    assert [*limits, mine.limit()] == [asking.SECONDS, asking.SECONDS_IF_DEAD, asking.SECONDS]


def test_equal_questions_at_once_are_one(tmp_path):
    def slowly(_):
        time.sleep(0.05)
        return "CORRECT"

    asked_of = prompt("Who found radium?", "Marie Curie", "")
    knobs = {"strict": (), "judge": "", "judge_model": "m", "judge_wrong": False, "seconds": 1.0}
    with server(slowly) as (url, asked), journal.journal(tmp_path / "asked.jsonl"):
        both = [begin(sample(asked_of, text="Maria S."), asked_of, **{**knobs, "judge": url}) for _ in range(5)]
        assert {wait().reason for wait in both} == {"judge"}
    assert len(asked) == 2
    assert journal.costs(tmp_path / "asked.jsonl")["judge"]["cached"] == 8


def test_another_question_is_another_entry(tmp_path):
    with server(lambda _: "CORRECT") as (url, asked), journal.journal(tmp_path / "asked.jsonl"):
        ask_once(url)
        other = prompt("Who found radium?", "Pierre Curie", "")
        judge(sample(other, text="Maria Sklodowska"), other, judge=url, judge_model="m")
    assert len(asked) == 4


def test_torn_and_foreign_lines_are_passed_over(tmp_path):
    path = tmp_path / "asked.jsonl"
    path.write_text('{"who": "judge", "key": "a", "answer": "WRONG"}\n[1]\n{"who": "judge", "ke')
    assert journal.costs(path)["judge"]["asked"] == 1


def test_without_a_journal_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with server(lambda _: "CORRECT") as (url, _):
        ask_once(url)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def slow_judge(seconds):
    """A server that takes its time, and how many questions it had at once."""
    at_once, most, lock = [0], [0], threading.Lock()

    def slowly(_):
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(seconds)
        with lock:
            at_once[0] -= 1
        return "CORRECT"

    with server(slowly) as (url, _):
        yield url, most


@pytest.mark.slow
@pytest.mark.parametrize("until_no", [False, True])
def test_one_process_asks_about_many_samples_at_once(tmp_path, until_no):
    (tmp_path / "criteria.txt").write_text("Is kind.\nIs short.\n")
    asked = prompt("Who found radium?", "Marie Curie", "")
    samples = [sample(asked, n, text=f"Maria S., {chr(97 + n)}") for n in range(20)]
    with slow_judge(0.3) as (url, most):
        (tmp_path / "mine.toml").write_text(
            f'[[rule]]\nuse = "correct"\njudge = "{url}"\njudge_model = "m"\n[[rule]]\nuse = "finished"\n'
            f'[[rule]]\nuse = "reward"\nurl = "{url}"\nmodel = "m"\ntasks = ["other"]\n'
        )
        rules = load_recipe(str(tmp_path / "mine.toml")).rules
        with Pool(rules, 1, deadline=5.0, until_no=until_no) as pool:
            found = pool.submit(asked, samples).result()
    assert {(v.rule, v.keep, v.reason) for one in found for v in one} == {
        ("correct", True, "judge"), ("finished", True, ""), ("reward", None, "not_applicable"),
    }  # fmt: skip
    assert most[0] > 4  # both orders of one sample are two


@pytest.mark.slow
def test_waiting_for_servers_is_no_overrun(tmp_path):
    asked = prompt("Who found radium?", "Marie Curie", "")
    with slow_judge(1.0) as (url, _):
        (tmp_path / "mine.toml").write_text(f'[[rule]]\nuse = "correct"\njudge = "{url}"\njudge_model = "m"\n')
        with Pool(load_recipe(str(tmp_path / "mine.toml")).rules, 1, deadline=0.5) as pool:
            found = pool.submit(asked, [sample(asked, text="Maria S.")]).result()
    assert [v.reason for one in found for v in one] == ["judge"]


@pytest.mark.slow
def test_a_run_that_is_stopped_has_paid_for_something(tmp_path):
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    broken = '\n[[rule]]\nuse = "broken"\n'
    (tmp_path / "broken.py").write_text("def judge(sample, prompt):\n    raise RuntimeError('no')\n")
    with server(lambda _: "CORRECT") as (url, asked):
        recipe = f'[[rule]]\nuse = "correct"\njudge = "{url}"\njudge_model = "m"\n'
        for text in (recipe + broken, recipe):
            (tmp_path / "mine.toml").write_text(text)
            with suppress(FactoryError):
                judged(tmp_path)
    assert len(asked) == 2
    assert journal.costs(tmp_path / "out" / "asked.jsonl")["judge"]["cached"] == 6
    assert not list(tmp_path.glob(".*"))


def judged(folder, said=None):
    source, recipe = str(folder / "rows.jsonl"), str(folder / "mine.toml")
    say = [].append if said is None else said.append
    return filter_samples(source, recipe, folder / "out", columns={}, processes=1, say=say)


@pytest.mark.slow
def test_filter_says_what_its_judge_cost_and_asks_nothing_twice(tmp_path):
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    with server(lambda _: "CORRECT") as (url, asked):
        recipe = f'[[rule]]\nuse = "correct"\njudge = "{url}"\njudge_model = "m"\n'
        (tmp_path / "mine.toml").write_text(recipe)
        said = []
        for _ in range(2):
            result = filter_samples(
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
    assert describe(result)[0]["asked"]["judge"]["asked"] == 2
    assert any(line.startswith("judge: 2 answers for 14 + 2 tokens, 6 from the cache") for line in said)
