"""The sampling fields of a run, each resolved once: the user's flag, else the checkpoint's generation_config.json,
else our default. What is resolved is printed with its origin, recorded, and sent with every request.

Does not cover names that only an engine knows (`vllm/passthrough.py` checks those) nor seeds (`records.sample_seed`).

    resolve({"temperature": 0.7}, {"top_k": 20}, 8192).describe()
    ["temperature 0.7 (flag)", "top_p 0.95 (default)", "top_k 20 (checkpoint)", "max_tokens 8192 (...)"]
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from factory.errors import BadInput

TEMPERATURE: Final = 0.6
"""With top_p 0.95, the setting R1 is sampled and evaluated at (DeepSeek-R1, section 3 and its model card)."""
TOP_P: Final = 0.95
MAX_TOKENS: Final = 32_768
"""The generation length of R1's evaluation (same place)."""

FROM_CHECKPOINT: Final = {
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "min_p": "min_p",
    "repetition_penalty": "repetition_penalty",
    "presence_penalty": "presence_penalty",
    "frequency_penalty": "frequency_penalty",
    "max_new_tokens": "max_tokens",
}
"""What is read from generation_config.json and its name here: the fields that vLLM's own server would honour."""

_BOUNDS: Final[Mapping[str, tuple[float, float, str]]] = {
    "temperature": (0.0, math.inf, "at least 0"),
    "top_p": (math.ulp(0.0), 1.0, "above 0 and at most 1"),
    "top_k": (-1, math.inf, "a whole number, -1 or 0 for all tokens"),
    "min_p": (0.0, 1.0, "between 0 and 1"),
    "repetition_penalty": (math.ulp(0.0), math.inf, "above 0"),
    "presence_penalty": (-2.0, 2.0, "between -2 and 2"),
    "frequency_penalty": (-2.0, 2.0, "between -2 and 2"),
    "max_tokens": (1, math.inf, "a whole number above 0"),
}
_WHOLE: Final = {"top_k", "max_tokens"}


@dataclass(frozen=True, slots=True)
class Sampling:
    """`values` by field name, ready to send; `origins` says where each came from."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]

    @property
    def max_tokens(self) -> int:
        """The longest completion in tokens; a prompt that leaves less room gets less."""
        return int(self.values["max_tokens"])

    def describe(self) -> list[str]:
        """A line a field, such as `temperature 0.7 (flag)`."""
        return [f"{k} {_plain(v)} ({self.origins[k]})" for k, v in self.values.items()]


def resolve(
    flags: Mapping[str, Any], generation_config: Mapping[str, Any], max_model_len: int | None = None
) -> Sampling:
    """Every field once. A flag of None was not given; `max_model_len` is the context in tokens where it is known.

    Raises BadInput for a value out of its range, naming whose it is.
    """
    values: dict[str, Any] = {"temperature": TEMPERATURE, "top_p": TOP_P}
    origins = dict.fromkeys(values, "default")
    fits = max_model_len is not None and max_model_len < MAX_TOKENS
    for key, field in FROM_CHECKPOINT.items():
        if generation_config.get(key) is not None:
            values[field] = _checked(field, generation_config[key], "the checkpoint's generation_config.json")
            origins[field] = "checkpoint"
    for field, value in flags.items():
        if value is not None:
            values[field] = _checked(field, value, "the command line")
            origins[field] = "flag"
    if "max_tokens" not in values:
        values["max_tokens"] = max_model_len if fits else MAX_TOKENS
        origins["max_tokens"] = "default, all that fits" if fits else "default"
    return Sampling(values, origins)


def _checked(field: str, value: Any, whose: str) -> Any:
    if field not in _BOUNDS:
        return value
    least, most, words = _BOUNDS[field]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # generation_config.json writes whole numbers as 20.0 at times
    if not number or not least <= value <= most or (field in _WHOLE and value % 1):
        raise BadInput(f"{field} {_plain(value)} from {whose}: should be {words}")
    return int(value) if field in _WHOLE else value


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"
