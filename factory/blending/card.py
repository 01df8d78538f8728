"""The dataset card: a `README.md` that `load_dataset` obeys and a reader understands.

Written from the manifest's content, last and from real counts. No path of this machine gets in.
Does not cover the trainers' configurations.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from factory.judging import funnel

SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))

SHAPES: Final = {
    "messages": "`messages`, turns of `role` and `content`",
    "jsonl": "`messages`, turns of `role` and `content`",
    "prompt-completion": "`prompt` and `completion`, turns of `role` and `content`",
    "sharegpt": "`conversations`, turns of `from` and `value`",
}
PLACES: Final = {
    "inline": "the reasoning stands between `<think>` and `</think>` in that turn",
    "field": "the reasoning stands in that turn's `reasoning_content`",
    "strip": "the reasoning was left out",
}


def render(name: str, content: Mapping[str, Any]) -> str:
    """The card of a merge's manifest content, ending in a newline."""
    sections = [_front_matter(content), f"# {_plain(name)}", _intro(content), _sources(content), _mix(content)]
    sections += [_dropped(content), _models(content), *(_input(line) for line in content["inputs"])]
    return "\n\n".join(sections) + "\n"


def _front_matter(content: Mapping[str, Any]) -> str:
    rows = sum(content["splits"].values())
    size = next((label for limit, label in SIZES if rows < limit), "n>1M")
    lines = ["---", *_licence(content), "configs:", "- config_name: default", "  data_files:"]
    suffix = "jsonl" if content["format"]["name"] == "jsonl" else "parquet"
    for split in content["splits"]:
        lines += [f"  - split: {split}", f"    path: {split}/*.{suffix}"]
    for config, key in (("pairs", "pairs"), ("rl", "rl_prompts")):
        if content.get(key):
            lines += [f"- config_name: {config}", f"  data_files: {config}/*.parquet"]
    lines += ["size_categories:", f"- {size}", "task_categories:", "- text-generation", "tags:"]
    return "\n".join([*lines, "- rejection-sampling", "- sft", "---"])


def _intro(content: Mapping[str, Any]) -> str:
    splits = " and ".join(f"{rows:,} {split}" for split, rows in content["splits"].items())
    repeated = f" {content['repeated']:,} of them repeat another." if content["repeated"] else ""
    return (
        f"{splits} rows for supervised fine-tuning.{repeated} Reasoning rows are samples of a checkpoint that passed "
        "every rule (rejection sampling); general rows are given SFT data.\n\n"
        f"A row: {SHAPES[content['format']['name']]}; the last turn is the assistant's. Where it reasons, "
        f"{PLACES[content['format']['reasoning']]}. Also `id` (hash of its content), `prompt_id`, `source`, `task`, "
        "`kind` (reasoning or "
        "general). No prompt is in both splits.\n\nMade with:\n\n```json\n"
        + json.dumps(content["wishes"], sort_keys=True)
        + "\n```"
    )


def _licence(content: Mapping[str, Any]) -> list[str]:
    """The licences as the hub reads them; none where some source's is not known."""
    licences = [line.get("licence", "") for line in content["sources"]]
    names = sorted({json.dumps(licence.strip().lower()) for licence in licences})
    return ["license:", *(f"- {name}" for name in names)] if all(licences) else []


def _sources(content: Mapping[str, Any]) -> str:
    """What was asked of each source and what came of it."""
    counted = any("tokens" in line for line in content["sources"])
    total = {unit: max(1, sum(line.get(unit, 0) for line in content["sources"])) for unit in ("rows", "tokens")}
    head = ("source", "asked", "thinking", "system", "licence", "rows", "of rows")
    table = [
        (
            ", ".join(line["paths"]),
            *(_asked(line), line["think"], line.get("system", ""), line.get("licence", "unknown")),
            *_counted(line["rows"], total["rows"]),
            *(_counted(line["tokens"], total["tokens"]) if counted else ()),
        )
        for line in content["sources"]
    ]
    told = f"\n\nTokens as {_plain(content['tokenizer'])} counts them." if counted else ""
    return "## Sources\n\n" + _table((*head, *(("tokens", "of tokens") if counted else ())), table) + told


def _asked(line: Mapping[str, Any]) -> str:
    said = [f"weight {line['weight']}"] if "weight" in line else []
    said += [f"{line['number']} {line['unit']}"] if "number" in line else []
    said += [f"at most {line['cap']} {line['unit']}"] if "cap" in line else []
    return ", ".join(said) or "all"


def _models(content: Mapping[str, Any]) -> str:
    """Whose samples these are."""
    rows: Counter[str] = Counter()
    for line in content["inputs"]:
        if line["kind"] == "reasoning":
            rows[line.get("model") or "not recorded"] += line["rows"]
    table = [(model, f"{number:,}") for model, number in sorted(rows.items())]
    return "## Models\n\n" + _table(("samples of", "rows"), table)


def _mix(content: Mapping[str, Any]) -> str:
    rows = sum(row["rows"] for row in content["mix"])
    characters = max(1, sum(row["characters"] for row in content["mix"]))
    table = [
        (
            *(row[name] for name in ("kind", "source", "task")),
            *_counted(row["rows"], rows),
            *_counted(row["characters"], characters),
        )
        for row in content["mix"]
    ]
    return "## Mix\n\n" + _table(("kind", "source", "task", "rows", "of rows", "characters", "of characters"), table)


def _counted(number: int, total: int) -> tuple[str, str]:
    return f"{number:,}", f"{number / total:.1%}"


def _dropped(content: Mapping[str, Any]) -> str:
    table = [
        (kind, reason, f"{rows:,}")
        for kind, reasons in content["dropped"].items()
        for reason, rows in [("(read)", content["read"].get(kind, 0)), *reasons.items()]
    ]
    return "## What was left out\n\n" + _table(("kind", "reason", "rows"), table)


def _input(line: Mapping[str, Any]) -> str:
    """One input: what it is and, for judged rows, its recipe and funnel."""
    title = f"## From {line['kind']}: {_plain(line['name'])}, {line['rows']:,} rows"
    if line["kind"] == "general":
        files = [(name, digest) for name, digest in line["files"].items()]
        return f"{title}\n\n{_table(('file', 'sha256'), files)}" if files else title
    parts = [title]
    recipe = line.get("recipe")
    if isinstance(recipe, Mapping):
        rules = "\n".join(json.dumps(rule, ensure_ascii=False) for rule in recipe.get("rules", []))
        parts.append(f"Recipe `{_plain(recipe.get('name', ''))}`: {_plain(recipe.get('description', ''))}")
        parts += [f"```json\n{rules}\n```"] if rules else []
    if isinstance(line.get("funnel"), Mapping):
        parts.append("```\n" + "\n".join(funnel.lines(line["funnel"])) + "\n```")
    if line.get("partial"):
        parts.append("This run was still being drawn when it was judged.")
    if line.get("drawn_with"):
        parts.append("Drawn with:\n\n```json\n" + json.dumps(line["drawn_with"], ensure_ascii=False) + "\n```")
    return "\n\n".join(parts)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(value: object) -> str:
    """Names from data can't break out of a table cell or a heading."""
    return " ".join(str(value).replace("|", "\\|").split())[:200]
