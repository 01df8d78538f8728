"""What a merge reads: judged folders and general data, looked up, brought here and laid down alike.

General rows, and kept samples whose thinking or system text is to change, are converted once and written as Parquet in
the columns of judged rows, so one reader serves all. Does not cover reading their keys (`inputs.py`).
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from factory import runs, schemas, shards
from factory.blending.amounts import Amount
from factory.blending.general import Example, general_row, read_general, to_example
from factory.blending.general_parquet import convert, is_plain
from factory.blending.keys import GENERAL, REASONING
from factory.blending.mix import Entry
from factory.blending.remote import fetch, is_remote
from factory.blending.thinking import Policy, Unusable
from factory.errors import BadInput
from factory.reading.row import Row
from factory.reading.rows import find_files
from factory.records import content_hash
from factory.terminal import bar

KEY_COLUMNS: Final = ("content_hash", "prompt_id", "sample_index", "keep", "source", "task")
TEXT_COLUMNS: Final = ("content_hash", "prompt_id", "source", "task", "messages", "text")
CHOICE_COLUMNS: Final = ("completion_tokens", "verdicts")
_SHARED: Final = [schemas.JUDGED.field(n) for n in dict.fromkeys((*KEY_COLUMNS, *TEXT_COLUMNS))]
LAID: Final = pa.schema([*_SHARED, schemas.CARRIED])
"""The columns of general rows."""
LAID_JUDGED: Final = pa.schema([*_SHARED, *(schemas.JUDGED.field(n) for n in CHOICE_COLUMNS)])
KINDS: Final = ("reasoning", "general")
"""By the code in `Keys.kind`."""
Count = Callable[[Example], dict[str, Any] | None]
"""An example to its row of `LAID`, or None where it was dropped and counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """Parquet parts of one kind of row; `lineage` is what the manifest says of them."""

    kind: int
    files: tuple[Path, ...]
    lineage: Mapping[str, Any]
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Rows that were read and can't be trained on, by reason; they are in no file."""
    part: int = 0
    """The entry of the mix it belongs to."""
    judged: tuple[Path, ...] = ()
    """The parts of a judged folder as they were, also where `files` are rewritten."""
    model: str = ""
    """What its samples were drawn from, as a tokenizer may be loaded by."""
    select: Mapping[str, Any] = field(default_factory=dict)
    """`[select]` of the recipe that judged it."""
    carries: bool = False
    """Whether some row holds tool calls, tool turns or tools."""

    def and_carried(self, columns: Sequence[str]) -> list[str]:
        """These columns, and what is carried where anything is."""
        return [*columns, *([schemas.CARRIED.name] if self.carries else [])]


def lay_down(entries: Sequence[Entry], work: Path, *, tools: bool) -> list[Source]:
    """All sources of a mix, in an order that depends on what they hold alone. Raises BadInput.

    Without `tools` rows that hold any are dropped.
    """
    sources = [
        _source(path, part, entry, work / f"{part}-{number}", Policy(entry.think, entry.system, tools))
        for part, entry in enumerate(entries)
        for number, path in enumerate(entry.paths)
    ]
    return sorted(sources, key=lambda source: (source.kind, source.part, str(source.lineage)))


def judged_parts(sources: Sequence[Source]) -> list[tuple[Path, ...]]:
    """The parts of each judged folder as they were judged, once where a plan names it twice."""
    return list(dict.fromkeys(source.judged for source in sources if source.kind == REASONING))


def amounts(entries: Sequence[Entry], sources: Sequence[Source]) -> tuple[Amount, ...]:
    """How much of each entry is wanted, now that it is known which hold kept samples. Raises BadInput."""
    found = []
    for part, entry in enumerate(entries):
        kinds = {source.kind for source in sources if source.part == part}
        if len(kinds) > 1:
            raise BadInput(f"{entry.amount.name}: holds kept samples and general data; give each a [[source]]")
        found.append(replace(entry.amount, kept=REASONING in kinds))
    return tuple(found)


def _source(path: str, part: int, entry: Entry, work: Path, policy: Policy) -> Source:
    local = str(fetch(path, work / "fetched")) if is_remote(path) else path
    try:
        if entry.judged or (entry.judged is None and is_judged(Path(local))):
            source = judged_source(Path(local), work / "laid.parquet", policy)
        else:
            source = general_source(local, work / "laid.parquet", policy)
    except BadInput as error:
        raise BadInput(error.message.replace(local, path)) from error
    name = source.lineage["name"] if local == path else path.rstrip("/").rpartition("/")[2]
    lineage = {**source.lineage, "name": name, **({"licence": entry.licence} if entry.licence else {})}
    return replace(source, lineage=lineage, part=part)


def is_judged(path: Path) -> bool:
    """Whether a path holds judged samples or a run; else it is general data."""
    if not path.is_dir():
        return False
    if (path / runs.JUDGED).is_dir() or runs.is_run(path):
        return True
    return (path / shards.MANIFEST).is_file() and shards.read_manifest(path).get("kind") == "judged"


def judged_source(path: Path, laid: Path, policy: Policy) -> Source:
    """A judged folder, or the one inside a run folder. Raises BadInput."""
    folder = path / runs.JUDGED if (path / runs.JUDGED).is_dir() else path
    if not folder.is_dir():
        raise BadInput(f"{path}: no such folder; merge takes run folders and what `factory filter` wrote")
    if runs.is_run(folder):
        raise BadInput(f"{path}: this run has not been filtered yet; first: factory filter {path} --rules r1")
    files = tuple(shards.parts(folder, "judged"))
    for file in files:
        _check_columns(file)
    manifest = shards.read_manifest(folder)
    last = (manifest.get("run") or {}).get("last", {})
    model = str(last.get("model") or "")
    tokenizer = str(last.get("tokenizer") or model)
    select = (manifest.get("recipe") or {}).get("select") or {}
    lineage = _lineage(folder, manifest, model)
    source = Source(REASONING, files, lineage, judged=files, model=tokenizer, select=select)
    return _changed(source, laid, policy) if policy.changes else source


