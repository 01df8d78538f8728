"""Programs in jails: honest ones pass, mutants fail, hostile ones neither pass nor harm."""

import json
import os
import time
from pathlib import Path

import pytest

from factory.judging.rules import load_module
from factory.shipped import shipped
from factory.verify.programs import jail
from factory.verify.programs.code import run_code
from factory.verify.programs.inside.plain import NotPlain, decode, encode
from factory.verify.programs.program import program
from factory.verify.programs.suites import NoSuite, read_suite
from factory.verify.sound import fault
from tests.make import prompt, sample

needs_jail = pytest.mark.skipif(bool(jail.why_not()), reason=jail.why_not())
DATA = Path(__file__).parent / "data"
judge = load_module(shipped("filters") / "correct.py").judge

HUMANEVAL = json.dumps(
    {
        "prompt": 'from typing import List\n\ndef total(xs: List[int]) -> int:\n    """The sum."""\n',
        "test": "def check(candidate):\n    assert candidate([1, 2]) == 3\n    assert candidate([]) == 0\n",
        "entry_point": "total",
    }
)
MBPP = json.dumps({"test_list": ["assert add(1, 2) == 3", "assert set(pair(1)) == {1, 2}"]})
STDIN = json.dumps({"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7\n"]})
CALLS = json.dumps({"inputs": [[1, 2], [3, 4]], "outputs": [3, 7], "fn_name": "add"})
SYNTHETIC = json.dumps(
    {"language": "python", "test_cases": [{"type": "stdin_stdout", "input": "1 2", "output": "3", "fn_name": None}]}
)
LIVE = json.dumps(
    {
        "public_test_cases": json.dumps([{"input": "1\n2", "output": "3", "testtype": "functional"}]),
        "metadata": json.dumps({"func_name": "add"}),
    }
)
ADD = "```python\nimport sys\nprint(sum(map(int, sys.stdin.read().split())))\n```"


def fenced(code):
    return f"Here it is.\n\n```python\n{code}\n```\nDone."


@needs_jail
@pytest.mark.parametrize(
    ("reference", "answer", "expected"),
    [
        (HUMANEVAL, fenced("def total(xs: List[int]) -> int:\n    return sum(xs)"), True),
        (HUMANEVAL, "    return sum(xs)\n", True),
        (HUMANEVAL, fenced("def total(xs):\n    return sum(xs) + 1"), False),
        (HUMANEVAL, fenced("def other(xs):\n    return sum(xs)"), False),
        (HUMANEVAL, fenced("def total(xs:\n"), False),
        (HUMANEVAL, "I can't do that.", False),
        (MBPP, fenced("def add(a, b):\n    return a + b\ndef pair(x):\n    return (x, x + 1)"), True),
        (MBPP, fenced("def add(a, b):\n    return a + b\ndef pair(x):\n    return (x, x)"), False),
        (STDIN, ADD, True),
        (STDIN, fenced("print(3)"), False),
        (STDIN, fenced("raise SystemExit(1)"), False),
        (CALLS, fenced("def add(a, b):\n    return a + b"), True),
        (CALLS, fenced("class Solution:\n    def add(self, a, b):\n        return a + b"), True),
        (CALLS, fenced("def add(a, b):\n    return a * b"), False),
        (SYNTHETIC, ADD, True),
        (LIVE, fenced("class Solution:\n    def add(self, a, b):\n        return a + b"), True),
    ],
)
def test_formats_met_in_the_wild(reference, answer, expected):
    assert run_code(answer, reference)[0] is expected


@needs_jail
def test_arguments_changed_in_place_are_seen_by_the_tests():
    reference = json.dumps({"test_list": ["xs = [3, 1, 2]\norder(xs)\nassert xs == [1, 2, 3]"]})
    assert run_code(fenced("def order(xs):\n    xs.sort()"), reference) == (True, "tests")


@needs_jail
def test_expected_exceptions_pass_by_name():
    tests = "try:\n    f()\n    raise SystemExit\nexcept ValueError:\n    pass"
    assert run_code(fenced("def f():\n    raise ValueError('no')"), json.dumps({"test_list": [tests]}))[0] is True


def programs(name):
    """The programs of a data file, each under a line `### what it tries`."""
    parts = (DATA / name).read_text(encoding="utf-8").split("### ")[1:]
    return dict(part.split("\n", 1) for part in parts)


HOSTILE = programs("verify_hostile_programs.txt") | {"nul": "\0"}


@needs_jail
@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "reference", [CALLS, json.dumps({"test_list": ["assert add(1, 2) == 3"]})], ids=["calls", "tests"]
)
def test_hostile_programs_never_pass(name, reference):
    assert run_code(fenced(HOSTILE[name]), reference, seconds=1.5)[0] is not True


@needs_jail
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["infinite loop", "fork bomb", "memory bomb", "kill everybody", "output bomb", "disk bomb"]
)
def test_hostile_programs_never_pass_on_stdin(name):
    assert run_code(fenced(HOSTILE[name] + "\nprint('x' * 10**9)"), STDIN, seconds=1.5)[0] is not True


@needs_jail
def test_nothing_outlives_a_jail():
    code = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(987)\ntime.sleep(987)"
    run_code(fenced(code), CALLS, seconds=0.5)
    assert not left_over()


