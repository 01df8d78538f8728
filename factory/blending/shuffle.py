"""Moving rows to their places with bounded memory: an external shuffle over Arrow, in two sweeps.

`scatter` reads the inputs once, a chunk of rows at a time, and appends each chunk's rows, sorted by position, to one
Arrow IPC file, a record batch for every bucket of positions. The file is as large as the texts that go out: LZ4 would
take 40 % off it for a sixth of the whole merge's CPU time. `gather` reads a bucket's batches back, sorts them
and hands them on. No more than one chunk or one bucket of texts is in memory. `write_shards` cuts what comes into
shards. Does not cover which row goes where (`blend.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from factory.blending.formats import Format, convert, open_writer
from factory.blending.keys import Indices
from factory.blending.turns import take
from factory.errors import BadInput
from factory.schemas import SFT
from factory.shards import ROW_GROUP, describe_part

CHUNK_BYTES: Final = 32 * 2**20
"""Decoded Parquet bytes read at once, and the aim for a bucket."""
MOST_BUCKETS: Final = 512
"""More would make the pieces of a chunk too small; beyond 16 GB of texts buckets grow instead."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of a split and the positions it holds."""

    path: str
    start: int
    stop: int


def layout(train: int, total: int, rows_per_shard: int, suffix: str = "parquet") -> list[Shard]:
    """Shards of nearly equal size, none above `rows_per_shard`; positions from `train` on are the validation split."""
    shards = []
    for split, start, stop in (("train", 0, train), ("validation", train, total)):
        number = -(-(stop - start) // rows_per_shard)
        edges = [start + (stop - start) * i // max(number, 1) for i in range(number + 1)]
        names = [f"{split}/{split}-{i:05d}-of-{number:05d}.{suffix}" for i in range(number)]
        shards += [Shard(name, *ends) for name, ends in zip(names, itertools.pairwise(edges), strict=True)]
    return shards


def bucket_edges(total: int, text_bytes: int) -> Indices:
    """Positions where buckets begin, and the end: whole row groups but for the last."""
    rows = max(1, -(-total // max(1, min(MOST_BUCKETS, -(-text_bytes // CHUNK_BYTES)))))
    return np.array([*range(0, total, -(-rows // ROW_GROUP) * ROW_GROUP), total], np.int64)


def fitting_rows(spill: Path, places: Sequence[Sequence[int]], form: Format, shard_bytes: int) -> int:
    """Rows of a shard of about so many bytes: the first bucket, a fair sample of all rows, is written and weighed."""
    table = next(gather(spill, places)).slice(0, 10 * ROW_GROUP)
    sample = spill.with_name("sample")
    with open_writer(sample, form) as writer:
        writer.write_table(convert(table, form), *([ROW_GROUP] if form.suffix == "parquet" else []))
    size = sample.stat().st_size
    sample.unlink()
    return max(1, int(shard_bytes * len(table) / size))


def read_chunks(paths: Iterable[Path], columns: Sequence[str]) -> Iterator[pa.Table]:
    """The columns of Parquet files in order, in tables of about `CHUNK_BYTES` (a row group at least). BadInput."""
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                for groups in _row_groups(file.metadata, set(columns)):
                    yield file.read_row_groups(groups, list(columns), use_threads=False).combine_chunks()
        except (OSError, KeyError, pa.ArrowException) as error:
            raise BadInput(f"{path}: not a readable Parquet part of ours: {error}") from error


def text_bytes(paths: Iterable[Path], columns: Sequence[str]) -> int:
    """Decoded bytes of these columns, from the files' footers."""
    wanted = set(columns)
    footers = (pq.read_metadata(path) for path in paths)
    return sum(_group_bytes(meta, group, wanted) for meta in footers for group in range(meta.num_row_groups))


def scatter(
    placed: Iterable[tuple[pa.Table, Indices]], schema: pa.Schema, spill: Path, edges: Indices
) -> list[list[int]]:
    """Write (rows of this schema, their positions) to `spill` by bucket; returns the batch numbers of each bucket."""
    places: list[list[int]] = [[] for _ in range(len(edges) - 1)]
    schema = schema.append(pa.field("position", pa.int64(), False))
    number = 0
    with pa.ipc.new_file(spill, schema) as writer:
        for table, position in placed:
            cuts = np.searchsorted(position, edges)
            batch = table.append_column(schema.field("position"), pa.array(position)).combine_chunks().to_batches()
            for bucket in np.flatnonzero(np.diff(cuts)):
                writer.write_batch(batch[0].slice(cuts[bucket], cuts[bucket + 1] - cuts[bucket]))
                places[bucket].append(number)
                number += 1
    return places


def gather(spill: Path, places: Sequence[Sequence[int]]) -> Iterator[pa.Table]:
    """The buckets in turn, each in order of position, without that column."""
    with pa.OSFile(str(spill)) as file, pa.ipc.open_file(file) as reader:
        for numbers in places:
            table = pa.Table.from_batches([reader.get_batch(i) for i in numbers], reader.schema).combine_chunks()
            order = np.argsort(table["position"].to_numpy())
            yield take(table.drop_columns("position"), order)


def write_shards(
    folder: Path, shards: Sequence[Shard], tables: Iterator[pa.Table], form: Format, wrote: Callable[[int], object]
) -> list[dict[str, Any]]:
    """Write tables that follow each other by position as shards; returns their manifest entries.

    `wrote` hears of every row group's number of rows.
    """
    sizes = [[min(ROW_GROUP, s.stop - start) for start in range(s.start, s.stop, ROW_GROUP)] for s in shards]
    groups = _cut(tables, itertools.chain.from_iterable(sizes))
    entries = []
    for shard, rows in zip(shards, sizes, strict=True):
        path = folder / shard.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_writer(path, form) as writer:
            for table in itertools.islice(groups, len(rows)):
                writer.write_table(convert(table, form))
                wrote(len(table))
        entries.append({**describe_part(path, shard.stop - shard.start), "path": shard.path})
    return entries


def _cut(tables: Iterator[pa.Table], sizes: Iterable[int]) -> Iterator[pa.Table]:
    """The rows of tables that follow each other in tables of these sizes."""
    rest = SFT.empty_table()
    for missing in sizes:
        pieces = []
        while missing:
            if not len(rest):
                rest = next(tables)
            pieces.append(rest.slice(0, missing))
            rest, missing = rest.slice(missing), missing - len(pieces[-1])
        yield pieces[0] if len(pieces) == 1 else pa.concat_tables(pieces).combine_chunks()


def _row_groups(meta: pq.FileMetaData, wanted: set[str]) -> Iterator[list[int]]:
    """Consecutive row groups whose wanted columns decode to about `CHUNK_BYTES`."""
    groups: list[int] = []
    size = 0
    for group in range(meta.num_row_groups):
        groups.append(group)
        size += _group_bytes(meta, group, wanted)
        if size >= CHUNK_BYTES:
            yield groups
            groups, size = [], 0
    if groups:
        yield groups


def _group_bytes(meta: pq.FileMetaData, group: int, wanted: set[str]) -> int:
    described = meta.row_group(group)
    columns = (described.column(i) for i in range(described.num_columns))
    return sum(c.total_uncompressed_size for c in columns if c.path_in_schema.partition(".")[0] in wanted)
