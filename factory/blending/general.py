"""General SFT data: rows in the usual shapes, turned into conversations that end with the assistant.

    {"messages": [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "Hello!"}]}
    {"conversations": [{"from": "human", "value": "hello"}, {"from": "gpt", "value": "Hello!"}], "system": "..."}
    {"instruction": "Translate", "input": "bonjour", "output": "hello", "history": [["...", "..."]]}
    {"prompt": "hello", "completion": "Hello!"}   (also `question`; `response`, `answer`, `output`; lists of turns)

Thinking that stands apart (`reasoning_content`, `reasoning` or `thinking`, of a turn or beside a reply) is put back
between think tags in its turn: it would be lost otherwise.
A row of no known shape, or with values of another type, stops with its file and row. A row that is read but can't be
trained on as it stands is dropped by reason and counted. Tool calls and turns are carried whole (`tools.py`).
Does not cover reading the files (`reading/rows.py`) nor how many rows are used (`blend.py`).
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from factory.blending import tools
from factory.blending.control import CONTROL
from factory.blending.thinking import KEEP, Policy, Unusable
from factory.errors import BadInput
from factory.reading.columns import SPEAKERS, TURN_COLUMNS
from factory.reading.row import Row
from factory.reading.rows import read_rows
from factory.records import THINK_CLOSE, Message, content_hash, join_thinking

ROLES: Final = {
    **SPEAKERS,
    tools.CALL_ROLE: "assistant",
    **dict.fromkeys(tools.TOOL_ROLES, "tool"),
}
FOLLOWS: Final = {"user": {"assistant"}, "assistant": {"user", "tool"}, "tool": {"assistant", "tool"}}
"""The roles that may come after each."""
ASKS: Final = ("prompt", "question", "instruction", "query")
REPLIES: Final = ("completion", "response", "output", "answer")
THOUGHTS: Final = ("reasoning_content", "reasoning", "thinking")


@dataclass(frozen=True, slots=True)
class Example:
    """One general row. `dropped` is why it can't be used; `messages` is then empty. `carried` is `tools.pack`'s."""

    messages: tuple[Message, ...]
    source: str
    task: str
    where: str
    dropped: str = ""
    carried: str = ""


def read_general(source: str, policy: Policy = KEEP) -> Iterator[Example]:
    """The rows of a file, folder, glob or Hugging Face id as examples. Raises BadInput naming file and row."""
    return (to_example(row, policy) for row in read_rows(source))


def to_example(row: Row, policy: Policy = KEEP) -> Example:
    """One row as an example, its thinking treated as the policy says. Raises BadInput naming its place."""
    name = _label(row, "source") or row.origin
    task = _label(row, "task") or "general"
    try:
        messages = policy.apply(to_messages(row))
        carried = tools.pack(messages, tools.offered(row.values))
        if carried and not policy.tools:
            raise Unusable(tools.UNSUPPORTED)
        if re.search(CONTROL, carried):
            raise Unusable("control_tokens")
        return Example(messages, name, task, row.where, carried=carried)
    except Unusable as reason:
        return Example((), name, task, row.where, str(reason))


def to_messages(row: Row) -> tuple[Message, ...]:
    """The conversation of a row in any known shape, checked. Raises BadInput, or Unusable with a reason."""
    values = row.values
    turns = _turns(values, row.where)
    messages = tuple(_message(turn, row.where) for turn in turns)
    system = values.get("system")
    if isinstance(system, str) and system.strip() and messages and messages[0]["role"] != "system":
        messages = (Message(role="system", content=system), *messages)
    check_turns(messages)
    return messages


def check_turns(messages: tuple[Message, ...]) -> None:
    """Raise Unusable unless turns alternate from user to assistant (after one optional system turn), none empty.

    What a tool says may stand between an assistant's turns, and must where the first of them calls one.
    """
    turns = messages[1:] if messages and messages[0]["role"] == "system" else messages
    if not turns or turns[-1]["role"] != "assistant":
        raise Unusable("no_last_answer")
    pairs = list(itertools.pairwise(turns))
    if turns[0]["role"] != "user" or any(two["role"] not in FOLLOWS.get(one["role"], ()) for one, two in pairs):
        raise Unusable("turns_out_of_order")
    if any(two["role"] != "tool" for one, two in pairs if tools.holds_calls(one)):
        raise Unusable("turns_out_of_order")
    if not all(turn["content"].strip() or turn["role"] == "tool" or tools.holds_calls(turn) for turn in turns):
        raise Unusable("empty_turn")
    if any(re.search(CONTROL, turn["content"]) for turn in messages):
        raise Unusable("control_tokens")


def general_row(example: Example) -> dict[str, Any]:
    """An example in the columns merge reads from judged rows: the last turn is the text that is learnt."""
    turns = [Message(role=turn["role"], content=turn["content"]) for turn in example.messages]
    asked, text = turns[:-1], turns[-1]["content"]
    whole = [*asked, Message(role="carried", content=example.carried)] if example.carried else asked
    return {
        "prompt_id": content_hash(asked[:-1], asked[-1]["content"]).hex(),
        "sample_index": 0,
        "keep": True,
        "content_hash": content_hash(whole, text),
        "source": example.source,
        "task": example.task,
        "messages": asked,
        "text": text,
        "carried": example.carried or None,
    }


def _turns(values: Mapping[str, Any], where: str) -> list[Any]:
    for name in TURN_COLUMNS:
        if values.get(name) is not None:
            return _turn_list(values[name], f"{where}: {name}")
    ask = next((n for n in ASKS if values.get(n) is not None), None)
    reply = next((n for n in REPLIES if values.get(n) is not None and n != ask), None)
    if ask is None or reply is None:
        known = "messages, conversations, instruction/output or prompt/completion"
        raise BadInput(f"{where}: no conversation here (columns: {', '.join(values)[:200]}); known shapes: {known}")
    replied = _side(values, reply, "assistant", where)
    if isinstance(values[reply], str):
        replied[0] |= {name: values[name] for name in THOUGHTS if values.get(name)}
    return [*_history(values, where), *_side(values, ask, "user", where), *replied]


def _turn_list(value: Any, where: str) -> list[Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{where}: a string that is not a JSON list of turns") from error
    if not isinstance(value, list):
        raise BadInput(f"{where}: expected a list of turns, found {type(value).__name__}")
    return value


def _side(values: Mapping[str, Any], name: str, role: str, where: str) -> list[Any]:
    """One column as turns: text, or a list of turns as TRL's conversational prompt/completion has it."""
    value = values[name]
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        raise BadInput(f"{where}: {name}: expected text or a list of turns, found {type(value).__name__}")
    extra = values.get("input") if name == "instruction" else None
    if isinstance(extra, str) and extra.strip():
        value = f"{value}\n\n{extra}"
    return [{"role": role, "content": value}]


