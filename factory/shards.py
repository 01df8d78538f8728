"""Folders of Parquet parts that appear whole or not at all, and reading them back.

A folder of ours is written beside its final place, fsynced, given its `manifest.json` last, and then exchanged
with whatever stood there before in one system call. A crash leaves the old folder or the new one.
Does not cover the ledger (`ledger/`) nor what the rows mean (`schemas.py`).
"""

from __future__ import annotations

import ctypes
import glob
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from factory.errors import BadInput, Refused

MANIFEST = "manifest.json"
ROW_GROUP = 1_000
"""Rows a row group: what a streaming reader holds at once."""


@contextmanager
def new_folder(out: Path, kind: str) -> Iterator[Path]:
    """A temporary folder that becomes `out` when the block ends without an exception.

    The block must write `manifest.json` (see `write_manifest`). A previous folder of the same kind is replaced;
    anything else at that place raises Refused before the block runs.
    """
    check_ours(out, kind)
    out.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    temp = out.parent / f".{out.name}.{os.uname().nodename}.{os.getpid()}.new"
    temp.mkdir()
    try:
        yield temp
        if not (temp / MANIFEST).is_file():
            raise AssertionError("the block wrote no manifest")
        _fsync_tree(temp)
        _exchange(temp, out)
    finally:
        shutil.rmtree(temp, ignore_errors=True)


def check_ours(out: Path, kind: str) -> None:
    """Refuse to write over a file, a link, or a folder that holds anything but our own output of this kind."""
    if out.is_symlink():
        raise Refused(f"{out}: is a symbolic link; outputs are never written through links")
    if not out.exists():
        return
    if not out.is_dir():
        raise Refused(f"{out}: is a file; give another --out")
    if any(out.iterdir()) and (not (out / MANIFEST).is_file() or read_manifest(out).get("kind") != kind):
        raise Refused(f"{out}: exists and is not a {kind} folder of ours; give another --out or move it away")


def write_table(path: Path, table: pa.Table) -> dict[str, Any]:
    """Write one zstd part and return its manifest entry (`path` relative, `rows`, `bytes`, `sha256`)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table, path, compression="zstd", compression_level=3, row_group_size=ROW_GROUP, write_page_index=True
    )
    return describe_part(path, table.num_rows)


def write_parts(
    folder: Path, name: str, schema: pa.Schema, tables: Iterable[pa.Table], rows_per_part: int
) -> list[dict[str, Any]]:
    """Stream tables (a row group or so each) to `NAME-00000.parquet`, ...; returns their manifest entries.

    A part ends with the table that fills it. There is always at least one part, so that an empty result has a schema.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, Any]] = []
    stream = iter(tables)
    table = next(stream, schema.empty_table())
    while table is not None:
        path, rows = folder / f"{name}-{len(entries):05}.parquet", 0
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3, write_page_index=True) as writer:
            while table is not None and rows < rows_per_part:
                writer.write_table(table, row_group_size=ROW_GROUP)
                rows += table.num_rows
                table = next(stream, None)
        entries.append(describe_part(path, rows))
    return entries


def describe_part(path: Path, rows: int) -> dict[str, Any]:
    """The manifest entry of a finished part; `path` is its bare name until the caller makes it relative."""
    return {"path": path.name, "rows": rows, "bytes": path.stat().st_size, "sha256": sha256(path)}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, kind: str, content: Mapping[str, Any]) -> None:
    """Write `manifest.json`; `kind` is what `check_ours` looks for."""
    text = json.dumps({"kind": kind, "format": 1, **content}, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of ours. Raises BadInput."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadInput(f"{folder}: has no {MANIFEST}; not a finished folder of ours") from error
    except ValueError as error:
        raise BadInput(f"{path}: not valid JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise BadInput(f"{path}: not a manifest of ours")
    return manifest


def parts(folder: Path, kind: str) -> list[Path]:
    """The Parquet parts a folder's manifest names, in its order. Raises BadInput."""
    manifest = read_manifest(folder)
    if manifest.get("kind") != kind:
        raise BadInput(f"{folder}: holds {manifest.get('kind')!r}, expected {kind!r}")
    return [folder / entry["path"] for entry in manifest["files"]]


def batches(files: Sequence[Path], columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Record batches of Parquet files in order, a row group or less at a time."""
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(batch_size=ROW_GROUP, columns=list(columns) if columns else None)
        except (OSError, pa.ArrowInvalid) as error:
            raise BadInput(f"{path}: not a readable Parquet file: {error}") from error


def _sweep(out: Path) -> None:
    """Remove what killed processes of this machine left of attempts at `out`; they may hold gigabytes."""
    start = f".{out.name}.{os.uname().nodename}."
    for left in out.parent.glob(f"{glob.escape(start)}*.new"):
        pid = left.name.removeprefix(start).removesuffix(".new")
        if pid.isdigit() and (int(pid) == os.getpid() or not _alive(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _fsync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _exchange(temp: Path, out: Path) -> None:
    """Put `temp` in the place of `out`; afterwards `temp` holds what stood there, if anything did."""
    if not out.exists():
        temp.rename(out)
    elif not _rename_exchange(temp, out):
        # No such call on this file system: two renames, with a moment in which only the aside copy exists.
        aside = out.parent / f".{out.name}.{os.getpid()}.old"
        out.rename(aside)
        temp.rename(out)
        shutil.rmtree(aside, ignore_errors=True)
    handle = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rename_exchange(one: Path, two: Path) -> bool:
    """renameat2(2) with RENAME_EXCHANGE; False where kernel, libc or file system lack it."""
    at_fdcwd, rename_exchange = -100, 2
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done: int = renameat2(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(two), rename_exchange)
    return done == 0
