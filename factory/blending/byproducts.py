"""What a run yields beside SFT rows: preference pairs from what was rejected, and prompts worth more RL.

    pairs   prompt, chosen, rejected (lists of turns, as TRL's DPO takes them), reason: what the rejected one lacks
    rl      prompt, data_source, ability, reward_model {style, ground_truth} (as verl takes them), pass_rate, trials

One pair a prompt and run: its first kept sample against its first rejected one. A sample nobody could decide on is no
negative. Pass rates are shares of what `correct` decided. What the SFT rows are kept clean of stays out here too: text
of benchmarks, prompts of the validation split, a template's own tokens. Both stream over judged folders, whose rows are
in prompt order. Does not cover the SFT rows (`merge.py`).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from factory import schemas, shards
from factory.blending.control import CONTROL
from factory.blending.decontaminate import Benchmarks, find
from factory.blending.keys import Hashes
from factory.blending.turns import hash64
from factory.records import NOT_APPLICABLE

CORRECT: Final = "correct"
PAIRS: Final = pa.schema(
    [
        pa.field("prompt", schemas.MESSAGES, False),
        pa.field("chosen", schemas.MESSAGES, False),
        pa.field("rejected", schemas.MESSAGES, False),
        *(pa.field(name, pa.string(), False) for name in ("reason", "prompt_id", "source", "task")),
    ]
)
REWARD: Final = pa.struct([pa.field("style", pa.string(), False), pa.field("ground_truth", pa.string())])
RL: Final = pa.schema(
    [
        pa.field("prompt", schemas.MESSAGES, False),
        pa.field("data_source", pa.string(), False),
        pa.field("ability", pa.string(), False),
        pa.field("reward_model", REWARD, False),
        pa.field("pass_rate", pa.float64(), False),
        pa.field("trials", pa.int32(), False),
        pa.field("prompt_id", pa.string(), False),
    ]
)
COLUMNS: Final = ("prompt_id", "keep", "source", "task", "messages", "reference", "text", "verdicts")


@dataclass(slots=True)
class Guard:
    """Says which rows must not go on; counts them by reason."""

    held_out: Hashes
    """Prompts of the validation split, sorted."""
    benchmarks: Benchmarks | None = None
    left_out: Counter[str] = field(default_factory=Counter)

    def passes(self, prompt: str, texts: Sequence[str]) -> bool:
        """Whether a prompt with these texts may go on."""
        reason = self._reason(prompt, texts)
        self.left_out.update([reason] if reason else [])
        return not reason

    def _reason(self, prompt: str, texts: Sequence[str]) -> str:
        if np.isin(np.uint64(hash64("", prompt)), self.held_out):
            return "held_out"
        if self.benchmarks is not None and find(self.benchmarks, texts) is not None:
            return "contaminated"
        return "control_tokens" if any(re.search(CONTROL, text) for text in texts) else ""


@dataclass(slots=True)
class _Tally:
    """The trials of one prompt over all runs."""

    row: dict[str, Any]
    trials: int = 0
    passes: int = 0


def write(
    folders: Sequence[Sequence[Path]], folder: Path, guard: Guard, band: tuple[float, float] | None, *, pairs: bool
) -> dict[str, Any]:
    """Write what was asked from the parts of judged folders; returns what the manifest says of it."""
    found: dict[str, Any] = {"pairs": _write_pairs(folders, folder, guard)} if pairs else {}
    if band is not None:
        found["rl_prompts"] = _write_rl_prompts(folders, folder, guard, *band)
    return {**found, "byproducts_left_out": dict(sorted(guard.left_out.items()))} if found else {}


def _write_pairs(folders: Iterable[Sequence[Path]], folder: Path, guard: Guard) -> int:
    """Write `pairs/`; returns the number of pairs."""
    found = (pair for files in folders for samples in _prompts(files) if (pair := _pair(samples)) is not None)
    rows = (p for p in found if guard.passes(p["prompt_id"], _texts(p, "prompt", "chosen", "rejected")))
    return _write(rows, PAIRS, folder / "pairs" / "pairs.parquet")


def _texts(row: dict[str, Any], *columns: str) -> list[str]:
    return [turn["content"] for name in columns for turn in row[name]]


def _write_rl_prompts(folders: Iterable[Sequence[Path]], folder: Path, guard: Guard, least: float, most: float) -> int:
    """Write `rl/`: prompts whose pass rate over all runs lies in [least, most]; returns their number."""
    tallies: dict[str, _Tally] = {}
    for samples in itertools.chain.from_iterable(map(_prompts, folders)):
        first = samples[0]
        tally = tallies.setdefault(first["prompt_id"], _Tally({k: first[k] for k in COLUMNS if k != "text"}))
        decided = [
            v["keep"] for row in samples for v in row["verdicts"] if v["rule"] == CORRECT and v["keep"] is not None
        ]
        tally.trials += len(decided)
        tally.passes += sum(decided)
    chosen = (t for _, t in sorted(tallies.items()) if t.trials and least <= t.passes / t.trials <= most)
    rows = (row for row in map(_rl_row, chosen) if guard.passes(row["prompt_id"], _texts(row, "prompt")))
    return _write(rows, RL, folder / "rl" / "rl.parquet")


def _prompts(files: Sequence[Path]) -> Iterator[list[dict[str, Any]]]:
    """Rows of one judged folder, a prompt's at a time."""
    rows = (row for batch in shards.batches(files, COLUMNS) for row in batch.to_pylist())
    for _, samples in itertools.groupby(rows, key=lambda row: row["prompt_id"]):
        yield list(samples)


def _pair(samples: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    kept = next((row for row in samples if row["keep"]), None)
    wrong = next(((row, reason) for row in samples if (reason := _reason(row))), None)
    if kept is None or wrong is None:
        return None
    chosen, rejected = ([{"role": "assistant", "content": row["text"]}] for row in (kept, wrong[0]))
    labels = {name: kept[name] for name in ("prompt_id", "source", "task")}
    return {"prompt": kept["messages"], "chosen": chosen, "rejected": rejected, "reason": wrong[1], **labels}


def _reason(row: dict[str, Any]) -> str:
    """`rule: reason` of the first rule that rejected; empty where none did, or some rule couldn't tell."""
    applicable = [v for v in row["verdicts"] if v["reason"] != NOT_APPLICABLE]
    if any(v["keep"] is None for v in applicable):
        return ""
    return next((f"{v['rule']}: {v['reason']}" for v in applicable if v["keep"] is False), "")


def _rl_row(tally: _Tally) -> dict[str, Any]:
    row = tally.row
    return {
        "prompt": row["messages"],
        "data_source": row["source"],
        "ability": row["task"],
        "reward_model": {"style": "rule", "ground_truth": row["reference"]},
        "pass_rate": tally.passes / tally.trials,
        "trials": tally.trials,
        "prompt_id": row["prompt_id"],
    }


def _write(rows: Iterable[dict[str, Any]], schema: pa.Schema, path: Path) -> int:
    path.parent.mkdir(parents=True)
    number = 0
    stream = iter(rows)
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
        while batch := list(itertools.islice(stream, shards.ROW_GROUP)):
            writer.write_table(schemas.table(batch, schema))
            number += len(batch)
    return number
