"""Anybody's samples: every published shape, and the files that can be read in two ways."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import BadInput
from factory.reading.prompts import Reading
from factory.reading.samples import read_samples
from factory.records import Verdict, split_thinking
from tests.make import jsonl

USER, BOT = {"role": "user", "content": "Q"}, {"role": "assistant", "content": "R"}
YES, NO = Verdict(True, "", 1.0, rule="imported"), Verdict(False, "low_score", 0.0, rule="imported")
JOINED = "<think>\nt\n</think>\n\nR"


def read(tmp_path: Path, *rows: dict, reading: Reading | None = None, **columns: str) -> list[tuple]:
    """(prompt, sample, verdicts) of each row."""
    return list(read_samples(str(jsonl(tmp_path / "s.jsonl", list(rows))), columns=columns, reading=reading))


# A row, what --column says, and (text, reference, finish_reason, verdicts) of each of its samples.
SHAPES = {
    "prompt, response": ({"prompt": "Q", "response": "R"}, {}, [("R", None, "unknown", ())]),
    "question, output": ({"question": "Q", "output": "R", "answer": "9"}, {}, [("R", "9", "unknown", ())]),
    "completion, finish_reason": (
        {"prompt": "Q", "completion": "R", "finish_reason": "length", "reference": "9"},
        {},
        [("R", "9", "length", ())],
    ),
    "reasoning beside a response": (
        {"prompt": "Q", "reasoning_content": "t", "response": "R", "answer": "9"},
        {},
        [(JOINED, "9", "unknown", ())],
    ),
    "reasoning, answer": ({"prompt": "Q", "reasoning": "t", "answer": "R"}, {}, [(JOINED, None, "unknown", ())]),
    "thinking, answer, ground_truth": (
        {"prompt": "Q", "thinking": "<think>t</think>", "answer": "R", "ground_truth": "9"},
        {},
        [(JOINED, "9", "unknown", ())],
    ),
    "reasoning without an answer": (
        {"prompt": "Q", "reasoning": "t", "answer": ""},
        {},
        [("<think>\nt", None, "unknown", ())],
    ),
    "a response that has its thought": (
        {"prompt": "Q", "reasoning": "t", "response": JOINED},
        {},
        [(JOINED, None, "unknown", ())],
    ),
    "a thought without its opener": (
        {"prompt": "Q", "response": "t</think>R"},
        {},
        [(JOINED, None, "unknown", ())],
    ),
    "an empty response": ({"prompt": "Q", "response": ""}, {}, [("", None, "unknown", ())]),
    "text is untouched": ({"prompt": "Q", "response": " R\x00\ud800\n"}, {}, [(" R\x00\ud800\n", None, "unknown", ())]),
    "messages": ({"messages": [USER, BOT]}, {}, [("R", None, "unknown", ())]),
    "messages with reasoning": (
        {"messages": [USER, {**BOT, "reasoning_content": "t"}]},
        {},
        [(JOINED, None, "unknown", ())],
    ),
    "sharegpt": (
        {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "R"}]},
        {},
        [("R", None, "unknown", ())],
    ),
    "TRL conversational": ({"prompt": [USER], "completion": [BOT]}, {}, [("R", None, "unknown", ())]),
    "OpenR1-Math-220k": (
        {
            "problem": "Q",
            "solution": "S",
            "answer": "9",
            "source": "olympiads",
            "uuid": "u",
            "is_reasoning_complete": [True, False, True],
            "generations": ["<think>a</think>9", "b", "c"],
            "correctness_math_verify": [True, False, False],
            "correctness_llama": [None, False, True],
            "finish_reasons": ["stop", "length", None],
            "correctness_count": 2,
            "messages": [USER, BOT],
        },
        {},
        [("<think>a</think>9", "9", "stop", (YES,)), ("b", "9", "length", (NO,)), ("c", "9", "unknown", (YES,))],
    ),
    "OpenR1 without a judge": (
        {"problem": "Q", "answer": "9", "generations": ["a"], "correctness_llama": None, "finish_reasons": []},
        {},
        [("a", "9", "unknown", ())],
    ),
    "one mark for two samples is nobody's": (
        {"problem": "Q", "generations": ["a", "b"], "score": 1.0, "finish_reason": "stop"},
        {},
        [("a", None, "unknown", ()), ("b", None, "unknown", ())],
    ),
    "verl rollout dump": (
        {"input": "system\nY\nuser\nQ\nassistant\n", "output": "R", "gts": "9", "score": 1.0, "step": 3, "acc": True},
        {},
        [("R", "9", "unknown", (YES,))],
    ),
    "verl, thinking prefilled": (
        {"input": "user\nQ\nassistant\n<think>\n", "output": "t\n</think>\n\nR", "gts": "9", "score": 0.0},
        {},
        [(JOINED, "9", "unknown", (NO,))],
    ),
    "verl, prefilled and cut off": (
        {"input": "user\nQ\nassistant\n<think>\n", "output": "t", "gts": "9"},
        {},
        [("<think>\nt", "9", "unknown", ())],
    ),
    "SYNTHETIC-1": (
        {"prompt": "Q", "llm_response": "R", "score": 0.5, "verification_info": '{"ground_truth": "9"}'},
        {},
        [("R", "9", "unknown", (Verdict(False, "low_score", 0.5, rule="imported"),))],
    ),
    "MBPP with a response": (
        {"text": "Q", "test_list": ["assert f()"], "response": "R"},
        {},
        [("R", '{"test_list":["assert f()"]}', "unknown", ())],
    ),
    "OpenMathReasoning": (
        {"problem": "Q", "expected_answer": "9", "generated_solution": "R"},
        {},
        [("R", "9", "unknown", ())],
    ),
    "Llama-Nemotron": ({"input": [USER], "output": "R", "reasoning": "off"}, {}, [("R", None, "unknown", ())]),
    "alpaca": ({"instruction": "Q", "input": "", "output": "R", "text": "T"}, {}, [("R", None, "unknown", ())]),
    "s1K-1.1 by name": (
        {"question": "Q", "solution": "9", "deepseek_thinking_trajectory": "t", "deepseek_attempt": "R"},
        {"reasoning": "deepseek_thinking_trajectory", "answer": "deepseek_attempt"},
        [(JOINED, "9", "unknown", ())],
    ),
    "a score switched off": ({"prompt": "Q", "response": "R", "score": 1}, {"score": ""}, [("R", None, "unknown", ())]),
    "two responses, one named": (
        {"prompt": "Q", "response": "x", "output": "R"},
        {"response": "output"},
        [("R", None, "unknown", ())],
    ),
    "a whole text in reasoning": (
        {"prompt": "Q", "reasoning": "t \\boxed{9}", "answer": "9"},
        {"response": "reasoning", "reference": "answer"},
        [("t \\boxed{9}", "9", "unknown", ())],
    ),
    "the conversation, not the halves": (
        {"messages": [USER, BOT], "reasoning": "t", "answer": "9"},
        {"response": "messages"},
        [(JOINED, "9", "unknown", ())],
    ),
    "parallel reasoning": (
        {"prompt": "Q", "responses": ["R", "R"], "reasoning": ["t", None]},
        {},
        [(JOINED, None, "unknown", ()), ("R", None, "unknown", ())],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_in_the_wild(tmp_path, name):
    row, columns, expected = SHAPES[name]
    drawn = read(tmp_path, row, **columns)
    assert [(s.text, p.reference, s.finish_reason, v) for p, s, v in drawn] == expected
    assert {p.question for p, _, _ in drawn} == {"Q"}
    assert [s.sample_index for _, s, _ in drawn] == list(range(len(drawn)))
    assert all((s.reasoning, s.answer) == split_thinking(s.text) for _, s, _ in drawn)


def test_a_published_parquet_file_gives_the_same(tmp_path):
    row, _, expected = SHAPES["OpenR1-Math-220k"]
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "s.parquet")
    drawn = read_samples(str(tmp_path / "s.parquet"))
    assert [(s.text, p.reference, s.finish_reason, v) for p, s, v in drawn] == expected


def test_rows_of_one_prompt_are_its_samples_wherever_they_stand(tmp_path):
    one, two = {"prompt": "Q", "answer": "9"}, {"prompt": "P", "answer": "9"}
    drawn = read(tmp_path, *({**p, "response": str(n)} for n, p in enumerate([one, two, one, one, two])))
    assert [s.sample_index for _, s, _ in drawn] == [0, 0, 1, 2, 1]
    assert len({s.id for _, s, _ in drawn}) == 5
    assert len({p.id for p, _, _ in drawn}) == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"prompt": "Q", "response": "R", "output": "R"}], "--column response=NAME"),
        ([{"prompt": "Q", "reasoning": "t \\boxed{9}", "answer": "9"}], "--column response=reasoning"),
        ([{"prompt": "Q", "reasoning": "t</think>R", "answer": "9"}], "--column answer=answer"),
        ([{"messages": [USER, BOT], "reasoning": "t", "answer": "9"}], "--column response=messages"),
        (
            [{"prompt": "Q", "reasoning": "t", "answer": "9"}, {"prompt": "Q", "response": "R", "answer": "9"}],
            "--column reference=answer",
        ),
        ([{"prompt": "Q", "answer": "9"}], "no column for the sample"),
        ([{"messages": [USER]}], "holds no samples"),
        ([{"prompt": "Q", "response": None}], "holds no samples"),
        ([{"prompt": "Q", "response": 5}], "the sample should be text, is int"),
        ([{"prompt": "Q", "responses": ["a", "b"], "finish_reasons": ["stop"]}], "list of 1 entries stands beside 2"),
        ([{"response": "R"}], "no prompt"),
    ],
)
def test_what_could_be_read_in_two_ways_or_none_stops(tmp_path, rows, said):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, *rows)
    assert said in str(caught.value)
    assert str(tmp_path / "s.jsonl") in str(caught.value)


def test_the_advice_of_an_ambiguous_file_works(tmp_path):
    rows = [
        {"prompt": "Q", "reasoning": "t", "answer": "9"},
        {"prompt": "Q", "reasoning": "t", "answer": "8", "output": "R"},
    ]
    with pytest.raises(BadInput, match="--column answer=answer"):
        read(tmp_path, *rows)
    assert [s.answer for _, s, _ in read(tmp_path, *rows, answer="answer")] == ["9", "8"]


def test_failed_draws_are_left_out_and_counted(tmp_path):
    reading = Reading()
    rows = [{"prompt": "Q", "generations": ["a", None, "b"]}, {"prompt": "Q", "generations": [None]}]
    assert [s.text for _, s, _ in read(tmp_path, *rows, reading=reading)] == ["a", "b"]
    assert (reading.without_response, reading.samples) == (2, 2)


def test_the_reading_says_who_the_answer_belongs_to(tmp_path):
    reading = Reading()
    read(tmp_path, {"prompt": "Q", "reasoning": "t", "answer": "9"}, reading=reading)
    assert "reasoning from 'reasoning', the model's answer from 'answer'" in reading.describe()
    reading = Reading()
    read(tmp_path, {"prompt": "Q", "response": "t", "answer": "9"}, reading=reading)
    assert "reference from 'answer'" in reading.describe()


@pytest.mark.parametrize(
    ("mark", "keep"), [(True, True), (1, True), (2.5, True), (0.99, False), (False, False), (-1, False)]
)
def test_a_score_becomes_a_verdict(tmp_path, mark, keep):
    ((_, _, (verdict,)),) = read(tmp_path, {"prompt": "Q", "response": "R", "score": mark})
    assert (verdict.keep, verdict.score, verdict.rule) == (keep, float(mark), "imported")


def test_a_named_score_that_is_no_number_stops(tmp_path):
    with pytest.raises(BadInput, match="numbers or true/false"):
        read(tmp_path, {"prompt": "Q", "response": "R", "grade": "Yes"}, score="grade")


def test_the_bare_form_is_only_believed_in_rollout_dumps(tmp_path):
    text = "user\nQ\nassistant\n"
    ((prompt, _, _),) = read(tmp_path, {"prompt": text, "response": "R"})
    assert prompt.question == text


keys = st.sampled_from(
    ["prompt", "messages", "input", "response", "generations", "reasoning", "answer", "score", "finish_reason", "text"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("Q</think>R")
turn = st.fixed_dictionaries({}, optional={"role": st.sampled_from(["user", "assistant", "x"]), "content": scalars})
cells = scalars | st.lists(scalars, max_size=3) | st.lists(turn, max_size=3)


@given(st.lists(st.dictionaries(keys, cells, max_size=6), min_size=1, max_size=3))
def test_any_row_is_read_or_refused_in_one_line(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "fuzz.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    try:
        drawn: Iterator = read_samples(str(path))
        for prompt, sample, _ in drawn:
            assert prompt.question.strip()
            assert sample.prompt_id == prompt.id
    except BadInput as error:
        assert "\n" not in str(error)
