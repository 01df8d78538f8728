"""A recipe's rules over a prompt's samples, of which some were judged while they were drawn.

What was said then is not asked again. Generation leaves out the rules that merely score (`Rule.settles`) and asks no
more once one has spoken against a sample: those speak now, so that a funnel knows what every rule says of every sample.
Where a server had failed (`judge_error`) it is asked again too.
Does not cover the processes (`pool.py`) nor what counts afterwards (`funnel.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from factory.judging.pool import Pool
from factory.judging.recipes import Recipe
from factory.records import Prompt, Sample, Verdict


class Judges:
    """Use as a context manager; so many processes, started when there is something to ask."""

    def __init__(self, recipe: Recipe, processes: int) -> None:
        self._places = {rule.name: place for place, rule in enumerate(recipe.rules)}
        self._pool = Pool(recipe.rules, processes)

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.close(at_once=kind is not None)

    @property
    def errors(self) -> dict[str, str]:
        """The first error message of each rule that raised."""
        return self._pool.errors

    def submit(
        self, prompt: Prompt, samples: Sequence[Sample], known: Mapping[int, list[Verdict]]
    ) -> Callable[[], list[list[Verdict]]]:
        """Start judging; the function waits and gives each sample's verdicts in rule order. `known` is by index."""
        said = [known.get(sample.sample_index, []) for sample in samples]
        old = [[verdict for verdict in verdicts if not _failed(verdict)] for verdicts in said]
        lacking = [place for place, verdicts in enumerate(old) if len(verdicts) < len(self._places)]
        rules = [tuple(verdict.rule for verdict in old[place]) for place in lacking]
        new = self._pool.submit(prompt, [samples[place] for place in lacking], rules)

        def verdicts() -> list[list[Verdict]]:
            found = dict(zip(lacking, new.result(), strict=True))
            return [self._in_order([*verdicts, *found.get(place, ())]) for place, verdicts in enumerate(old)]

        return verdicts

    def _in_order(self, verdicts: list[Verdict]) -> list[Verdict]:
        return sorted(verdicts, key=lambda verdict: self._places[verdict.rule])


def _failed(verdict: Verdict) -> bool:
    """Whether a server is to blame: such reasons end in `_error`."""
    return verdict.keep is None and verdict.reason.endswith("_error")
