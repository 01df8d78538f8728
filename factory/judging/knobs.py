"""Whether what a recipe says of a rule fits: its knobs are the keyword-only parameters of `judge`, with their types.

Does not cover reading a recipe (`recipes.py`).
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any

from factory.errors import BadInput, did_you_mean
from factory.judging.rules import knobs_of, with_defaults

HOUSE_KEYS = {"use", "tasks", "except_tasks", "sources", "least", "most"}
"""What the house itself reads of a `[[rule]]`; every other key is a knob."""


def check_knobs(
    module: ModuleType, knobs: Mapping[str, Any], where: str, files: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Refuse what `judge` doesn't take, or what the rule itself says of its knobs, with the places of its files.

    Raises BadInput.
    """
    known = knobs_of(module)
    try:
        hints = typing.get_type_hints(module.judge)
        inspect.signature(module.judge).bind(None, None, **dict.fromkeys(known))
    except (NameError, TypeError) as error:
        raise BadInput(f"{where}: should have a function judge(sample, prompt, *, knobs): {error}") from error
    for key, value in knobs.items():
        if key not in known:
            raise BadInput(f"{where}: no knob {key!r}{did_you_mean(key, {*known, *HOUSE_KEYS})}")
        if key in hints and not _fits(value, hints[key]):
            raise BadInput(f"{where}: knob {key} = {value!r} should be {_type_name(hints[key])}")
    for key, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and key not in knobs:
            raise BadInput(f"{where}: knob {key!r} has no default and must be given")
    _ask_rule(module, {**knobs, **files}, where)


def patience(module: ModuleType, knobs: Mapping[str, Any]) -> float:
    """A knob `seconds` is time that a rule may take: more than by default, and the house waits longer by that."""
    knob = knobs_of(module).get("seconds")
    if knob is None or not isinstance(knob.default, int | float):
        return 0.0
    return max(0.0, float(knobs.get("seconds", knob.default)) - knob.default)


def _ask_rule(module: ModuleType, knobs: Mapping[str, Any], where: str) -> None:
    """What the rule itself has to say of its knobs: files it can't read are known before any work."""
    if not callable(check := getattr(module, "check_knobs", None)):
        return
    try:
        check(**with_defaults(module, knobs))
    except BadInput as error:
        raise BadInput(f"{where}: {error.message}") from error
    except OSError as error:
        raise BadInput(f"{where}: {error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise BadInput(f"{where}: {error}") from error


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
