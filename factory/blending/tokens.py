"""Tokens a row: of all its turns, without what a chat template adds.

Does not cover how long a row is for a trainer (`template_check.py`, which renders it).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from factory.blending.keys import Indices
from factory.errors import BadInput
from factory.schemas import CARRIED

BATCH: Final = 64
"""Texts tokenised at once: each token takes dozens of bytes while it is looked at."""


class TokenCounter:
    """Counts the tokens of judged rows with one tokenizer; a prompt's turns are counted once for its samples.

    A row with tools is counted as the JSON of it all.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._tokenizer = load_tokenizer(name, "tokenizer")

    def __call__(self, table: pa.Table) -> Indices:
        """One entry a row; 0 for rows that are not kept."""
        keep = np.flatnonzero(table["keep"].to_numpy())
        carried = table[CARRIED.name].to_pylist() if CARRIED.name in table.column_names else []
        rows = table.select(["prompt_id", "messages", "text"]).take(pa.array(keep))
        asked = dict(zip(rows["prompt_id"].to_pylist(), rows["messages"].to_pylist(), strict=True))
        joined = ("\n".join(turn["content"] for turn in turns) for turns in asked.values())
        of_prompt = dict(zip(asked, self._count(joined), strict=True))
        sizes = np.zeros(len(table), np.int64)
        texts = self._count(text.as_py() for text in rows["text"].combine_chunks())
        sizes[keep] = [of_prompt[p] + n for p, n in zip(rows["prompt_id"].to_pylist(), texts, strict=True)]
        whole = [row for row, text in enumerate(carried) if text]
        sizes[whole] = list(self._count(carried[row] for row in whole))
        return sizes

    def _count(self, texts: Iterator[str]) -> Iterator[int]:
        while batch := [text for _, text in zip(range(BATCH), texts, strict=False)]:
            found = self._tokenizer(batch, add_special_tokens=False, return_attention_mask=False)["input_ids"]
            yield from map(len, found)


def load_tokenizer(name: str, asked_by: str) -> Any:
    """A tokenizer by folder or Hugging Face id. Raises BadInput."""
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise BadInput(f"{asked_by} {name}: no tokenizer could be loaded: {str(error).splitlines()[0]}") from error
