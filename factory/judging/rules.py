"""What a rule is: a file with a function `judge(sample, prompt, *, knobs) -> Verdict`, and what the house adds to it.

Shipped and user rules are loaded the same way. A file may say more:

    SCORES = True             its judge never rejects, so that without least and most it only scores
    ASKS = "KNOB"             it asks the server this knob names, if it is given; `begin`, with judge's knobs, starts
                              asking and gives a function that waits for the verdict: many are asked about at once
    FILES = ("KNOB", ...)     these knobs name files, found beside the recipe, in the current folder or beside the rule
    def check_knobs(*, ...)   raises BadInput, OSError or ValueError where the knobs can't be used

A knob `seconds` is time it may take. Does not cover how a recipe names and binds rules (`recipes.py`) nor running them
over samples with deadlines (`pool.py`).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import inspect
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from factory.errors import BadInput
from factory.records import NOT_APPLICABLE, Prompt, Sample, Verdict

Judge = Callable[[Sample, Prompt], Verdict]
Begin = Callable[[Sample, Prompt], Callable[[], Verdict]]
MEMORY = 8 * 2**30
"""Bytes of address space: what a runaway rule may take, in its process or while the main one loads it."""
LONGEST_REASON = 100
"""Characters of a reason: a code that is counted."""
LONGEST = 2**31 - 1
"""Code points of a text: what the columns of spans hold."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a recipe asks for it. Plain data: workers load the file themselves."""

    name: str
    path: Path
    knobs: Mapping[str, Any] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()
    except_tasks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    settles: bool = True
    """Whether it may decide if a sample is kept. What only scores is left to `filter`: generation has no use for it."""
    asks: bool = False
    """Whether it asks servers, and has `begin` for that."""
    patience: float = 0.0
    """Seconds it may take beyond the house's deadline, as its knobs say."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Where the files are that its knobs name (`FILES`)."""

    def bound(self) -> dict[str, Any]:
        """The knobs as its functions get them: a file by its place."""
        return {**self.knobs, **{knob: str(place) for knob, place in self.files.items()}}

    def contents(self) -> dict[str, Any]:
        """Hashes of its files, to be recorded: names alone say little once a folder has gone on."""
        found = {k: hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() for k, path in self.files.items()}
        return {"contents": found} if found else {}

    def applies_to(self, prompt: Prompt) -> bool:
        """Whether the prompt is in this rule's scope."""
        in_task = not self.tasks or prompt.task in self.tasks
        in_source = not self.sources or prompt.source in self.sources
        return in_task and in_source and prompt.task not in self.except_tasks


def load_judge(rule: Rule) -> Judge:
    """The rule's own `judge`, its knobs bound. Raises whatever the file raises when it is executed."""
    judge = load_module(rule.path).judge
    return functools.partial(judge, **rule.bound())


def load_begin(rule: Rule) -> Begin | None:
    """The rule's `begin`, all knobs bound, where it asks servers."""
    if not rule.asks:
        return None
    module = load_module(rule.path)
    return functools.partial(module.begin, **with_defaults(module, rule.bound()))


def apply_rule(rule: Rule, judge: Judge, sample: Sample, prompt: Prompt) -> Verdict:
    """One verdict, with the house's part: scope, name, least and most."""
    if not rule.applies_to(prompt):
        return Verdict(None, NOT_APPLICABLE, rule=rule.name)
    verdict = _checked(judge(sample, prompt), rule.name)
    if not rule.settles and verdict.keep is False:
        raise TypeError(f"{rule.name} says SCORES, that it only scores, and rejected ({verdict.reason})")
    if verdict.keep is not True or verdict.score is None:
        return verdict
    if rule.least is not None and verdict.score < rule.least:
        return verdict._replace(keep=False, reason="below_least")
    if rule.most is not None and verdict.score > rule.most:
        return verdict._replace(keep=False, reason="above_most")
    return verdict


def _checked(verdict: Any, name: str) -> Verdict:
    """A rule may be anybody's: what it returns must be a Verdict of plain values."""
    if not isinstance(verdict, Verdict) or verdict.keep not in (True, False, None):
        raise TypeError(f"{name} returned {verdict!r:.100}, not a Verdict")
    score = None if verdict.score is None else float(verdict.score)
    if score is not None and not math.isfinite(score):
        raise TypeError(f"{name} gave the score {score}, which no threshold can be held against")
    spans = tuple((int(start), int(end)) for start, end in verdict.spans) if verdict.spans else ()
    if not all(0 <= place <= LONGEST for span in spans for place in span):
        raise TypeError(f"{name} returned spans that lie in no text: {spans!r:.100}")
    return Verdict(verdict.keep, str(verdict.reason)[:LONGEST_REASON], score, spans, name)


def load_module(path: Path) -> ModuleType:
    """Execute a rule file as a module of its own.

    It stands in `sys.modules` before it runs, or dataclasses inside it break; the name holds a hash of the path,
    so two rules of one name don't meet.
    """
    name = f"factory_rule_{path.stem}_{hashlib.blake2b(str(path.resolve()).encode(), digest_size=4).hexdigest()}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadInput(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with contextlib.redirect_stdout(sys.stderr):  # our own output may be somebody's JSON
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def knobs_of(module: ModuleType) -> dict[str, inspect.Parameter]:
    """The keyword-only parameters of a rule module's `judge`."""
    parameters = inspect.signature(module.judge).parameters
    return {n: p for n, p in parameters.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def with_defaults(module: ModuleType, knobs: Mapping[str, Any]) -> dict[str, Any]:
    """All knobs: those given, and the others as `judge` has them."""
    return {**{name: knob.default for name, knob in knobs_of(module).items()}, **knobs}
