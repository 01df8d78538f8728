"""A rule's fault is a verdict: it neither stops the others nor hangs nor outlives us."""

import os
import signal
import time
from collections import deque
from concurrent.futures import Future
from pathlib import Path

import pytest

from factory.errors import BadInput, FactoryError
from factory.judging import feeder
from factory.judging.jobs import Ask, Job
from factory.judging.pool import Pool
from factory.judging.recipes import Recipe
from factory.judging.rules import Rule
from factory.judging.watch import watcher
from factory.records import NOT_APPLICABLE, Verdict
from tests import make


def _rule(folder: Path, body: str, name: str = "rule", **fields: object) -> Rule:
    path = folder / f"{name}.py"
    path.write_text(f"from factory import Verdict\ndef judge(sample, prompt, *, knob=0):\n    {body}\n")
    return Rule(name, path, **fields)


def _judge(rules: list[Rule], texts: list[str], processes: int = 1, deadline: float = 10.0) -> list[list[Verdict]]:
    asked = make.prompt()
    with Pool(rules, processes, deadline) as pool:
        found = pool.submit(asked, [make.sample(asked, i, text) for i, text in enumerate(texts)]).result()
    return [list(verdicts) for verdicts in found]


def test_verdicts_come_back_whole_and_in_order(tmp_path: Path) -> None:
    good = _rule(tmp_path, "return Verdict.reject('short', len(sample.text) + knob, [(0, 1)])", knobs={"knob": 100})
    for processes in (1, 2):
        found = _judge([good], ["a", "bb \ud800\x00"], processes)
        assert found == [
            [Verdict(False, "short", 101.0, ((0, 1),), "rule")],
            [Verdict(False, "short", 105.0, ((0, 1),), "rule")],
        ]


def test_the_house_rejects_outside_least_and_most_and_leaves_scope_alone(tmp_path: Path) -> None:
    body = "return Verdict.accept('', len(sample.text))"
    rules = [
        _rule(tmp_path, body, "low", least=2),
        _rule(tmp_path, body, "high", most=2),
        _rule(tmp_path, body, "elsewhere", tasks=("code",)),
        _rule(tmp_path, body, "not_here", except_tasks=("math",)),
    ]
    reasons = [[v.reason for v in verdicts] for verdicts in _judge(rules, ["a", "bbb"])]
    out = [NOT_APPLICABLE, NOT_APPLICABLE]
    assert reasons == [["below_least", "", *out], ["", "above_most", *out]]


def test_a_rule_that_raises_exits_or_returns_nonsense_is_unknown_and_explained(tmp_path: Path) -> None:
    rules = [
        _rule(tmp_path, "raise ValueError('no ' + sample.text)", "raises"),
        _rule(tmp_path, "raise SystemExit(0)", "exits"),
        _rule(tmp_path, "return True", "bool"),
        _rule(tmp_path, "return Verdict.accept(score=float('nan'))", "nan"),
        _rule(tmp_path, "raise ValueError('a\\nb\\x1b[2J')", "loud"),
        _rule(tmp_path, "return Verdict.accept('r' * 1000)", "wordy"),
        _rule(tmp_path, "return Verdict.accept()", "fine"),
    ]
    asked = make.prompt()
    with Pool(rules, 1) as pool:
        (verdicts,) = pool.submit(asked, [make.sample(asked, 0, "x")]).result()
        errors = pool.errors
    assert [(v.rule, v.keep, v.reason) for v in verdicts] == [
        ("raises", None, "raised"),
        ("exits", None, "raised"),
        ("bool", None, "raised"),
        ("nan", None, "raised"),
        ("loud", None, "raised"),
        ("wordy", True, "r" * 100),
        ("fine", True, ""),
    ]
    assert errors["raises"] == "ValueError: no x"
    assert "not a Verdict" in errors["bool"]
    assert errors["loud"] == "ValueError: a b [2J"