def left_over():
    """Programs that are there after ten seconds: one that was killed takes a moment to go, another sleeps on."""
    deadline = time.monotonic() + 10
    while (left := programs()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def programs():
    """The programs of samples on this machine, however deep (they are reparented to us or init when orphaned)."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if b"serve_calls" in command or b"Inside the program" in command:
            found.append(entry.name)
    return found


def test_the_environment_does_not_reach_a_jail(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    if jail.why_not():
        pytest.skip(jail.why_not())
    code = "import os\ndef add(a, b):\n    return a + b if 'SECRET_TOKEN' not in os.environ else 0"
    assert run_code(fenced(code), CALLS)[0] is True
    assert os.environ["SECRET_TOKEN"] == "hunter2"


@needs_jail
def test_the_rule_judges_code():
    asked = prompt("Add.", CALLS, "code")
    good = sample(asked, text=f"<think>\nEasy.\n</think>\n\n{fenced('def add(a, b): return a + b')}")
    assert judge(good, asked).reason == "tests"
    assert (
        judge(sample(asked, text="<think>\nx\n</think>\n\n" + fenced("def add(a, b): return 0")), asked).reason
        == "wrong"
    )


def test_without_a_jail_nobody_runs_anything(monkeypatch):
    monkeypatch.setattr(jail, "why_not", lambda: "none here")
    assert run_code(fenced("def add(a, b):\n    return 1 - 1 + a + b"), CALLS) == (None, "no_jail")
    asked = prompt("Add.", CALLS, "code")
    assert "none here; --unsafe-exec" in (fault(asked) or "")


def test_programs_run_free_only_by_wish_and_that_is_marked(monkeypatch):
    monkeypatch.setattr(jail, "why_not", lambda: "none here")
    monkeypatch.setenv(jail.UNSAFE, "1")
    asked = prompt("Add.", CALLS, "code")
    assert fault(asked) is None
    verdicts = [
        judge(sample(asked, text="<think>x</think>\n\n" + fenced(f"def add(a, b):\n    return {body}")), asked)
        for body in ("2 - 2 + a + b", "2 - 2 + a")
    ]
    assert [(v.keep, v.reason) for v in verdicts] == [(True, "tests_unjailed"), (False, "wrong_unjailed")]


def test_a_jail_is_used_where_there_is_one_whatever_was_wished(monkeypatch):
    monkeypatch.setenv(jail.UNSAFE, "1")
    assert jail.is_unsafe() is bool(jail.why_not())


def test_what_runs_free_is_killed_with_what_it_started(monkeypatch, tmp_path):
    monkeypatch.setattr(jail, "why_not", lambda: "none here")
    monkeypatch.setenv(jail.UNSAFE, "1")
    code = "import os, time\nif os.fork() == 0:\n    time.sleep(977)\ndef add(a, b):\n    return 3 - 3 + a + b"
    assert run_code(fenced(code), CALLS) == (True, "tests_unjailed")
    assert not left_over()


@pytest.mark.parametrize(
    "reference", ["", "5", "[]", "{}", '{"inputs": [1], "outputs": []}', '{"test_cases": 5}', "[" * 100_000]
)
def test_a_reference_without_tests_is_unknown(reference):
    with pytest.raises(NoSuite):
        read_suite(reference)
    assert run_code(fenced("pass"), reference) == (None, "no_tests")


def test_the_last_block_with_the_function_is_the_program():
    suite = read_suite(HUMANEVAL)
    answer = fenced("def total(xs): return 1") + fenced("def total(xs): return 2") + fenced("print(total([]))")
    assert program(answer, suite).strip().endswith("return 2")


@pytest.mark.parametrize(
    "value", [None, True, 10**400, -1.5, float("inf"), "\ud800", b"\0", [1, (2,)], {1, 2}, {(1,): {"a": []}}]
)
def test_plain_data_survives_the_pipe(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert back == value and type(back) is type(value)


class Sneaky(int):
    pass


@pytest.mark.parametrize("value", [Sneaky(1), object(), (x for x in "a"), lambda: 1, [Sneaky(2)]])
def test_nothing_else_does(value):
    with pytest.raises(NotPlain):
        encode(value)


@needs_jail
@pytest.mark.slow
def test_the_house_judges_math_code_and_gym_in_one_pool():
    from factory.judging.pool import Pool
    from factory.judging.recipes import load_recipe

    rules = [rule for rule in load_recipe("r1").rules if rule.name == "correct"]
    code, math = prompt("Add.", CALLS, "code"), prompt("4 + 5?", "9", "math")
    loop = sample(code, 1, text=fenced("while True:\n    pass"))
    with Pool(rules, 2) as pool:
        found = pool.submit(code, [sample(code, text=fenced("def add(a, b):\n    return a + b")), loop])
        tower = sample(math, 1, text=r"\boxed{" + "9^" * 100 + "9}")
        others = pool.submit(math, [sample(math), tower])
        reasons = [[v.reason for v in one] for one in found.result() + others.result()]
    assert reasons == [["tests"], ["too_slow"], ["exact"], ["undecided"]]
    assert not pool.errors
