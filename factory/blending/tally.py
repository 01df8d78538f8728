"""What a merge counted: its report, and the content of manifest and card. The counts add up.

Does not cover the card's text (`card.py`).
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from factory import __version__
from factory.blending import blend, turns
from factory.blending.keys import Keys
from factory.blending.mix import Mix
from factory.blending.remote import is_remote
from factory.blending.sources import KINDS, Source
from factory.schemas import CARRIED
from factory.selection import ORDERS


@dataclass(frozen=True, slots=True)
class Report:
    """What a merge did. For each kind: `read` = rows out + the sum of `dropped`; written = rows out + `repeated`."""

    out: Path
    read: Mapping[str, int]
    dropped: Mapping[str, Mapping[str, int]]
    repeated: int
    splits: Mapping[str, int]
    """Rows written, by split."""
    mix: tuple[Mapping[str, Any], ...]
    """Rows and characters written, by kind, source and task."""
    files: int
    bytes: int
    version: str
    """SHA-256 of the manifest: equal versions, equal shards."""
    max_length: int
    """Tokens that hold the longest row: counted with the tokenizer, else estimated."""
    template: Mapping[str, int] | None
    """Rows by what the template check found; None where no template was checked."""
    sources: tuple[Mapping[str, Any], ...]
    """What was asked of each entry of the mix, and the rows (and tokens, where counted) that came of it."""
    pushed: str
    """Where to, if that was asked."""


@dataclass(slots=True)
class Held:
    """What went out: rows, characters and the longest row's bytes by (kind, source, task); rows with tools."""

    by: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    tools: int = 0

    def add(self, rows: pa.Table) -> None:
        """Count SFT rows."""
        characters, size = turns.lengths(rows)
        if CARRIED.name in rows.column_names:
            self.tools += len(rows) - rows[CARRIED.name].null_count
            size = pc.max_element_wise(size, pc.binary_length(rows[CARRIED.name]).combine_chunks())
        labels = ["kind", "source", "task"]
        sized = rows.select(labels).append_column("characters", characters).append_column("bytes", size)
        wanted = [("characters", "count"), ("characters", "sum"), ("bytes", "max")]
        for row in sized.group_by(labels).aggregate(wanted).to_pylist():
            entry = self.by.setdefault((row["kind"], row["source"], row["task"]), [0, 0, 0])
            entry[0] += row["characters_count"]
            entry[1] += row["characters_sum"]
            entry[2] = max(entry[2], row["bytes_max"])


def report(out: Path, content: Mapping[str, Any], version: str, pushed: str) -> Report:
    """The report of a merge from its manifest's content."""
    counted = {name: content[name] for name in ("read", "dropped", "repeated", "splits")}
    size = sum(entry["bytes"] for entry in content["files"])
    found = content["template"]["rows_by"] if "template" in content else None
    details = {"mix": tuple(content["mix"]), "files": len(content["files"]), "bytes": size}
    details |= {"max_length": content["max_length"], "template": found, "sources": tuple(content["sources"])}
    return Report(out, **counted, **details, version=version, pushed=pushed)


def describe(report: Report) -> tuple[dict[str, Any], list[str]]:
    """A report as plain data and as lines for a terminal."""
    data = {**dataclasses.asdict(report), "out": str(report.out)}
    lines = []
    for kind, read in report.read.items():
        fates = report.dropped[kind]
        said = ", ".join(f"{name} {rows:,}" for name, rows in fates.items()) or "none"
        lines.append(f"{kind}: {read - sum(fates.values()):,} of {read:,} rows used; dropped: {said}")
    if report.repeated:
        lines.append(f"repeated general rows: {report.repeated:,}")
    lines += [
        f"  {row['kind']} {row['source']} {row['task']}: {row['rows']:,} rows, {row['characters']:,} characters"
        for row in report.mix
    ]
    lines += map(_of_source, report.sources if any("tokens" in line for line in report.sources) else ())
    splits = ", ".join(f"{name} {rows:,}" for name, rows in report.splits.items())
    lines.append(f"{splits} rows in {report.files} shards, {report.bytes / 1e6:,.1f} MB, version {report.version[:12]}")
    lines.append(f"max length for a trainer: {report.max_length:,} tokens")
    lines += _of_template(report.template)
    lines += [f"pushed: {report.pushed}"] if report.pushed else []
    return data, [*lines, f"data set in {report.out}; load_dataset({str(report.out)!r}) reads it"]


