"""Tool calls, tool turns and the tools on offer: carried whole beside a row's plain columns, never put into text.

    {"messages": [{"role": "user", "content": "Weather in Oslo?"},
                  {"role": "assistant", "content": "", "tool_calls": [
                      {"type": "function", "function": {"name": "weather", "arguments": {"city": "Oslo"}}}]},
                  {"role": "tool", "name": "weather", "content": "4 degrees"},
                  {"role": "assistant", "content": "It is 4 degrees."}],
     "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]}

Read in OpenAI's shape, its older one (`functions`, `function_call`) and sharegpt's (turns from `function_call` and
`observation`). Arguments in a string are parsed: templates print a string as a string. Nulls that Parquet puts where
another row has a key are taken out again. What can't be read so is `tools_unsupported`.
Does not cover the shape in which rows are handed over (`formats.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from factory.blending.thinking import Unusable
from factory.records import Message

UNSUPPORTED: Final = "tools_unsupported"
TOOL_ROLES: Final = {"tool", "function", "function_response", "observation", "ipython"}
CALL_ROLE: Final = "function_call"
"""A sharegpt turn that is a call and nothing else."""
BESIDE: Final = ("name", "tool_call_id")
"""What a tool turn says of itself beside its content."""


def offered(values: Mapping[str, Any]) -> list[Any]:
    """The tools a row offers, as they stand there. Raises Unusable."""
    if values.get("tools"):
        return _listed(values["tools"])
    return [{"type": "function", "function": tool} for tool in _listed(values.get("functions") or [])]


def of_turn(turn: Mapping[str, Any], role: str) -> dict[str, Any]:
    """What a turn holds beside role and content: an assistant's calls, a tool's name and call. Raises Unusable."""
    if role in TOOL_ROLES:
        return {key: turn[key] for key in BESIDE if turn.get(key)}
    calls = turn.get("tool_calls") or turn.get("function_call")
    if role == CALL_ROLE:
        calls = turn.get("value") or turn.get("content")
    return {"tool_calls": [_call(call) for call in _listed(calls)]} if calls else {}


def holds_calls(turn: Mapping[str, Any]) -> bool:
    """Whether a turn calls tools."""
    return bool(turn.get("tool_calls"))


def pack(messages: Sequence[Message], tools: Sequence[Any]) -> str:
    """A conversation with its tools as JSON; empty where there are none. Raises Unusable."""
    if not tools and all(turn.keys() <= {"role", "content"} and turn["role"] != "tool" for turn in messages):
        return ""
    try:
        return json.dumps({"messages": messages, "tools": tools}, ensure_ascii=False, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise Unusable(UNSUPPORTED) from error


def _call(call: Any) -> dict[str, Any]:
    inner = call.get("function", call) if isinstance(call, Mapping) else None
    if not isinstance(inner, Mapping) or not isinstance(inner.get("name"), str):
        raise Unusable(UNSUPPORTED)
    arguments = inner.get("arguments") or {}
    arguments = _parsed(arguments) if isinstance(arguments, str) else arguments
    if not isinstance(arguments, Mapping):
        raise Unusable(UNSUPPORTED)
    beside = {"id": call["id"]} if call.get("id") else {}
    return {**beside, "type": "function", "function": {"name": inner["name"], "arguments": arguments}}


def _listed(value: Any) -> list[Any]:
    """Objects in a list, one alone, or JSON of either."""
    value = _parsed(value) if isinstance(value, str) else _without_nulls(value)
    value = [value] if isinstance(value, Mapping) else value
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise Unusable(UNSUPPORTED)
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable(UNSUPPORTED) from error


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value
