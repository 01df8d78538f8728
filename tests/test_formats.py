"""What is handed over: each format and place of the reasoning says the same, each trainer's file fits the shards."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from factory.blending.formats import FORMATS, REASONING, parse_format, read_messages, schema_of
from factory.blending.trainers import fitting_length
from factory.errors import BadInput, FactoryError
from tests.make import jsonl
from tests.merging import merge
from tests.test_merge import chat, judge

THOUGHT = "<think>\nfour and five\n</think>\n\n9"
ROWS = [("What is 4 + 5?", 0, THOUGHT, True), ("q", 0, "<think>\n\n</think>\n\nplain", True)]
FORMS = [(name, place) for name in FORMATS for place in REASONING if (name, place) != ("sharegpt", "field")]


def build(tmp_path: Path, **options) -> Path:
    two = {"messages": [*chat("a", THOUGHT)["messages"], *chat("b", "last")["messages"]], "source": "chats"}
    judged = judge(tmp_path / "judged", ROWS)
    merge([judged], [jsonl(tmp_path / "g.jsonl", [chat("hello", "Hello!"), two])], tmp_path / "sft", **options)
    return tmp_path / "sft"


def shards_of(out: Path) -> list[Path]:
    return sorted(out.glob("*/*-of-*"))


@pytest.mark.parametrize(("name", "place"), FORMS)
def test_every_format_says_the_same(tmp_path, name, place):
    out = build(tmp_path, form=name, reasoning=place)
    rows = {m[0]["content"]: m for _, m, _ in read_messages(shards_of(out))}
    last = rows["What is 4 + 5?"][-1]
    wanted = {"inline": {"content": THOUGHT}, "strip": {"content": "9"}}
    wanted["field"] = {"content": "9", "reasoning_content": "four and five"}
    assert last == {"role": "assistant", **wanted[place]}
    assert rows["hello"] == chat("hello", "Hello!")["messages"]
    assert [m["role"] for m in rows["a"]] == ["user", "assistant", "user", "assistant"]
    assert rows["a"][1]["content"] == wanted[place]["content"] and rows["a"][3]["content"] == "last"


@pytest.mark.parametrize(("name", "place"), [f for f in FORMS if f[0] != "jsonl"])
def test_columns_are_what_the_schema_says(tmp_path, name, place):
    out = build(tmp_path, form=name, reasoning=place)
    form = parse_format(name, place)
    found = pq.read_schema(shards_of(out)[0])
    assert found.names == schema_of(form).names and found.metadata == schema_of(form).metadata


@pytest.mark.slow
@pytest.mark.parametrize("form", [("jsonl", "inline"), ("prompt-completion", "field"), ("sharegpt", "inline")])
def test_datasets_loads_every_format(tmp_path, monkeypatch, form):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    out = build(tmp_path, form=form[0], reasoning=form[1])
    data = load_dataset(str(out), cache_dir=str(tmp_path / "cache"))["train"]
    assert Counter(data["kind"]) == {"reasoning": 2, "general": 2}


@pytest.mark.parametrize(
    ("given", "said"),
    [(("chatml", "inline"), "--format"), (("messages", "drop"), "--reasoning"), (("sharegpt", "field"), "no place")],
)
def test_unknown_names_are_said(given, said):
    with pytest.raises(BadInput, match=said):
        parse_format(*given)


def test_trainers_name_files_that_exist_and_a_length_that_fits(tmp_path):
    yaml = pytest.importorskip("yaml")
    out = build(tmp_path, validation=0.3)
    files = {path.name: path for path in (out / "trainers").iterdir()}
    read = {name: yaml.safe_load(path.read_text()) for name, path in files.items()}
    assert read["trl.yaml"]["max_length"] == read["axolotl.yaml"]["sequence_len"] == 1024
    assert (out / read["axolotl.yaml"]["datasets"][0]["path"]).is_dir()
    assert read["axolotl.yaml"]["test_datasets"][0]["split"] == "validation"  # or axolotl looks for one named test
    assert all((out / path).is_file() for path in read["verl.yaml"]["data"]["train_files"])
    info = json.loads(files["dataset_info.json"].read_text())
    assert {(out / "trainers" / entry["file_name"]).resolve() for entry in info.values()} == {
        out / "train",
        out / "validation",
    }
    assert read["llamafactory.yaml"]["dataset"] in info and str(tmp_path) not in "".join(
        p.read_text() for p in files.values()
    )


@pytest.mark.parametrize(
    ("tokens", "characters", "length"), [(None, 100, 1024), (None, 2561, 2048), (1024, 9, 1024), (1025, 9, 2048)]
)
def test_the_length_fits(tokens, characters, length):
    assert fitting_length(tokens, characters) == length


def test_a_template_that_drops_the_thinking_stops_the_merge(tmp_path, monkeypatch):
    from factory.blending import template_check
    from tests.test_template_check import DROPS, KEEPS, Tokenizer

    monkeypatch.setattr(template_check, "load_tokenizer", lambda name: Tokenizer(name))
    with pytest.raises(FactoryError, match="1 rows: the reasoning is not in the rendered text"):
        build(tmp_path, tokenizer=DROPS)
    assert not (tmp_path / "sft").exists()
    out = build(tmp_path, tokenizer=KEEPS, max_length=70)
    found = json.loads((out / "manifest.json").read_text())
    assert found["template"]["rows_by"] == {"over_length": 2} and found["max_length"] == 1024
