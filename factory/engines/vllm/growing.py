"""The text of a growing completion at exactly N tokens, from vLLM's own detokenizer: a prefix of the whole text.

vLLM's stream doesn't tell: pieces of it are joined when we read them late, and several tokens may come in one step.
Covers only vLLM in this process (`engine.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from factory.engines.texts import VERBATIM
from factory.engines.watching import counts


class Growing:
    """One completion after these prompt tokens, special tokens written out."""

    def __init__(self, tokenizer: Any, prompt: list[int]) -> None:
        from vllm.sampling_params import SamplingParams
        from vllm.v1.engine.detokenizer import IncrementalDetokenizer

        params = SamplingParams(**VERBATIM)
        asked = SimpleNamespace(request_id="", prompt_token_ids=prompt, prompt_embeds=None, sampling_params=params)
        self._detokenizer: Any = IncrementalDetokenizer.from_new_request(tokenizer, asked)
        self._counts = counts()
        self._next = next(self._counts)

    def reached(self, drawn: list[int]) -> Iterator[tuple[str, int]]:
        """(text, tokens) at each count that these tokens have passed and that wasn't given before."""
        while len(drawn) > self._next:
            self._detokenizer.update(drawn[self._detokenizer.num_output_tokens() : self._next], False)
            yield self._detokenizer.output_text, self._next
            self._next = next(self._counts)
