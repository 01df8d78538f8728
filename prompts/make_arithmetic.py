"""Write prompts/arithmetic.jsonl: small sums, products and common divisors made by reasoning-gym, worded shortly.

    python prompts/make_arithmetic.py

Seeded and re-runnable: the same reasoning-gym (0.1.25, Apache-2.0) writes the same bytes. Does not cover harder
families: the model of the demo can't do them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import reasoning_gym

SEED = 20261122
SUM = {"min_terms": 2, "max_terms": 2, "operators": ["+"], "allow_parentheses": False, "allow_negation": False}
FAMILIES: dict[str, tuple[str, int, dict[str, Any]]] = {
    "sum-1": ("basic_arithmetic", 18, {**SUM, "min_digits": 1, "max_digits": 1}),
    "sum-2": ("basic_arithmetic", 12, {**SUM, "min_digits": 2, "max_digits": 2}),
    "product": ("products", 18, {"min_terms": 2, "max_terms": 2, "min_digits": 1, "max_digits": 1}),
    "gcd": ("gcd", 4, {"min_numbers": 2, "max_numbers": 2, "min_value": 2, "max_value": 20}),
}
"""Family: the reasoning-gym data set, how many prompts, its configuration."""


def rows() -> Iterator[dict[str, str]]:
    """Rows without repeats, family by family."""
    for family, (dataset, count, config) in FAMILIES.items():
        entries = reasoning_gym.create_dataset(dataset, size=count * 10, seed=SEED, **config)
        problems: dict[str, str] = {}
        for entry in entries:
            problems.setdefault(worded(entry["metadata"]), entry["answer"])
        for number, (problem, answer) in enumerate(list(problems.items())[:count], start=1):
            source = f"reasoning-gym/{dataset}"
            row = {"id": f"{family}-{number:02}", "problem": problem, "answer": answer, "task": "math"}
            yield {**row, "source": source}


def worded(metadata: dict[str, Any]) -> str:
    """The question in a few words."""
    if "numbers" in metadata:
        first, second = metadata["numbers"]
        return f"What is the greatest common divisor of {first} and {second}?"
    return f"What is {metadata['expression']}?"


def main() -> None:
    """Write the file beside this script."""
    out = Path(__file__).with_name("arithmetic.jsonl")
    out.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")


if __name__ == "__main__":
    main()
