"""reasoning-gym's scorers: right answers pass, partial credit doesn't, and nothing an answer says is run."""

import json
import time
from types import SimpleNamespace

import pytest

from factory.reading import gym
from factory.reading.row import Row
from factory.verify import gym as verifier
from factory.verify.gym import REFUSED, score_gym

pytestmark = pytest.mark.slow  # reasoning-gym imports sympy and matplotlib


def entry(family, **options):
    query = "&".join(f"{k}={v}" for k, v in {"size": 1, **options}.items())
    row: Row = next(iter(gym.gym_rows(f"gym:{family}?{query}")))
    return row.values["reference"]


def own_answer(reference):
    return str(json.loads(reference)["entry"]["answer"])


FAMILIES = ["gcd", "chain_sum", "countdown", "n_queens", "spiral_matrix", "string_insertion", "simple_integration"]


@pytest.mark.parametrize("family", [*FAMILIES, "polynomial_multiplication", "binary_matrix", "sudoku"])
def test_a_familys_own_answer_passes_and_nonsense_does_not(family):
    reference = entry(family)
    assert score_gym(own_answer(reference), reference) == (True, "gym")
    assert score_gym("I have no idea at all.", reference)[0] is not True


@pytest.mark.parametrize("wrapped", ["<answer>{}</answer>", "The answer is {}.", r"\boxed{{{}}}"])
def test_the_answer_is_extracted_first(wrapped):
    reference = entry("gcd")
    assert score_gym(wrapped.format(own_answer(reference)), reference)[0] is True


def test_partial_credit_is_not_enough():
    reference = entry("gcd")
    assert score_gym(f"It may be {own_answer(reference)} or 987654.", reference)[0] is not True


PAYLOADS = [
    "__import__('pathlib').Path('{}').touch()",
    "open('{}', 'w')",
    "[c for c in ().__class__.__base__.__subclasses__()] or open('{}', 'w')",
    "exec(\"open('{}', 'w')\")",
    "9**9**9**9",
    "(lambda: open('{}', 'w'))()",
]


@pytest.mark.parametrize(
    "family",
    [
        "countdown",
        "puzzle24",
        "n_queens",
        "spiral_matrix",
        "string_insertion",
        "binary_matrix",
        "number_sorting",
        "simple_integration",
        "intermediate_integration",
        "polynomial_multiplication",
    ],
)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_planted_code_is_not_run(family, payload, tmp_path):
    mark = tmp_path / "ran"
    answer = payload.replace("{}", str(mark))
    for text in (answer, f"<answer>{answer}</answer>"):
        assert score_gym(text, entry(family))[0] is not True
    assert not mark.exists()


@pytest.mark.parametrize(
    ("family", "answer"),
    [
        ("countdown", "(((9**99+0)**99+0)**99+0)**9"),
        ("simple_integration", "((((x**99+1)**99+1)**(-99)+1)**9+1)**9"),
        ("polynomial_multiplication", "(x+1)^99*(y+2)^99*(z+3)^99"),
    ],
)
def test_towers_of_brackets_are_not_shown_to_a_scorer(family, answer, monkeypatch):
    monkeypatch.setattr(
        verifier, "_scorer", lambda *_: SimpleNamespace(score_answer=lambda *_, **__: pytest.fail("shown"))
    )
    assert score_gym(answer, entry(family)) == (False, "gym")


def test_a_slow_scorer_is_a_timeout(monkeypatch):
    slow = SimpleNamespace(score_answer=lambda *_, **__: time.sleep(10))
    monkeypatch.setattr(verifier, "_scorer", lambda *_: slow)
    monkeypatch.setattr(verifier, "SECONDS", 0.02)
    assert score_gym("5", entry("countdown")) == (None, "too_slow")


@pytest.mark.parametrize("family", REFUSED)
def test_families_with_broken_scorers_are_refused(family):
    reference = json.dumps({"family": family, "config": {}, "entry": {"answer": "x", "metadata": {}}})
    assert score_gym("x", reference) == (None, "refused_family")


@pytest.mark.parametrize("reference", ["", "{}", '{"family": "no_such", "entry": {}}', "[" * 100_000])
def test_a_reference_that_is_no_entry_is_unknown(reference):
    assert score_gym("5", reference) == (None, "no_tests")


@pytest.mark.filterwarnings("ignore")  # some families leave files open
def test_every_family_that_is_not_refused_accepts_its_own_answer():
    from reasoning_gym.factory import DATASETS

    wrong = []
    for family in sorted(DATASETS.keys() - REFUSED):
        reference = entry(family)
        if json.loads(reference)["entry"]["answer"] and score_gym(own_answer(reference), reference)[0] is not True:
            wrong.append(family)
    assert wrong == []
