"""The head of the dataset card, for machines: what `load_dataset` and the hub read.

Does not cover the text below it (`card.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from factory.blending.formats import LABELS

SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def render(content: Mapping[str, Any]) -> str:
    """The YAML between the card's first two lines of dashes, these included."""
    rows = sum(content["splits"].values())
    size = next((label for limit, label in SIZES if rows < limit), "n>1M")
    lines = ["---", *_licence(content), "configs:", "- config_name: default"]
    lines += [f"  description: {_stamp(content)}", "  data_files:"]
    suffix = "jsonl" if content["format"]["name"] == "jsonl" else "parquet"
    for split in content["splits"]:
        lines += [f"  - split: {split}", f"    path: {split}/*.{suffix}"]
    for config, key in (("pairs", "pairs"), ("rl", "rl_prompts")):
        if content.get(key):
            lines += [f"- config_name: {config}", f"  data_files: {config}/*.parquet"]
    if content["format"]["tools"] and suffix == "jsonl":
        lines += _typed()
    lines += ["size_categories:", f"- {size}", "task_categories:", "- text-generation", "tags:"]
    return "\n".join([*lines, "- rejection-sampling", "- sft", "---"])


def _stamp(content: Mapping[str, Any]) -> str:
    """What differs where the rows do.

    The library datasets caches a local folder by its card's configurations, not by its files: without this,
    `load_dataset` would give the old rows of a folder that was merged anew.
    """
    whole = json.dumps(content, sort_keys=True).encode()
    return f"content-{hashlib.sha256(whole).hexdigest()[:16]}"


def _typed() -> list[str]:
    """The columns of JSON lines with tools, which no reader can guess from the first of them."""
    labels = [line for name in LABELS for line in (f"  - name: {name}", "    dtype: string")]
    turns = ["  - name: messages", "    list:", "      dtype: json", "  - name: tools", "    dtype: json"]
    return ["dataset_info:", "- config_name: default", "  features:", *turns, *labels]


def _licence(content: Mapping[str, Any]) -> list[str]:
    """The licences as the hub reads them; none where some source's is not known."""
    licences = [line.get("licence", "") for line in content["sources"]]
    names = sorted({json.dumps(licence.strip().lower()) for licence in licences})
    return ["license:", *(f"- {name}" for name in names)] if all(licences) else []
