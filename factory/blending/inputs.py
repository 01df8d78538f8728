"""What a merge reads: judged folders and general data, laid down alike, and the keys of their rows.

General rows are converted once and written as Parquet in the columns of judged rows, so one reader serves both.
Does not cover what is chosen (`blend.py`) nor how rows move (`shuffle.py`).
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from factory import runs, schemas, shards
from factory.blending import keys, shuffle, turns
from factory.blending.general import Example, general_row, read_general, to_example
from factory.blending.general_parquet import convert, is_plain
from factory.blending.keys import REASONING, Hashes, Keys
from factory.blending.selection import Selection
from factory.blending.spread import linked
from factory.errors import BadInput
from factory.progress import bar
from factory.reading.near_duplicates import near_duplicates, text_of
from factory.reading.rows import Row, find_files

KEY_COLUMNS: Final = ("content_hash", "prompt_id", "sample_index", "keep", "source", "task")
TEXT_COLUMNS: Final = ("content_hash", "prompt_id", "source", "task", "messages", "text")
GENERAL: Final = pa.schema([schemas.JUDGED.field(n) for n in dict.fromkeys((*KEY_COLUMNS, *TEXT_COLUMNS))])
Count = Callable[[Example], dict[str, Any] | None]
"""An example to its row of `GENERAL`, or None where it was dropped and counted."""
KINDS: Final = ("reasoning", "general")
"""By the code in `Keys.kind`."""


@dataclass(frozen=True, slots=True)
class Source:
    """Parquet parts of one kind of row; `lineage` is what the manifest says of them."""

    kind: int
    files: tuple[Path, ...]
    lineage: Mapping[str, Any]
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Rows that were read and can't be trained on, by reason; they are in no file."""


def judged_source(path: Path) -> Source:
    """A judged folder, or the one inside a run folder. Raises BadInput."""
    folder = path / runs.JUDGED if (path / runs.JUDGED).is_dir() else path
    if not folder.is_dir():
        raise BadInput(f"{path}: no such folder; merge takes run folders and what `factory filter` wrote")
    if runs.is_run(folder):
        raise BadInput(f"{path}: this run has not been filtered yet; first: factory filter {path} --rules r1")
    files = shards.parts(folder, "judged")
    for file in files:
        _check_columns(file)
    manifest = shards.read_manifest(folder)
    kept: dict[str, Any] = {key: manifest[key] for key in ("recipe", "funnel", "partial") if key in manifest}
    name = folder.resolve().parent.name if folder.name == runs.JUDGED else folder.name
    digest = hashlib.sha256((folder / shards.MANIFEST).read_bytes()).hexdigest()
    return Source(REASONING, tuple(files), {"kind": KINDS[0], "name": name, "sha256": digest, **kept})


def general_source(source: str, staged: Path) -> Source:
    """General data in any known shape, converted to the file `staged`. Raises BadInput naming file and row."""
    dropped: Counter[str] = Counter()
    examples: dict[str, str] = {}

    def count(example: Example) -> dict[str, Any] | None:
        if not example.dropped:
            return general_row(example)
        dropped[example.dropped] += 1
        examples.setdefault(example.dropped, Path(example.where).name)  # no folder of this machine
        return None

    staged.parent.mkdir(parents=True, exist_ok=True)
    labels = ["source", "task", "messages.list.element.role"]
    with (
        bar("reading general data", "rows", None) as shown,
        pq.ParquetWriter(staged, GENERAL, compression="lz4", use_dictionary=labels, write_statistics=False) as writer,
    ):
        for table in _general_tables(source, count):
            writer.write_table(table, row_group_size=shards.ROW_GROUP)
            shown.update(len(table))
    files = {file.name: _digest(file) for file in find_files(source)}
    lineage = {"kind": KINDS[1], "name": Path(source).name or source, "files": files, "first_dropped": examples}
    return Source(keys.GENERAL, (staged,), lineage, dict(sorted(dropped.items())))


