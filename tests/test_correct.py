"""The rule `correct`: our labelled answers, its reasons, and answers that attack the verifier."""

import json
from pathlib import Path

import pytest

from factory.judging.rules import load_module
from factory.shipped import shipped
from factory.verify import route
from tests.make import prompt, sample

judge = load_module(shipped("filters") / "correct.py").judge
DATA = Path(__file__).parent / "data"


LABELLED = ["verify.jsonl", "verify_unseen.jsonl"]
LABELLED += ["verify_held_out.jsonl", "verify_held_out_2.jsonl", "verify_held_out_3.jsonl"]
LABELLED += ["verify_held_out_4.jsonl", "verify_held_out_5.jsonl"]
LABELLED += ["verify_unseen_2.jsonl", "verify_unseen_3.jsonl", "verify_twins.jsonl"]


def verdict(reference, response, question="What is it?", strict=(), **fields):
    asked = prompt(question, reference, fields.pop("task", ""), **fields)
    return judge(sample(asked, text=response), asked, strict=strict)


def measure(name, part=None):
    """Precision and recall of keep over a labelled file or a part of it, and the rows it gets wrong."""
    rows = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if part in (None, row.get("part"))]
    missed, kept, right = [], 0, 0
    for row in rows:
        label = row["label"]
        if "prompt" in row:
            row["question"] = row.pop("prompt")
        keep = verdict(**{k: row[k] for k in row.keys() - {"label", "tag", "part"}}).keep is True
        kept, right = kept + keep, right + (keep and label)
        if keep != label:
            missed.append((row["reference"], row["response"][:80], label))
    return right / kept, right / sum(row["label"] for row in rows), missed


@pytest.mark.parametrize("name", LABELLED)
def test_labelled_answers_are_told_apart(name):
    """What each file read first, before anybody tuned to it: the second P .995, R .969; the third P .965, R .944;
    the fourth, more hostile, P .937, R .916; the fifth P .945, R .960, its last 122 rows, written after the rest had
    been tuned to, P .984, R .968. The sixth and seventh, written at once in the spirit of other graders' tests,
    P 1.000, R .843 and .840; after the sixth had been tuned to, the seventh, at whose faults nobody looked, P 1.000,
    R .981. 252 more rows, written then, read P .992, R .969; half went to each file.

    Three rows each of the third and fourth were dropped then, as nobody can say what is right (17 beside 17 %, bases
    left out).

    The third unseen set, written by another author who had read neither the verifier nor the other files, read
    P .971, R .971 in its half `unseen_3a` and P .969, R .979 in `unseen_3b`; after the first half's faults had been
    mended, the second read P .990, R .990. Then its last two faults were seen by accident and mended, so it is
    unseen no more. `verify_held_out_5`, ends of chats thought up while mending, read P .963, R .805. `verify_twins`
    is no measure: pairs of right answers and traps of the same shape, written while mending.
    """
    precision, recall, missed = measure(name)
    assert precision >= 0.995 and recall >= 0.97, missed


@pytest.mark.parametrize(
    ("name", "part", "precision", "recall"),
    [
        ("verify_unseen_4.jsonl", "unseen_4a", 0.995, 0.99),
        ("verify_unseen_4.jsonl", "unseen_4b", 0.995, 0.99),
        ("verify_unseen_5.jsonl", "unseen_5", 0.995, 0.99),
        ("verify_unseen_6.jsonl", "unseen_6a", 0.995, 0.985),
        ("verify_unseen_6.jsonl", "unseen_6b", 0.96, 0.925),
        ("verify_unseen_7.jsonl", None, 0.995, 0.99),
        ("verify_unseen_8.jsonl", None, 0.995, 0.99),
        ("verify_unseen_9.jsonl", None, 0.98, 0.89),
        ("verify_held_out_6.jsonl", None, 0.985, 0.9),
    ],
)
def test_unseen_answers_are_told_apart_as_well_as_they_were(name, part, precision, recall):
    """By four authors who had not seen the verifier. At first `unseen_4a` read P 1.000, R .897; `unseen_4b` P .979,
    R .904, and P .990, R .942 before its errors were looked at; `unseen_5` P .974, R .745; `unseen_6a` P .979, R .930;
    `unseen_6b` P .968, R .909 (now P .968, R .929); `unseen_7` P .985, R .948; `unseen_8`, look-alikes in the manner
    of graders' tests, P .990, R .981; `unseen_9` P .968, R .895 (three of its six false accepts are mended, no other
    of its errors). Only `unseen_6b` is unseen still, so a failure shows no row.
    `verify_held_out_6`, more ends of chats, read P .946, R .744; most of its errors were mended.
    """
    found = measure(name, part)[:2]
    assert found[0] >= precision and found[1] >= recall, found


@pytest.mark.parametrize(
    ("reference", "response", "keep", "reason"),
    [
        ("18", r"<think>9 * 2</think> \boxed{18}", True, "exact"),
        ("18", "The answer is 18.0.", True, "number"),
        ("18", "The answer is 17.", False, "wrong"),
        ("18", "<think>It is 18", False, "no_answer"),
        ("18", "I don't know.", False, "no_answer"),
        (None, "18", None, "no_reference"),
        ("  ", "18", None, "no_reference"),
        ("Marie Curie", "The answer is Maria Sklodowska.", None, "undecided"),
        ("Marie Curie", "The first to do so was Marie Curie.", True, "mention"),
        ("5", r"\boxed{5}. Wait, the answer is 7.", None, "conflicting"),
        (r"\frac{\sqrt{2}}{2}", r"\boxed{\frac{1}{\sqrt{2}}}", True, "formula"),
        (r"\{1,2\}", r"\boxed{2, 1}", True, "parts"),
        ("Yes", "No, it is not.", False, "wrong"),
    ],
)
def test_the_reason_says_who_decided(reference, response, keep, reason):
    found = verdict(reference, response)
    assert (found.keep, found.reason) == (keep, reason)


