"""When a rule fails on too many samples to go on: its faults are nobody's verdict.

Does not cover what a fault is (`pool.py`) nor the counts of what rules said (`funnel.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from factory.errors import FactoryError
from factory.said import Said

FAULT_SHARE = 0.02
"""Share of samples on which a rule may raise, crash or overrun before the command fails."""
WATCHED = 50
"""Samples of a rule after which `FaultWatch` may speak of it: the first fault of a run says little of its share."""


@dataclass(slots=True)
class FaultWatch:
    """Stops a long run early when a rule keeps failing: every GPU hour after that would be judged by nobody.

    Of the rules, in their order, one isn't asked of a sample that another before it rejected (`Pool`, `until_no`).
    """

    rules: Sequence[str]
    samples: int = 0
    faults: dict[str, Counter[str]] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)
    """Samples by the first rule that spoke against them."""

    def add(self, said: Said, errors: Mapping[str, str]) -> None:
        """Count one sample's faults. Raises FactoryError when a rule is over its share."""
        self.samples += 1
        if said.why is not None:
            self.ended[said.why.partition(": ")[0]] += 1
        for rule, reason in said.faults:
            self.faults.setdefault(rule, Counter())[reason] += 1
        for rule, faults in self.faults.items():
            if (asked := self._asked(rule)) >= WATCHED:
                check_faults(rule, faults, asked, errors)

    def _asked(self, rule: str) -> int:
        before = () if rule == "correct" else self.rules[: self.rules.index(rule)]
        return self.samples - sum(self.ended[name] for name in before)


def check_faults(rule: str, faults: Counter[str], samples: int, errors: Mapping[str, str]) -> None:
    """Raise FactoryError when a rule failed on more than `FAULT_SHARE` of the samples, with its first error."""
    failed = sum(faults.values())
    if failed > FAULT_SHARE * samples:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(faults.items()))
        said = f"; first: {errors[rule]}" if rule in errors else ""
        raise FactoryError(
            f"rule {rule} failed on {failed} of {samples} samples ({kinds}){said}; mend the rule or scope it"
        )
