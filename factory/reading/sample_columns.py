"""Which columns hold the samples of somebody else's file.

The roles of `columns.py` and four more: `response` (the whole text, a list of texts or turns), or `reasoning` and
`answer` (its two halves), `finish_reason` and `score`. A file that can be read in two ways stops with the
`--column` that decides. Does not cover building the records (`samples.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from factory.errors import BadInput
from factory.reading.columns import ROLES, SPEAKERS, TURN_COLUMNS, Columns, choose, from_json, lookup
from factory.reading.row import Row
from factory.records import THINK_CLOSE

SAMPLE_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    **ROLES,
    "prompt": tuple(name for name in ROLES["prompt"] if name != "text"),
    "response": (
        "response",
        "completion",
        "output",
        "generation",
        "generations",
        "responses",
        "completions",
        "llm_response",
        "generated_solution",
        "text",
    ),
    "reasoning": ("reasoning", "reasoning_content", "thinking"),
    "answer": ("answer",),
    "finish_reason": ("finish_reason", "finish_reasons"),
    "score": (
        "score",
        "correct",
        "is_correct",
        "correctness",
        "correctness_math_verify",
        "correctness_llama",
    ),
}
"""Role -> columns as in `columns.ROLES`; of the scores every one that is there counts (see `_verdicts`)."""


Owners = set[bool]


def decide(row: Row, overrides: Mapping[str, str], first: bool) -> Columns:
    """The columns of a kind of row, with one answer to where its sample stands. Raises BadInput for two or none."""
    columns = choose(row, overrides, SAMPLE_ROLES, check=first)
    roles = dict(columns.roles)
    turns = [n for n in roles["prompt"] if n.lower() in TURN_COLUMNS]
    roles["answer"] = _answers(roles, overrides)
    roles["response"] = () if roles["answer"] else _responses(row, roles, turns)
    if not roles["prompt"] and "prompt" not in overrides:  # MBPP's question stands in `text`
        roles["prompt"] = tuple(
            n for n in columns.roles["response"] if n.lower() == "text" and n not in roles["response"]
        )
    roles["reference"] = tuple(n for n in roles["reference"] if n not in roles["answer"])
    roles["reasoning"] = tuple(n for n in roles["reasoning"] if n not in roles["response"])
    if roles["answer"] and "answer" not in overrides:
        _check_halves(row, roles, turns)
    if not (roles["response"] or roles["answer"]):
        raise BadInput(f"{row.where}: no column for the sample; name it with --column response=NAME")
    return replace(columns, roles=roles)


def check_owner(row: Row, columns: Columns, owners: Owners) -> None:
    """Stop where `answer` is the model's in one row and the reference in another; `owners` remembers both."""
    if "answer" in columns.given or "reference" in columns.given:
        return
    if columns.roles["answer"]:
        owners.add(True)
    elif any(name.lower() == "answer" for name in columns.roles["reference"]):
        owners.add(False)
    if len(owners) > 1:
        raise BadInput(
            f"{row.where}: 'answer' is the model's in some rows and the reference in others; say which with "
            "--column answer=answer or --column reference=answer"
        )


def last_turn(row: Row, name: str) -> Mapping[str, Any] | None:
    """The assistant's turn at the end of a column of turns, else None."""
    value = lookup(row.values, name)
    value = from_json(value) if isinstance(value, str) and name.lower() in TURN_COLUMNS else value
    if not isinstance(value, list) or not value or not isinstance(value[-1], Mapping):
        return None
    speaker = value[-1].get("role") or value[-1].get("from")
    return value[-1] if isinstance(speaker, str) and SPEAKERS.get(speaker.lower()) == "assistant" else None


def _answers(roles: Mapping[str, tuple[str, ...]], overrides: Mapping[str, str]) -> tuple[str, ...]:
    """The column of the model's answer, where the sample comes in halves."""
    if "answer" in overrides:
        return roles["answer"]
    whole = any(n.lower() != "text" for n in roles["response"]) or "response" in overrides
    is_reference = overrides.get("reference", "") in roles["answer"]
    return () if whole or is_reference or not roles["reasoning"] else roles["answer"]


def _responses(row: Row, roles: Mapping[str, tuple[str, ...]], turns: list[str]) -> tuple[str, ...]:
    """The column of the whole text: a response column, else the conversation, else `text`."""
    whole = [n for n in roles["response"] if n.lower() != "text"]
    if len(whole) > 1:
        both = " and ".join(map(repr, whole))
        raise BadInput(f"{row.where}: {both} could each hold the sample; say which with --column response=NAME")
    if whole:
        return tuple(whole)
    if turns and (not roles["response"] or last_turn(row, turns[0]) is not None):
        return (turns[0],)
    return roles["response"]


def _check_halves(row: Row, roles: Mapping[str, tuple[str, ...]], turns: list[str]) -> None:
    """`reasoning` and `answer` may also be a whole text and its reference, or stand beside a whole conversation."""
    name, answer = roles["reasoning"][0], roles["answer"][0]
    thought = lookup(row.values, name)
    if not roles["reference"] and isinstance(thought, str) and (THINK_CLOSE in thought or "\\boxed" in thought):
        raise BadInput(
            f"{row.where}: {answer!r} could be the model's answer or the reference, since {name!r} already ends in an "
            f"answer; say --column answer={answer}, or --column response={name} --column reference={answer}"
        )
    if any(last_turn(row, turn) is not None for turn in turns):
        raise BadInput(
            f"{row.where}: the sample could be the end of {turns[0]!r}, or {name!r} with {answer!r}; "
            f"say --column response={turns[0]} or --column answer={answer}"
        )
