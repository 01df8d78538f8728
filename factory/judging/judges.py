"""A recipe's rules over a prompt's samples, of which some were judged while they were drawn.

What was said then is not asked again; only the rules that merely score (`Rule.settles`) speak now. Does not cover the
processes (`pool.py`) nor what counts afterwards (`funnel.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from factory.judging.pool import Pool
from factory.judging.recipes import Recipe
from factory.records import Prompt, Sample, Verdict


class Judges:
    """Use as a context manager; `processes` each for whole recipes and for what was left over."""

    def __init__(self, recipe: Recipe, processes: int) -> None:
        self._places = {rule.name: place for place, rule in enumerate(recipe.rules)}
        self._whole = Pool(recipe.rules, processes)
        scoring = recipe.that_settle(False)
        self._rest = Pool(scoring, processes) if scoring else None

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, *_: object) -> None:
        self._whole.close()
        if self._rest is not None:
            self._rest.close()

    @property
    def errors(self) -> dict[str, str]:
        """The first error message of each rule that raised."""
        return {**(self._rest.errors if self._rest else {}), **self._whole.errors}

    def submit(
        self, prompt: Prompt, samples: Sequence[Sample], known: Mapping[int, list[Verdict]]
    ) -> Callable[[], list[list[Verdict]]]:
        """Start judging; the function waits and gives each sample's verdicts in rule order. `known` is by index."""
        new = self._whole.submit(prompt, [sample for sample in samples if sample.sample_index not in known])
        old = [sample for sample in samples if sample.sample_index in known]
        rest = self._rest.submit(prompt, old) if self._rest is not None and old else None

        def verdicts() -> list[list[Verdict]]:
            fresh, more = iter(new.result()), iter(rest.result() if rest is not None else [()] * len(old))
            return [
                self._in_order([*known[sample.sample_index], *next(more)])
                if sample.sample_index in known
                else list(next(fresh))
                for sample in samples
            ]

        return verdicts

    def _in_order(self, verdicts: list[Verdict]) -> list[Verdict]:
        by_name = {verdict.rule: verdict for verdict in verdicts}
        return sorted(by_name.values(), key=lambda verdict: self._places[verdict.rule])
