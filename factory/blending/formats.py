"""The shapes a data set can be handed over in: which columns, where the reasoning stands, which kind of file.

    messages            messages: [{role, content}, ...]                 Parquet; what most trainers read
    jsonl               the same, a JSON object a line
    prompt-completion   prompt: [{role, content}, ...], completion: [{role, content}]
    sharegpt            conversations: [{from, value}, ...]

Reasoning `inline` stays in the turn between think tags, `field` moves it to `reasoning_content` of its turn, `strip`
leaves it out.

Where some row holds tools, `messages` and `jsonl` have a column `tools` more, and a turn may have `tool_calls` and what
else belongs to it. No two tools take the same arguments, so in Parquet each turn is then JSON in a string, of the type
JSON that Hugging Face datasets (4.7 or later) gives back as it was: a struct would put nulls into every other turn,
and some templates take `tool_calls: null` for a call. The other formats have no place for tools.

Does not cover whether a trainer's template keeps it (`template_check.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from factory.errors import BadInput, did_you_mean
from factory.records import THINK_CLOSE, split_thinking
from factory.schemas import CARRIED, SFT

FORMATS: Final = ("messages", "jsonl", "prompt-completion", "sharegpt")
REASONING: Final = ("inline", "field", "strip")
SHAREGPT: Final = {"system": "system", "user": "human", "assistant": "gpt"}
AS_JSON: Final = {"_type": "Json"}
"""A feature of Hugging Face datasets: JSON in a string, given back as what it says."""
LABELS: Final = ("id", "prompt_id", "source", "task", "kind")


@dataclass(frozen=True, slots=True)
class Format:
    """A checked pair of names."""

    name: str = "messages"
    reasoning: str = "inline"
    tools: bool = False
    """Whether some row holds tools: found while rows move, never asked for."""

    @property
    def takes_tools(self) -> bool:
        """Whether there is a place for tool calls."""
        return self.name in {"messages", "jsonl"}

    @property
    def suffix(self) -> str:
        """The file names' end."""
        return "jsonl" if self.name == "jsonl" else "parquet"


def parse_format(name: str, reasoning: str) -> Format:
    """Check both names. Raises BadInput."""
    for option, given, known in (("--format", name, FORMATS), ("--reasoning", reasoning, REASONING)):
        if given not in known:
            raise BadInput(f"{option} {given!r}: unknown{did_you_mean(given, known)}")
    if name == "sharegpt" and reasoning == "field":
        raise BadInput("--reasoning field needs a format with roles; sharegpt has no place for it")
    return Format(name, reasoning)


def schema_of(form: Format, *, typed: bool = True) -> pa.Schema:
    """The columns of a format, with the features that Hugging Face datasets reads; JSON as text unless `typed`."""
    text_type = pa.json_() if form.tools and typed else pa.string()
    keys = ("from", "value") if form.name == "sharegpt" else ("role", "content")
    fields = [pa.field(key, pa.string(), False) for key in keys]
    if form.reasoning == "field":
        fields.append(pa.field("reasoning_content", pa.string()))
    turns = pa.list_(pa.struct(fields))
    names = {"sharegpt": ("conversations",), "prompt-completion": ("prompt", "completion")}
    columns = names.get(form.name, ("messages",))
    text = {"dtype": "string", "_type": "Value"}
    turn: list[Any] = [dict.fromkeys((f.name for f in fields), text)]
    if form.tools:
        turns, turn = pa.list_(text_type), [AS_JSON]
    features = {**dict.fromkeys(columns, turn), **dict.fromkeys(LABELS, text)}
    features |= {"tools": AS_JSON} if form.tools else {}
    described = {"huggingface": json.dumps({"info": {"features": features}})}
    offered = [pa.field("tools", text_type)] if form.tools else []
    wanted = [*(pa.field(c, turns, False) for c in columns), *(SFT.field(n) for n in LABELS), *offered]
    return pa.schema(wanted, described)


def convert(table: pa.Table, form: Format) -> pa.Table:
    """`SFT` rows (with `CARRIED`, where some hold tools) in a format; the usual one as they are."""
    if CARRIED.name in table.column_names and not form.tools:
        table = table.drop_columns(CARRIED.name)
    if form.takes_tools and form.reasoning == "inline" and not form.tools:
        return table
    rows = [_row(row, form) for row in table.to_pylist()]
    made = pa.Table.from_pylist(rows, schema=schema_of(form, typed=False))  # which can't make typed JSON
    return made.cast(schema_of(form)) if form.tools else made


def open_writer(path: Path, form: Format) -> Any:
    """A context manager with `write_table`: Parquet with zstd 3, or JSON lines."""
    if form.suffix == "jsonl":
        return _JsonLines(path)
    schema = schema_of(form)
    labels = ["source", "task", "kind"]
    # level 3 is the knee of size against CPU; dictionaries and statistics stand only where they help a reader
    roles = [f"{n}.list.element.{r}" for n in schema.names for r in ("role", "from") if n not in LABELS]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=[*labels, *roles],
        write_statistics=["id", "prompt_id", *labels],
        write_page_index=True,
    )


def read_messages(files: Sequence[Path]) -> Iterator[tuple[str, list[dict[str, Any]], list[Any] | None]]:
    """(id, messages, tools) of written rows in any format, as a trainer sees them."""
    for path in files:
        for row in _rows_of(path):
            if "conversations" in row:
                roles = {value: key for key, value in SHAREGPT.items()}
                turns = [{"role": roles[t["from"]], "content": t["value"]} for t in row["conversations"]]
            else:
                turns = row["messages"] if "messages" in row else [*row["prompt"], *row["completion"]]
            yield row["id"], [{k: v for k, v in turn.items() if v is not None} for turn in turns], row.get("tools")


class _JsonLines:
    """The part of ParquetWriter's manners that writing shards needs."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")

    def __enter__(self) -> _JsonLines:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write_table(self, table: pa.Table) -> None:
        for row in map(_opened, table.to_pylist()):
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _rows_of(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)
        return
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1_000):
            yield from map(_opened, batch.to_pylist())


def _opened(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose turns and tools are JSON as datasets gives it back; without `tools` where there are none."""
    if "tools" not in row or not all(isinstance(turn, str) for turn in row["messages"]):
        return row
    opened = {**row, "messages": [json.loads(turn) for turn in row["messages"]]}
    tools = opened.pop("tools")
    return {**opened, "tools": json.loads(tools)} if tools else opened


def _row(row: dict[str, Any], form: Format) -> dict[str, Any]:
    carried = json.loads(row[CARRIED.name]) if row.get(CARRIED.name) else row
    turns = [_turn(turn, form) for turn in carried["messages"]]
    columns: dict[str, Any]
    if form.tools:
        offered = _json(carried["tools"]) if carried.get("tools") else None
        columns = {"messages": [_json(turn) for turn in turns], "tools": offered}
    elif form.name == "sharegpt":
        columns = {"conversations": [{"from": SHAREGPT[t["role"]], "value": t["content"]} for t in turns]}
    elif form.name == "prompt-completion":
        columns = {"prompt": turns[:-1], "completion": turns[-1:]}
    else:
        columns = {"messages": turns}
    return {**columns, **{name: row[name] for name in LABELS}}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _turn(turn: dict[str, Any], form: Format) -> dict[str, Any]:
    if form.reasoning == "inline" or turn["role"] != "assistant" or THINK_CLOSE not in turn["content"]:
        return {**turn}
    reasoning, answer = split_thinking(turn["content"])
    apart = {"reasoning_content": reasoning} if form.reasoning == "field" else {}
    return {**turn, "content": answer, **apart}
