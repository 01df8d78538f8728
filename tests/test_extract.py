"""Where an answer is found, how it says so, and what a hostile text can't do to it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory.verify.extraction import last_number
from factory.verify.extraction.boxes import boxes
from factory.verify.extraction.extract import LONGEST, TAIL, extract


def first(text):
    return next(extract(text), None)


@pytest.mark.parametrize(
    ("answer", "found", "how"),
    [
        (r"so \boxed{5}", "5", "boxed"),
        (r"\boxed{4} and later \boxed{\frac{1}{2}}", r"\frac{1}{2}", "boxed"),
        (r"\boxed{1} and \boxed{2}", "1, 2", "boxed"),
        (r"\fbox{7}", "7", "boxed"),
        (r"\boxed{5} then \boxed{6", "5", "boxed"),
        (r"not \boxed{5}, but \boxed{6}", "6", "boxed"),
        (r"It is \boxed{6}, not \boxed{5}", "6", "boxed"),
        ("<answer> 12 </answer>", "12", "tag"),
        ("48 / 2 = 24\n#### 72", "72", "hashes"),
        ("#### Step 1\nThe answer is 3.", "3", "cue"),
        ("The final answer is 5. It was easy.", "5", "cue"),
        ("The answer is 3.5.", "3.5", "cue"),
        ("答案：7", "7", "cue"),
        ("故选B。", "B", "cue"),
        ("Die Antwort lautet 8.", "8", "cue"),
        ("The answer is not 5 but 6.", "6", "cue"),
        ("**Final Answer**\n\n$$x^2$$", "$$x^2$$", "cue"),
        ("2 apples\nand 3 pears", "and 3 pears", "line"),
        ("Answer is (A), 10 in all. Final: #### 100.", "100.", "hashes"),
        (r"\boxed{5} of them.\n\nThe final answer is 6.", "6", "cue"),
        (r"\boxed{5}\n\nThis is our final answer.", "5", "boxed"),
        (r"\boxed{9} " * 400 + r"\boxed{42}", "42", "boxed"),
        ("The answer is:\n- 7", "7", "cue"),
    ],
)
def test_the_first_candidate_and_how_it_was_found(answer, found, how):
    one = first(answer)
    assert (one.text, one.how) == (found, how)


@pytest.mark.parametrize("answer", ["", "  \n ", r"\boxed{5", r"we get \boxed{", "The answer is not 5."])
def test_nothing_where_there_is_no_answer(answer):
    assert [c for c in extract(answer) if c.how != "line"] == []


@given(st.text(alphabet="\\boxedfb{}5 $.#\n答案:<answer>/is not", max_size=80))
@example("5ft")
@example("$5$ ft")
def test_spans_lie_in_the_text_and_hold_what_was_found(text):
    for one in extract(text):
        assert 0 <= one.start <= one.end <= len(text)
        if ", " not in one.text:  # a unit is set a blank apart: "60 km/h" of "$60$km/h"
            assert one.text.translate(_APART) in text[one.start : one.end].translate(_APART)


_APART = str.maketrans("", "", "$ ")


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        ("The rod is 5 m long.", "5 m"),
        ("The rod is **5** metres long.", "5 metres"),
        ("at $60$ km/h", "60 km/h"),
        ("60 kilometers per hour or so", "60 kilometers per hour"),
        ("a field of 12 m²", "12 m^2"),
        ("所以用了3天时间。", "3 天"),
        ("There are 5 in the bag.", "5"),
        ("There are 5 pens.", "5"),
        ("The primes are 2, 3, 5, and 7.", "2, 3, 5, and 7"),
        ("We have 3, 4 and then 72 eggs.", "72"),
        ("36 + 28 = 64\nBoth classes are counted now.", "64"),
        ("There are exactly three such numbers.", "three"),
        ("She pays $42. Check: 42 / 3 = 14.", "$42"),
        ("He pays $20, of which $5 is a tip.", "$20"),
        ("The change is negative 4.", "negative 4"),
        ("So it is one half.", "one half"),
    ],
)
def test_the_last_number_brings_its_unit_and_its_list(answer, last):
    assert [one.text for one in extract(answer)][1] == last


@pytest.mark.parametrize(
    "answer",
    [
        "We have 5 unknowns.",
        "Next, we add 5.",
        "Note that she began with 5.",
        "It might be 5.",
        "Is it 5?",
        "3x = 12",
        "That would leave 5, a contradiction.",
        "36 + 28 = 64\nBut that is wrong.",
        "36 + 28 = 64\nThen we double it.",
        "It lies between 3 and 4.",
        "Not one of the two.",
    ],
)
def test_a_last_line_that_settles_nothing_has_no_number(answer):
    assert [one.text for one in extract(answer) if one.how != "line"] == []


@pytest.mark.parametrize(
    "before", ["There are", "So she has", "In total it is now", "He will", "If there are", "a the"]
)
@pytest.mark.parametrize(
    "after", ["pens", "times", "m", "more", "is wrong", "left over", "equations", "per day", "dozen"]
)
def test_a_plain_line_is_read_as_any_other_only_quicker(before, after, monkeypatch):
    line = f"{before} 12 {after}."
    quick = list(last_number.last_number(line, 0))
    monkeypatch.setattr(last_number, "_plain", lambda line: None)
    assert list(last_number.last_number(line, 0)) == quick


def test_spans_count_from_the_start_of_a_long_answer():
    text = "x" * (TAIL + 5) + r" \boxed{42}"
    one = first(text)
    assert text[one.start : one.end] == "42"


def test_boxes_are_outermost_complete_and_in_order():
    text = r"\boxed{a} \boxed{\boxed{b}} \boxed{ {c \boxed{d}"
    assert [text[a:b] for a, b in boxes(text)] == ["a", r"\boxed{b}", "d"]


@pytest.mark.parametrize(
    "piece",
    [
        r"\boxed{",
        "{",
        "}",
        "<answer>",
        "#### ",
        "answer ",
        "$",
        "(",
        "answer is not ",
        "**",
        " ",
        "\n",
        "9",
        "-",
        "答案",
    ],
)
def test_a_megabyte_of_anything_costs_no_more_than_its_tail(piece):
    for one in extract(piece * (1_000_000 // len(piece))):
        assert one.end - one.start <= max(LONGEST, TAIL)
