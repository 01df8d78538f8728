"""Rules of form: what tells a fault from its innocent twin, kind by kind."""

import pytest

from tests.test_rules_readability import Prompt, judge, thought


def reason(rule, text, question="What is 4 + 5?"):
    said = judge(rule, text, prompt=Prompt("p", ({"role": "user", "content": question},)))
    return said.reason if said.keep is False else ""


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("x³ − 6 = **(x − 1)(x − 2)**.", ""),
        ("Le prix est de **72 €**.", ""),
        ("가장 큰 행성은 **목성**입니다.", ""),
        ("It is 2**3 in Python.", ""),
        ("So the sum is **9", "left_open"),
        ("The **first** one is **9", "left_open"),
    ],
)
def test_bold_that_is_closed_beside_a_sign_or_a_letter(answer, expected):
    assert reason("finished", f"<think>\nI add.\n</think>\n\n{answer}") == expected


def test_lists_of_numbers_in_sentences_are_no_marked_words():
    primes = (
        "Strike the multiples of 2: 4, 6, 8, 10, 12, 14, 16. Of what is left and is not a 3: 9, 15, 21, 27, 33, 39."
    )
    assert reason("layout", thought(primes + " So the rest are: 2, 3, 5, 7, 11, 13, 17, 19, 23, 29.")) == ""


def test_what_the_prompt_quotes_or_asks_for_may_be_spoken_of():
    assert reason("characters", thought("It shows Ã© for é."), "Why does my text show cafÃ©?") == ""
    assert reason("characters", thought("It shows Ã¶ for é."), "Why does my text show cafÃ©?") == "mojibake"
    assert reason("remnants", thought("Right (1 point)."), "Grade this answer by the rubric.") == ""


def test_part_of_a_compound_is_about_it():
    body = "Weak starter, too cold, too short a time, or flour without strength; and it may have stood for too long."
    answer = "Feed the starter twice a day, keep the dough warm and go by the dough and not by the clock."
    assert reason("relevance", f"<think>\n{body}\n</think>\n\n{answer}", "My sourdough won't rise, what is up?") == ""


def test_thinking_that_stops_in_a_long_sentence_breaks_off():
    begun = "The rate is 5. The term is one year. I could look at it by month too, but the task says that it is all ad"
    assert reason("conclusion", thought(begun)) == "thinking_breaks_off"
    assert reason("conclusion", thought(begun + "ded up.")) == ""