def read_keys(
    sources: Sequence[Source], selection: Selection, *, groups: bool, leaks: Callable[[pa.Table], Any] | None = None
) -> Keys:
    """The keys of all rows in reading order. With `groups`, rows that ask the same share one; else it is the prompt.

    `leaks` says which rows of a table (with messages and text) hold text of a benchmark.
    """
    chunks = []
    with bar("reading keys", "rows", None) as shown:
        for source in sources:
            columns = _key_columns(source, selection, groups=groups)
            columns += [] if leaks is None else [name for name in ("messages", "text") if name not in columns]
            for table in shuffle.read_chunks(source.files, columns):
                found = _chunk_keys(table, source.kind, selection, groups=groups)
                found["leaked"] = np.zeros(len(table), np.bool_) if leaks is None else leaks(table)
                chunks.append(found)
                shown.update(len(table))
    if not chunks:
        raise BadInput("nothing to merge: no row in any input")
    joined = {name: np.concatenate([chunk.pop(name) for chunk in chunks]) for name in list(chunks[0])}
    if groups:
        joined["group"] = linked(joined["prompt"], joined["group"])
    return Keys(**joined)


def _key_columns(source: Source, selection: Selection, *, groups: bool) -> list[str]:
    """Texts and verdicts are read only where the selection asks about them."""
    columns = [*KEY_COLUMNS, *(["messages"] if groups else [])]
    if source.kind == REASONING:
        columns += ["completion_tokens", "text"] if selection.needs_size else []
        columns += ["verdicts"] if selection.rule or selection.pass_rate is not None else []
    return columns


def _chunk_keys(table: pa.Table, kind: int, selection: Selection, *, groups: bool) -> dict[str, Any]:
    words, rows = turns.content_words(table["content_hash"]), len(table)
    prompt, source, task = (turns.hash_strings(table[name]) for name in ("prompt_id", "source", "task"))
    passed, score = np.full(rows, -1, np.int8), np.full(rows, np.nan)
    if "verdicts" in table.column_names:
        passed, _ = turns.verdicts(table["verdicts"], "correct")
        _, score = turns.verdicts(table["verdicts"], selection.rule)
    measured = "completion_tokens" in table.column_names
    return {
        "kind": np.full(rows, kind, np.uint8),
        "keep": table["keep"].to_numpy(),
        "low": words[:, 0].copy(),
        "high": words[:, 1].copy(),
        "prompt": prompt,
        "group": turns.hash_turns(table["messages"], prompt) if groups else prompt,
        "sample_index": table["sample_index"].to_numpy(),
        "stratum": 3 * source + 5 * task + np.uint64(kind),
        "source": source,
        "task": task,
        "size": turns.sizes(table["completion_tokens"], table["text"]) if measured else np.zeros(rows, np.int64),
        "score": score,
        "passed": passed,
    }


def _general_tables(source: str, count: Count) -> Iterator[pa.Table]:
    """General data as tables of `GENERAL`; every row that isn't plain is made an example and given to `count`."""
    files = find_files(source)
    plain = [path for path in files if is_plain(path)]
    for path in plain:
        yield from convert(path, GENERAL, functools.partial(_slow, count, path))
    for name in [str(path) for path in files if path not in plain] if files else [source]:
        rows = (row for example in read_general(name) if (row := count(example)) is not None)
        while batch := list(itertools.islice(rows, shards.ROW_GROUP)):
            yield schemas.table(batch, GENERAL)


def _slow(count: Count, path: Path, values: Mapping[str, Any], number: int) -> dict[str, Any] | None:
    return count(to_example(Row(values, tuple(values), f"{path}: row {number}", path.name.partition(".")[0])))


def _check_columns(file: Path) -> None:
    try:
        found = pq.read_schema(file)
    except (OSError, pa.ArrowException) as error:
        raise BadInput(f"{file}: not a readable Parquet file: {error}") from error
    for name in dict.fromkeys((*KEY_COLUMNS, *TEXT_COLUMNS)):
        wanted = schemas.JUDGED.field(name).type
        if name not in found.names or found.field(name).type != wanted:
            raise BadInput(f"{file}: column {name!r} is missing or not {wanted}; write the folder anew with filter")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def repeated_prompts(sources: Sequence[Source], threshold: float, seed: int) -> Hashes:
    """The prompts (hashes, as in `Keys.prompt`) of kept rows that repeat another one, sorted. Raises BadInput."""
    prompts: dict[int, str] = {}
    for source in sources:
        for table in shuffle.read_chunks(source.files, ("prompt_id", "messages", "keep")):
            kept = table.filter(table["keep"]).combine_chunks()
            hashes = turns.hash_strings(kept["prompt_id"])
            new, rows = np.unique(hashes, return_index=True)
            texts = kept["messages"].take(rows).to_pylist()
            prompts.update(zip(new.tolist(), map(text_of, texts), strict=True))
    return np.array(sorted(near_duplicates(prompts, threshold, seed)), np.uint64)
