"""Rules that look at growing text: what stops a sample before its end.

A rule file may have, beside `judge`,

    def doomed(text: str, prompt: Prompt, *, <knobs of judge>) -> Verdict | None

It says reject only where `judge` will reject whatever follows. Covers finding these functions and asking the pool.
Does not cover when a text is shown (`engines/watching.py`) nor a fault's deadline (`pool.py`).
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

from factory.errors import BadInput
from factory.judging.recipes import Recipe
from factory.judging.rules import Rule, load_module
from factory.records import Prompt, Verdict

if TYPE_CHECKING:
    from factory.engines import Watch
    from factory.judging.pool import Pool

Doomed = Callable[[str, Prompt], Verdict | None]


def load_doomed(rule: Rule) -> Doomed | None:
    """The rule's own `doomed`, its knobs bound; None where it has none."""
    doomed = getattr(load_module(rule.path), "doomed", None)
    knobs = rule.bound()
    return (lambda text, prompt: doomed(text, prompt, **knobs)) if callable(doomed) else None


def watcher(recipe: Recipe, pool: Pool) -> Callable[[Prompt], Watch | None] | None:
    """What gives each prompt's samples their watch, None where no rule of the recipe has `doomed`.

    Raises BadInput for a `doomed` that doesn't take the knobs its rule was given.
    """
    rules = [rule for rule in recipe.rules if load_doomed(rule) is not None]
    for rule in rules:
        _check_knobs(rule)

    in_scope: dict[tuple[str, str], bool] = {}

    def watch_of(prompt: Prompt) -> Watch | None:
        kind = prompt.task, prompt.source
        if kind not in in_scope:
            in_scope[kind] = any(rule.applies_to(prompt) for rule in rules)
        if not in_scope[kind]:
            return None

        async def watch(text: str, tokens: int) -> str | None:
            return await asyncio.wrap_future(pool.look(prompt, text))

        return watch

    return watch_of if rules else None


def _check_knobs(rule: Rule) -> None:
    try:
        inspect.signature(load_module(rule.path).doomed).bind("", None, **rule.bound())
    except (TypeError, ValueError) as error:
        raise BadInput(f"{rule.path}: doomed(text, prompt, ...) should take the knobs of judge: {error}") from error
