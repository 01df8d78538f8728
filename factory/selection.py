"""What to choose among kept samples, as the command line, a merge plan and a recipe's `[select]` say it.

Does not cover choosing (`blending/choosing.py`); imports nothing heavy, for recipes are read by every command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from factory.errors import BadInput, did_you_mean
from factory.options import band
from factory.toml import check_keys

ORDERS: Final = ("first", "random", "shortest", "longest", "best")


@dataclass(frozen=True, slots=True)
class Selection:
    """What to choose; `merge` describes each field. Caps are by name of source or task, in rows.

    An `order` that nobody said is the first of `ORDERS`.
    """

    per_prompt: int | None = None
    order: str = ""
    rule: str = ""
    pass_rate: tuple[float, float] | None = None
    source_caps: Mapping[str, int] = field(default_factory=dict)
    task_caps: Mapping[str, int] = field(default_factory=dict)
    token_budget: int | None = None

    def over(self, other: Selection) -> Selection:
        """What is said here, and where nothing is, what `other` says."""
        said = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) not in (None, "", {})}
        return replace(other, **{**said, "rule": self.rule if self.order else other.rule})

    @property
    def needs_size(self) -> bool:
        """Whether the length of samples matters."""
        return self.token_budget is not None or self.order in {"shortest", "longest"}


def parse_order(text: str, where: str = "--select") -> tuple[str, str]:
    """Order and rule, from `random` or `best:RULE`. Raises BadInput."""
    order, _, rule = text.partition(":")
    if order not in ORDERS:
        raise BadInput(f"{where} {text[:40]!r}: unknown{did_you_mean(order, ORDERS)}")
    if (order == "best") != bool(rule):
        raise BadInput(f"{where} {text[:40]!r}: write best:RULE, with the rule whose score is highest for the best")
    return order, rule


def read_selection(table: Any, where: str) -> Selection:
    """A `[select]` table of TOML. Raises BadInput."""
    if not isinstance(table, dict):
        raise BadInput(f"{where} should be a table")
    check_keys(table, ("per_prompt", "order", "pass_rate", "token_budget", "source_caps", "task_caps"), where)
    numbers = {key: table[key] for key in ("per_prompt", "token_budget") if key in table}
    caps = {key: table[key] for key in ("source_caps", "task_caps") if key in table}
    if not all(isinstance(names, dict) for names in caps.values()):
        raise BadInput(f"{where}: caps should be tables, as in task_caps = {{ math = 1000 }}")
    for key, number in [*numbers.items(), *((k, n) for names in caps.values() for k, n in names.items())]:
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise BadInput(f"{where}: {key} = {number!r}: should be a whole number")
    order, rule = parse_order(str(table["order"]), f"{where} order") if "order" in table else ("", "")
    rate = band(f"{where} pass_rate", str(table["pass_rate"])) if "pass_rate" in table else None
    selection = Selection(order=order, rule=rule, pass_rate=rate, **numbers, **caps)
    check(selection)
    return selection


def check(selection: Selection) -> None:
    """Refuse numbers that mean nothing. Raises BadInput."""
    if selection.per_prompt is not None and selection.per_prompt < 1:
        raise BadInput(f"--per-prompt {selection.per_prompt}: expected at least 1")
    if selection.pass_rate is not None and not 0 <= selection.pass_rate[0] <= selection.pass_rate[1] <= 1:
        least, most = selection.pass_rate
        raise BadInput(f"--pass-rate {least}..{most}: expected LEAST..MOST, shares from 0 to 1 as in 0.1..0.9")
    if selection.token_budget is not None and selection.token_budget < 1:
        raise BadInput(f"--token-budget {selection.token_budget}: expected at least 1")
