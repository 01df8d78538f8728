"""Who thinks: what a source's `think` and `system` do to its conversations.

    keep    as they are
    strip   the thinking is taken out of every assistant's turn
    empty   the same, and an empty thought stands before each answer: how hybrid models are taught not to think
    none    conversations with any thinking are dropped (`thinks`)

A system text is put before conversations that have none. A thought that is opened and never closed teaches a model to
never answer: such rows are dropped (`think_unclosed`). Does not cover where the thinking stands in what is written
(`formats.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from factory.records import THINK_CLOSE, THINK_OPEN, Message, join_thinking, split_thinking

THINK: Final = ("keep", "strip", "empty", "none")


class Unusable(Exception):
    """A row that can't be trained on as it stands: no fault; `str` is the reason that is counted."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done to each conversation of a source."""

    think: str = "keep"
    system: str = ""
    tools: bool = True
    """Whether conversations with tools can be handed over; else they are dropped (`tools_unsupported`)."""

    @property
    def changes(self) -> bool:
        """Whether rows may come out other than they went in."""
        return self.think != "keep" or bool(self.system)

    def apply(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        """The conversation as it is trained on. Raises Unusable with a reason."""
        turns = tuple(self._turn(turn) for turn in messages)
        if not self.system or messages[0]["role"] == "system":
            return turns
        return (Message(role="system", content=self.system), *turns)

    def _turn(self, turn: Message) -> Message:
        if turn["role"] != "assistant":
            return turn
        check_closed(turn["content"])
        if self.think == "keep":
            return turn
        reasoning, answer = split_thinking(turn["content"])
        if self.think == "none":
            if reasoning:
                raise Unusable("thinks")
            return turn
        if not answer and not turn.get("tool_calls"):
            raise Unusable("empty_turn")
        return {**turn, "content": join_thinking("", answer) if self.think == "empty" else answer}


KEEP: Final = Policy()


def check_closed(text: str) -> None:
    """Raise Unusable where an assistant's turn begins a thought and doesn't end it."""
    if text.lstrip().startswith(THINK_OPEN) and THINK_CLOSE not in text:
        raise Unusable("think_unclosed")
