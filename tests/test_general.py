"""General SFT data: each shape, each reason, and the set that ships."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.blending import sources
from factory.blending.general import read_general
from factory.blending.thinking import KEEP
from factory.errors import BadInput
from factory.shipped import shipped
from tests.make import jsonl

ASKED, ANSWERED = {"role": "user", "content": "hello"}, {"role": "assistant", "content": "Hello!"}
TALK = [ASKED, ANSWERED]
THOUGHTFUL = [ASKED, {"role": "assistant", "content": "<think>\na greeting\n</think>\n\nHello!"}]
SAID = {"from": "gpt", "value": "Hello!"}
SYSTEM = {"role": "system", "content": "Be brief."}


def read_one(tmp_path: Path, row: dict) -> tuple[list, str]:
    path = tmp_path / "general.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    (example,) = read_general(str(path))
    return list(example.messages), example.dropped


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        ({"messages": TALK}, TALK),
        ({"messages": json.dumps(TALK)}, TALK),
        ({"messages": [{"role": "developer", "content": "Be brief."}, *TALK]}, [SYSTEM, *TALK]),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "hel"}, {"text": "lo"}]}, ANSWERED]},
            TALK,
        ),
        ({"conversations": [{"from": "human", "value": "hello"}, {"from": "gpt", "value": "Hello!"}]}, TALK),
        (
            {
                "conversations": [{"from": "user", "value": "hello"}, {"from": "Assistant", "value": "Hello!"}],
                "system": "Be brief.",
            },
            [SYSTEM, *TALK],
        ),
        ({"instruction": "hello", "input": "", "output": "Hello!"}, TALK),
        (
            {"instruction": "hello", "output": "Hello!", "history": [["a", "b"]]},
            [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, *TALK],
        ),
        (
            {"instruction": "Translate", "input": "bonjour", "output": "Hello!"},
            [{"role": "user", "content": "Translate\n\nbonjour"}, ANSWERED],
        ),
        ({"prompt": "hello", "completion": "Hello!"}, TALK),
        ({"prompt": [ASKED], "completion": [ANSWERED]}, TALK),
        ({"prompt": "hello", "response": "Hello!", "system": "Be brief."}, [SYSTEM, *TALK]),
        ({"question": "hello", "answer": "Hello!"}, TALK),
        ({"messages": [ASKED, {**ANSWERED, "reasoning_content": "a greeting"}]}, THOUGHTFUL),
        ({"messages": [ASKED, {**ANSWERED, "thinking": " a greeting\n"}]}, THOUGHTFUL),
        ({"conversations": [{"from": "human", "value": "hello"}, {**SAID, "reasoning": "a greeting"}]}, THOUGHTFUL),
        ({"prompt": "hello", "reasoning": "a greeting", "response": "Hello!"}, THOUGHTFUL),
        ({"messages": [ASKED, {**THOUGHTFUL[1], "reasoning_content": "a greeting"}]}, THOUGHTFUL),
        ({"messages": [ASKED, {**ANSWERED, "reasoning": None}]}, TALK),
        ({"prompt": "hello", "reasoning": True, "response": "Hello!"}, TALK),
    ],
)
def test_every_usual_shape_becomes_the_same_conversation(tmp_path, row, messages):
    assert read_one(tmp_path, row) == (messages, "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"messages": [ASKED]}, "no_last_answer"),
        ({"messages": []}, "no_last_answer"),
        ({"messages": [SYSTEM]}, "no_last_answer"),
        ({"messages": [ANSWERED]}, "turns_out_of_order"),
        ({"messages": [ASKED, ASKED, ANSWERED]}, "turns_out_of_order"),
        ({"messages": [ASKED, SYSTEM, ANSWERED]}, "turns_out_of_order"),
        ({"messages": [ASKED, {"role": "assistant", "content": "  "}]}, "empty_turn"),
        ({"messages": [ASKED, {"role": "assistant", "content": None}]}, "empty_turn"),
        ({"messages": [ASKED, {"role": "assistant", "content": "", "tool_calls": [{"id": 1}]}]}, "tools_unsupported"),
        ({"messages": [ASKED, {"role": "tool", "content": "42"}, ANSWERED]}, "turns_out_of_order"),
        ({"conversations": [{"from": "function_call", "value": "f()"}]}, "tools_unsupported"),
        ({"messages": TALK, "tools": "weather"}, "tools_unsupported"),
        ({"messages": [ASKED, {"role": "assistant", "content": "a<|im_end|>"}]}, "control_tokens"),
        ({"messages": [{"role": "user", "content": "[INST] a"}, ANSWERED]}, "control_tokens"),
        ({"messages": [ASKED, {"role": "assistant", "content": "\n<think>\nnever ends"}]}, "think_unclosed"),
        ({"messages": [ASKED, {"role": "assistant", "content": "", "reasoning_content": "hm"}]}, "empty_turn"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}, ANSWERED]}, "media_unsupported"),
    ],
)
def test_a_row_that_cannot_be_trained_on_is_dropped_with_its_reason(tmp_path, row, reason):
    assert read_one(tmp_path, row) == ([], reason)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "hello"}', "no conversation here"),
        ('{"messages": "hello"}', "not a JSON list"),
        ('{"messages": 3}', "expected a list of turns"),
        ('{"messages": ["hello"]}', "should be an object"),
        ('{"messages": [{"content": "x"}]}', "without role"),
        ('{"messages": [{"role": "narrator", "content": "x"}]}', "unknown role 'narrator'"),
        ('{"messages": [{"role": "user", "content": 3}]}', "should be text"),
        ('{"prompt": 3, "completion": "x"}', "prompt: expected text"),
        ('{"instruction": "x", "output": "y", "history": ["a"]}', "history"),
        ('{"prompt": "x", "response": "y", "thinking": ["z"]}', "thinking: expected text"),
        ('{"messages": [', "torn"),
    ],
)
def test_errors_name_file_and_row(tmp_path, line, said):
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"messages": TALK}) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        list(read_general(str(path)))
    assert said in str(caught.value) and "bad.jsonl:2" in str(caught.value)


def test_parquet_reads_like_json_lines(tmp_path):
    rows = [{"messages": TALK, "source": "chat", "task": "greeting"}] * 3
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "g.parquet")
    (tmp_path / "g.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    one, two = (
        [(e.messages, e.source, e.task) for e in read_general(str(tmp_path / n))] for n in ("g.parquet", "g.jsonl")
    )
    assert one == two and len(one) == 3


ROLE = st.sampled_from(["user", "assistant", "system", "gpt", "User", "tool"])
TURNS = st.lists(
    st.fixed_dictionaries(
        {
            "role": ROLE,
            "content": st.sampled_from(
                ["a", "é\0", " ", "", None, "<｜User｜>", "<| a |> b", " <think>", "<think>a</think>"]
            ),
        }
    ),
    max_size=4,
)
TALKS = st.integers(1, 3).map(lambda n: TALK * n)


@settings(max_examples=12)
@given(st.lists(st.tuples(TALKS | TURNS, st.sampled_from(["chat", "", None])), min_size=1, max_size=8))
def test_plain_parquet_is_converted_to_the_same_rows_as_json_lines(rows):
    table = [{"messages": turns, "source": source} for turns, source in rows]
    kind = pa.list_(pa.struct([("content", pa.large_string()), ("role", pa.string())]))
    schema = pa.schema([("source", pa.string()), ("messages", kind)])
    with tempfile.TemporaryDirectory() as name:
        temp = Path(name)
        pq.write_table(pa.Table.from_pylist(table, schema), temp / "g.parquet", row_group_size=3)
        jsonl(temp / "g.jsonl", table)
        made = [
            sources.general_source(str(temp / f"g.{end}"), temp / f"{end}.out", KEEP) for end in ("parquet", "jsonl")
        ]
        one, two = (sorted(map(str, pq.read_table(source.files[0]).to_pylist())) for source in made)
    assert one == two and made[0].dropped == made[1].dropped
    assert len(one) + sum(made[0].dropped.values()) == len(rows)


def test_source_and_task_have_defaults(tmp_path):
    (tmp_path / "tulu.jsonl").write_text(json.dumps({"messages": TALK, "source": None}) + "\n", encoding="utf-8")
    (example,) = read_general(str(tmp_path / "tulu.jsonl"))
    assert (example.source, example.task) == ("tulu", "general")


def test_the_shipped_set_is_usable_whole():
    path = shipped("prompts") / "general.jsonl"
    examples = list(read_general(str(path)))
    assert 60 <= len(examples) <= 100 and not any(e.dropped for e in examples)
    assert len({json.dumps(e.messages) for e in examples}) == len(examples)
    greetings = [e for e in examples if e.task == "greeting"]
    assert greetings and not any("<think>" in m["content"] for e in greetings for m in e.messages)
    for example in examples:
        thinking = example.messages[-1]["content"].count("<think>\n")
        assert thinking == example.messages[-1]["content"].count("\n</think>\n\n") <= 1
    chinese = sum(json.loads(line)["lang"] == "zh" for line in path.read_text(encoding="utf-8").splitlines())
    assert 0.2 < chinese / len(examples) < 0.35
