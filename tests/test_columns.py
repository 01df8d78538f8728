"""Columns as published data sets name them: what becomes the prompt, the reference and the task."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import BadInput
from factory.reading.columns import choose, from_json, lookup
from factory.reading.prompts import Reading, read_prompts
from factory.reading.references import last_box, task_of
from factory.reading.row import Row
from tests.make import jsonl

ASKED = {"role": "user", "content": "Q"}
SOLVED = {"role": "assistant", "content": "S"}

# One row a data set: its columns (values shortened), then question, reference, task, id, source.
WILD = {
    "gsm8k": ({"question": "Q", "answer": "4 + 5 = 9\n#### 1,009"}, ("Q", "1,009", "math", None, "p")),
    "MATH-500": (
        {"problem": "Q", "solution": "so $\\boxed{9}$", "answer": "9", "subject": "Algebra", "unique_id": "t/1.json"},
        ("Q", "9", "math", "t/1.json", "p"),
    ),
    "MATH": (
        {"problem": "Q", "solution": "first \\boxed{1}, then\n\\boxed{\\frac{1}{\\{2\\}}}.", "type": "Algebra"},
        ("Q", "\\frac{1}{\\{2\\}}", "math", None, "p"),
    ),
    "NuminaMath-CoT": (
        {"source": "aops", "problem": "Q", "solution": "S \\boxed{9}", "messages": [ASKED, SOLVED]},
        ("Q", "9", "math", None, "aops"),
    ),
    "OpenR1-Math-220k": (
        {
            "problem": "Q",
            "solution": "S",
            "answer": "9",
            "problem_type": "Algebra",
            "source": "olympiads",
            "uuid": "u1",
            "generations": ["a", "b"],
            "correctness_math_verify": [True, False],
            "messages": [ASKED, SOLVED],
        },
        ("Q", "9", "math", "u1", "olympiads"),
    ),
    "s1K": (
        {"solution": "128", "question": "Q", "cot_type": "math", "thinking_trajectories": ["t"], "attempt": "A"},
        ("Q", "128", "math", None, "p"),
    ),
    "s1K, a proof": ({"solution": "First.\nThen.", "question": "Q"}, ("Q", None, "", None, "p")),
    "AIME 2024": (
        {"ID": "2024-I-4", "Problem": "Q", "Solution": "S", "Answer": 116},
        ("Q", "116", "math", "2024-I-4", "p"),
    ),
    "AM-DeepSeek-R1-Distilled": (
        {
            "messages": [
                {**ASKED, "info": {"source": "natural", "reference_answer": "9", "test_case": None}},
                {**SOLVED, "info": {"think_content": "t", "answer_content": "S"}},
            ]
        },
        ("Q", "9", "math", None, "p"),
    ),
    "SYNTHETIC-1 math": (
        {
            "response_id": "r",
            "problem_id": "vm_1",
            "task_type": "verifiable_math",
            "prompt": "Q",
            "gold_standard_solution": "S",
            "verification_info": '{"ground_truth": "9"}',
            "metadata": '{"difficulty": 1}',
        },
        ("Q", "9", "math", "vm_1", "p"),
    ),
    "SYNTHETIC-1 code": (
        {
            "task_type": "verifiable_code",
            "prompt": "Q",
            "verification_info": '{"language": "python", "test_cases": [{"type": "stdin_stdout", "input": "1"}]}',
        },
        ("Q", {"language": "python", "test_cases": [{"type": "stdin_stdout", "input": "1"}]}, "code", None, "p"),
    ),
    "SYNTHETIC-1 as Python writes it": (
        {"task_type": "verifiable_math", "prompt": "Q", "verification_info": "{'ground_truth': '9'}"},
        ("Q", "9", "math", None, "p"),
    ),
    "DeepCoder": (
        {"problem": "Q", "tests": '[{"input": "1", "output": "2", "testtype": "stdin"}]'},
        ("Q", [{"input": "1", "output": "2", "testtype": "stdin"}], "code", None, "p"),
    ),
    "metadata.answer": ({"prompt": "Q", "metadata": '{"answer": 9.0}'}, ("Q", "9", "math", None, "p")),
    "verl": (
        {
            "data_source": "math_dapo",
            "prompt": [ASKED],
            "ability": "MATH",
            "reward_model": {"ground_truth": "34", "style": "rule-lighteval/MATH_v2"},
            "extra_info": {"index": "9a9b"},
        },
        ("Q", "34", "math", None, "math_dapo"),
    ),
    "open-instruct RLVR": (
        {"messages": [ASKED], "ground_truth": ["9"], "dataset": ["gsm8k"]},
        ("Q", "9", "math", None, "p"),
    ),
    "OpenMathReasoning": (
        {"problem": "Q", "expected_answer": "9", "problem_source": "aops", "generated_solution": "S"},
        ("Q", "9", "math", None, "p"),
    ),
    "DeepMath": ({"question": "Q", "final_answer": "9", "topic": "x"}, ("Q", "9", "math", None, "p")),
    "HumanEval": (
        {"task_id": "HumanEval/0", "prompt": "Q", "canonical_solution": "c", "test": "T", "entry_point": "f"},
        ("Q", {"prompt": "Q", "test": "T", "entry_point": "f"}, "code", "HumanEval/0", "p"),
    ),
    "MBPP": (
        {"task_id": 602, "text": "Q", "code": "c", "test_list": ["assert 1"], "test_setup_code": ""},
        ("Q", {"test_list": ["assert 1"]}, "code", "602", "p"),
    ),
    "MBPP sanitized": (
        {"source_file": "s", "task_id": 2, "prompt": "Q", "test_imports": ["import re"], "test_list": ["assert 1"]},
        ("Q", {"test_list": ["assert 1"], "test_imports": ["import re"]}, "code", "2", "p"),
    ),
    "APPS": (
        {"problem_id": 7, "question": "Q", "solutions": "[]", "input_output": '{"outputs": ["2"], "inputs": ["1"]}'},
        ("Q", {"inputs": ["1"], "outputs": ["2"]}, "code", "7", "p"),
    ),
    "LiveCodeBench": (
        {
            "question_content": "Q",
            "question_id": "1873_A",
            "starter_code": "",
            "public_test_cases": '[{"input": "1", "output": "2", "testtype": "stdin"}]',
            "private_test_cases": "eJx",
            "metadata": "{}",
        },
        (
            "Q",
            {
                "public_test_cases": [{"input": "1", "output": "2", "testtype": "stdin"}],
                "private_test_cases": "eJx",
                "metadata": "{}",
            },
            "code",
            "1873_A",
            "p",
        ),
    ),
    "MMLU": ({"question": "Q", "choices": ["a", "b", "c", "d"], "answer": 2}, ("Q", "C", "math", None, "p")),
    "ARC": (
        {"id": "M1", "question": "Q", "choices": {"text": ["a", "b"], "label": ["1", "2"]}, "answerKey": "2"},
        ("Q", "2", "math", "M1", "p"),
    ),
    "alpaca": (
        {"instruction": "Q", "input": "", "output": "O", "text": "Below is ... Q"},
        ("Q", None, "", None, "p"),
    ),
    "alpaca with input": ({"instruction": "Q", "input": "I", "output": "O"}, ("Q\n\nI", None, "", None, "p")),
    "dolly": ({"instruction": "Q", "context": "I", "response": "R"}, ("Q\n\nI", None, "", None, "p")),
    "sharegpt": (
        {"id": "x_0", "conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "S"}]},
        ("Q", None, "", "x_0", "p"),
    ),
    "OpenThoughts3": (
        {"domain": "code", "source": "stackexchange", "conversations": [{"from": "human", "value": "Q"}]},
        ("Q", None, "code", None, "stackexchange"),
    ),
    "OpenCodeReasoning": (
        {"id": "o1", "input": "Q", "output": "R", "solution": "def f():\n    pass", "source": "aizu"},
        ("Q", None, "", "o1", "aizu"),
    ),
    "text parts": (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Q"}]}]},
        ("Q", None, "", None, "p"),
    ),
    "messages as JSON": ({"messages": json.dumps([ASKED])}, ("Q", None, "", None, "p")),
    "null columns": (
        {"messages": None, "prompt": "", "problem": "Q", "answer": float("nan")},
        ("Q", None, "", None, "p"),
    ),
    "an interval": ({"problem": "Q", "answer": "[1, 2]"}, ("Q", "[1, 2]", "math", None, "p")),
}


@pytest.mark.parametrize("name", WILD)
def test_columns_in_the_wild(tmp_path, name):
    row, (question, reference, task, own_id, source) = WILD[name]
    (prompt,) = read_prompts(str(jsonl(tmp_path / "p.jsonl", [row])))
    found = json.loads(prompt.reference) if isinstance(reference, dict | list) else prompt.reference
    assert (prompt.question, found, prompt.task) == (question, reference, task)
    assert (prompt.source_id, prompt.source) == (own_id, source)
    assert len(prompt.messages) == 1


def test_choices_and_starter_code_go_to_meta_only(tmp_path):
    row = {"question": "Q", "choices": {"text": ["a", "b"], "label": ["1", "2"]}, "starter_code": "def f():"}
    (prompt,) = read_prompts(str(jsonl(tmp_path / "p.jsonl", [row])))
    assert json.loads(prompt.meta) == {"choices": ["a", "b"], "labels": ["1", "2"], "starter_code": "def f():"}
    assert prompt.question == "Q"


def row_of(values: dict) -> Row:
    return Row(values, tuple(values), "p.jsonl:1", "p")


def test_the_mapping_names_its_alternatives():
    row = row_of({"problem": 1, "Question": 1, "solution": 1, "answer": 1, "metadata": {"x": 1}})
    said = choose(row, {}).describe(row)
    assert said == "prompt from 'problem' (else 'Question'), reference from 'answer' (else 'solution'), no task column"


def test_an_override_is_the_only_column_and_an_empty_one_none(tmp_path):
    rows = [{"q": "Q", "prompt": "P", "extra": {"gold": "7"}, "answer": "9"}]
    path = str(jsonl(tmp_path / "p.jsonl", rows))
    (prompt,) = read_prompts(path, columns={"prompt": "q", "reference": "extra.gold"})
    assert (prompt.question, prompt.reference) == ("Q", "7")
    reading = Reading()
    (prompt,) = read_prompts(path, columns={"reference": ""}, reading=reading)
    assert (prompt.question, prompt.reference) == ("P", None)
    assert "no reference column" in reading.describe()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"prompt": "qestion"}, "no column 'qestion' for the prompt (did you mean 'question'?)"),
        ({"promt": "question"}, "no role 'promt' (did you mean 'prompt'?)"),
    ],
)
def test_a_column_that_is_not_there_names_the_near_ones(tmp_path, columns, said):
    path = str(jsonl(tmp_path / "p.jsonl", [{"question": "Q", "answer": "9"}]))
    with pytest.raises(BadInput) as caught:
        list(read_prompts(path, columns=columns))
    assert said in str(caught.value)


def test_a_reference_named_by_the_user_is_taken_whole(tmp_path):
    path = str(jsonl(tmp_path / "p.jsonl", [{"question": "Q", "solution": "First.\nThen."}]))
    (prompt,) = read_prompts(path, columns={"reference": "solution"})
    assert prompt.reference == "First.\nThen."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\\boxed{1} and \\boxed{2}", "2"),
        ("\\boxed{1} and \\boxed{2", "1"),
        ("\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"),
        ("\\fbox {x}", "x"),
        ("\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"),
        ("} \\boxed{1} }", "1"),
        ("{ \\boxed{1}", "1"),
        ("\\\\boxed{1}", None),
        ("boxed{1}", None),
        ("", None),
    ],
)
def test_last_box(text, found):
    assert last_box(text) == found


balanced = st.recursive(
    st.text(st.characters(exclude_characters="{}\\"), max_size=8),
    lambda inner: st.builds("{{{}}}".format, inner) | st.builds("{}{}".format, inner, inner),
    max_leaves=8,
)


@given(st.text(max_size=40), balanced, st.text(st.characters(exclude_characters="{}\\"), max_size=20))
def test_a_balanced_box_is_found_whatever_stands_before(before, content, after):
    text = f"{before.rstrip(chr(92))}\\boxed{{{content}}}{after}"
    assert last_box(text) == content.strip()


@pytest.mark.parametrize("part", ["\\boxed{", "{", "\\boxed" + " " * 100, "\\", "}", "\\boxed{1"])
def test_boxes_are_linear(part):
    assert last_box(part * 20_000) is None  # minutes, were it quadratic


@pytest.mark.parametrize(
    ("reference", "task"),
    [(None, ""), ("", ""), ("9", "math"), ("{1, 2}", "math"), ("x" * 300, ""), ("a\nb", ""), ('{"test": "T"}', "code")],
)
def test_the_task_follows_the_shape(reference, task):
    assert task_of(reference) == task


@given(st.text(max_size=60))
def test_walking_and_parsing_never_crash(text):
    values = {"a": text, "b": [1, {"c": text}]}
    from_json(text)
    lookup(values, "a.b.c")
    lookup(values, f"b.{text}")
    assert lookup(values, "a") == lookup(values, "b.1.c") == text
