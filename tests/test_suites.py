"""Tests of code as data sets keep them, and programs as models write them."""

import base64
import json
import pickle
import zlib

import pytest

from factory.judging.rules import load_module
from factory.records import Prompt
from factory.said import FAULTS
from factory.shipped import shipped
from factory.verify import route
from factory.verify.programs import code, jail
from factory.verify.programs.code import run_code
from factory.verify.programs.program import program
from factory.verify.programs.suites import NoSuite, Suite, read_suite
from tests.make import prompt, sample

needs_jail = pytest.mark.skipif(bool(jail.why_not()), reason=jail.why_not())
ADD = "print(sum(map(int, input().split())))"
CASES = [{"type": "stdin_stdout", "input": "1 2", "output": "3", "fn_name": None}]
STDIN = {"inputs": ["1 2"], "outputs": ["3"]}
SOLUTION = "class Solution:\n    def go(self, nums: List[int], k: int) -> int:\n        return Counter(nums)[k]"
LIVE = {
    "public_test_cases": json.dumps([{"input": "[1, 1, 2]\n1", "output": "2", "testtype": "functional"}]),
    "metadata": json.dumps({"func_name": "go"}),
}


def fenced(text, language="python"):
    return f"So:\n\n```{language}\n{text}\n```\n"


def pack(value):
    return base64.b64encode(zlib.compress(pickle.dumps(value))).decode()


def live(private):
    public = [{"input": "1 2\n", "output": "3\n", "testtype": "stdin"}]
    return json.dumps({"public_test_cases": json.dumps(public), "private_test_cases": private, "metadata": "{}"})


def test_the_private_tests_of_livecodebench_are_unpacked():
    suite = read_suite(live(pack(json.dumps([{"input": "5 6\n", "output": "11\n", "testtype": "stdin"}]))))
    assert suite.cases == (("1 2\n", "3\n"), ("5 6\n", "11\n"))


class Harm:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was run",))


@pytest.mark.parametrize(
    "private", [pack(Harm()), pack(["a"]), pack(b"[]"), "no base64", base64.b64encode(b"no zlib").decode()]
)
def test_packed_tests_that_are_no_text_are_no_tests_and_nothing_of_them_runs(private):
    with pytest.raises(NoSuite):
        read_suite(live(private))


@pytest.mark.slow
def test_a_small_pack_cannot_fill_the_memory():
    with pytest.raises(NoSuite):
        read_suite(live(base64.b64encode(zlib.compress(b"\0" * 70_000_000, 1)).decode()))


@pytest.mark.parametrize(
    "reference",
    [
        json.dumps(json.dumps({"test_cases": CASES})),
        json.dumps({"verification_info": json.dumps({"language": "python", "test_cases": CASES})}),
        json.dumps({"verification_info": repr({"test_cases": CASES})}),
        repr({"language": "python", "test_cases": CASES}),
        json.dumps(CASES),
        json.dumps({"inputs": json.dumps(["1 2"]), "outputs": json.dumps(["3"])}),
    ],
)
def test_tests_within_texts_are_found(reference):
    assert read_suite(reference).cases == (("1 2", "3"),)


@pytest.mark.parametrize(
    ("value", "cases"),
    [
        ({"fn_name": "go", "inputs": ["[1, 2]\n3"], "outputs": ["[3]"]}, (([[1, 2], 3], [3]),)),
        (
            {"test_cases": [{"type": "function_call", "fn_name": "go", "input": '["a"]', "output": "b"}]},
            ((["a"], "b"),),
        ),
        ({**LIVE, "metadata": "{}", "starter_code": "class Solution:\n    def go(self, x):"}, (([[1, 1, 2], 1], 2),)),
    ],
)
def test_calls_given_as_text(value, cases):
    suite = read_suite(json.dumps(value))
    assert (suite.kind, suite.entry, suite.cases) == ("calls", "go", cases)


def test_calls_of_nobody_are_no_tests():
    with pytest.raises(NoSuite):
        read_suite(json.dumps({**LIVE, "metadata": "{}"}))


def test_a_list_of_cases_is_code_whatever_its_length():
    assert route(prompt("Add.", json.dumps(CASES), "")) == "code"
    assert route(prompt("Add.", json.dumps(CASES * 3), "")) == "code"


def test_the_routes_of_large_references_are_not_remembered():
    from factory.verify.routing import _route

    before = _route.cache_info().currsize
    large = Prompt(id="p", messages=({"role": "user", "content": "Add."},), reference=json.dumps(CASES * 1000))
    assert route(large) == "code" and _route.cache_info().currsize == before


INPUTS = Suite("inputs", cases=(("1 2", "3"),))


