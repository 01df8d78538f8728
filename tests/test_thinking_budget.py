"""A thought that a token budget cut is told from one that ended by itself, and rejected unless it is wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.engines.thinking_budget import cut, cut_by_count
from factory.judging.rules import Rule, load_judge
from factory.shipped import shipped
from tests import make

OPEN, CLOSE = [1, 2], [3, 4]


@pytest.mark.parametrize(
    ("prompt", "drawn", "found"),
    [
        ([9, 1, 2], [7, 7, 7, 3, 4, 5], True),
        ([9, 1, 2, 7], [7, 7, 3, 4, 5], True),
        ([9], [1, 2, 7, 7, 7, 3, 4], True),
        ([9, 1, 2], [7, 7, 3, 4, 5], False),
        ([9, 1, 2], [7, 7, 7, 7, 7], False),
        ([9, 1, 2, 7, 7, 7, 3, 4], [5, 5, 5, 5], False),
        ([9], [7, 7, 7, 3, 4], False),
    ],
    ids=["prefilled", "begun", "own tag", "short", "never closed", "closed in the prompt", "never opened"],
)
def test_the_last_thought_is_measured_without_its_tags(prompt: list[int], drawn: list[int], found: bool) -> None:
    assert cut(prompt, drawn, OPEN, CLOSE, budget=3) is found


@given(st.lists(st.integers(5, 9), max_size=30), st.integers(1, 30))
def test_it_is_cut_where_it_is_as_long_as_the_budget(thought: list[int], budget: int) -> None:
    assert cut([0, *OPEN], [*thought, *CLOSE, 8], OPEN, CLOSE, budget) is (len(thought) >= budget)


def test_a_servers_count_leaves_room_for_what_was_prefilled() -> None:
    assert [cut_by_count(count, 100) for count in (None, 50, 95, 96, 100)] == [False, False, False, True, True]


@pytest.mark.parametrize(("knobs", "keep", "reason"), [({}, False, "think_forced"), ({"forced": True}, True, "")])
def test_it_came_to_no_end_unless_that_is_wanted(knobs: dict[str, object], keep: bool, reason: str) -> None:
    asked = make.prompt()
    verdict = load_judge(Rule("finished", shipped("filters") / "finished.py", knobs))(
        make.sample(asked, stop_reason="think_forced"), asked
    )
    assert (verdict.keep, verdict.reason) == (keep, reason)
