"""A plan from TOML to rows: the mix that was asked is the mix that comes out, whoever thinks."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from factory.blending import tokens
from factory.blending.mix import read_plan
from factory.cli import cli
from factory.errors import BadInput
from tests.make import jsonl
from tests.merging import merge
from tests.test_merge import chat, digests, judge

THOUGHT = "<think>\nlong {} thoughts\n</think>\n\nanswer {}"


def kept(tmp_path: Path, name: str, number: int) -> Path:
    return judge(
        tmp_path / name, [(f"{name}{i}", 0, THOUGHT.format(i, i), True) for i in range(number)], part=50, source=name
    )


def plan(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mix.toml"
    path.write_text(text.replace("DIR", str(tmp_path)))
    return path


def rows(out: Path, split: str = "*") -> list[dict]:
    return [row for file in sorted(out.glob(f"{split}/*.parquet")) for row in pq.read_table(file).to_pylist()]


def sources(out: Path) -> Counter[str]:
    return Counter(row["source"] for row in rows(out))


def test_each_source_gets_its_weight_number_or_cap(tmp_path):
    for name, number in (("hard", 90), ("easy", 90)):
        kept(tmp_path, name, number)
    for name in ("chats", "more", "rest"):
        jsonl(tmp_path / f"{name}.jsonl", [{**chat(f"{name}{i}", "x"), "source": name} for i in range(80)])
    asked = plan(
        tmp_path,
        """
        [[source]]
        path = "DIR/hard"
        weight = 3
        [[source]]
        path = "DIR/easy"
        weight = 1.5
        [[source]]
        path = "DIR/chats.jsonl"
        weight = 1
        [[source]]
        path = "DIR/more.jsonl"
        rows = 7
        [[source]]
        path = "DIR/rest.jsonl"
        cap = 11
        """,
    )
    report = merge([asked], [], tmp_path / "sft", validation=0.1, rows_per_shard=40)
    assert sources(tmp_path / "sft") == {"hard": 90, "easy": 45, "chats": 30, "more": 7, "rest": 11}
    assert [line["rows"] for line in report.sources] == [90, 45, 30, 7, 11]
    assert report.dropped == {"reasoning": {"cut_kept": 45}, "general": {"surplus_general": 80 * 3 - 48}}


def test_the_order_of_paths_leaves_no_trace(tmp_path):
    for name in ("a", "b"):
        kept(tmp_path, name, 20)
    text = '[[source]]\npath = ["DIR/{}", "DIR/{}"]\nweight = 1\n[[source]]\npath = "DIR/g.jsonl"\nweight = 1'
    jsonl(tmp_path / "g.jsonl", [chat(f"g{i}", "x") for i in range(40)])
    for out, names in (("one", "ab"), ("two", "ba")):
        merge([plan(tmp_path, text.format(*names))], [], tmp_path / out)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


class Words:
    """A tokenizer: a token a word."""

    def __call__(self, texts, **_):
        return {"input_ids": [text.split() for text in texts]}


def words_of(row: dict) -> int:
    return sum(len(turn["content"].split()) for turn in row["messages"])


@pytest.mark.parametrize("weight", [0.5, 2.25])
def test_a_mix_in_tokens_is_exact_to_half_a_row(tmp_path, monkeypatch, weight):
    monkeypatch.setattr(tokens, "load_tokenizer", lambda *_: Words())
    draw = np.random.default_rng(3)
    texts = [" ".join(["w"] * int(n)) for n in draw.integers(1, 60, 400)]
    jsonl(tmp_path / "g.jsonl", [chat(f"g{i}", text) for i, text in enumerate(texts)])
    judge(tmp_path / "run", [(f"q{i}", 0, f"<think>\n{t}\n</think>\n\nx", True) for i, t in enumerate(texts[:90])])
    text = (
        'unit = "tokens"\ntokenizer = "t"\n[[source]]\npath = "DIR/run"\nweight = 1\n[[source]]\npath = "DIR/g.jsonl"\n'
    )
    report = merge([plan(tmp_path, f"{text}weight = {weight}")], [], tmp_path / "sft")
    spent = Counter()
    for row in rows(tmp_path / "sft"):
        spent[row["kind"]] += words_of(row)
    assert abs(spent["general"] - weight * spent["reasoning"]) <= 31
    assert [line["tokens"] for line in report.sources] == [spent["reasoning"], spent["general"]]
    assert report.dropped["reasoning"] == {}


def test_tokens_without_a_tokenizer_are_said(tmp_path):
    kept(tmp_path, "run", 3)
    with pytest.raises(BadInput, match="no run says its model"):
        merge([plan(tmp_path, '[[source]]\npath = "DIR/run"\ntokens = 5')], [], tmp_path / "sft")


@pytest.mark.parametrize(
    ("think", "thinks", "plain"),
    [
        ("keep", "<think>\nlong 0 thoughts\n</think>\n\nanswer 0", "hi"),
        ("strip", "answer 0", "hi"),
        ("empty", "<think>\n\n</think>\n\nanswer 0", "<think>\n\n</think>\n\nhi"),
        ("none", None, "hi"),
    ],
)
@pytest.mark.parametrize("kind", ["judged", "general"])
def test_who_thinks_is_decided_by_the_source(tmp_path, think, thinks, plain, kind):
    talk = [("q0", 0, THOUGHT.format(0, 0), True), ("q1", 0, "hi", True), ("q2", 0, "no", False)]
    judge(tmp_path / "judged", talk)
    jsonl(tmp_path / "general", [])
    jsonl(tmp_path / "general.jsonl", [chat(q, text) for q, _, text, keep in talk if keep])
    path = "DIR/judged" if kind == "judged" else "DIR/general.jsonl"
    text = f'[[source]]\npath = "{path}"\nthink = "{think}"\nsystem = "Be brief."'
    report = merge([plan(tmp_path, text)], [], tmp_path / "sft")
    found = {row["messages"][1]["content"]: row["messages"][-1]["content"] for row in rows(tmp_path / "sft")}
    assert found == {"q1": plain, **({"q0": thinks} if thinks else {})}
    assert all(row["messages"][0] == {"role": "system", "content": "Be brief."} for row in rows(tmp_path / "sft"))
    reason = "reasoning" if kind == "judged" else "general"
    assert report.dropped[reason].get("thinks", 0) == (0 if thinks else 1)


def _tried(i: int) -> list[tuple[str, int, str, bool]]:
    return [(f"q{i}", 0, THOUGHT.format(i, i), True), (f"q{i}", 1, "no", False)]


def test_one_run_may_teach_both_to_think_and_not_to(tmp_path):
    judge(tmp_path / "run", [row for i in range(10) for row in _tried(i)])
    text = "".join(
        f'[[source]]\npath = "DIR/run"\nthink = "{think}"\nsystem = "thinking {word}"\n'
        for think, word in (("keep", "on"), ("empty", "off"))
    )
    merge([plan(tmp_path, text)], [], tmp_path / "sft", validation=0.3, pairs=True)
    assert pq.read_metadata(tmp_path / "sft" / "pairs" / "pairs.parquet").num_rows == 7
    found = rows(tmp_path / "sft", "train") + rows(tmp_path / "sft", "validation")
    assert Counter(row["messages"][0]["content"] for row in found) == {"thinking on": 10, "thinking off": 10}
    assert len({row["id"] for row in found}) == 20
    held, train = ({row["prompt_id"] for row in rows(tmp_path / "sft", split)} for split in ("validation", "train"))
    assert held and not held & train


def test_the_selection_stands_in_the_plan(tmp_path):
    judge(tmp_path / "run", [("q", i, f"<think>\n{'x' * (9 - i)}\n</think>\n\na", True) for i in range(5)])
    text = '[select]\nper_prompt = 2\norder = "longest"\n[[source]]\npath = "DIR/run"\nthink = "keep"'
    report = merge([plan(tmp_path, text)], [], tmp_path / "sft")
    assert report.dropped["reasoning"] == {"over_per_prompt": 3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one [[source]]"),
        ("unit = 'bytes'\n[[source]]\npath='x'", "unit = 'bytes': unknown"),
        ("[[sources]]\npath='x'", "did you mean 'source'"),
        ("[[source]]\nwieght = 1", "did you mean 'weight'"),
        ("[[source]]\nweight = 1", "source 1: lacks path"),
        ("[[source]]\npath = 'x'\nweight = 0", "source 1 (x): weight = 0"),
        ("[[source]]\npath = 'x'\nweight = 1\nrows = 2", "weight and rows"),
        ("[[source]]\npath = 'x'\nrows = 2.5", "whole number"),
        ("[[source]]\npath = 'x'\ncap = true", "whole number"),
        ("[[source]]\npath = 'x'\nrows = 2\ncap = 1", "cap and rows"),
        ("[[source]]\npath = 'x'\nthink = 'stirp'", "did you mean 'strip'"),
        ("[[source]]\npath = 'x'\nsystem = 3", "system should be text"),
        ("[select]\nper_promt = 3\n[[source]]\npath = 'x'", "did you mean 'per_prompt'"),
        ("[select]\npass_rate = '3'\n[[source]]\npath = 'x'", "pass_rate 3: should be LO..HI"),
        ("[select]\norder = 'best'\n[[source]]\npath = 'x'", "best:RULE"),
        ("[[source]\n", "not a readable TOML plan"),
    ],
)
def test_a_slip_in_a_plan_is_one_line(tmp_path, text, said):
    with pytest.raises(BadInput) as caught:
        read_plan(plan(tmp_path, text))
    assert said in str(caught.value) and "mix.toml" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ratio", "3:1"], "--ratio: a plan says this itself, as weight"),
        (["--general", "g.jsonl"], "--general: a plan"),
        (["--source-cap", "a=3"], "--source-cap: a plan"),
        (["--select", "random"], "[select] order"),
        (["other"], "a plan stands alone"),
    ],
)
def test_what_a_plan_says_is_said_once(tmp_path, words, said):
    asked = plan(tmp_path, '[[source]]\npath = "x"')
    result = CliRunner().invoke(cli, ["merge", str(asked), "--out", str(tmp_path / "sft"), *words])
    assert result.exit_code == 2 and said in result.stderr


def test_kinds_do_not_mix_in_one_source(tmp_path):
    kept(tmp_path, "run", 3)
    jsonl(tmp_path / "g.jsonl", [chat("a", "b")])
    with pytest.raises(BadInput, match="kept samples and general data"):
        merge([plan(tmp_path, '[[source]]\npath = ["DIR/run", "DIR/g.jsonl"]')], [], tmp_path / "sft")


def test_the_card_says_whose_samples_they_are_and_their_tokenizer_counts(tmp_path, monkeypatch):
    loaded = []
    monkeypatch.setattr(tokens, "load_tokenizer", lambda name, _: loaded.append(name) or Words())
    for name, number in (("one", 3), ("two", 5)):
        kept(tmp_path, name, number)
        manifest = json.loads((tmp_path / name / "manifest.json").read_text())
        model = f"/checkpoints/{name}-4000"
        manifest["run"] = {"last": {"model": model}, "fixed": {"template": {"name": "/t/mine.toml"}, "seed": 7}}
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest))
    merge([plan(tmp_path, '[[source]]\npath = ["DIR/one", "DIR/two"]\ntokens = 24')], [], tmp_path / "sft")
    card = (tmp_path / "sft" / "README.md").read_text()
    assert "/checkpoints" not in card and "/t/" not in card and '"template": "mine"' in card
    said = dict(re.findall(r"\| (\w+-4000) \| (\d) \|", card))
    assert len(loaded) == 1 and loaded[0] in {"/checkpoints/one-4000", "/checkpoints/two-4000"}
    models = Counter(f"{row['source']}-4000" for row in rows(tmp_path / "sft"))
    assert said == {name: str(models[name]) for name in ("one-4000", "two-4000")}


def test_no_path_of_this_machine_is_written(tmp_path):
    kept(tmp_path, "run", 3)
    jsonl(tmp_path / "g.jsonl", [chat("a", "b")])
    text = '[[source]]\npath = "DIR/run"\n[[source]]\npath = "DIR/g.jsonl"\nlicence = "mit"'
    merge([plan(tmp_path, text)], [], tmp_path / "sft")
    for name in ("README.md", "manifest.json"):
        assert str(tmp_path) not in (tmp_path / "sft" / name).read_text()
    card = (tmp_path / "sft" / "README.md").read_text()
    assert "| run | all | keep |  | unknown | 3 |" in card and "license:" not in card
    assert json.loads((tmp_path / "sft" / "manifest.json").read_text())["sources"][1]["licence"] == "mit"


@pytest.mark.parametrize(
    ("recipes", "options", "fates"),
    [
        ([{"per_prompt": 2, "order": "longest"}], {}, {"over_per_prompt": 3}),
        ([{"per_prompt": 2, "order": "longest"}], {"per_prompt": 4}, {"over_per_prompt": 1}),
        ([{"per_prompt": 2}] * 2, {}, {"over_per_prompt": 3, "duplicate": 5}),
        ([{"per_prompt": 2}, {}], {"per_prompt": 4}, {"over_per_prompt": 1, "duplicate": 5}),
        ([{"per_prompt": 2}, {}], {}, "the recipes that judged a, b differ in [select]"),
        ([{"per_promt": 2}], {}, "a: [select] of its recipe: unknown key 'per_promt'"),
    ],
)
def test_a_recipe_may_say_what_to_choose_and_a_flag_wins(tmp_path, recipes, options, fates):
    for name, select in zip("ab", recipes, strict=False):
        judge(tmp_path / name, [("q", i, f"<think>\n{'x' * i}\n</think>\n\na", True) for i in range(5)])
        manifest = json.loads((tmp_path / name / "manifest.json").read_text())
        manifest["recipe"] = {"rules": [], "select": select}
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest))
    folders = [tmp_path / name for name in "ab"[: len(recipes)]]
    if isinstance(fates, str):
        with pytest.raises(BadInput, match=re.escape(fates)):
            merge(folders, [], tmp_path / "sft", **options)
        return
    assert merge(folders, [], tmp_path / "sft", **options).dropped["reasoning"] == fates
    if options == {} and len(recipes) == 1:
        assert {len(row["messages"][-1]["content"]) for row in rows(tmp_path / "sft")} == {20, 21}