def test_what_a_rule_prints_is_not_our_output(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert _judge([_rule(tmp_path, "print('look'); return Verdict.accept()")], ["x"])[0][0].keep
    out, err = capfd.readouterr()
    assert (out, err) == ("", "look\n")


@pytest.mark.slow
def test_what_nobody_wants_to_know_is_given_up_at_once(tmp_path: Path) -> None:
    asked = make.prompt()
    pool = Pool([_rule(tmp_path, "__import__('time').sleep(60)")], 1)
    jobs = [pool.submit(asked, [make.sample(asked, 0, "x")]) for _ in range(3)]
    time.sleep(1.5)
    began = time.monotonic()
    pool.close(at_once=True)
    assert time.monotonic() - began < 5
    assert all(job.done() for job in jobs)


@pytest.mark.slow
def test_a_hung_rule_is_killed_with_its_children_and_the_others_go_on(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    body = f"""
    import subprocess
    if sample.text == "hang":
        child = subprocess.Popen(["sleep", "600"])
        open({str(mark)!r}, "w").write(str(child.pid))
        child.wait()
    return Verdict.accept("", 1.0)"""
    rules = [_rule(tmp_path, body, "hangs"), _rule(tmp_path, "return Verdict.accept()", "fine")]
    found = _judge(rules, ["a", "hang", "b"], deadline=0.5)
    said = [[v.reason or v.keep for v in verdicts] for verdicts in found]
    assert said == [[True, True], ["timeout", True], [True, True]]
    assert not _alive(int(mark.read_text()))


def test_a_process_that_dies_is_replaced_and_tried_once_more(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    body = f"""
    import os
    if sample.text == "dies":
        os.write(os.open({str(tries)!r}, os.O_CREAT | os.O_APPEND | os.O_WRONLY), b"x")
        os._exit(1)
    return Verdict.accept()"""
    found = _judge([_rule(tmp_path, body)], ["a", "dies", "b"])
    assert [v[0].reason or v[0].keep for v in found] == [True, "crashed", True]
    assert tries.read_text() == "xx"


@pytest.mark.slow
def test_a_fault_is_held_against_its_own_sample_among_many_prompts(tmp_path: Path) -> None:
    body = "import os; return os._exit(1) if sample.text == 'dies' else Verdict.accept('', len(prompt.question))"
    asked = [make.prompt("?" * (1 + number)) for number in range(60)]
    with Pool([_rule(tmp_path, body)], 1) as pool:
        pool.ready()
        jobs = [pool.submit(p, [make.sample(p, 0, "dies" if n in (41, 42) else "a")]) for n, p in enumerate(asked)]
        found = [job.result()[0][0] for job in jobs]
    assert [v.score or v.reason for v in found] == [
        "crashed" if n in (41, 42) else float(1 + n) for n in range(len(asked))
    ]


def test_a_cancelled_job_is_skipped_and_the_next_is_judged(tmp_path: Path) -> None:
    asked = make.prompt()
    slow = _rule(tmp_path, "import time; time.sleep(0.3); return Verdict.accept()")
    with Pool([slow], 1) as pool:
        jobs = [pool.submit(asked, [make.sample(asked, index)]) for index in range(3)]
        jobs[1].cancel()
        assert [v.keep for v in jobs[2].result()[0]] == [True]


def test_processes_end_with_the_pool(tmp_path: Path) -> None:
    body = "import os; return Verdict.accept('', os.getpid())"
    process = _judge([_rule(tmp_path, body)], ["a"])[0][0].score
    assert process is not None
    assert not _alive(int(process))


PID = "import os; return Verdict.accept('', os.getpid())"


def _pid(pool: Pool) -> int:
    asked = make.prompt()
    (verdicts,) = pool.submit(asked, [make.sample(asked, 0)]).result()
    return int(next(iter(verdicts)).score or 0)


@pytest.mark.slow
def test_a_process_killed_while_idle_is_replaced(tmp_path: Path) -> None:
    with Pool([_rule(tmp_path, PID)], 1) as pool:
        for _ in range(4):  # more often than processes may end before they judged anything
            before = _pid(pool)
            os.kill(before, signal.SIGKILL)
            assert _pid(pool) not in (0, before)


@pytest.mark.slow
def test_signals_for_the_whole_job_leave_rule_processes_at_work(tmp_path: Path) -> None:
    with Pool([_rule(tmp_path, PID)], 1) as pool:
        before = _pid(pool)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
            os.kill(before, number)
        assert _pid(pool) == before


def test_processes_that_cannot_start_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    asked = make.prompt()
    with Pool([_rule(tmp_path, PID)], 1) as pool:
        for job in (*pool.ready(), pool.submit(asked, [make.sample(asked, 0)])):
            with pytest.raises(FactoryError, match="end before any rule runs"):
                job.result(timeout=20)


def test_a_file_named_like_a_library_in_the_users_folder_is_not_that_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgpack.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert _judge([_rule(tmp_path, "return Verdict.accept()")], ["a"])[0][0].keep is True


@pytest.mark.slow
def test_prompts_in_the_order_of_their_ids_keep_all_processes_at_work(tmp_path: Path) -> None:
    asked = sorted((make.prompt(f"{number}?") for number in range(200)), key=lambda prompt: prompt.id)[:8]
    with Pool([_rule(tmp_path, PID)], 2) as pool:
        jobs = [pool.submit(prompt, [make.sample(prompt, 0)]) for prompt in asked]
        assert len({job.result()[0][0].score for job in jobs}) == 2


LOOKS = """from factory import Verdict
def judge(sample, prompt, *, knob=0):
    return Verdict.accept()
def doomed(text, prompt, *, knob=0):
    {}
"""


def _looking(folder: Path, body: str, name: str = "rule", **fields: object) -> Rule:
    (folder / f"{name}.py").write_text(LOOKS.format(body))
    return Rule(name, folder / f"{name}.py", **fields)


def _look(rules: list[Rule], texts: list[str], deadline: float = 10.0) -> tuple[list[str | None], dict[str, str]]:
    with Pool(rules, 1, deadline) as pool:
        return [pool.look(make.prompt(), text).result() for text in texts], pool.look_errors


def test_the_first_rule_in_scope_that_dooms_a_text_is_named(tmp_path: Path) -> None:
    rules = [
        _rule(tmp_path, "return Verdict.reject('always')", "only_judges"),
        _looking(tmp_path, "return Verdict.reject('here')", "elsewhere", tasks=("code",)),
        _looking(tmp_path, "return Verdict.accept()", "accepts"),
        _looking(tmp_path, "return Verdict.reject('long') if len(text) > knob else None", "long", knobs={"knob": 3}),
        _looking(tmp_path, "return Verdict.reject('late')", "late", sources=("",)),
    ]
    assert _look(rules, ["abc", "abcd \ud800\x00"]) == (["late:late", "long:long"], {})
    assert _look(rules[:3], ["abcd"]) == ([None], {})


@pytest.mark.slow
def test_a_fault_dooms_nothing_and_a_look_that_hangs_is_asked_no_more(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    hang = f"open({str(tries)!r}, 'a').write('x')\n    import time\n    time.sleep(600)"
    rules = [
        _looking(tmp_path, "raise ValueError('no')", "raises"),
        _looking(tmp_path, "return True", "bool"),
        _looking(tmp_path, hang, "hangs"),
        _looking(tmp_path, "return Verdict.reject('loop')", "loops"),
    ]
    found, errors = _look(rules, ["a"] * 4, deadline=0.3)
    assert found == [None, None, "loops:loop", "loops:loop"]
    assert tries.read_text() == "xx"
    assert (errors["raises"], errors["hangs"]) == ("ValueError: no", "timeout")
    assert "AttributeError" in errors["bool"]


def test_looks_go_ahead_of_samples_that_wait(tmp_path: Path) -> None:
    order: list[str] = []
    asked = make.prompt()
    body = "return Verdict.reject('loop')"
    slow = _rule(tmp_path, "import time; time.sleep(0.1); return Verdict.accept()", "slow")
    with Pool([slow, _looking(tmp_path, body, "loops")], 1) as pool:
        for number in range(3):
            pool.submit(asked, [make.sample(asked, number)]).add_done_callback(lambda _: order.append("judged"))
        pool.look(asked, "x").add_done_callback(lambda _: order.append("looked"))
    assert order.index("looked") <= 1
    assert len(order) == 4


def test_a_look_that_does_not_take_the_rules_knobs_is_refused_before_any_work(tmp_path: Path) -> None:
    _rule(tmp_path, "return Verdict.accept()")
    with Pool([], 1) as pool:
        assert watcher(Recipe("r", "", (_rule(tmp_path, "return Verdict.accept()", "plain"),), ""), pool) is None
        fine = _looking(tmp_path, "return None", "fine", tasks=("code",), knobs={"knob": 1})
        watch_of = watcher(Recipe("r", "", (fine,), ""), pool)
        assert watch_of is not None
        assert watch_of(make.prompt()) is None, "no rule that looks is in scope"
        assert watch_of(make.prompt(task="code")) is not None
        (tmp_path / "odd.py").write_text(
            LOOKS.format("pass").replace("doomed(text, prompt, *, knob=0)", "doomed(text)")
        )
        with pytest.raises(BadInput, match=r"odd\.py: doomed\(text, prompt"):
            watcher(Recipe("r", "", (Rule("odd", tmp_path / "odd.py"),), ""), pool)


def _alive(process: int) -> bool:
    for _ in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        if "Z" in Path(f"/proc/{process}/stat").read_text().split()[2]:
            return False  # a zombie of ours that init has yet to bury
        time.sleep(0.02)
    return True


def test_large_references_bound_a_conversation_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeder, "LONGEST", 100)
    asked = make.prompt("Add.", "9" * 60)
    jobs = [Job(asked, [make.sample(asked, n, "x")] * 3, [()] * 3, Future()) for n in range(3)]
    waiting = deque(Ask(job, sample, ()) for job in jobs for sample in job.samples)
    mine = feeder.Feeder([], 1.0, {}, {}, until_no=False)
    mine._size = 9
    assert len(mine._next_asked(waiting)) == 3
    mine.close()
