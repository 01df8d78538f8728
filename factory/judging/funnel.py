"""The funnel: how many samples each rule let through, and why the others fell. Its counts always add up.

In `filter` every rule judges every sample, so a rule has two counts: of the samples still left when its turn came
(the funnel) and of all samples (`alone`). `only` counts those that nobody else stopped: what dropping the rule would
win back.
Does not cover judging (`pool.py`) nor how many faults are too many (`faults.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from factory.records import NOT_APPLICABLE, Verdict
from factory.said import FAULTS


@dataclass(slots=True)
class RuleCount:
    """One rule's counts; samples, not tokens."""

    rejected: Counter[str] = field(default_factory=Counter)
    """By reason, of the samples left by the rules before."""
    unknown: Counter[str] = field(default_factory=Counter)
    """The same for what the rule couldn't tell; such a sample is not kept, and not counted as wrong."""
    left: int = 0
    alone: int = 0
    only: int = 0
    not_applicable: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    """`raised`, `crashed` and `timeout` over all samples: the rule's failures, not the samples'."""


@dataclass(slots=True)
class Funnel:
    """Counts over samples; `add` one sample at a time."""

    rules: dict[str, RuleCount] = field(default_factory=dict)
    samples: int = 0
    kept: int = 0
    tokens: int = 0
    kept_tokens: int = 0
    prompts: int = 0
    prompts_kept: int = 0

    def add(self, verdicts: Sequence[Verdict], tokens: int) -> bool:
        """Count one sample's verdicts in rule order; True when it is kept."""
        self.samples += 1
        self.tokens += tokens
        stopped_by = [v.rule for v in verdicts if v.keep is not True and v.reason != NOT_APPLICABLE]
        first = stopped_by[0] if stopped_by else None
        left = True
        for verdict in verdicts:
            left = left and verdict.rule != first
            self._count(verdict, left=left, first=verdict.rule == first)
        if len(stopped_by) == 1:
            self.rules[stopped_by[0]].only += 1
        if not stopped_by:
            self.kept += 1
            self.kept_tokens += tokens
        return not stopped_by

    def add_prompt(self, kept: int) -> None:
        """Count a prompt once its samples were added."""
        self.prompts += 1
        self.prompts_kept += kept > 0

    def _count(self, verdict: Verdict, *, left: bool, first: bool) -> None:
        count = self.rules.setdefault(verdict.rule, RuleCount())
        count.left += left
        if verdict.reason == NOT_APPLICABLE:
            count.not_applicable += 1
        elif verdict.keep is not True:
            count.alone += 1
            if verdict.reason in FAULTS:
                count.faults[verdict.reason] += 1
            if first:
                (count.rejected if verdict.keep is False else count.unknown)[verdict.reason] += 1


def as_json(funnel: Funnel) -> dict[str, Any]:
    """Plain data for `--json`, the manifest and the card."""
    rules = {
        name: {
            "rejected": dict(sorted(count.rejected.items())),
            "unknown": dict(sorted(count.unknown.items())),
            "left": count.left,
            "alone": count.alone,
            "only": count.only,
            "not_applicable": count.not_applicable,
        }
        for name, count in funnel.rules.items()
    }
    totals = {key: getattr(funnel, key) for key in ("samples", "kept", "tokens", "kept_tokens", "prompts")}
    return {**totals, "prompts_kept": funnel.prompts_kept, "rules": rules}


def lines(funnel: Mapping[str, Any]) -> list[str]:
    """The funnel of `as_json` as text for a terminal."""
    width = max([len("samples drawn"), *(len(name) for name in funnel["rules"])])
    out = [f"{'':{width}}  rejected  unknown     left    alone     only  reasons"]
    out.append(f"{'samples':{width}}  {'':8}  {'':7}  {funnel['samples']:7}")
    for name, count in funnel["rules"].items():
        rejected, unknown = sum(count["rejected"].values()), sum(count["unknown"].values())
        reasons = sorted({**count["rejected"], **count["unknown"]}.items(), key=lambda item: (-item[1], item[0]))
        said = ", ".join(f"{reason} {number}" for reason, number in reasons[:5]) + (", ..." if len(reasons) > 5 else "")
        numbers = f"{rejected:8}  {unknown:7}  {count['left']:7}  {count['alone']:7}  {count['only']:7}"
        out.append(f"{name:{width}}  {numbers}  {said}".rstrip())
    share = funnel["kept"] / funnel["samples"] if funnel["samples"] else 0.0
    counted = funnel["kept"] and funnel["tokens"]  # imported samples often say nothing of tokens
    tokens = f", {funnel['tokens'] / funnel['kept']:,.0f} tokens a kept sample" if counted else ""
    out.append(
        f"kept {funnel['kept']:,} of {funnel['samples']:,} samples ({share:.1%}), "
        f"for {funnel['prompts_kept']:,} of {funnel['prompts']:,} prompts{tokens}"
    )
    return out
