"""The rule `arithmetic`: which claims it reads, which hold, and what it leaves alone."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.judging.rules import load_module
from factory.shipped import shipped
from factory.verify.claims import claims
from tests.make import prompt, sample

DATA = Path(__file__).parent / "data"
judge = load_module(shipped("filters") / "arithmetic.py").judge


def held(text):
    return [one.holds for one in claims(text)]


@pytest.mark.parametrize(
    "text",
    [
        "3 + 4 = 7",
        "So 227 - 289 = -62.",
        "12 * 12 = 144 and that is it",
        "we get $2 \\times 3 = 6$.",
        "\\frac{1}{2} + \\frac{1}{3} = \\frac{5}{6}",
        "1,200 + 300 = 1,500 dollars",
        "10 / 4 = 2.5",
        "10/3 = 3.33",
        "10/3 = 3.333...",
        "2^10 = 1024",
        "25% = 1/4",
        "20% * 50 = 10",
        "5! = 120",
        "$5 + $3 = $8",
        "３＋４＝７",
        "7 × 8 = 56",
        "f(3) = 3 + 2 = 5",
        "(2 + 3) * 4 = 20",
        "2 / 3 ≈ 0.667",
        "10 - 3 = 7 - 2",
        "-3 + 5 = 2",
        "$100 - 25% = $75",
        "80 + 10% = 88",
        "20% + 30% = 50%",
        "10 / 3 = 3.34",
        "2 / 3 = 0.66",
        "So 12 apples + 5 apples = 17 apples.",
        "The rest is 1 pen + 2 pens = 3 pens",
        "He has 40 minutes - 10 minutes - 5 minutes = 25 minutes left",
        "15% of 200 = 30",
        "A tip is 15\\% of $30 = $4.50 then",
    ],
)
def test_true_claims_hold(text):
    assert held(text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "227 - 289 = 17",
        "So 3 + 4 = 8, hence the answer is 8.",
        "$100 - 25% = $70",
        "0.1 * 0.1 = 0.1",
        "1 / 100 = 0.1",
        "\\frac{1}{2} + \\frac{1}{3} = \\frac{2}{5}",
        "7 × 8 = 54",
        "2^10 = 1000",
        "10/3 = 3",
        "$12 \\cdot 12 = 142$",
        "3 + 4 = 7.5",
        "12 apples + 5 apples = 18 apples",
        "So 15% of 200 = 40.",
        "1 byte + 4 bytes + 4 bytes = 8 bytes",
    ],
)
def test_false_claims_do_not(text):
    assert held(text) == [False]


@pytest.mark.parametrize(
    "text",
    [
        "2x + 3 = 7",
        "x = 5",
        "x + 3 = 7x",
        "17 mod 5 = 3 + 0",
        "17 / 5 = 3 remainder 2",
        "17 / 5 = 3 R 2",
        "3 + 5 = 1 (mod 7)",
        "3 * 5 = 1 \\pmod 7",
        "log 8 + 1 = 4 + 1",
        "101_2 + 1 = 6",
        "Is 7 * 8 = 54?",
        "If 2 + 2 = 5 then pigs fly",
        "7 * 8 = 54. No, wait, it's 56.",
        "7 * 8 = 54, that's wrong",
        "7 乘 8，7 * 8 = 54，不对",
        "20% of 50 + 1 = 11",
        "20% of 50 = 1/5 of 50",
        "200 plus 20% of 200 = 240",
        "three times 10% of 200 = 60",
        "50 + 10% of 50 = 55",
        "twice 4 apples + 2 apples = 10 apples",
        "3 * 2 apples + 5 apples = 11 apples",
        "2 hours + 30 minutes = 150 minutes",
        "5 boxes + 2 apples = 22 apples",
        "45 minutes + 30 minutes = 1 hour",
        "2 hours + 3 hours = 5 hours and a bit",
        "7 pm - 2 pm = 6 pm",
        "now 8 days + 7 days = 3 days + 11 days",
        "2024-11-22",
        "version 1.2.3 = 4",
        "n^2 + 1 = 5 + 5",
        "5 = 2",
        "== 3 - 4 ==",
        "a[3] - 4 = 7",
    ],
)
def test_what_is_no_plain_claim_is_left_alone(text):
    assert held(text) == []


def test_good_texts_are_not_doubted_and_wrong_steps_are_caught():
    rows = [json.loads(line) for line in (DATA / "arithmetic.jsonl").read_text(encoding="utf-8").splitlines()]
    doubted = [row["text"] for row in rows if not row["false"] and not all(held(row["text"]))]
    wrong = [row for row in rows if row["false"]]
    assert not doubted and len(rows) > 300
    assert sum(not all(held(row["text"])) for row in wrong) >= 0.9 * len(wrong)


def test_chains_are_read_side_by_side():
    assert held("2 * 3 + 4 = 6 + 4 = 10 = 5 + 6") == [True, True, False]


def test_spans_are_code_points_of_the_text():
    asked = prompt()
    drawn = sample(asked, text="<think>\n二 3 + 4 = 8 个\n</think>\n\n8")
    verdict = judge(drawn, asked)
    assert verdict.keep is True and verdict.score == 0.0
    assert [drawn.text[a:b].strip() for a, b in verdict.spans] == ["3 + 4 = 8"]


@given(st.integers(-999, 999), st.integers(-999, 999), st.sampled_from("+-*"), st.integers(-3, 3))
def test_the_verdict_is_exact(a, b, op, off):
    right = {"+": a + b, "-": a - b, "*": a * b}[op] + off
    assert held(f"so ({a}) {op} ({b}) = {right}") == [off == 0]


@given(st.text(alphabet="0123456789+-*/=()^!%.,$ {}\\fracx\n", max_size=200))
def test_claims_stand_in_their_text_one_after_the_other(text):
    found = claims(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.start <= other.start for one, other in pairwise(found))
    assert all(re.search("[=≈]|approx", text[one.start : one.end]) for one in found)


@pytest.mark.parametrize(
    "piece",
    ["1+", "1=", "(", "9", "1+1=2 ", "^", "\\frac{1}{", "=", "9!", "9^9^9=", "1 a + ", "1 as + 1 as = 1", "9% of 9 = "],
)
def test_hostile_texts_cost_no_more_than_their_length(piece):
    times = 300_000 // len(piece)
    assert len(claims(piece * times)) <= times


def test_a_long_sum_of_things_costs_no_more_than_its_length():
    assert len(claims("1 as + " * 40_000 + "1 as = 3 as.\n1 + 1 = 2")) == 1
