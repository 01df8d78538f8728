"""Rows as plain dictionaries from any source: JSONL, JSON, Parquet, folders and globs of these, a Hugging Face id.

    prompts.jsonl   prompts.jsonl.gz   alpaca.json   data/*.parquet   downloads/dapo/
    org/name   org/name:config   org/name?split=train&config=main
    gym:gcd,chain_sum?size=500&seed=3     drawn by reasoning-gym (gym.py)

What exists on this disk wins over a Hugging Face id. Rows stream in file order (files sorted by path): memory holds
a line or a small batch. Does not cover what a column means (`columns.py`).
"""

from __future__ import annotations

import glob
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import pyarrow as pa
import pyarrow.parquet as pq

from factory.errors import BadInput, did_you_mean
from factory.reading.gym import gym_rows
from factory.reading.row import Row

LINE_CAP: Final = 64 * 2**20
"""Bytes of one line. A compressed file can hold a line larger than memory."""
ARRAY_CAP: Final = 512 * 2**20
"""Bytes of a file that is one JSON array, which has to be held whole."""
BATCH: Final = 64
"""Parquet rows held at once: published rows carry up to 100 KB of samples each."""

LINES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".jsonl.zst", ".ndjson.gz", ".ndjson.zst")
JSON: Final = (".json", ".json.gz", ".json.zst")
PARQUET: Final = (".parquet",)
READABLE: Final = "known are .jsonl and .json (also .gz, .zst) and .parquet"
HUB_ID: Final = re.compile(r"([\w.-]{1,96}/[\w.-]{1,96})(?::([\w.-]{1,96}))?(?:\?(.*))?")

Wanted = Callable[[str], bool]


def read_rows(source: str, wanted: Wanted | None = None) -> Iterator[Row]:
    """The rows of a source. `wanted` says by name which columns a columnar source needs to decode; default all.

    The source is looked up at once; rows are read as the iterator advances. Raises BadInput: no such source, an
    unknown kind of file, a damaged file, a row that is no object.
    """
    if source.startswith("gym:"):
        return gym_rows(source)
    files = find_files(source)
    if files:
        return itertools.chain.from_iterable(_file_rows(path, wanted) for path in files)
    hub = HUB_ID.fullmatch(source)
    if hub is None or source.endswith(LINES + JSON + PARQUET):
        raise BadInput(f"{source}: no such file or folder; nor is it a Hugging Face id (org/name)")
    beside = Path(hub[1]).parent
    if not (hub[2] or hub[3]) and beside.is_dir():  # a slip of the pen shouldn't wait for the network
        near = did_you_mean(hub[1], (str(p) for p in beside.iterdir()))
        raise BadInput(f"{source}: not there, though {beside}/ is{near}; for the Hugging Face id add ?split=train")
    return _hub_rows(source, hub[1], _hub_options(source, hub), wanted)


def find_files(source: str) -> list[Path]:
    """The files a path, folder or glob stands for, sorted; none where nothing on this disk matches.

    In a folder `.json` counts only where nothing else does: beside Parquet it is mostly metadata.
    """
    if not source.strip():
        raise BadInput("no source given: a file, a folder, a glob or a Hugging Face id (org/name)")
    path = Path(source)
    try:
        if path.is_dir():
            return _folder_files(path)
        if path.exists():
            _check_kind(path)
            return [path]
        # Path.glob takes no absolute pattern
        found = sorted(Path(p) for p in glob.glob(source, recursive=True))  # noqa: PTH207
    except (OSError, ValueError) as error:
        raise BadInput(f"{source}: can't be read: {error}") from error
    files = [p for p in found if p.is_file()]
    for file in files:
        _check_kind(file)
    return files


def _folder_files(folder: Path) -> list[Path]:
    visible = (p for p in folder.rglob("*") if not any(part.startswith(".") for part in p.relative_to(folder).parts))
    files = sorted(p for p in visible if p.is_file())
    main = [p for p in files if p.name.endswith(LINES + PARQUET)]
    chosen = main or [p for p in files if p.name.endswith(JSON)]
    if not chosen:
        raise BadInput(f"{folder}: this folder holds nothing to read; {READABLE}")
    return chosen


def _check_kind(path: Path) -> None:
    if not path.name.endswith(LINES + JSON + PARQUET):
        raise BadInput(f"{path}: unknown kind of file; {READABLE}")


