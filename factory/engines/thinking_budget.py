"""Thoughts that a token budget cut (`--sampling thinking_token_budget=N`).

The engine then writes the closing tag itself and the sample ends like any other, so its `stop_reason` says it:
`records.THINK_FORCED`. Does not cover what a recipe makes of it (`filters/finished.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

FIELD: Final = "thinking_token_budget"
"""vLLM's name of it, in process and over HTTP."""
BEGUN: Final = 4
"""A prefilled opener and line break count towards vLLM's budget and not in a server's `reasoning_tokens`."""


def cut(prompt: Sequence[int], drawn: Sequence[int], opener: Sequence[int], closer: Sequence[int], budget: int) -> bool:
    """Whether the last thought of these tokens is as long as the budget, tags not counted.

    One that ended by itself at just that length can't be told apart.
    """
    whole = [*prompt, *drawn]
    close = _last(whole, closer, len(prompt))
    begin = _last(whole[: max(close, 0)], opener, 0)
    return begin >= 0 and close - (begin + len(opener)) >= budget


def cut_by_count(reasoning_tokens: int | None, budget: int) -> bool:
    """The same of a thought of which only a server's count is known."""
    return reasoning_tokens is not None and reasoning_tokens >= budget - BEGUN


def _last(tokens: Sequence[int], wanted: Sequence[int], start: int) -> int:
    """Where `wanted` stands last, from `start` on; -1 where it doesn't."""
    if not wanted:
        return -1
    places = range(len(tokens) - len(wanted), start - 1, -1)
    return next((i for i in places if list(tokens[i : i + len(wanted)]) == list(wanted)), -1)
