"""Rows with tools: carried whole through a merge where the format has a place for them, else dropped and counted."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from factory.blending.general import read_general
from factory.blending.template_check import check_rows
from tests.make import jsonl
from tests.merging import merge
from tests.test_merge import SMALL, chat, judge, texts
from tests.test_template_check import KEEPS, Tokenizer

ASKED = {"role": "user", "content": "Weather in Oslo?"}
FUNCTION = {"name": "weather", "arguments": {"city": "Oslo", "days": [1, {"unit": "day"}]}}
CALL = {"id": "c1", "type": "function", "function": FUNCTION}
CALLS = {"role": "assistant", "content": "", "tool_calls": [CALL]}
SAYS = {"role": "tool", "content": "4 °C", "tool_call_id": "c1"}
REPLY = {"role": "assistant", "content": "It is 4 °C."}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}
TALK = [ASKED, CALLS, SAYS, REPLY]
WHOLE = {"messages": TALK, "tools": [TOOL]}


def plain(call: dict) -> dict:
    """A call as Parquet would hand it on: no id, no nulls."""
    return {"type": "function", "function": {"name": "weather", "arguments": call}}


def carried(tmp_path: Path, row: dict) -> tuple[dict | None, str]:
    (example,) = read_general(str(jsonl(tmp_path / "g.jsonl", [row])))
    return json.loads(example.carried) if example.carried else None, example.dropped


OSLO = {"city": "Oslo"}
SHORT = [ASKED, {**CALLS, "tool_calls": [plain(OSLO)]}]
OLD = {"role": "assistant", "content": None, "function_call": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
HERMES = [ASKED, {"role": "assistant", "content": "<tool_call>{}</tool_call>"}, {"role": "tool", "content": "4"}, REPLY]
SHAREGPT = [
    {"from": "human", "value": "Weather in Oslo?"},
    {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Oslo"}}'},
    {"from": "observation", "value": "4 °C"},
    {"from": "gpt", "value": "It is 4 °C."},
]


@pytest.mark.parametrize(
    ("row", "whole"),
    [
        ({"messages": SHORT, "tools": json.dumps([TOOL])}, {"messages": SHORT, "tools": [TOOL]}),
        ({"messages": SHORT, "functions": [TOOL["function"]]}, {"messages": SHORT, "tools": [TOOL]}),
        ({"messages": [ASKED, OLD]}, {"messages": SHORT, "tools": []}),
        (
            {"messages": [ASKED, {**CALLS, "tool_calls": [plain({**OSLO, "days": None})]}]},
            {"messages": SHORT, "tools": []},
        ),
        ({"messages": HERMES}, {"messages": HERMES, "tools": []}),
        ({"messages": [ASKED, REPLY], "tools": [TOOL]}, {"messages": [ASKED, REPLY], "tools": [TOOL]}),
        (
            {"conversations": SHAREGPT, "system": "Hi.", "tools": json.dumps(TOOL)},
            {
                "messages": [
                    {"role": "system", "content": "Hi."},
                    *SHORT,
                    {"role": "tool", "content": "4 °C"},
                    REPLY,
                ],
                "tools": [TOOL],
            },
        ),
        (
            {"messages": [ASKED, {**SHORT[1], "reasoning_content": "a call"}]},
            {"messages": [ASKED, {**SHORT[1], "content": "<think>\na call\n</think>\n\n"}], "tools": []},
        ),
        ({"messages": [ASKED, REPLY], "tools": None}, None),
        ({"messages": [ASKED, {**REPLY, "tool_calls": []}], "tools": []}, None),
    ],
)
def test_every_shape_of_a_call_is_carried_as_openai_writes_it(tmp_path, row, whole):
    assert carried(tmp_path, row) == (whole, "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"messages": [ASKED, {**CALLS, "tool_calls": [{"id": "1"}]}]}, "tools_unsupported"),
        ({"messages": [ASKED, {**CALLS, "tool_calls": "call it"}]}, "tools_unsupported"),
        ({"messages": [ASKED, {**CALLS, "tool_calls": [plain("{")]}]}, "tools_unsupported"),
        ({"messages": [ASKED, {**CALLS, "tool_calls": [plain("[1]")]}]}, "tools_unsupported"),
        ({"messages": [ASKED, {**CALLS, "tool_calls": [plain('{"a": NaN}')]}]}, "tools_unsupported"),
        ({"messages": [ASKED, {**CALLS, "tool_calls": [plain("[" * 100_000)]}]}, "tools_unsupported"),
        ({"messages": [ASKED, REPLY], "tools": "weather"}, "tools_unsupported"),
        ({"messages": [ASKED, CALLS, ASKED, REPLY]}, "turns_out_of_order"),
        ({"messages": [ASKED, SAYS, REPLY]}, "turns_out_of_order"),
        ({"messages": [ASKED, CALLS, SAYS]}, "no_last_answer"),
        ({"messages": [ASKED, {**CALLS, "tool_calls": [plain({"x": "a<|im_end|>"})]}]}, "control_tokens"),
    ],
)
def test_what_cannot_be_carried_whole_is_dropped(tmp_path, row, reason):
    assert carried(tmp_path, row) == (None, reason)


def mixed(tmp_path: Path, **options) -> tuple[Path, object]:
    rows = [{**WHOLE, "messages": [{**ASKED, "content": f"{i}?"}, *TALK[1:]], "source": "agents"} for i in range(5)]
    general = jsonl(tmp_path / "g.jsonl", [*rows, rows[0], *(chat(f"g{i}", "hi") for i in range(4))])
    judged = judge(tmp_path / "judged", SMALL)
    out = tmp_path / "sft"
    return out, merge([judged], [general], out, **options)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["messages", "jsonl"])
def test_datasets_gives_back_what_went_in(tmp_path, monkeypatch, form):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    out, report = mixed(tmp_path, form=form, rows_per_shard=4)
    data = list(load_dataset(str(out), cache_dir=str(tmp_path / "cache"))["train"])
    agents = [row for row in data if row["source"] == "agents"]
    assert report.dropped["general"] == {"duplicate": 1} and len(agents) == 5
    assert [(row["messages"][1:], row["tools"]) for row in agents] == [(TALK[1:], [TOOL])] * 5
    # the others are what they would be alone: no key that a template could take for a call
    others = [row for row in data if row["source"] != "agents"]
    assert len(others) == 22 and not any(row["tools"] for row in others)
    assert {frozenset(turn) for row in others for turn in row["messages"]} == {frozenset(("role", "content"))}
    files = {file.name for file in (out / "trainers").iterdir()}
    assert files == {"trl.yaml", "axolotl.yaml"}
    assert "hold tools" in (out / "README.md").read_text()


@pytest.mark.parametrize("form", ["prompt-completion", "sharegpt"])
def test_a_format_without_a_place_for_tools_drops_them(tmp_path, form):
    _, report = mixed(tmp_path, form=form)
    assert report.dropped["general"] == {"tools_unsupported": 6} and sum(report.splits.values()) == 22


@pytest.mark.slow
def test_rows_without_tools_are_the_same_bytes_where_no_row_with_tools_goes_out(tmp_path):
    out, _ = mixed(tmp_path, source_caps={"agents": 0})
    merge(
        [tmp_path / "judged"], [jsonl(tmp_path / "h.jsonl", [chat(f"g{i}", "hi") for i in range(4)])], tmp_path / "two"
    )
    assert texts(out) == texts(tmp_path / "two")
    one, two = ((o / "train" / "train-00000-of-00001.parquet").read_bytes() for o in (out, tmp_path / "two"))
    assert one == two


@pytest.mark.slow
def test_what_tools_said_makes_no_new_question(tmp_path):
    rows = [{"messages": [ASKED, CALLS, {**SAYS, "content": f"{i} °C"}, REPLY]} for i in range(9)]
    judged = judge(tmp_path / "judged", SMALL)
    merge([judged], [jsonl(tmp_path / "g.jsonl", rows)], tmp_path / "sft", validation=0.5)
    split_of = {
        file: pq.read_table(file)["source"].to_pylist().count("g") for file in (tmp_path / "sft").glob("*/*.parquet")
    }
    assert sorted(split_of.values()) == [0, 9]


XML = "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls %}<f={{ c.function.name }}>{% for k, v in c.function.arguments.items() %}<{{ k }}>{{ v }}{% endfor %}{% endfor %}{% endfor %}"  # noqa: E501


@pytest.mark.parametrize(
    ("template", "lost"),
    [(KEEPS, {"tool_call_lost": 1}), (XML, {}), (XML.replace("v }}", "k }}"), {"tool_call_lost": 1})],
)
def test_a_template_that_loses_a_call_is_found(template, lost):
    row = [ASKED, {**CALLS, "tool_calls": [plain({"city": "Bergen"})]}]
    check = check_rows(Tokenizer(template), "tiny", [("row", row, [TOOL])])
    assert check.rows_by == lost and bool(check.damage) == bool(lost)
