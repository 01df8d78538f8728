"""reasoning-gym's scorers: right answers pass, partial credit doesn't, and nothing an answer says gets out."""

import json
import shutil
import socket
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from factory.reading import gym
from factory.reading.row import Row
from factory.verify import gym as verifier
from factory.verify.gym import REFUSED, score_gym
from factory.verify.programs import gym_jail, jail
from factory.verify.sound import fault
from tests.make import prompt

pytestmark = pytest.mark.slow  # reasoning-gym imports sympy and matplotlib
needs_jail = pytest.mark.skipif(bool(jail.why_not()), reason=jail.why_not())


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
    monkeypatch.setattr(gym_jail, "scores", lambda _module, question, _seconds: [1.0 for _ in question["texts"]])
    assert score_gym(answer, entry(family)) == (False, "gym")


@pytest.fixture
def all_shown(monkeypatch):
    """The whitelist is gone: what is left is the jail."""
    monkeypatch.setattr(verifier, "_is_harmless", lambda *_: True)


RUNS_EVAL = ["n_queens", "spiral_matrix", "string_insertion", "binary_matrix"]
RUNS_PARSE = ["countdown", "puzzle24", "simple_integration", "intermediate_integration", "polynomial_multiplication"]
ESCAPES = [
    "__import__('pathlib').Path('{}').touch()",
    "open('{}', 'w')",
    "__import__('os').kill(__import__('os').getppid(), 9)",
    "__import__('urllib.request').request.urlopen('http://127.0.0.1:{port}')",
    "__import__('os')._exit(0)",
    "[open('/tmp/' + str(n), 'wb').write(b'x' * 2**20) for n in range(99)]",
]


@needs_jail
@pytest.mark.parametrize("family", [*RUNS_EVAL, *RUNS_PARSE])
@pytest.mark.parametrize("payload", ESCAPES)
def test_what_gets_past_the_whitelist_stays_in_the_jail(family, payload, all_shown, tmp_path):
    tmp_path.chmod(0o777)
    mark, reference = tmp_path / "ran", entry(family)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        answer = payload.replace("{}", str(mark)).replace("{port}", str(port))
        assert score_gym(f"<answer>{answer}</answer>", reference)[0] is not True
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert not mark.exists()
    assert score_gym(own_answer(reference), reference) == (True, "gym")  # and the jail goes on, or another does


@needs_jail
@pytest.mark.parametrize(("family", "part"), [("number_sorting", "answer"), ("bitwise_arithmetic", "metadata")])
def test_what_an_entry_has_run_stays_in_the_jail(family, part, tmp_path):
    tmp_path.chmod(0o777)
    mark, value = tmp_path / "ran", json.loads(entry(family))
    code = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    value["entry"][part] = code if part == "answer" else value["entry"][part] | {"problem": code}
    assert score_gym("['1', '2']" if part == "answer" else "0x1", json.dumps(value))[0] is not True
    assert not mark.exists()


@needs_jail
@pytest.mark.parametrize("payload", ["exec('while True: pass')", "[0] * 10**10", "9**9**9"])
def test_a_jailed_scorer_has_limits_of_time_and_memory(payload, all_shown, monkeypatch):
    gym_jail.close()
    monkeypatch.setattr(verifier, "SECONDS", 0.5)
    reference = entry("n_queens")
    assert score_gym(f"<answer>{payload}</answer>", reference)[0] is not True
    gym_jail.close()
    monkeypatch.setattr(verifier, "SECONDS", 4.0)
    assert score_gym(own_answer(reference), reference) == (True, "gym")


@needs_jail
def test_a_jail_that_was_killed_is_started_again():
    reference = entry("n_queens")
    assert score_gym(own_answer(reference), reference) == (True, "gym")
    gym_jail._server._jail.process.kill()
    assert score_gym(own_answer(reference), reference) == (True, "gym")


def test_without_a_jail_such_families_are_unknown_and_the_others_are_not(monkeypatch):
    monkeypatch.setattr(jail, "why_not", lambda: "bubblewrap is not installed")
    reference = entry("countdown")
    assert score_gym(own_answer(reference), reference) == (None, "no_jail")
    assert score_gym("no idea", reference) == (None, "no_jail")
    assert "bubblewrap is not installed" in (fault(prompt(reference=reference, task="gym")) or "")
    assert score_gym(own_answer(entry("gcd")), entry("gcd")) == (True, "gym")


def test_by_wish_they_run_without_a_jail_and_say_so(monkeypatch):
    gym_jail.close()
    monkeypatch.setattr(jail, "why_not", lambda: "bubblewrap is not installed")
    monkeypatch.setenv(jail.UNSAFE, "1")
    reference = entry("countdown")
    try:
        assert score_gym(own_answer(reference), reference) == (True, "gym_unjailed")
        assert score_gym("1", reference) == (False, "gym_unjailed")
    finally:
        gym_jail.close()


def test_a_slow_scorer_is_a_timeout(monkeypatch):
    slow = SimpleNamespace(score_answer=lambda *_, **__: time.sleep(10))
    monkeypatch.setattr(verifier, "_scorer", lambda *_: slow)
    monkeypatch.setattr(verifier, "SECONDS", 0.02)
    assert score_gym("5", entry("gcd")) == (None, "too_slow")


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


@pytest.fixture
def open_place(monkeypatch, tmp_path):  # tmp_path first: pytest asks for the usual place once
    """A folder for temporary files that everybody may read, as /tmp is."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def package(tmp_path):
    (tmp_path / "package" / "inner").mkdir(parents=True)
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "inner" / "module.py").write_text("x = 1\n")
    return {"reasoning_gym": tmp_path / "package"}


def test_packages_that_only_root_may_read_are_laid_where_a_jail_may(open_place, package):
    there = gym_jail._linked(package)["reasoning_gym"]
    assert (there / "inner" / "module.py").read_text() == "x = 1\n"
    assert jail.is_readable(there / "inner")


def test_they_are_laid_there_once_for_all_processes(open_place, package):
    assert gym_jail._linked(package) == gym_jail._linked(package)
    assert len(list(open_place.iterdir())) == 1


def test_nobody_else_may_have_laid_them_there(open_place, package):
    there = gym_jail._linked(package)["reasoning_gym"].parent
    there.chmod(0o777)
    with pytest.raises(jail.NoJail, match="somebody else's"):
        gym_jail._linked(package)


def test_a_failed_copy_leaves_nothing(open_place, package, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gym_jail, "_link", full)
    with pytest.raises(jail.NoJail, match="No space left"):
        gym_jail._linked(package)
    assert not list(open_place.iterdir())
