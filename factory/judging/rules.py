"""What a rule is: a file with a function `judge`, named by a recipe and bound to its knobs before any work.

Shipped and user rules are found and loaded the same way. A recipe is TOML:

    description = "what it is for"
    [[rule]]
    use = "language_mix"         # language_mix.py beside the recipe, else a shipped one
    tasks = ["math", "code"]     # optional scope; also except_tasks and sources
    least = 0.9                  # optional: the house rejects a score outside [least, most]
    target = "en"                # every other key is a keyword-only knob of the rule's `judge`
    [select]                     # optional: what `factory merge` chooses among kept samples, unless its flags say so
    per_prompt = 4               # as in a plan: order, pass_rate, token_budget, source_caps, task_caps

A file may say `SCORES = True`: its judge always keeps, so that without least and most it only scores.
Does not cover running rules over samples with deadlines: that is `pool.py`.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import inspect
import json
import sys
import tomllib
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from factory import __version__
from factory.errors import BadInput, did_you_mean
from factory.records import NOT_APPLICABLE, Prompt, Sample, Verdict
from factory.shipped import find_toml, shipped

RECIPE_KEYS = ("description", "rule", "select")
HOUSE_KEYS = {"use", "tasks", "except_tasks", "sources", "least", "most"}
Judge = Callable[[Sample, Prompt], Verdict]
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

    def applies_to(self, prompt: Prompt) -> bool:
        """Whether the prompt is in this rule's scope."""
        in_task = not self.tasks or prompt.task in self.tasks
        in_source = not self.sources or prompt.source in self.sources
        return in_task and in_source and prompt.task not in self.except_tasks


@dataclass(frozen=True, slots=True)
class Recipe:
    """The rules in the order they judge. `digest` covers the recipe, its rule files, what those read, our version."""

    name: str
    description: str
    rules: tuple[Rule, ...]
    digest: str
    select: Mapping[str, Any] = field(default_factory=dict)
    """Checked, and no part of the digest: it changes no verdict."""

    def that_settle(self, settles: bool) -> tuple[Rule, ...]:
        """The rules that may decide, or those that only score."""
        return tuple(rule for rule in self.rules if rule.settles is settles)


