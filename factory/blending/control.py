"""A chat template's own tokens inside a text: there they end the turn or play another role.

A trainer's tokenizer makes one special token of `<|im_end|>` wherever it stands: such a row teaches the model to stop,
or to speak for the user. Does not cover think tags, which belong into an assistant's turn.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

CONTROL: Final = r"<\|[A-Za-z0-9_ ]{1,40}\|>|<[｜|][^<>\n｜|]{1,40}[｜|]>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
"""Read by re and by Arrow's RE2."""


def holds_control(table: pa.Table) -> NDArray[np.bool_]:
    """Which kept rows of a table (messages, text, keep) hold such a token in a turn or in the text."""
    messages = table["messages"].combine_chunks()
    found = pc.match_substring_regex(messages.flatten().field("content"), CONTROL).to_numpy(zero_copy_only=False)
    rows = np.repeat(np.arange(len(table)), pc.list_value_length(messages).to_numpy(zero_copy_only=False))
    asked = np.bincount(rows[found], minlength=len(table)) > 0
    text = pc.match_substring_regex(table["text"].combine_chunks(), CONTROL).to_numpy(zero_copy_only=False)
    return np.asarray((asked | text) & table["keep"].to_numpy(), np.bool_)


def any_control(contents: pa.Array) -> bool:
    """Whether any of these turns holds one."""
    return bool(pc.any(pc.match_substring_regex(contents, CONTROL)).as_py())
