"""The words of `factory merge` as a `Mix` and a `Handover`.

With a plan (`factory merge plan.toml`) what goes in and which samples are chosen stand there, and nowhere else: a flag
that says it too is refused. Does not cover the plan's keys (`mix.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from factory.blending.formats import parse_format
from factory.blending.handover import Handover
from factory.blending.mix import Mix, from_flags, read_plan
from factory.errors import BadInput
from factory.selection import Selection, parse_order

IN_THE_PLAN: Final = {
    "general": "[[source]]",
    "ratio": "weight",
    "general_share": "weight",
    "per_prompt": "[select]",
    "select": "[select] order",
    "pass_rate": "[select]",
    "token_budget": "[select]",
    "source_caps": "[select]",
    "task_caps": "[select]",
}
"""Options that a plan replaces, and its word for each."""
OF_THE_MIX: Final = ("seed", "validation", "cut_kept", "oversample", "near", "ngram")
OF_THE_HANDOVER: Final = ("rows_per_shard", "shard_bytes", "tokenizer", "max_length", "pairs", "rl_prompts", "push")


def read(judged: Sequence[str], general: Sequence[str], options: Mapping[str, Any]) -> tuple[Mix, Handover]:
    """Both, checked for contradictions. Raises BadInput."""
    given = {name: value for name, value in {**options, "general": general}.items() if value not in (None, (), [], {})}
    plans = [word for word in judged if word.endswith(".toml")]
    if plans and len(judged) > 1:
        raise BadInput(f"{plans[0]}: a plan stands alone; name the runs in its [[source]] tables")
    mix = _planned(plans[0], given) if plans else _flagged(judged, general, given)
    mix = replace(mix, **{name: given[name] for name in OF_THE_MIX if name in given})
    mix = replace(mix, decontaminate=tuple(map(str, given.get("decontaminate", ()))))
    shape = parse_format(given.get("form", "messages"), given.get("reasoning", "inline"))
    return mix, Handover(shape, **{name: given[name] for name in OF_THE_HANDOVER if name in given})


def _planned(plan: str, given: Mapping[str, Any]) -> Mix:
    for name, key in IN_THE_PLAN.items():
        if name in given:
            raise BadInput(f"--{name.replace('_', '-').removesuffix('s')}: a plan says this itself, as {key}")
    return read_plan(Path(plan))


def _flagged(judged: Sequence[str], general: Sequence[str], given: Mapping[str, Any]) -> Mix:
    order, rule = parse_order(given["select"]) if "select" in given else ("", "")
    names = ("per_prompt", "pass_rate", "source_caps", "task_caps", "token_budget")
    selection = Selection(order=order, rule=rule, **{name: given[name] for name in names if name in given})
    return from_flags(judged, general, selection, given.get("ratio"), given.get("general_share"))