def load_recipe(name: str) -> Recipe:
    """Read, check and bind a recipe. Raises BadInput naming the file and the key."""
    path = find_toml("recipe", "filters", name)
    try:
        tables = tomllib.loads(path.read_bytes().decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: not a readable TOML recipe: {error}") from error
    for key in tables:
        if key not in RECIPE_KEYS:
            raise BadInput(f"{path}: unknown key {key!r}{did_you_mean(key, RECIPE_KEYS)}")
    if select := tables.pop("select", {}):
        from factory.blending.selection import read_selection  # brings numpy and pyarrow

        read_selection(select, f"{path}: [select]")
    entries = tables.get("rule", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        raise BadInput(f"{path}: a recipe needs at least one [[rule]] table")
    rules = tuple(_bind(entry, path, number) for number, entry in enumerate(entries, start=1))
    names = [r.name for r in rules]
    for twice in {n for n in names if names.count(n) > 1}:
        raise BadInput(f"{path}: rule {twice!r} stands there twice; verdicts are told apart by name")
    seal = hashlib.blake2b(json.dumps([tables, __version__], default=str).encode(), digest_size=16)
    for rule in rules:
        for file in (rule.path, *_read_by(rule)):
            seal.update(file.read_bytes())
    return Recipe(path.stem, str(tables.get("description", "")), rules, seal.hexdigest(), select)


def _read_by(rule: Rule) -> list[Path]:
    """The files that a rule's knobs name, as they stand or beside the rule: other patterns are another recipe."""
    defaults = {name: knob.default for name, knob in knobs_of(load_module(rule.path)).items()}
    words = [value for value in {**defaults, **rule.knobs}.values() if isinstance(value, str) and value]
    places = [next((p for p in (Path(word), rule.path.parent / word) if p.is_file()), None) for word in words]
    return [place for place in places if place is not None]


def load_judge(rule: Rule) -> Judge:
    """The rule's own `judge`, its knobs bound. Raises whatever the file raises when it is executed."""
    judge = load_module(rule.path).judge
    return functools.partial(judge, **rule.knobs)


def apply_rule(rule: Rule, judge: Judge, sample: Sample, prompt: Prompt) -> Verdict:
    """One verdict, with the house's part: scope, name, least and most."""
    if not rule.applies_to(prompt):
        return Verdict(None, NOT_APPLICABLE, rule=rule.name)
    verdict = _checked(judge(sample, prompt), rule.name)
    if not rule.settles and verdict.keep is not True:
        raise TypeError(f"{rule.name} says SCORES, that it only scores, and gave {verdict.keep} ({verdict.reason})")
    if verdict.keep is not True or verdict.score is None:
        return verdict
    if rule.least is not None and verdict.score < rule.least:
        return replace(verdict, keep=False, reason="below_least")
    if rule.most is not None and verdict.score > rule.most:
        return replace(verdict, keep=False, reason="above_most")
    return verdict


def _checked(verdict: Any, name: str) -> Verdict:
    """A rule may be anybody's: what it returns must be a Verdict of plain values."""
    if not isinstance(verdict, Verdict) or verdict.keep not in (True, False, None):
        raise TypeError(f"{name} returned {verdict!r:.100}, not a Verdict")
    score = None if verdict.score is None else float(verdict.score)
    spans = tuple((int(start), int(end)) for start, end in verdict.spans) if verdict.spans else ()
    if not all(0 <= place <= LONGEST for span in spans for place in span):
        raise TypeError(f"{name} returned spans that lie in no text: {spans!r:.100}")
    return Verdict(verdict.keep, str(verdict.reason), score, spans, name)


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
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def knobs_of(module: ModuleType) -> dict[str, inspect.Parameter]:
    """The keyword-only parameters of a rule module's `judge`."""
    parameters = inspect.signature(module.judge).parameters
    return {n: p for n, p in parameters.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def find_rule(name: str, beside: Path) -> Path:
    """The rule file `name`: in the folder `beside`, else shipped. Raises BadInput with the near names.

    Only bare names: a recipe from somebody else may not name code anywhere on the disk.
    """
    folders = [beside, shipped("filters")]
    for folder in folders:
        if name.isidentifier() and (folder / f"{name}.py").is_file():
            return folder / f"{name}.py"
    known = {p.stem for folder in folders for p in folder.glob("*.py")}
    raise BadInput(f"no rule named {name!r}{did_you_mean(name, known)}; a rule is a file NAME.py beside the recipe")


def _bind(entry: Mapping[str, Any], recipe: Path, number: int) -> Rule:
    where = f"{recipe}: rule {number}"
    name = entry.get("use")
    if not isinstance(name, str):
        raise BadInput(f'{where}: lacks use = "NAME"')
    where = f"{where} ({name})"
    try:
        path = find_rule(name, recipe.parent)
        module = load_module(path)
    except BadInput as error:
        raise BadInput(f"{where}: {error.message}") from error
    except Exception as error:
        raise BadInput(f"{where}: {type(error).__name__} while loading the file: {error}") from error
    if not callable(getattr(module, "judge", None)):
        raise BadInput(f"{where}: {path} has no function judge(sample, prompt, *, ...)")
    knobs = {key: value for key, value in entry.items() if key not in HOUSE_KEYS}
    _check_knobs(module, knobs, where)
    least, most = _number(entry, "least", where), _number(entry, "most", where)
    return Rule(
        name=name,
        path=path,
        knobs=knobs,
        tasks=_words(entry, "tasks", where),
        except_tasks=_words(entry, "except_tasks", where),
        sources=_words(entry, "sources", where),
        least=least,
        most=most,
        settles=not (getattr(module, "SCORES", False) and least is None and most is None),
    )


def _check_knobs(module: ModuleType, knobs: Mapping[str, Any], where: str) -> None:
    known = knobs_of(module)
    hints = typing.get_type_hints(module.judge)
    for key, value in knobs.items():
        if key not in known:
            raise BadInput(f"{where}: no knob {key!r}{did_you_mean(key, {*known, *HOUSE_KEYS})}")
        if key in hints and not _fits(value, hints[key]):
            raise BadInput(f"{where}: knob {key} = {value!r} should be {_type_name(hints[key])}")
    for key, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and key not in knobs:
            raise BadInput(f"{where}: knob {key!r} has no default and must be given")


def _type_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)


def _fits(value: Any, hint: Any) -> bool:
    """Whether a TOML value can stand for a knob annotated so; annotations we don't know fit."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return value in parts
    if origin in (list, tuple):
        return isinstance(value, list) and all(_fits(v, parts[0]) for v in value)
    if parts:  # a union
        return any(_fits(value, part) for part in parts)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return not isinstance(hint, type) or isinstance(value, hint)


def _words(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise BadInput(f"{where}: {key} should be a list of strings")
    return tuple(value)


def _number(entry: Mapping[str, Any], key: str, where: str) -> float | None:
    value = entry.get(key)
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise BadInput(f"{where}: {key} should be a number")
    return value


def catalogue() -> tuple[dict[str, Any], list[str]]:
    """The shipped rules and recipes: plain data, and lines for a terminal."""
    rules: dict[str, Any] = {}
    lines = ["rules"]
    for path in sorted(shipped("filters").glob("*.py")):
        module = load_module(path)
        knobs = {name: p.default for name, p in knobs_of(module).items()}
        about = (module.__doc__ or "").strip().partition("\n")[0]
        rules[path.stem] = {"about": about, "knobs": knobs}
        lines.append(f"  {path.stem:18} {about}")
        lines += [f"  {'':18}   {name} = {default!r}" for name, default in knobs.items()]
    recipes = {}
    lines.append("recipes")
    for path in sorted(shipped("filters").glob("*.toml")):
        recipe = load_recipe(path.stem)
        recipes[recipe.name] = {"about": recipe.description, "rules": [rule.name for rule in recipe.rules]}
        lines.append(f"  {recipe.name:18} {recipe.description}")
        lines.append(f"  {'':18}   {', '.join(rule.name for rule in recipe.rules)}")
    return {"rules": rules, "recipes": recipes}, lines