def _of_template(found: Mapping[str, int] | None) -> list[str]:
    if found is None:
        return [
            "no chat template was checked, and some drop <think>: --check-template MODEL renders every row with its own"
        ]
    said = {
        "over_length": "longer than the model takes",
        "earlier_thought_left_out": "the template leaves out the thinking of earlier turns",
        "empty_thought_added": "the template adds an empty thought",
    }
    return [
        f"{told}: {found[name]:,} rows; the first ids are in the manifest"
        for name, told in said.items()
        if name in found
    ]


def _of_source(line: Mapping[str, Any]) -> str:
    return f"  {', '.join(line['paths'])}: {line['rows']:,} rows, {line['tokens']:,} tokens"


def counts(sources: Sequence[Source], keys: Keys, plan: blend.Plan) -> dict[str, Any]:
    """What was read and dropped by kind, and what was written; the counts add up."""
    read: Counter[str] = Counter()
    dropped: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for kind, fates in blend.counts(keys, plan).items():
        read[kind] += sum(fates.values())
        dropped[kind].update({fate: rows for fate, rows in fates.items() if rows and fate != "out"})
    for source in sources:
        read[KINDS[source.kind]] += sum(source.dropped.values())
        dropped[KINDS[source.kind]].update(source.dropped)
    splits = {"train": plan.train, "validation": len(plan.row) - plan.train}
    return {
        "read": dict(read),
        "dropped": {kind: dict(reasons) for kind, reasons in dropped.items()},
        "repeated": plan.repeated,
        "splits": {name: rows for name, rows in splits.items() if rows},
    }


def mix_rows(held: Held) -> list[dict[str, Any]]:
    """What is held as plain data, sorted."""
    return [
        {"kind": kind, "source": source, "task": task, "rows": rows, "characters": characters, "longest": longest}
        for (kind, source, task), (rows, characters, longest) in sorted(held.by.items())
    ]


def wished(mix: Mix) -> dict[str, Any]:
    """What was asked, as plain data."""
    names = ("validation", "seed", "cut_kept", "oversample", "near", "ngram")
    benchmarks = sorted(Path(name).name for name in mix.decontaminate)
    asked = {name: getattr(mix, name) for name in names}
    selection = dataclasses.asdict(mix.selection) | {"order": mix.selection.order or ORDERS[0]}
    return {"selection": selection, **asked, "decontaminate": benchmarks}


def entries(mix: Mix, keys: Keys, plan: blend.Plan) -> list[dict[str, Any]]:
    """What was asked of each entry of the mix and what came of it, in rows and, where they were counted, tokens."""
    out = keys.part[plan.row]
    found = []
    for part, entry in enumerate(mix.entries):
        mine = plan.row[out == part]
        amount = {key: str(value) for key in ("weight", "number", "cap") if (value := getattr(entry.amount, key))}
        line: dict[str, Any] = {"paths": sorted(map(short, entry.paths)), "unit": entry.amount.unit, **amount}
        line["think"] = entry.think
        line |= {key: value for key in ("system", "licence") if (value := getattr(entry, key))}
        line["rows"] = len(mine)
        line |= {"tokens": int(keys.size[mine].sum())} if mix.counts_tokens else {}
        found.append(line)
    return found


def lineage(sources: Sequence[Source], plan: blend.Plan) -> list[dict[str, Any]]:
    """Each input with the rows that went out of it."""
    held = [sum(pq.read_metadata(file).num_rows for file in source.files) for source in sources]
    edges = np.searchsorted(plan.row, np.r_[0, np.cumsum(held)])
    return [{**s.lineage, "rows": int(n)} for s, n in zip(sources, np.diff(edges), strict=True)]


def short(path: str) -> str:
    """A path or URL without the folders of this machine."""
    here = Path(path).is_absolute() or Path(path).exists()
    return Path(path).name or path if here and not is_remote(path) else path


def versions() -> dict[str, str]:
    """The libraries the bytes of a shard depend on."""
    return {"rejection-factory": __version__, "pyarrow": pa.__version__, "numpy": np.__version__}
