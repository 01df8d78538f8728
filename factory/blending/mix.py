"""What goes into a merge and how much of each: a plan in TOML, or the same from the short flags.

    unit = "tokens"                  # what weights and caps count; default rows
    tokenizer = "org/model"          # what counts tokens; default the model of the first run
    [select]                         # choices among kept samples, as the flags of `factory merge`
    per_prompt = 4                   # over all sources together
    order = "best:arithmetic"
    pass_rate = "0.1..0.9"           # also token_budget, source_caps and task_caps (tables of NAME = N)
    [[source]]
    path = "outputs/run"             # a run or judged folder, else general data: file, folder, glob, URL, HF id
    weight = 3.53                    # or rows = 600000, or tokens = 8e8; none of these: all of it
    [[source]]
    path = ["chats.jsonl", "s3://bucket/tulu"]
    weight = 1
    cap = 200000                     # at most so many
    think = "none"                   # keep (default), strip, empty, none: see thinking.py
    system = "Answer briefly."       # where a conversation has no system turn
    licence = "apache-2.0"           # an SPDX name; without one the data set is not pushed

Paths are as on the command line: from the current folder. Does not cover the arithmetic (`amounts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from factory.blending.amounts import Amount, from_ratio, from_share
from factory.blending.decontaminate import NGRAM
from factory.blending.thinking import THINK
from factory.errors import BadInput, did_you_mean
from factory.selection import Selection, read_selection
from factory.selection import check as check_selection
from factory.toml import check_keys, list_of_tables, read_toml, text_of_key

UNITS: Final = ("rows", "tokens")
TOP: Final = ("unit", "tokenizer", "select", "source")
KEYS: Final = ("path", "weight", "rows", "tokens", "cap", "think", "system", "licence")


@dataclass(frozen=True, slots=True)
class Entry:
    """One source of a mix. `judged` is whether it holds kept samples; None where that is to be seen."""

    paths: tuple[str, ...]
    amount: Amount
    judged: bool | None = None
    think: str = "keep"
    system: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Mix:
    """All that decides which rows go out. `check` says what the fields may hold."""

    entries: tuple[Entry, ...]
    selection: Selection = field(default_factory=Selection)
    tokenizer: str = ""
    seed: int = 0
    validation: float = 0.0
    """The share of prompts to hold out."""
    cut_kept: bool = False
    """Where a source is too small for its weight, shrink the others too."""
    oversample: bool = False
    """Where a source is too small, repeat its rows."""
    near: float | None = None
    """Of prompts this alike (Jaccard) one stays."""
    decontaminate: tuple[str, ...] = ()
    """Benchmark files; rows that share `ngram` words with one are left out."""
    ngram: int = NGRAM

    @property
    def counts_tokens(self) -> bool:
        """Whether a tokenizer is needed."""
        return bool(self.tokenizer) or any(entry.amount.unit == "tokens" for entry in self.entries)

    @property
    def shares(self) -> bool:
        """Whether some source is bound to an amount, so that it may be short."""
        return any(entry.amount.weight is not None or entry.amount.number is not None for entry in self.entries)


def check(mix: Mix) -> None:
    """Refuse what means nothing. Raises BadInput."""
    check_selection(mix.selection)
    if not 0 <= mix.validation < 1:
        raise BadInput(f"--validation {mix.validation}: expected a share from 0 to below 1, as in 0.01")
    if mix.cut_kept and mix.oversample:
        raise BadInput("--cut-kept and --oversample exclude each other; give one")
    if (mix.cut_kept or mix.oversample) and not mix.shares:
        raise BadInput("--cut-kept and --oversample need a ratio, weight or number of rows to meet")


def from_flags(
    judged: Sequence[str],
    general: Sequence[str],
    selection: Selection,
    ratio: tuple[float, float] | None = None,
    share: float | None = None,
) -> Mix:
    """The mix of two sources that the command line says: kept samples and general data. Raises BadInput."""
    if not judged:
        raise BadInput("nothing to merge: give at least one run folder or judged folder")
    if ratio is not None and share is not None:
        raise BadInput("--ratio and --general-share say the same thing; give one")
    bound = ratio is not None or share is not None
    if bound and not general:
        raise BadInput("a ratio needs general data: add --general PATH")
    kept, rest = Amount("kept samples", True), Amount("general data")
    if bound:
        kept, rest = from_ratio(*ratio) if ratio is not None else from_share(share or 0.0)
    entries = [Entry(tuple(judged), kept, True), Entry(tuple(general), rest, False)]
    return Mix(tuple(entry for entry in entries if entry.paths), selection)


def read_plan(path: Path) -> Mix:
    """Read and check a plan. Raises BadInput naming file, source and key."""
    tables = read_toml(path, "plan", TOP)
    unit = _one_of(tables, "unit", UNITS, str(path))
    entries = list_of_tables(tables, "source", f"{path}: a plan")
    read = tuple(_entry(entry, unit, f"{path}: source {number}") for number, entry in enumerate(entries, start=1))
    selection = read_selection(tables.get("select", {}), f"{path}: [select]")
    return Mix(read, selection, text_of_key(tables, "tokenizer", str(path)))


def _entry(table: Mapping[str, Any], unit: str, where: str) -> Entry:
    check_keys(table, KEYS, where)
    paths = table.get("path")
    paths = (paths,) if isinstance(paths, str) else tuple(paths) if isinstance(paths, list) else ()
    if not paths or not all(isinstance(path, str) and path.strip() for path in paths):
        raise BadInput(f'{where}: lacks path = "..." (text, or a list of texts)')
    return Entry(
        paths,
        _amount(table, unit, f"{where} ({paths[0]})"),
        think=_one_of(table, "think", THINK, where),
        system=text_of_key(table, "system", where),
        licence=text_of_key(table, "licence", where),
    )


def _amount(table: Mapping[str, Any], unit: str, where: str) -> Amount:
    said = [key for key in ("weight", *UNITS) if key in table]
    if len(said) > 1:
        raise BadInput(f"{where}: {' and '.join(said)} say the same thing; give one")
    if said and said[0] != "weight" and "cap" in table:
        raise BadInput(f"{where}: cap and {said[0]} say the same thing; give one")
    weight = table.get("weight")
    if weight is not None and (not _is_number(weight) or not 0 < weight < 1e12):
        raise BadInput(f"{where}: weight = {weight!r}: should be a number above 0")
    key = said[0] if said and said[0] != "weight" else None
    name = where.rpartition(": ")[2]
    exact = None if weight is None else Fraction(str(weight))
    return Amount(name, False, exact, _count(table, key, where), key or unit, _count(table, "cap", where))


def _count(table: Mapping[str, Any], key: str | None, where: str) -> int | None:
    value = None if key is None else table.get(key)
    if value is None:
        return None
    if not _is_number(value) or value < 1 or value != int(value):
        raise BadInput(f"{where}: {key} = {value!r}: should be a whole number above 0")
    return int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _one_of(table: Mapping[str, Any], key: str, known: Sequence[str], where: str) -> str:
    value = table.get(key, known[0])
    if value not in known:
        raise BadInput(f"{where}: {key} = {value!r}: unknown{did_you_mean(str(value), known)}")
    return str(value)