def test_the_span_is_the_extracted_answer_in_the_text():
    text = "<think>\nten or so\n</think>\n\nSo it is \\boxed{10}.\n"
    found = verdict("10", text)
    assert [text[a:b] for a, b in found.spans] == ["10"]


@pytest.mark.parametrize(
    ("strict", "reference", "response", "keep"),
    [
        ((), "5 cm", "5", True),
        (("units",), "5 cm", "5", False),
        (("units",), "5 cm", "50 mm", True),
        ((), r"50\%", "0.5", True),
        (("percent",), r"50\%", "0.5", False),
    ],
)
def test_units_and_percent_may_be_asked_for(strict, reference, response, keep):
    assert verdict(reference, response, strict=strict).keep is keep


@pytest.mark.parametrize(
    ("meta", "reference", "response", "keep"),
    [
        ({"choices": ["red", "green", "blue"]}, "B", "It is green.", True),
        ({"choices": ["red", "green", "blue"]}, "B", "The answer is green.", True),
        ({"choices": ["red", "green", "blue"]}, "green", "The answer is B.", True),
        ({"choices": {"A": "red", "B": "green"}}, "B", "The answer is red.", False),
        ({"choices": {"label": ["A", "B"], "text": ["1/2", "0.25"]}}, "A", r"\boxed{0.5}", True),
        ({"choices": ["red", "green", "blue"]}, "B", "The answer is (A) green.", None),
    ],
)
def test_options_may_stand_in_meta(meta, reference, response, keep):
    assert verdict(reference, response, task="choice", meta=json.dumps(meta)).keep is keep


@pytest.mark.parametrize(
    ("task", "reference", "named"),
    [
        ("math", "5", "math"),
        ("", "5", "math"),
        ("", r"\frac{1}{2}", "math"),
        ("", "B", "choice"),
        ("mcq", "Paris", "choice"),
        ("", "Paris", "text"),
        ("", '{"test_list": ["assert f(1) == 1"]}', "code"),
        ("code", '{"inputs": []}', "code"),
        ("gym:gcd", "{}", "gym"),
        ("math", None, "none"),
        ("math", "B", "math"),
    ],
)
def test_a_prompt_is_routed_by_its_task_then_by_its_reference(task, reference, named):
    assert route(prompt("Why?", reference, task)) == named


HOSTILE = {
    "tower": r"\boxed{" + "9^" * 2000 + "9}",
    "digits": r"\boxed{" + "9" * 1_000_000 + "}",
    "braces": r"\boxed{" + "{" * 500_000 + "5" + "}" * 500_000 + "}",
    "brackets": r"\boxed{" + "(" * 50_000 + "5" + ")" * 50_000 + "}",
    "factorials": r"\boxed{((((((9!)!)!)!)!)!}",
    "powers": r"\boxed{(10^{1000000})^{1000000}}",
    "roots": r"\boxed{" + r"\sqrt{" * 400 + "5" + "}" * 400 + "}",
    "fractions": r"\boxed{" + r"\frac{1}{" * 400 + "5" + "}" * 400 + "}",
    "import": r"\boxed{__import__('os')._exit(0)}",
    "lambda": r"\boxed{(lambda: exit(0))()}",
    "nul": "\0" * 1000 + r"\boxed{6" + "\0" * 1000 + "}",
    "bidi": "\u202e\u2066" * 10_000 + r"\boxed{6}",
    "surrogate": r"\boxed{" + "\ud800" * 10_000 + "6}",
    "marks": r"\boxed{6" + "\u0301" * 100_000 + "}",
    "list": r"\boxed{" + "1," * 100_000 + "1}",
    "cues": "answer is not " * 50_000,
    "signs": r"\boxed{" + "-" * 1_000 + "6}",
    "bars": r"\boxed{" + "|" * 301 + "}",
    "sums": r"\boxed{" + "+".join(["x"] * 190) + "}",
    "matrix": r"\boxed{\begin{pmatrix}" + "1&" * 1500 + r"\end{pmatrix}}",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("reference", ["5", r"x^2+\sqrt{2}", r"\{1, 2\}", "Paris", "B"])
def test_hostile_answers_are_never_right_and_never_raise(name, reference):
    assert verdict(reference, HOSTILE[name]).keep is not True


@pytest.mark.parametrize(
    ("reference", "answer", "keep"),
    [
        (r"\sum_{k=1}^{n} k", r"\frac{n(n+1)}{2}", True),
        (r"\sum_{k=1}^{n} k", r"\frac{n(n-1)}{2}", False),
        (r"\int_0^1 x dx", "1/2", True),
        (r"\frac{1}{2}", r"A\frac{1}{2}y-", None),
        (r"\frac{1}{2}", r"\frac{1}{2}\{", None),
        (r"\int_0^1 X dX", r"\int_0^1 x dx + X - x", None),
        ("5", r"\int_0^1 __import__('os') dx", None),
    ],
)
def test_formulas_beyond_our_parser_are_read_whole_or_not_at_all(reference, answer, keep):
    assert verdict(reference, rf"\boxed{{{answer}}}").keep is keep


@pytest.mark.parametrize(
    ("one", "other"),
    [("2^{-99}", "2^{-98}"), ("1011_2", "1011_3"), ("10^{50}", "10^{50}+1"), ("100!", "100!+1")],
)
def test_close_is_not_equal(one, other):
    assert verdict(one, rf"\boxed{{{other}}}").keep is False
