"""The dataset card: a `README.md` that `load_dataset` obeys and a reader understands.

Written from the manifest's content, last and from real counts. No path of this machine gets in.
Does not cover its head, which is what `load_dataset` obeys (`card_head.py`), nor the trainers' configurations.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from factory.blending import card_head
from factory.judging import funnel

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
REASONS: Final = {
    "rejected": "some rule rejected the sample, or couldn't tell: see the funnel",
    "duplicate": "another row is the same",
    "near_duplicate": "its prompt nearly repeats another one",
    "contaminated": "it holds text of a benchmark",
    "control_tokens": "it holds a chat template's own tokens",
    "outside_pass_rate": "its prompt is too easy or too hard",
    "over_per_prompt": "its prompt has enough samples",
    "over_source_cap": "its source has enough rows",
    "over_task_cap": "its task has enough rows",
    "over_token_budget": "the token budget was spent",
    "surplus_general": "the mix needs no more of its source",
    "cut_kept": "cut to keep the mix: another source was too small",
    "thinks": "its source is to give rows without thinking",
    "think_unclosed": "a thought is opened and never closed",
    "no_last_answer": "it doesn't end with the assistant",
    "turns_out_of_order": "user and assistant don't take turns",
    "empty_turn": "a turn is empty",
    "media_unsupported": "it holds more than text",
    "tools_unsupported": "it holds tools that can't be carried whole in this format",
}
"""Why a row is left out, by the code that is counted."""


def render(name: str, content: Mapping[str, Any]) -> str:
    """The card of a merge's manifest content, ending in a newline."""
    sections = [card_head.render(content), f"# {_plain(name)}", _intro(content), _choices(content), _sources(content)]
    sections += [_mix(content), _dropped(content), _models(content), *(_input(line) for line in content["inputs"])]
    return "\n\n".join([*sections, _versions(content)]) + "\n"


def _intro(content: Mapping[str, Any]) -> str:
    splits = " and ".join(f"{rows:,} {split}" for split, rows in content["splits"].items())
    repeated = f" {content['repeated']:,} of them repeat another." if content["repeated"] else ""
    tools = f"{content['tools']:,} rows hold tools: `tool_calls`, turns of a tool, and what was on offer in `tools`; "
    tools += "they need datasets 4.7 or later. "
    beside = [
        f"`{config}` holds {content[key]:,} {told}."
        for config, key, told in (
            ("pairs", "pairs", "preference pairs (a kept sample, a rejected one, the reason)"),
            ("rl", "rl_prompts", "prompts with their pass rates, for RL"),
        )
        if content.get(key)
    ]
    return "\n\n".join(
        [
            f"{splits} rows for supervised fine-tuning.{repeated} Reasoning rows are samples of a checkpoint that "
            "passed every rule (rejection sampling); general rows are given SFT data. No prompt is in both splits.",
            f"A row: {SHAPES[content['format']['name']]}; the last turn is the assistant's. Where it reasons, "
            f"{PLACES[content['format']['reasoning']]}. {tools if content['tools'] else ''}Also `id` (hash of its "
            "content), `prompt_id`, `source`, `task`, `kind` (reasoning or general).",
            f"Train with a maximum length of {content['max_length']:,} tokens or more, and a chat template that keeps "
            "the reasoning; `trainers/` has configurations.",
            *([" ".join(["Other configurations:", *beside])] if beside else []),
        ]
    )


def _choices(content: Mapping[str, Any]) -> str:
    """What was asked for beside the sources, said only where something was."""
    wishes, chosen = content["wishes"], content["wishes"]["selection"]
    order = f"best by `{chosen['rule']}`" if chosen["rule"] else chosen["order"]
    band = " to ".join(map(str, chosen["pass_rate"] or ()))
    caps = {**chosen["source_caps"], **chosen["task_caps"]}
    leaks = sum(content["contamination"]["rows_by"].values()) if "contamination" in content else 0
    benchmarks = ", ".join(map(_plain, wishes["decontaminate"]))
    told = [
        (chosen["per_prompt"], f"At most {chosen['per_prompt']} kept samples a prompt, {order} first."),
        (band, f"Prompts with a pass rate of {band}."),
        (caps, f"At most {', '.join(f'{rows:,} rows of {_plain(name)}' for name, rows in caps.items())}."),
        (chosen["token_budget"], f"At most {chosen['token_budget'] or 0:,} tokens of kept samples."),
        (wishes["near"], f"Of prompts alike by {wishes['near']} (Jaccard of shingles) one stays."),
        (benchmarks, f"{leaks:,} rows that share {wishes['ngram']} words with {benchmarks} are left out."),
        (wishes["validation"], f"{wishes['validation']:.3g} of the prompts are held out for validation."),
        (True, f"Exact duplicates are left out. Seed {wishes['seed']}."),
    ]
    return "## Choices\n\n" + "\n".join(f"- {line}" for asked, line in told if asked)


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
    said = [f"weight {float(Fraction(line['weight'])):g}"] if "weight" in line else []
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
    table = []
    for kind, reasons in content["dropped"].items():
        read = content["read"].get(kind, 0)
        lines = [("read", read, ""), *((name, rows, REASONS.get(name, "")) for name, rows in reasons.items())]
        lines += [("used", read - sum(reasons.values()), "")]
        table += [(kind, name, f"{rows:,}", told) for name, rows, told in lines if read]
    return "## What was left out\n\n" + _table(("kind", "", "rows", "meaning"), table)


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
        parts.append("```\n" + "\n".join(funnel.lines(_ordered(line["funnel"], recipe))) + "\n```")
    if line.get("partial"):
        parts.append("This run was still being drawn when it was judged.")
    if line.get("drawn_with"):
        parts.append("Drawn with:\n\n```json\n" + json.dumps(line["drawn_with"], ensure_ascii=False) + "\n```")
    return "\n\n".join([*parts, f"SHA-256 of its manifest: `{line['sha256']}`"])


def _ordered(counts: Mapping[str, Any], recipe: Any) -> dict[str, Any]:
    """A funnel in the order in which its rules judged, which its manifest doesn't keep."""
    order = [rule.get("rule") for rule in recipe.get("rules", [])] if isinstance(recipe, Mapping) else []
    names = sorted(counts["rules"], key=lambda name: (order.index(name) if name in order else len(order), name))
    return {**counts, "rules": {name: counts["rules"][name] for name in names}}


def _versions(content: Mapping[str, Any]) -> str:
    made = ", ".join(f"{name} {version}" for name, version in content["versions"].items())
    return (
        "## How to tell versions apart\n\n`manifest.json` names every file with its hash; its own SHA-256 is this "
        f"data set's version. The same inputs, choices and libraries ({made}) give the same bytes."
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(value: object) -> str:
    """Names from data can't break out of a table cell or a heading."""
    return " ".join(str(value).replace("|", "\\|").split())[:200]
