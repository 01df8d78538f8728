"""Planted near duplicates are found, prompts that only look alike stay."""

from __future__ import annotations

import random

import pytest

from factory.errors import BadInput
from factory.reading.near_duplicates import near_duplicates
from tests.merging import merge
from tests.test_decontaminate import items
from tests.test_merge import judge, texts

rensa = pytest.importorskip("rensa")


def slightly(text: str, seed: int) -> str:
    """One word of forty changed, case and punctuation too."""
    draw, row = random.Random(seed), text.split(" ")
    row[draw.randrange(len(row))] = "other"
    return " ".join(row).capitalize() + "!"


def test_planted_pairs_are_found_and_nothing_else():
    plain = items(200, length=60, seed=3)
    prompts = dict(enumerate([*plain, *(slightly(text, i) for i, text in enumerate(plain[:100]))]))
    dropped = set(near_duplicates(prompts, 0.8, seed=0))
    pairs = [{i, 200 + i} for i in range(100)]
    assert sum(len(pair & dropped) == 1 for pair in pairs) >= 97
    assert not dropped - set().union(*pairs)


def test_other_numbers_are_another_problem():
    text = "A farmer has {} sheep and sells {} of them at the market in town, how many are left in the field?"
    prompts = {i: text.format(100 + i, 3) for i in range(50)}
    assert len(near_duplicates(prompts, 0.8, seed=0)) == 0
    assert len(near_duplicates({1: prompts[1], 2: prompts[1] + " "}, 0.8, seed=0)) == 1


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("5 + 5", "5 * 5", False),
        ("$x-y$", "$x+y$", False),
        ("3 \\times 8", "3 \\div 8", False),
        ("the well-known 5", "the well known 5", True),
        ("- the 5", "* the **5**", True),
    ],
)
def test_another_operator_is_another_problem_and_other_marks_are_not(one, two, same):
    text = items(1, length=60)[0]
    assert len(near_duplicates({1: f"{text} {one}", 2: f"{text} {two}"}, 0.8, seed=0)) == same


def test_merge_keeps_every_answer_of_the_prompt_that_stays(tmp_path):
    one = items(1, length=60)[0]
    rows = [(asked, i, f"answer {i}", True) for asked in (one, slightly(one, 1)) for i in range(2)]
    reports = [
        merge([judge(tmp_path / "judged", order)], [], tmp_path / "sft", near=0.8) for order in (rows, rows[::-1])
    ]
    assert [r.dropped["reasoning"] for r in reports] == [{"near_duplicate": 2}] * 2
    assert len({asked for asked, _ in texts(tmp_path / "sft")}) == 1 and reports[0].splits == {"train": 2}


def test_a_threshold_that_means_nothing_is_said():
    with pytest.raises(BadInput, match="--near-duplicates"):
        near_duplicates({}, 0.1, seed=0)
