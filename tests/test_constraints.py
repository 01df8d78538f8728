"""Instructions on form: what each check takes and refuses, and what nobody can tell."""

import json

import pytest

from factory.judging.rules import load_module
from factory.shipped import shipped
from factory.verify import route
from factory.verify.constraints import CHECKS, keeps
from factory.verify.sound import fault
from tests.make import prompt, sample

judge = load_module(shipped("filters") / "correct.py").judge
LONG = " ".join(["word"] * 30)


def reference(name, **knobs):
    return json.dumps({"instruction_id_list": [name], "kwargs": [knobs]})


CASES = [
    ("keywords:existence", {"keywords": ["sky", "blue"]}, "The Sky is blue.", "The skyline is blue."),
    ("keywords:forbidden_words", {"forbidden_words": ["sky"]}, "The skyline.", "The sky."),
    ("keywords:frequency", {"keyword": "no", "frequency": 2, "relation": "at least"}, "No, no!", "No, not."),
    ("keywords:letter_frequency", {"letter": "q", "let_frequency": 2, "let_relation": "less than"}, "Quick", "Qq"),
    ("length_constraints:number_words", {"num_words": 30, "relation": "at least"}, LONG, LONG[5:]),
    ("length_constraints:number_words", {"num_words": 30, "relation": "less than"}, LONG[5:], LONG),
    ("length_constraints:number_sentences", {"num_sentences": 2, "relation": "at least"}, "A b. C d?", "Pi is 3.14."),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "One\n***\nTwo", "One"),
    (
        "length_constraints:nth_paragraph_first_word",
        {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "so"},
        "One.\n\nSo it is.",
        "So.\n\nOne.",
    ),
    (
        "language:response_language",
        {"language": "de"},
        "Das ist ein kurzer Satz auf Deutsch.",
        "This is an English one.",
    ),
    ("detectable_format:json_format", {}, '```json\n{"a": [1]}\n```', '{"a": 1'),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, "* a\n- b", "* a\n**b**"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, "*a* and **b**", "*a* and b*"),
    (
        "detectable_format:multiple_sections",
        {"section_spliter": "Section", "num_sections": 2},
        "Section 1 Section 2",
        "S 1",
    ),
    ("detectable_format:title", {}, "<<A title>>\nText", "<< >> Text"),
    ("detectable_format:constrained_response", {}, "My answer is yes.", "Yes."),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}, "[a] [b c]", "[a] b]"),
    ("detectable_content:postscript", {"postscript_marker": "P.S."}, "Bye.\nP.S. More", "Bye. PS"),
    ("change_case:english_capital", {}, "ALL OF IT, 1.", "ALL of it."),
    ("change_case:english_lowercase", {}, "all of it, 1.", "all Of it."),
    (
        "change_case:capital_word_frequency",
        {"capital_relation": "at least", "capital_frequency": 2},
        "AN ACT",
        "AN act",
    ),
    ("startend:end_checker", {"end_phrase": "That is all."}, "Well. That is all.", "That is all. Bye"),
    ("startend:quotation", {}, '"Quoted."', '"Half.'),
    ("combination:two_responses", {}, "One\n******\nTwo", "One\n******\nOne"),
    ("combination:repeat_prompt", {"prompt_to_repeat": "Why?"}, "why? Because.", "Because."),
    ("punctuation:no_comma", {}, "No such mark.", "One, two."),
]


@pytest.mark.parametrize(("name", "knobs", "good", "bad"), CASES)
def test_a_constraint_is_kept_or_broken(name, knobs, good, bad):
    assert (keeps(good, reference(name, **knobs)), keeps(bad, reference(name, **knobs))) == (True, False)


def test_every_check_is_tested():
    assert set(CHECKS) - {name for name, *_ in CASES} == {"json_schema"}


def test_a_schema_is_held_against_the_answer():
    pytest.importorskip("jsonschema")
    schema = json.dumps(
        {"json_schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}}
    )
    said = ['{"a": 1}', '```json\n{"a": 1}\n```', '{"a": "1"}', "{}", "a: 1", ""]
    assert [keeps(text, schema) for text in said] == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("knobs", "name"),
    [({}, "length_constraints:number_words"), ({}, "made:up"), ({"relation": "near"}, "keywords:frequency")],
)
def test_what_nobody_can_check_is_unknown(knobs, name):
    asked = prompt("Write.", reference(name, **knobs), "")
    found = judge(sample(asked, text="<think>x</think>\n\nA text."), asked)
    assert (found.keep, found.reason) == (None, "undecided")


def test_all_must_be_kept_and_one_broken_is_enough():
    two = {"instruction_id_list": ["punctuation:no_comma", "made:up"], "kwargs": [{}, {}]}
    assert keeps("One, two.", json.dumps(two)) is False
    assert keeps("One two.", json.dumps(two)) is None


@pytest.mark.parametrize(
    "shape",
    [reference("punctuation:no_comma"), json.dumps([{"instruction_id": ["punctuation:no_comma"], "kwargs": [None]}])],
)
def test_the_rule_reads_constraints_from_the_reference_and_only_the_answer_part(shape):
    asked = prompt("Write without commas.", shape, "")
    good = judge(sample(asked, text="<think>\nWell, hm.\n</think>\n\nNone here."), asked)
    bad = judge(sample(asked, text="<think>\nHm.\n</think>\n\nOne, two."), asked)
    assert route(asked) == "constraints" and fault(asked) is None
    assert [(v.keep, v.reason) for v in (good, bad)] == [(True, "constraints"), (False, "wrong")]


def test_unknown_constraints_are_said_before_a_token_is_spent():
    assert "made:up" in (fault(prompt("Write.", reference("made:up"), "")) or "")
    assert "no constraints" in (fault(prompt("Write.", "{}", "ifeval")) or "")


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://127.0.0.1:9/x"},
        {"$ref": "#/$defs/none"},
        {"type": "nonsense"},
        {"pattern": "("},
        {"properties": 5},
        "no JSON",
        7,
    ],
)
def test_a_schema_that_nobody_can_check_by_is_unknown_and_nothing_is_fetched(schema, monkeypatch):
    pytest.importorskip("jsonschema")
    monkeypatch.setattr("urllib.request.urlopen", lambda *_: pytest.fail("fetched"))
    assert keeps('"{}"', json.dumps({"json_schema": schema})) is None


def test_a_rule_between_bullets_is_no_bullet():
    assert keeps("* a\n\n---\n* b", reference("detectable_format:number_bullet_lists", num_bullets=2)) is True
