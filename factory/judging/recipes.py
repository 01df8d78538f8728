"""What a recipe is: TOML that names rules, in the order they judge, and binds their knobs before any work.

    description = "what it is for"
    [[rule]]
    use = "language_mix"         # language_mix.py beside the recipe, else a shipped one
    tasks = ["math", "code"]     # optional scope; also except_tasks and sources
    least = 0.9                  # optional: the house rejects a score outside [least, most]
    target = "en"                # every other key is a keyword-only knob of the rule's `judge`; a file is looked for
                                 # beside the recipe, then in the current folder, then beside the rule
    [select]                     # optional: what `factory merge` chooses among kept samples, unless its flags say so
    per_prompt = 4               # as in a plan: order, pass_rate, token_budget, source_caps, task_caps

Shipped and user rules are found the same way. Does not cover what a rule does to a sample: that is `rules.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import resource
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from factory import __version__
from factory.errors import BadInput, did_you_mean, one_line
from factory.judging.knobs import HOUSE_KEYS, check_knobs, patience
from factory.judging.rules import MEMORY, Rule, knobs_of, load_module, with_defaults
from factory.selection import read_selection
from factory.shipped import find_toml, shipped
from factory.toml import list_of_tables, read_toml
from factory.verify.algebra.symbolic import TimeUp, time_limit

RECIPE_KEYS = ("description", "rule", "select")
LOADING = 60.0
"""Seconds a rule file may take to load: libraries on a cold disk are slow."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The rules in the order they judge. `digest` covers the recipe, its rule files, what those read, our version."""

    name: str
    description: str
    rules: tuple[Rule, ...]
    digest: str
    select: Mapping[str, Any] = field(default_factory=dict)
    """Checked, and no part of the digest: it changes no verdict."""

    def that_settle(self) -> tuple[Rule, ...]:
        """The rules that may decide, without those that only score."""
        return tuple(rule for rule in self.rules if rule.settles)


def load_recipe(name: str) -> Recipe:
    """Read, check and bind a recipe. Raises BadInput naming the file and the key."""
    path = find_toml("recipe", "filters", name)
    tables = read_toml(path, "recipe", RECIPE_KEYS)
    if select := tables.pop("select", {}):
        read_selection(select, f"{path}: [select]")
    entries = list_of_tables(tables, "rule", f"{path}: a recipe")
    rules = tuple(_bounded(entry, path, number) for number, entry in enumerate(entries, start=1))
    names = [r.name for r in rules]
    for twice in {n for n in names if names.count(n) > 1}:
        raise BadInput(f"{path}: rule {twice!r} stands there twice; verdicts are told apart by name")
    seal = hashlib.blake2b(json.dumps([tables, __version__], default=str).encode(), digest_size=16)
    for rule in rules:
        for file in (rule.path, *_read_by(rule)):
            seal.update(file.read_bytes())
    return Recipe(path.stem, str(tables.get("description", "")), rules, seal.hexdigest(), select)


def _read_by(rule: Rule) -> list[Path]:
    """The files that a rule's knobs name: other patterns are another recipe. Not every rule says `FILES`."""
    knobs = with_defaults(load_module(rule.path), rule.bound())
    words = [value for value in knobs.values() if isinstance(value, str) and value]
    places = [next((p for p in (Path(word), rule.path.parent / word) if p.is_file()), None) for word in words]
    return [place for place in places if place is not None]


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


def _bounded(entry: Mapping[str, Any], recipe: Path, number: int) -> Rule:
    """A rule bound; refused where its file, which may be anybody's, never ends loading or eats memory."""
    try:
        with time_limit(LOADING), _memory_limit():
            return _bind(entry, recipe, number)
    except TimeUp:
        raise BadInput(f"{recipe}: rule {number} ({entry.get('use')}): is not loaded after {LOADING:g} s") from None


@contextlib.contextmanager
def _memory_limit() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = [limit for limit in (soft, taken + MEMORY) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(most), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _bind(entry: Mapping[str, Any], recipe: Path, number: int) -> Rule:
    where = f"{recipe}: rule {number}"
    name = entry.get("use")
    if not isinstance(name, str):
        raise BadInput(f'{where}: lacks use = "NAME"')
    where = f"{where} ({name})"
    path, module = _load(name, recipe.parent, where)
    knobs = {key: value for key, value in entry.items() if key not in HOUSE_KEYS}
    files = _files(module, knobs, recipe.parent, path.parent)
    check_knobs(module, knobs, where, {knob: str(place) for knob, place in files.items()})
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
        asks=bool(knobs.get(getattr(module, "ASKS", ""))) and callable(getattr(module, "begin", None)),
        patience=patience(module, knobs),
        files=files,
    )


def _files(module: ModuleType, knobs: Mapping[str, Any], recipe: Path, rule: Path) -> dict[str, Path]:
    """Where the files are that knobs name; what the recipe doesn't name is the rule's own, beside it."""
    found: dict[str, Path] = {}
    for knob, word in with_defaults(module, knobs).items():
        if knob in getattr(module, "FILES", ()) and isinstance(word, str) and word:
            folders = (recipe, Path(), rule) if knob in knobs else (rule,)
            places = [place for folder in folders if (place := folder / word).is_file()]
            found |= {knob: places[0].resolve()} if places else {}
    return found


def _load(name: str, beside: Path, where: str) -> tuple[Path, ModuleType]:
    """A rule's file, executed; it may be anybody's."""
    try:
        path = find_rule(name, beside)
        module = load_module(path)
    except BadInput as error:
        raise BadInput(f"{where}: {error.message}") from error
    except (Exception, SystemExit) as error:
        raise BadInput(f"{where}: {type(error).__name__} while loading the file: {one_line(error)}") from error
    if not callable(getattr(module, "judge", None)):
        raise BadInput(f"{where}: {path} has no function judge(sample, prompt, *, ...)")
    return path, module


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
        knobs = {name: None if p.default is p.empty else p.default for name, p in knobs_of(module).items()}
        needed = {name for name, p in knobs_of(module).items() if p.default is p.empty}
        about = (module.__doc__ or "").strip().partition("\n")[0]
        rules[path.stem] = {"about": about, "knobs": knobs, "needed": sorted(needed)}
        lines.append(f"  {path.stem:18} {about}")
        said = {name: "must be given" if name in needed else f"= {default!r}" for name, default in knobs.items()}
        lines += [f"  {'':18}   {name} {text}" for name, text in said.items()]
    recipes = {}
    lines.append("recipes")
    for path in sorted(shipped("filters").glob("*.toml")):
        recipe = load_recipe(path.stem)
        recipes[recipe.name] = {"about": recipe.description, "rules": [rule.name for rule in recipe.rules]}
        lines.append(f"  {recipe.name:18} {recipe.description}")
        lines.append(f"  {'':18}   {', '.join(rule.name for rule in recipe.rules)}")
    return {"rules": rules, "recipes": recipes}, lines
