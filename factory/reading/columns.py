"""Which column plays which role, and the turns of a prompt.

Published data sets name the same thing in many ways. For each role the columns below are tried in order, whatever
their case; a dot walks into a struct, a list or a JSON string. An override (`--prompt-column`, `--column ROLE=NAME`)
replaces the list; an empty name switches the role off. Does not cover what a reference's text means
(`references.py`), reading rows (`rows.py`) nor identifiers (`prompts.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from factory.errors import BadInput, did_you_mean
from factory.reading.row import Row
from factory.records import Message

TURN_COLUMNS: Final = ("messages", "conversations", "conversation")
"""Columns of turns."""
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "prompt": (
        *TURN_COLUMNS,
        "prompt",
        "problem",
        "question",
        "instruction",
        "query",
        "question_content",
        "input",
        "text",
    ),
    "system": ("system", "system_prompt"),
    "reference": (
        "reference",
        "answer",
        "expected_answer",
        "final_answer",
        "reference_answer",
        "test",
        "test_list",
        "input_output",
        "public_test_cases",
        "tests",
        "solution",
        "ground_truth",
        "reward_model.ground_truth",
        "verification_info",
        "metadata.answer",
        "answerKey",
        "gts",
        "messages.0.info.reference_answer",
        "messages.0.info.test_case",
    ),
    "task": ("task", "task_type", "domain", "ability"),
    "id": ("id", "uuid", "problem_id", "source_id", "unique_id", "task_id", "question_id"),
    "source": ("source", "data_source", "dataset"),
    "choices": ("choices", "options"),
}
"""Role -> columns, first hit wins. Read from the cards of the data sets in tests/test_columns.py."""

COMPANIONS: Final = (
    "input",
    "context",
    "entry_point",
    "test_setup_code",
    "test_imports",
    "private_test_cases",
    "metadata",
    "starter_code",
)
"""Columns with no role of their own that a reader below looks at."""

SPEAKERS: Final = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
}
"""Who speaks in a turn, by the usual words for it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns tried for each role, in order; a role without any column is empty.

    `given` are the roles the user named a column for.
    """

    roles: Mapping[str, tuple[str, ...]]
    given: frozenset[str] = frozenset()

    def describe(self, row: Row) -> str:
        """The mapping as one line: `prompt from 'problem' (else 'messages'), reference from 'answer', no task column`.

        Of nested columns only those that this row has are named.
        """
        there = {
            role: [n for n in names if "." not in n or lookup(row.values, n) is not None]
            for role, names in self.roles.items()
        }
        return ", ".join(_describe(role, names) for role, names in there.items() if names or role in _ALWAYS_SAID)

    def values(self, row: Row, role: str) -> Iterable[tuple[str, Any]]:
        """The (column, value) pairs of a role in a row that hold anything, in order."""
        for name in self.roles.get(role, ()):
            value = lookup(row.values, name)
            is_nan = isinstance(value, float) and value != value  # pandas' null
            if value is not None and value != "" and value != [] and not is_nan:
                yield name, value


_ALWAYS_SAID: Final = ("prompt", "reference", "task")


def _describe(role: str, names: Sequence[str]) -> str:
    said = "the model's answer" if role == "answer" else role
    if not names:
        return f"no {said} column"
    if role == "score":  # all of them count
        return f"{said} from {', '.join(map(repr, names))}"
    others = f" (else {', '.join(map(repr, names[1:]))})" if len(names) > 1 else ""
    return f"{said} from {names[0]!r}{others}"


def choose(
    row: Row, overrides: Mapping[str, str], roles: Mapping[str, tuple[str, ...]] = ROLES, check: bool = True
) -> Columns:
    """The columns of this row's file. Raises BadInput for an unknown role or a named column that isn't there."""
    spelt = {name.lower(): name for name in reversed(row.names)}
    chosen: dict[str, tuple[str, ...]] = {}
    for role, candidates in roles.items():
        hits = ((name, spelt.get(name.split(".")[0].lower())) for name in candidates)
        chosen[role] = tuple(".".join([head, *name.split(".")[1:]]) for name, head in hits if head)
    for role, name in overrides.items():
        if role not in roles:
            raise BadInput(f"no role {role!r}{did_you_mean(role, roles)}")
        if check and name and name not in row.names and name.split(".")[0] not in row.names:
            raise BadInput(f"{row.where}: no column {name!r} for the {role}{did_you_mean(name, row.names)}")
        chosen[role] = (name,) if name else ()
    return Columns(chosen, frozenset(overrides))


def wanted(overrides: Mapping[str, str], roles: Mapping[str, tuple[str, ...]] = ROLES) -> Callable[[str], bool]:
    """Whether a column can play any part, for sources that decode columns one by one."""
    named = {n for names in roles.values() for n in names} | set(overrides.values()) | set(COMPANIONS)
    known = {n.lower() for n in named} | {n.split(".")[0].lower() for n in named}
    return lambda name: name.lower() in known


def lookup(values: Mapping[str, Any], name: str) -> Any:
    """The value of a column, dots walking into structs, lists and JSON strings; None where there is none."""
    if name in values or "." not in name:
        return values.get(name)
    value: Any = values
    for step in name.split("."):
        value = from_json(value) if isinstance(value, str) else value
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdecimal() and len(step) < 4:
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def from_json(text: str) -> Any:
    """The object or list a JSON string holds, else the string itself."""
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def read_turns(columns: Columns, row: Row) -> list[Message]:
    """The turns of a row, a trailing assistant turn included. Raises BadInput where it has no prompt."""
    for name, value in columns.values(row, "prompt"):
        value = from_json(value) if isinstance(value, str) and value.startswith("[{") else value
        if isinstance(value, str):
            turns = [Message(role="user", content=_with_input(row, name, value))]
        elif isinstance(value, list):
            turns = [_turn(item, row, name) for item in value]
        else:
            raise BadInput(f"{row.where}: column {name!r} should be text or a list of turns, is {_type(value)}")
        if any(t["content"].strip() for t in turns):
            return _with_system(columns, row, turns)
    tried = columns.roles.get("prompt", ())
    there = f"nothing in {_listed(tried)}" if tried else f"none of its columns is known ({_listed(row.names)})"
    raise BadInput(f"{row.where}: no prompt: {there}; name its column (--prompt-column or --column prompt=NAME)")


def _with_input(row: Row, name: str, text: str) -> str:
    """Alpaca's `instruction` is completed by `input`, Dolly's by `context`."""
    if name.lower() != "instruction":
        return text
    more = row.values.get("input") or row.values.get("context")
    return f"{text}\n\n{more}" if isinstance(more, str) and more.strip() else text


def _with_system(columns: Columns, row: Row, turns: list[Message]) -> list[Message]:
    for _, text in columns.values(row, "system"):
        if isinstance(text, str) and text.strip() and turns[0]["role"] != "system":
            return [Message(role="system", content=text), *turns]
    return turns


def _turn(item: Any, row: Row, name: str) -> Message:
    """A turn in OpenAI's (`role`, `content`) or ShareGPT's (`from`, `value`) form."""
    if not isinstance(item, Mapping):
        raise BadInput(f"{row.where}: column {name!r}: a turn should be an object, is {_type(item)}")
    speaker = item.get("role") or item.get("from")
    role = SPEAKERS.get(speaker.lower()) if isinstance(speaker, str) else None
    if role is None:
        raise BadInput(f"{row.where}: column {name!r}: a turn of {speaker!r}; only system, user and assistant are read")
    content = item.get("content", item.get("value"))
    if isinstance(content, list) and all(isinstance(c, Mapping) and isinstance(c.get("text"), str) for c in content):
        content = "".join(c["text"] for c in content)
    if content is not None and not isinstance(content, str):
        raise BadInput(f"{row.where}: column {name!r}: a turn should hold text, holds {_type(content)}")
    return Message(role=role, content=content or "")


def _type(value: Any) -> str:
    return type(value).__name__


def _listed(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > 20 else ""
    return ", ".join(map(repr, names[:20])) + more
