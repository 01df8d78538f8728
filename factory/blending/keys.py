"""The keys of rows: what a merge knows of them while it plans, as arrays with an entry a row, about 50 bytes each.

Covers their meaning and what may become of a row. Does not cover reading them (`inputs.py`) nor the plan (`blend.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

REASONING, GENERAL = 0, 1
FATES: Final = (
    "out",
    "rejected",
    "duplicate",
    "outside_pass_rate",
    "over_per_prompt",
    "over_source_cap",
    "over_task_cap",
    "over_token_budget",
    "surplus_general",
    "cut_kept",
    "contaminated",
    "near_duplicate",
    "control_tokens",
)
"""What became of a row, by its code in `Plan.fate`."""
OUT, REJECTED, DUPLICATE, OUTSIDE_PASS_RATE, OVER_PER_PROMPT, OVER_SOURCE_CAP, OVER_TASK_CAP = range(7)
OVER_TOKEN_BUDGET, SURPLUS_GENERAL, CUT_KEPT, CONTAMINATED, NEAR_DUPLICATE, CONTROL_TOKENS = range(7, 13)

Hashes = NDArray[np.uint64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Keys:
    """One entry a row, in reading order. `low` and `high` are the content hash, `group` what must not be split."""

    kind: NDArray[np.uint8]
    part: NDArray[np.int16]
    """The entry of the mix that the row belongs to."""
    keep: NDArray[np.bool_]
    low: Hashes
    high: Hashes
    prompt: Hashes
    group: Hashes
    sample_index: NDArray[np.int32]
    stratum: Hashes
    """Hash of the entry of the mix, source and task."""
    source: Hashes
    task: Hashes
    size: NDArray[np.int64]
    """Tokens: of the whole row where a tokenizer counts, else of the sample: the engine's count, else a quarter of its
    characters. 0 where nobody asks."""
    score: NDArray[np.float64]
    """What the rule of `--select best:RULE` measured; NaN where it didn't."""
    leaked: NDArray[np.bool_]
    """Whether the row holds text of a benchmark; False where nobody asks."""
    control: NDArray[np.bool_]
    """Whether the row holds a chat template's own tokens; False before one was met."""
    passed: NDArray[np.int8]
    """What `correct` says: 1, 0, or -1 where it can't tell."""

    def __len__(self) -> int:
        return len(self.low)