@pytest.mark.parametrize(
    "answer",
    [
        fenced(ADD) + "It prints:\n" + fenced("3", ""),
        fenced(ADD) + "Run it:\n" + fenced("$ python a.py\n3", ""),
        fenced(ADD, "") + "It prints:\n" + fenced("3", ""),
        fenced(ADD) + "For example:\n" + fenced("print(1 + 2)"),
        "1. This:\n\n   ```python\n   " + ADD + "\n   ```\n",
        "> ```python\n> " + ADD + "\n> ```\n",
        f"~~~python\n{ADD}\n~~~\n",
        f"So:\n```python\n{ADD}\n",
    ],
)
def test_the_program_is_found_among_blocks(answer):
    assert program(answer, INPUTS).strip() == ADD


def test_a_function_is_found_by_its_whole_name():
    suite = Suite("calls", entry="add")
    answer = fenced("def add(a, b): return a + b") + fenced("def adder(a): return 0")
    assert program(answer, suite).strip() == "def add(a, b): return a + b"


def test_a_body_without_its_signature_is_no_output():
    suite = Suite("code", entry="f", prelude="def f(x):\n")
    assert program(fenced("    return x", ""), suite) == "def f(x):\n    return x\n"


@needs_jail
@pytest.mark.parametrize(
    ("reference", "text", "expected"),
    [
        (LIVE, SOLUTION, (True, "tests")),
        (LIVE, "from __future__ import annotations\n" + SOLUTION, (True, "tests")),
        (STDIN, ADD + "\nexit()", (True, "tests")),
        (STDIN, ADD + "\nraise SystemExit('bad')", (False, "tests")),
        (STDIN, "import fileinput\nfor x in fileinput.input(): print(sum(map(int, x.split())))", (True, "tests")),
        (STDIN, "import atexit\natexit.register(print, 3)", (True, "tests")),
        (STDIN, "import threading\nthreading.Timer(0.02, print, [3]).start()", (True, "tests")),
        (STDIN, "import numpy as np\nprint(np.sum([1, 2]))", (None, "no_module")),
        ({"fn_name": "f", "inputs": [[1]], "outputs": [[0.1, 0.3]]}, "def f(x): return [.1, .1 + .2]", (True, "tests")),
        ({"fn_name": "f", "inputs": [[1]], "outputs": [[0.1, 0.3]]}, "def f(x): return [.1, .31]", (False, "tests")),
        ({"test_list": ["assert f(1 == 1"]}, "def f(x): return 1", (None, "undecided")),
        ({"test_list": ["import numpy\nassert f(1) == 1"]}, "def f(x): return 1", (None, "undecided")),
        ({"test_list": ["assert f(t) == 1"], "test_setup_code": "t = N(1)"}, "def f(x): return 1", (None, "undecided")),
        ({"test_list": ["try:\n    f()\nexcept:\n    pass"]}, "import os\ndef f(): os._exit(0)", (False, "tests")),
        (
            {"fn_name": "f", "inputs": [[1]], "outputs": [1]},
            "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'int'\ndef f(x): return A(x).x",
            (True, "tests"),
        ),
    ],
)
def test_programs_as_they_are_written(reference, text, expected):
    assert run_code(fenced(text), json.dumps(reference)) == expected


@needs_jail
@pytest.mark.slow
@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ({"inputs": ["1\n" + "123456789 " * 300_000], "outputs": ["3000000"]}, "input(); print(len(input()))"),
        ({"inputs": ["60000"], "outputs": [" ".join(map(str, range(60_000)))]}, "print(*range(int(input())))"),
        ({"fn_name": "f", "inputs": [[list(range(200_000))]], "outputs": [200_000]}, "def f(x): return len(x)"),
        ({"fn_name": "f", "inputs": [[200_000]], "outputs": [list(range(200_000))]}, "def f(x): return list(range(x))"),
    ],
    ids=["input", "output", "arguments", "result"],
)
def test_large_tests_pass_the_pipes(reference, text):
    assert run_code(fenced(text), json.dumps(reference)) == (True, "tests")


@needs_jail
def test_what_no_pipe_can_pass_is_not_held_against_the_program(monkeypatch):
    monkeypatch.setattr(code, "LARGEST", 10)
    assert run_code(fenced(ADD), json.dumps({"inputs": ["1 " * 10], "outputs": ["10"]})) == (None, "undecided")


@needs_jail
@pytest.mark.parametrize("reference", [STDIN, LIVE, {"test_list": ["assert go([1], 1) == 1"]}], ids=str)
def test_a_program_whose_jail_does_not_start_is_not_wrong(reference, monkeypatch):
    command = jail._command()
    monkeypatch.setattr(jail, "_command", lambda: (command[0], "--no-such-option", *command[1:]))
    assert run_code(fenced("def go(x, k):\n    return 0 + 1"), json.dumps(reference)) == (None, "no_jail")


@needs_jail
def test_a_program_that_takes_too_long_is_no_fault_of_the_rule():
    asked = prompt("Add.", json.dumps(STDIN), "code")
    loop = sample(asked, text="<think>\nHm.\n</think>\n\n" + fenced("while True: pass"))
    found = load_module(shipped("filters") / "correct.py").judge(loop, asked, seconds=0.2)
    assert (found.keep, found.reason) == (None, "too_slow") and found.reason not in FAULTS