def _lineage(folder: Path, manifest: Mapping[str, Any], model: str) -> dict[str, Any]:
    """What the card and the manifest of a merge say of a judged folder."""
    name = folder.resolve().parent.name if folder.name == runs.JUDGED else folder.name
    told: dict[str, Any] = {"kind": KINDS[0], "name": name, "sha256": shards.sha256(folder / shards.MANIFEST)}
    told |= {key: manifest[key] for key in ("recipe", "funnel", "partial") if key in manifest}
    told |= {"model": Path(model).name if Path(model).is_absolute() else model} if model else {}
    run = manifest.get("run") or {}
    return told | ({"drawn_with": _drawn_with(run["fixed"])} if "fixed" in run else {})


def _drawn_with(fixed: Mapping[str, Any]) -> dict[str, Any]:
    """What a run's samples depended on, without the folders of this machine."""
    told: dict[str, Any] = {name: fixed[name] for name in ("sampling", "chat_template_kwargs", "seed") if name in fixed}
    template = fixed.get("template")
    told |= {"template": Path(str(template.get("name"))).stem} if isinstance(template, Mapping) else {}
    return told | ({"model": fixed["model"]} if isinstance(fixed.get("model"), Mapping) else {})


def _changed(source: Source, laid: Path, policy: Policy) -> Source:
    """Kept samples with other thinking or a system text: written anew, with hashes of what they now are."""
    dropped: Counter[str] = Counter()
    laid.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(laid, LAID_JUDGED, compression="lz4", write_statistics=False) as writer:
        for batch in shards.batches(source.files, LAID_JUDGED.names):
            rows = (_change(row, policy, dropped) for row in batch.to_pylist())
            writer.write_table(schemas.table([row for row in rows if row is not None], LAID_JUDGED))
    return replace(source, files=(laid,), dropped=dict(sorted(dropped.items())))


def _change(row: dict[str, Any], policy: Policy, dropped: Counter[str]) -> dict[str, Any] | None:
    """One row under the policy; rejected rows stay, as pass rates count them."""
    if not row["keep"]:
        return row
    try:
        *asked, reply = policy.apply((*row["messages"], {"role": "assistant", "content": row["text"]}))
    except Unusable as reason:
        dropped[str(reason)] += 1
        return None
    text = reply["content"]
    tokens = row["completion_tokens"] if text == row["text"] else None
    changed = {"messages": asked, "text": text, "completion_tokens": tokens, "content_hash": content_hash(asked, text)}
    return {**row, **changed}


def general_source(source: str, laid: Path, policy: Policy) -> Source:
    """General data in any known shape, converted to the file `laid`. Raises BadInput naming file and row."""
    dropped: Counter[str] = Counter()
    examples: dict[str, str] = {}
    carried = 0

    def count(example: Example) -> dict[str, Any] | None:
        if not example.dropped:
            return general_row(example)
        dropped[example.dropped] += 1
        examples.setdefault(example.dropped, Path(example.where).name)  # no folder of this machine
        return None

    laid.parent.mkdir(parents=True, exist_ok=True)
    labels = ["source", "task", "messages.list.element.role"]
    with (
        bar("reading general data", "rows", None) as shown,
        pq.ParquetWriter(laid, LAID, compression="lz4", use_dictionary=labels, write_statistics=False) as writer,
    ):
        for table in _general_tables(source, count, policy):
            writer.write_table(table, row_group_size=shards.ROW_GROUP)
            carried += len(table) - table[schemas.CARRIED.name].null_count
            shown.update(len(table))
    files = {file.name: shards.sha256(file) for file in find_files(source)}
    lineage = {"kind": KINDS[1], "name": Path(source).name or source, "files": files, "first_dropped": examples}
    return Source(GENERAL, (laid,), lineage, dict(sorted(dropped.items())), carries=carried > 0)


def _general_tables(source: str, count: Count, policy: Policy) -> Iterator[pa.Table]:
    """General data as tables of `LAID`; every row that isn't plain is made an example and given to `count`."""
    files = find_files(source)
    plain = [] if policy.changes else [path for path in files if is_plain(path)]
    for path in plain:
        yield from convert(path, LAID, functools.partial(_slow, count, path))
    for name in [str(path) for path in files if path not in plain] if files else [source]:
        rows = (row for example in read_general(name, policy) if (row := count(example)) is not None)
        while batch := list(itertools.islice(rows, shards.ROW_GROUP)):
            yield schemas.table(batch, LAID)


def _slow(count: Count, path: Path, values: Mapping[str, Any], number: int) -> dict[str, Any] | None:
    return count(to_example(Row(values, tuple(values), f"{path}: row {number}", path.name.partition(".")[0])))


def _check_columns(file: Path) -> None:
    try:
        found = pq.read_schema(file)
    except (OSError, pa.ArrowException) as error:
        raise BadInput(f"{file}: not a readable Parquet file: {error}") from error
    for name in LAID_JUDGED.names:
        wanted = schemas.JUDGED.field(name).type
        if name not in found.names or found.field(name).type != wanted:
            raise BadInput(f"{file}: column {name!r} is missing or not {wanted}; write the folder anew with filter")
