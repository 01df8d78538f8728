"""Verifiable prompts drawn from reasoning-gym's seeded task families, no download.

    gym:gcd                                          100 prompts, seed 0
    gym:gcd,chain_sum?size=500&seed=3                500 of each family
    gym:chain_sum?size=50&max_terms=2&max_digits=1   other keys are the family's own

The reference is JSON {"family", "config", "entry"}: what `score_answer(answer, entry)` needs. The same family, seed
and keys give the same prompts, and a larger size only adds some (except in `acre`). Does not cover scoring (`verify/`).
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from factory.errors import BadInput, did_you_mean
from factory.reading.references import to_json
from factory.reading.row import Row

PREFIX: Final = "gym:"
SIZE: Final = 100


def gym_rows(source: str) -> Iterator[Row]:
    """The rows of a `gym:` source, drawn as the iterator advances. Raises BadInput at once for a bad source."""
    names, _, query = source.removeprefix(PREFIX).partition("?")
    families = [name.strip() for name in names.split(",")]
    options = {key: _value(text) for key, text in parse_qsl(query, keep_blank_values=True)}
    size, seed = (_whole(source, options, key, default) for key, default in (("size", SIZE), ("seed", 0)))
    sets = [(family, _data_set(source, family, size, seed, options)) for family in families]
    config = {"seed": seed, **options}
    return (_row(family, index, data, config) for family, data in sets for index in range(size))


def _data_set(source: str, family: str, size: int, seed: int, options: Mapping[str, Any]) -> Any:
    try:
        import reasoning_gym
        from reasoning_gym.factory import DATASETS
    except ImportError as error:
        raise BadInput(f"{source}: needs reasoning-gym: pip install 'rejection-factory[gym]'") from error
    if family not in DATASETS or family == "composite":
        raise BadInput(f"{source}: no family {family!r}{_near(family, set(DATASETS) - {'composite'})}")
    known = DATASETS[family][1].__dataclass_fields__
    for key in options:
        if key not in known:
            raise BadInput(f"{source}: {family} has no {key!r}{did_you_mean(key, known)}")
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # some families print while they draw
            return reasoning_gym.create_dataset(family, size=size, seed=seed, **options)
    except Exception as error:  # each family checks its own keys in its own way
        raise BadInput(f"{source}: {family}: {type(error).__name__}: {error}") from error


def _row(family: str, index: int, data: Any, config: Mapping[str, Any]) -> Row:
    with contextlib.redirect_stdout(io.StringIO()):
        entry = data[index]
    # where it was drawn is no part of the task: an equal task drawn twice is a duplicate
    entry = {**entry, "metadata": {k: v for k, v in entry["metadata"].items() if k != "source_index"}}
    values = {
        "question": entry["question"],
        "reference": to_json({"family": family, "config": config, "entry": entry}),
        "task": "gym",
        "id": f"{family}-{config['seed']}-{index}",
        "source": f"{PREFIX}{family}",
    }
    return Row(values, tuple(values), f"{PREFIX}{family}: prompt {index}", family)


def _value(text: str) -> Any:
    """An option as JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _whole(source: str, options: dict[str, Any], key: str, default: int) -> int:
    value = options.pop(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < (key == "size"):
        raise BadInput(f"{source}: {key} should be a whole number, is {value!r}")
    return value


def _near(family: str, known: set[str]) -> str:
    near = did_you_mean(family, known)
    return near if "did you mean" in near else f"; there are {len(known)}, see reasoning-gym's gallery"