def _history(values: Mapping[str, Any], where: str) -> list[Any]:
    """Alpaca's earlier rounds: a list of [asked, answered]."""
    rounds = values.get("history") or []
    if not isinstance(rounds, list) or not all(isinstance(r, list | tuple) and len(r) == 2 for r in rounds):
        raise BadInput(f"{where}: history: expected a list of [question, answer] pairs")
    return [
        {"role": role, "content": text} for r in rounds for role, text in zip(("user", "assistant"), r, strict=True)
    ]


def _message(turn: Any, where: str) -> Message:
    if not isinstance(turn, Mapping):
        raise BadInput(f"{where}: a turn should be an object with role and content, found {type(turn).__name__}")
    role = turn.get("role") or turn.get("from")
    if not isinstance(role, str):
        raise BadInput(f"{where}: a turn without role; its keys are {', '.join(map(str, turn))[:100]}")
    if role.lower() not in ROLES:
        raise BadInput(f"{where}: unknown role {role[:40]!r}; known are {', '.join(ROLES)}")
    beside, called = tools.of_turn(turn, role.lower()), role.lower() == tools.CALL_ROLE
    content = turn["content"] if turn.get("content") is not None else turn.get("value")
    role = ROLES[role.lower()]
    text = "" if called or (content is None and beside) else _content(content, where)
    text = _with_thought(turn, text, where) if role == "assistant" else text
    return {"role": role, "content": text, **beside}  # type: ignore[typeddict-item]


def _with_thought(turn: Mapping[str, Any], text: str, where: str) -> str:
    """An assistant's text with the thinking that stands beside it, unless it has some of its own."""
    name = next((n for n in THOUGHTS if turn.get(n) and not isinstance(turn[n], bool | int | float)), None)
    if name is None or THINK_CLOSE in text or not (text.strip() or turn.get("tool_calls")):
        return text
    if not isinstance(turn[name], str):
        raise BadInput(f"{where}: {name}: expected text, found {type(turn[name]).__name__}")
    return join_thinking(turn[name], text) if turn[name].strip() else text


def _content(content: Any, where: str) -> str:
    """A turn's text; OpenAI's list of parts is joined when all are text."""
    if content is None:
        raise Unusable("empty_turn")
    if isinstance(content, list):
        if not all(isinstance(p, Mapping) and isinstance(p.get("text"), str) for p in content):
            raise Unusable("media_unsupported")
        content = "".join(p["text"] for p in content)
    if not isinstance(content, str):
        raise BadInput(f"{where}: a turn's content should be text, found {type(content).__name__}")
    return content


def _label(row: Row, name: str) -> str:
    value = row.values.get(name)
    return value if isinstance(value, str) else ""
