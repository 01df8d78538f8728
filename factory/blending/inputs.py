"""The first sweep of a merge: the keys of all rows, read without their texts wherever nobody asks about these.

Does not cover what is read (`sources.py`), what is chosen (`blend.py`) nor how rows move (`shuffle.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from factory.blending import shuffle, turns
from factory.blending.control import holds_control
from factory.blending.keys import REASONING, Hashes, Keys
from factory.blending.sources import KEY_COLUMNS, Source
from factory.blending.spread import linked
from factory.errors import BadInput
from factory.reading.near_duplicates import near_duplicates, text_of
from factory.selection import Selection
from factory.terminal import bar

Look = Callable[[pa.Table], Any]
"""One entry a row of a table with prompt_id, messages, text and keep."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan will ask of the keys; each costs reading a column.

    With `groups`, rows that ask the same share a group; else it is the prompt's. `leaks` says which rows hold text of a
    benchmark, `tokens` how long they are; `control` looks for a template's tokens.
    """

    selection: Selection = field(default_factory=Selection)
    groups: bool = False
    leaks: Look | None = None
    tokens: Look | None = None
    control: bool = False

    def columns(self, source: Source) -> list[str]:
        """Texts and verdicts are read only where something asks about them."""
        columns = [*KEY_COLUMNS, *(["messages"] if self.groups else [])]
        if self.leaks or self.tokens or self.control:
            columns += source.and_carried(["messages", "text"])
        if source.kind == REASONING:
            columns += ["completion_tokens", "text"] if self.selection.needs_size and not self.tokens else []
            columns += ["verdicts"] if self.selection.rule or self.selection.pass_rate is not None else []
        return list(dict.fromkeys(columns))


def read_keys(sources: Sequence[Source], wanted: Wanted) -> Keys:
    """The keys of all rows in reading order. Raises BadInput."""
    chunks = []
    with bar("reading keys", "rows", None) as shown:
        for source in sources:
            for table in shuffle.read_chunks(source.files, wanted.columns(source)):
                chunks.append(_chunk_keys(table, source, wanted))
                shown.update(len(table))
    if not chunks:
        raise BadInput("nothing to merge: no row in any input")
    joined = {name: np.concatenate([chunk.pop(name) for chunk in chunks]) for name in list(chunks[0])}
    if wanted.groups:
        joined["group"] = linked(joined["prompt"], joined["group"])
    return Keys(**joined)


def _chunk_keys(table: pa.Table, source: Source, wanted: Wanted) -> dict[str, Any]:
    words, rows = turns.content_words(table["content_hash"]), len(table)
    prompt, name, task = (turns.hash_strings(table[column]) for column in ("prompt_id", "source", "task"))
    passed, score = np.full(rows, -1, np.int8), np.full(rows, np.nan)
    if "verdicts" in table.column_names:
        passed, _ = turns.verdicts(table["verdicts"], "correct")
        _, score = turns.verdicts(table["verdicts"], wanted.selection.rule)
    no = np.zeros(rows, np.bool_)
    return {
        "kind": np.full(rows, source.kind, np.uint8),
        "part": np.full(rows, source.part, np.int16),
        "keep": table["keep"].to_numpy(),
        "low": words[:, 0].copy(),
        "high": words[:, 1].copy(),
        "prompt": prompt,
        "group": turns.hash_turns(table["messages"], prompt) if wanted.groups else prompt,
        "sample_index": table["sample_index"].to_numpy(),
        "stratum": 3 * name + 5 * task + np.uint64(2 * source.part + source.kind),
        "source": name,
        "task": task,
        "size": _sizes(table, wanted),
        "score": score,
        "leaked": no if wanted.leaks is None else wanted.leaks(table),
        "control": holds_control(table) if wanted.control else no,
        "passed": passed,
    }


def _sizes(table: pa.Table, wanted: Wanted) -> Any:
    if wanted.tokens is not None:
        return wanted.tokens(table)
    if "completion_tokens" in table.column_names:
        return turns.sizes(table["completion_tokens"], table["text"])
    return np.zeros(len(table), np.int64)


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