def _file_rows(path: Path, wanted: Wanted | None) -> Iterator[Row]:
    return _parquet_rows(path, wanted) if path.name.endswith(PARQUET) else _json_rows(path)


def _stem(path: Path) -> str:
    return path.name.partition(".")[0] or path.name


def _parquet_rows(path: Path, wanted: Wanted | None) -> Iterator[Row]:
    origin = _stem(path)
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            names = tuple(file.schema_arrow.names)
            columns = [n for n in names if wanted is None or wanted(n)]
            for batch in file.iter_batches(batch_size=BATCH, columns=columns):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(values, names, f"{path}: row {number}", origin)
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise BadInput(f"{path}: after row {number}: not readable as Parquet: {_first_line(error)}") from error


def _json_rows(path: Path) -> Iterator[Row]:
    origin = _stem(path)
    number = 0
    try:
        with io.BufferedReader(pa.input_stream(str(path), compression="detect")) as file:
            if file.peek(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
                yield from _array_rows(path, file, origin)
                return
            while line := file.readline(LINE_CAP + 1):
                number += 1
                if len(line) > LINE_CAP:
                    raise BadInput(f"{path}:{number}: a line of over {LINE_CAP >> 20} MB")
                if not line.isspace():
                    yield _row(_parse(line, f"{path}:{number}"), f"{path}:{number}", origin)
    except (OSError, pa.ArrowException) as error:
        raise BadInput(f"{path}: after line {number}: can't be read: {_first_line(error)}") from error


def _array_rows(path: Path, file: io.BufferedReader, origin: str) -> Iterator[Row]:
    data = file.read(ARRAY_CAP + 1)
    if len(data) > ARRAY_CAP:
        raise BadInput(f"{path}: a JSON array of over {ARRAY_CAP >> 20} MB; turn it into JSONL (jq -c '.[]')")
    for number, item in enumerate(_parse(data, str(path)), start=1):
        yield _row(item, f"{path}: item {number}", origin)


def _parse(data: bytes, where: str) -> Any:
    try:
        # surrogatepass: a lone surrogate is odd, not torn
        return json.loads(data.decode("utf-8", "surrogatepass").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{where}: not UTF-8 at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where}: torn or not JSON: {_first_line(error)}") from error


def _row(value: Any, where: str, origin: str) -> Row:
    if not isinstance(value, dict):
        raise BadInput(f"{where}: a row should be an object with named columns, this is {type(value).__name__}")
    return Row(value, tuple(value), where, origin)


def _hub_options(source: str, hub: re.Match[str]) -> dict[str, str]:
    options = dict(parse_qsl(hub[3] or "", keep_blank_values=True))
    for key in options:
        if key not in {"split", "config", "revision"}:
            raise BadInput(f"{source}: unknown option {key!r}{did_you_mean(key, ['split', 'config', 'revision'])}")
    return {"config": hub[2], **options} if hub[2] else options


def _hub_rows(source: str, name: str, options: Mapping[str, str], wanted: Wanted | None) -> Iterator[Row]:
    number = 0
    try:
        data = _hub_split(source, name, options)
        names = tuple(data.column_names or ())
        if names and wanted is not None:
            data = data.select_columns([n for n in names if wanted(n)])
        for values in data:
            number += 1
            yield Row(values, names or tuple(values), f"{source}: row {number}", name)
    except BadInput:
        raise
    except Exception as error:  # whatever hub, network and file formats come up with
        problem = f"stopped after row {number}" if number else "no such file or folder here, and no data set came"
        raise BadInput(f"{source}: {problem}: {type(error).__name__}: {_first_line(error)}") from error


def _hub_split(source: str, name: str, options: Mapping[str, str]) -> Any:
    """The streamed split asked for, else `train`, else the only one."""
    from datasets import load_dataset

    splits = load_dataset(name, options.get("config"), revision=options.get("revision"), streaming=True)
    split = options.get("split") or ("train" if "train" in splits else next(iter(splits)))
    if split not in splits or ("split" not in options and split != "train" and len(splits) > 1):
        known = ", ".join(sorted(splits))
        raise BadInput(f"{source}: which split? add ?split=NAME (known: {known})")
    return splits[split]


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
