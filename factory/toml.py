"""TOML that people write: recipes, templates, plans of a merge. Each mistake is one line with its place.

Does not cover what any of them means.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from factory.errors import BadInput, did_you_mean


def read_toml(path: Path, kind: str, known: Collection[str]) -> dict[str, Any]:
    """A `kind` of file (recipe, plan) with these keys at most. Raises BadInput."""
    try:
        tables = tomllib.loads(path.read_bytes().decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: not a readable TOML {kind}: {error}") from error
    check_keys(tables, known, str(path))
    return tables


def list_of_tables(tables: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """The `[[key]]` tables, at least one. Raises BadInput."""
    entries = tables.get(key, [])
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise BadInput(f"{where} needs at least one [[{key}]] table")
    return entries


def check_keys(table: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Refuse a key of a TOML table that means nothing. Raises BadInput with the near names."""
    for key in table:
        if key not in known:
            raise BadInput(f"{where}: unknown key {key!r}{did_you_mean(key, known)}")


def text_of_key(table: Mapping[str, Any], key: str, where: str) -> str:
    """A text of a TOML table, "" where it isn't there. Raises BadInput."""
    value = table.get(key, "")
    if not isinstance(value, str):
        raise BadInput(f"{where}: {key} should be text, is {type(value).__name__}")
    return value
