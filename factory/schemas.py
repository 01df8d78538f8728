"""The Arrow schemas of what is written, and the way from records to rows and back.

Every Parquet file is written with one of these constants: an inferred schema turns an empty column into `null`
and breaks `load_dataset`. Does not cover reading or writing files (`shards.py`) nor the ledger's tables.

`JUDGED`: a sample, its prompt and every rule's verdict (a row a sample; nothing deleted).
`SFT`: what a trainer loads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from factory.records import Message, Prompt, Sample, Verdict, content_hash, is_kept

MESSAGES = pa.list_(pa.struct([pa.field("role", pa.string(), False), pa.field("content", pa.string(), False)]))
SPANS = pa.list_(pa.struct([pa.field("start", pa.int32(), False), pa.field("end", pa.int32(), False)]))
VERDICTS = pa.list_(
    pa.struct(
        [
            pa.field("rule", pa.string(), False),
            pa.field("keep", pa.bool_()),
            pa.field("reason", pa.string(), False),
            pa.field("score", pa.float64()),
            pa.field("spans", SPANS, False),
        ]
    )
)

JUDGED = pa.schema(
    [
        pa.field("id", pa.string(), False),
        pa.field("prompt_id", pa.string(), False),
        pa.field("sample_index", pa.int32(), False),
        pa.field("keep", pa.bool_(), False),
        pa.field("content_hash", pa.binary(), False),
        pa.field("source", pa.string(), False),
        pa.field("source_id", pa.string()),
        pa.field("task", pa.string(), False),
        pa.field("messages", MESSAGES, False),
        pa.field("reference", pa.string()),
        pa.field("reference_from", pa.string(), False),
        pa.field("meta", pa.string(), False),
        pa.field("text", pa.string(), False),
        pa.field("reasoning", pa.string(), False),
        pa.field("answer", pa.string(), False),
        pa.field("finish_reason", pa.string(), False),
        pa.field("stop_reason", pa.string()),
        pa.field("seed", pa.int64()),
        pa.field("prompt_tokens", pa.int32()),
        pa.field("completion_tokens", pa.int32()),
        pa.field("reasoning_tokens", pa.int32()),
        pa.field("engine", pa.string(), False),
        pa.field("verdicts", VERDICTS, False),
    ]
)

CARRIED = pa.field("carried", pa.string())
"""Beside the columns of a general row while it is merged: the conversation with its tools as JSON, null without any."""

_VALUE = {"dtype": "string", "_type": "Value"}
SFT_FEATURES = {
    "messages": [{"role": _VALUE, "content": _VALUE}],
    **dict.fromkeys(("id", "prompt_id", "source", "task", "kind"), _VALUE),
}
"""The features of `SFT` as Hugging Face datasets reads them, in the spelling that every version knows."""

SFT = pa.schema(
    [
        pa.field("messages", MESSAGES, False),
        pa.field("id", pa.string(), False),  # the content hash as hex: unique, whatever run it came from
        pa.field("prompt_id", pa.string(), False),
        pa.field("source", pa.string(), False),
        pa.field("task", pa.string(), False),
        pa.field("kind", pa.string(), False),  # reasoning | general
    ],
    metadata={"huggingface": json.dumps({"info": {"features": SFT_FEATURES}})},
)


def judged_row(
    prompt: Prompt, sample: Sample, verdicts: Sequence[Verdict], messages: Sequence[Message] | None = None
) -> dict[str, Any]:
    """One row of `JUDGED`; `messages` are the turns to train on where they differ from the prompt's."""
    turns = list(messages or prompt.messages)
    return {
        "id": sample.id,
        "prompt_id": prompt.id,
        "sample_index": sample.sample_index,
        "keep": is_kept(verdicts),
        "content_hash": content_hash(turns, sample.text),
        "source": prompt.source,
        "source_id": prompt.source_id,
        "task": prompt.task,
        "messages": turns,
        "reference": prompt.reference,
        "reference_from": prompt.reference_from,
        "meta": prompt.meta,
        "text": sample.text,
        "reasoning": sample.reasoning,
        "answer": sample.answer,
        "finish_reason": sample.finish_reason,
        "stop_reason": sample.stop_reason,
        "seed": sample.seed,
        "prompt_tokens": sample.prompt_tokens,
        "completion_tokens": sample.completion_tokens,
        "reasoning_tokens": sample.reasoning_tokens,
        "engine": sample.engine,
        "verdicts": [_verdict_row(v) for v in verdicts],
    }


def verdicts_of(row: Mapping[str, Any]) -> list[Verdict]:
    """The verdicts of a judged row."""
    return [
        Verdict(v["keep"], v["reason"], v["score"], tuple((s["start"], s["end"]) for s in v["spans"]), v["rule"])
        for v in row["verdicts"]
    ]


def table(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a table of exactly this schema. Lone surrogates, which UTF-8 can't carry, become U+FFFD."""
    rows = list(rows)
    try:
        return pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([_encodable(r) for r in rows], schema=schema)


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    spans = [{"start": start, "end": end} for start, end in verdict.spans]
    return {
        "rule": verdict.rule,
        "keep": verdict.keep,
        "reason": verdict.reason,
        "score": verdict.score,
        "spans": spans,
    }


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {k: _encodable(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_encodable(v) for v in value]
    return value
