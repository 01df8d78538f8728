"""Texts as the checkpoint wrote them, and how they ended: the same from vLLM in this process and from servers.

Does not cover thoughts that came apart (`servers/reply.py`) nor openers that the prompt wrote (`rendering.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from factory.records import FinishReason

VERBATIM: Final = {"skip_special_tokens": False, "spaces_between_special_tokens": False}
"""Asked of every engine: a think tag that is a special token must not vanish; nor may spaces appear around it."""

FINISH: Final[Mapping[str | None, FinishReason]] = {"stop": "stop", "length": "length", "repetition": "stopped_early"}
"""An engine's finish_reason and ours; `repetition` is vLLM's own early stop. Every other one is no sample."""


def without_end(text: str, ends: Collection[str]) -> str:
    """Without the end-of-text and padding tokens it ends with; all other special tokens stay."""
    while end := next((e for e in ends if text.endswith(e)), None):
        text = text[: -len(end)]
    return text
