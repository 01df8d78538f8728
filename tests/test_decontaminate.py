"""Planted benchmark text is found in every disguise the normalisation knows; boilerplate and chance are not."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from factory.blending.decontaminate import find, read_benchmarks, words
from factory.errors import BadInput
from tests.make import jsonl
from tests.merging import merge
from tests.test_merge import judge, texts

BOILER = "Solve the following problem step by step and put your final answer within \\boxed{} at the very end. "
WORDS = [f"{a}{b}" for a in ("ra", "lo", "mi", "ten", "sor") for b in ("ka", "dun", "pel", "vis", "tor", "ham")]


def items(number: int, length: int = 30, seed: int = 0) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=length)) for _ in range(number)]


def bench(tmp_path: Path, questions: list[str], **more: str) -> Path:
    return jsonl(tmp_path / "bench.jsonl", [{"problem": q, **more} for q in questions])


def disguise(text: str) -> str:
    return "  " + text.upper().replace(" ", " ,\n", 4).replace(" ", " \\text{", 1) + "}?!"


@pytest.mark.parametrize("dress", [str, disguise, lambda t: "As everybody knows, " + t[20:] + " and so on"])
def test_planted_questions_are_all_found(tmp_path, dress):
    questions = items(50)
    benchmarks = read_benchmarks([str(bench(tmp_path, [BOILER + q for q in questions]))])
    assert sum(find(benchmarks, [dress(q)]) is not None for q in questions) == 50


def test_boilerplate_and_chance_are_spared(tmp_path):
    benchmarks = read_benchmarks([str(bench(tmp_path, [BOILER + q for q in items(50)]))])
    others = [BOILER + q for q in items(200, seed=1)]
    assert [q for q in others if find(benchmarks, [q])] == []


def test_the_answer_side_and_solutions_count(tmp_path):
    solution = items(1, seed=5)[0]
    benchmarks = read_benchmarks([str(bench(tmp_path, items(5), solution=solution))])
    leak = find(benchmarks, ["hello", f"<think>\nI remember: {solution}\n</think>\n\n9"])
    assert leak is not None and leak.span in solution and "bench.jsonl:1" in leak.where


def test_short_items_must_be_the_whole_turn(tmp_path):
    benchmarks = read_benchmarks([str(bench(tmp_path, ["What is 7 * 8?"]))])
    assert find(benchmarks, ["what is 7*8"]) and not find(benchmarks, ["What is 7 * 8? And what is 9?"])
    assert find(benchmarks, [r"What is $7 \times 8$"]) and not find(benchmarks, ["What is 7 + 8?"])


def test_chinese_letters_are_words():
    assert words("求下列方程 $\\frac{x}{2}$ 的解") == [*"求下列方程", "x", "2", *"的解"]


def test_merge_leaves_leaks_out_and_says_where(tmp_path):
    leaked, clean = items(2, seed=7)
    rows = [
        (leaked, 0, "9", True),
        (clean, 0, "9", True),
        ("q", 0, f"copied: {leaked}", True),
        (leaked, 1, "no", False),
    ]
    merge([judge(tmp_path / "judged", rows)], [], tmp_path / "sft", decontaminate=[bench(tmp_path, [leaked])])
    assert set(texts(tmp_path / "sft")) == {(clean, "9")}
    manifest = json.loads((tmp_path / "sft" / "manifest.json").read_text())
    assert manifest["dropped"]["reasoning"] == {"rejected": 1, "contaminated": 2}
    assert manifest["contamination"]["first"][0]["words"] in leaked


@pytest.mark.parametrize(
    ("row", "n", "said"), [({"id": 1}, 13, "no question here"), ({"problem": "x"}, 2, "--ngram 2")]
)
def test_bad_benchmarks_are_said(tmp_path, row, n, said):
    with pytest.raises(BadInput, match=said):
        read_benchmarks([str(jsonl(tmp_path / "b.jsonl", [row]))], n)
