"""Whether a chat template keeps what is trained on: every row rendered and tokenised as a trainer will.

Several published templates drop the reasoning of an assistant's turn, others write the think tags twice, others keep it
out of the loss; a trainer says nothing. Does not cover what a trainer changes afterwards (packing, its own templates).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from factory.blending.tokens import load_tokenizer as load_by_name
from factory.errors import BadInput
from factory.records import THINK_CLOSE, THINK_OPEN, split_thinking

DAMAGE: Final = {
    "reasoning_lost": "the reasoning is not in the rendered text",
    "reasoning_doubled": "the reasoning or its tags are there twice",
    "empty_thought_lost": "an empty thought, which says not to think, is not in the rendered text",
    "prompt_not_prefix": "the prompt as it is asked is not how the row begins, so the loss would begin elsewhere",
    "answer_lost": "the answer is not in the rendered text",
    "tool_call_lost": "a tool's name or an argument of its call is not in the rendered text",
    "reasoning_masked": "the template's {% generation %} leaves the reasoning out of the loss",
    "not_rendered": "the template raises on the row",
}
SHOWN: Final = 5
"""Rows named for each finding."""
NO_LIMIT: Final = 10**9
"""Tokenizers without a limit say something beyond this."""


@dataclass(slots=True)
class Check:
    """What was found. `rows_by` and `first` (ids) are keyed by `DAMAGE`, or by what is worth knowing and may be meant:
    `empty_thought_added`, `earlier_thought_left_out` (of turns before the last), `over_length`.
    """

    tokenizer: str
    most_tokens: int | None
    rows: int = 0
    tokens: int = 0
    longest: int = 0
    rows_by: dict[str, int] = field(default_factory=dict)
    first: dict[str, list[str]] = field(default_factory=dict)

    def add(self, finding: str, row: str) -> None:
        """Count a finding about one row."""
        self.rows_by[finding] = self.rows_by.get(finding, 0) + 1
        if self.rows_by[finding] <= SHOWN:
            self.first.setdefault(finding, []).append(row)

    @property
    def damage(self) -> str:
        """One line on what a trainer would lose, empty when nothing."""
        found = [f"{self.rows_by[name]:,} rows: {said}" for name, said in DAMAGE.items() if name in self.rows_by]
        if not found:
            return ""
        example = next(self.first[name][0] for name in DAMAGE if name in self.rows_by)
        return (
            f"{self.tokenizer}: of {self.rows:,} rows rendered with its chat template, {'; '.join(found)} ({example})"
        )


def load_tokenizer(name: str) -> Any:
    """A tokenizer with a chat template, by folder or Hugging Face id. Raises BadInput."""
    tokenizer = load_by_name(name, "--check-template")
    if not tokenizer.chat_template:
        raise BadInput(f"--check-template {name}: this tokenizer has no chat template; give the one you train with")
    return tokenizer


def check_rows(
    tokenizer: Any,
    name: str,
    rows: Iterable[tuple[str, list[dict[str, Any]], list[Any] | None]],
    most_tokens: int | None = None,
    *,
    halves: bool = False,
) -> Check:
    """Render (id, messages, tools) one by one. `most_tokens` defaults to the tokenizer's own limit.

    With `halves`, a trainer renders the prompt and the whole row, and takes the loss to begin where the prompt ends.
    """
    limit = most_tokens or tokenizer.model_max_length
    check = Check(name, limit if limit < NO_LIMIT else None)
    masks = "{% generation" in str(tokenizer.chat_template).replace("{%-", "{%")
    for row, messages, tools in rows:
        check.rows += 1
        try:
            _check_row(tokenizer, check, row, messages, tools, masks=masks)
            if halves:
                _check_halves(tokenizer, check, row, messages)
        except Exception as error:  # a template is a program of somebody else's: whatever it raises is data
            check.add("not_rendered", f"{row}: {' '.join(str(error).split())[:200]}")
    return check


def _check_row(
    tokenizer: Any, check: Check, row: str, messages: list[dict[str, Any]], tools: list[Any] | None, *, masks: bool
) -> None:
    text = tokenizer.apply_chat_template(messages, tools=tools, tokenize=False)
    encoded = tokenizer.apply_chat_template(
        messages, tools=tools, tokenize=True, return_dict=True, return_assistant_tokens_mask=masks
    )
    tokens = len(encoded["input_ids"])
    check.tokens += tokens
    check.longest = max(check.longest, tokens)
    if check.most_tokens is not None and tokens > check.most_tokens:
        check.add("over_length", row)
    for finding in _findings(messages, text):
        check.add(finding, row)
    reasoning, _ = _halves(messages[-1])
    if masks and reasoning and reasoning in text:
        kept = itertools.compress(encoded["input_ids"], encoded["assistant_masks"])
        if _letters(reasoning) not in _letters(tokenizer.decode(list(kept))):
            check.add("reasoning_masked", row)


def _findings(messages: list[dict[str, Any]], text: str) -> Iterator[str]:
    """What is lost or added in a rendered text."""
    if any(thought and thought not in text for thought, _ in map(_halves, messages[:-1])):
        yield "earlier_thought_left_out"
    if not all(_called(turn, text) for turn in messages):
        yield "tool_call_lost"
    reasoning, answer = _halves(messages[-1])
    if answer not in text:
        yield "answer_lost"
    tags_added = text.count(THINK_OPEN) > _tags(messages)
    if reasoning and reasoning not in text:
        yield "reasoning_lost"
    elif reasoning and (tags_added or text.count(reasoning) > _times(messages, reasoning)):
        yield "reasoning_doubled"
    elif not reasoning and THINK_CLOSE in messages[-1]["content"] and THINK_CLOSE not in text:
        yield "empty_thought_lost"
    if not reasoning and tags_added:
        yield "empty_thought_added"


def _check_halves(tokenizer: Any, check: Check, row: str, messages: list[dict[str, Any]]) -> None:
    asked = tokenizer.apply_chat_template(messages[:-1], tokenize=False, add_generation_prompt=True)
    if not tokenizer.apply_chat_template(messages, tokenize=False).startswith(asked):
        check.add("prompt_not_prefix", row)


def _halves(turn: Mapping[str, Any]) -> tuple[str, str]:
    if turn["role"] != "assistant":
        return "", turn["content"]
    apart = turn.get("reasoning_content")
    return (apart.strip(), turn["content"].strip()) if apart else split_thinking(turn["content"])


def _called(turn: Mapping[str, Any], text: str) -> bool:
    """Whether a turn's calls are rendered: templates write JSON or XML, with other spaces and orders of keys."""
    functions = [call["function"] for call in turn.get("tool_calls") or ()]
    words = [word for f in functions for word in (f["name"], *_leaves(f["arguments"]))]
    return all(word in text or json.dumps(word, ensure_ascii=False)[1:-1] in text for word in words)


def _leaves(value: Any) -> Iterator[str]:
    """The texts and keys of an argument, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(_leaves, value))
    elif isinstance(value, Mapping):
        yield from itertools.chain(value, itertools.chain.from_iterable(map(_leaves, value.values())))


def _tags(messages: list[dict[str, Any]]) -> int:
    """Think tags that rightly stand in the rendered text: those given, and one for reasoning given apart."""
    return sum(m["content"].count(THINK_OPEN) + bool(m.get("reasoning_content")) for m in messages)


def _times(messages: list[dict[str, Any]], reasoning: str) -> int:
    return sum(m["content"].count(reasoning) + (m.get("reasoning_content") or "").count(reasoning) for m in messages)


def _letters(text: str) -> str:
    """Without white space, which decoding may change."""
    return "".join(text.split())
