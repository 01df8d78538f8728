"""Read what a server answers: a stream of events or one JSON body, checked, of bounded size.

    data: {"choices": [{"index": 0, "delta": {"reasoning": "4 + 5"}, "finish_reason": null}]}
    data: {"choices": [{"index": 0, "delta": {"content": "9"}, "finish_reason": "stop"}]}
    data: {"choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": 9}}
    data: [DONE]

Covers the words `reasoning` (vLLM, SGLang), `reasoning_content` (DeepSeek, older servers) and think tags in `content`,
and the canonical text they make. Does not cover retries (`faults.py`) nor which server is asked (`urls.py`).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from factory.engines.servers.faults import Fault, refusal
from factory.engines.texts import FINISH, without_end
from factory.errors import BadInput, FactoryError
from factory.records import THINK_OPEN, join_thinking, restore_opener

if TYPE_CHECKING:
    import httpx

MAX_BYTES: Final = 64 * 2**20
"""Of one line, one body or one text: an answer of 256k tokens is a few MB, what is beyond this is hostile."""

NO_SAMPLE: Final[Mapping[str, str]] = {
    "content_filter": "the server's content filter cut the answer",
    "tool_calls": "the model called a tool, and none is offered; a template may be asking for it",
    "function_call": "the model called a function, and none is offered; a template may be asking for it",
}
"""Ends that another try would only repeat; all other ones (abort, error, insufficient_system_resource) are retried."""

ENDS: Final = (
    "<|im_end|>",
    "<|endoftext|>",
    "</s>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<｜end▁of▁sentence｜>",
    "<eos>",
    "<end_of_turn>",
)
"""End tokens of the usual model families: some servers write them where special tokens are asked for."""


@dataclass(slots=True)
class Reply:
    """One answer as it came; lists of pieces."""

    reasoning: list[str] = field(default_factory=list)
    content: list[str] = field(default_factory=list)
    finish_reason: str | None = None
    stop_reason: str | None = None
    usage: Mapping[str, Any] = field(default_factory=dict)
    choices: int = 0
    size: int = 0

    def text(self, begun: str | None) -> str:
        """The canonical text; `begun` is the thought that the prompt has already written, None where it opened none.

        A thought after which nothing came, not even a blank, was never closed.
        """
        reasoning, content = "".join(self.reasoning), "".join(self.content)
        if self.finish_reason == "stop":
            content = without_end(content, ENDS)
            reasoning = reasoning if content else without_end(reasoning, ENDS)
        if reasoning.strip():
            thought = (begun or "") + reasoning
            return join_thinking(thought, content) if content else f"{THINK_OPEN}\n{thought.lstrip()}"
        return content if begun is None else restore_opener(begun + content)

    def count(self, *path: str) -> int | None:
        """A token count out of `usage`, None where it isn't told."""
        value: Any = self.usage
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None


async def read_reply(
    response: httpx.Response, alive: Callable[[Reply], None], heard: Callable[[], None] = lambda: None
) -> Reply:
    """Read one answer to its end; `alive` is called whenever text came, `heard` for every line, keep-alives too.

    Raises Fault for what is worth another try, BadInput and EngineFailed for what is final.
    """
    if response.status_code != 200:
        raise refusal(response.status_code, await error_message(response), response.headers.get("retry-after"))
    reply = Reply()
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        secret = _secret(response)
        async for line in lines(response.aiter_raw()):
            heard()
            if line.startswith(b"data:") and (data := line[5:].strip()) != b"[DONE]":
                _take(reply, parsed(_hide(data, secret)), alive)
    elif kind == "application/json":
        _take(reply, parsed(await body(response)), alive)
    else:
        raise Fault(f"answered with content type {visible(kind, 50)!r}, not a stream of events")
    _check(reply)
    return reply


async def error_message(response: httpx.Response) -> str:
    """What the body of a refusal says, in whatever shape."""
    try:
        data = await body(response, most=2**20)
    except Fault as fault:
        return str(fault)
    try:
        return message_of(parsed(data))
    except Fault:
        return visible(data.decode("utf-8", "replace"))


def message_of(event: Mapping[str, Any]) -> str:
    """The message of an error object: OpenAI's, vLLM's, FastAPI's."""
    error = event.get("error") or event.get("message") or event.get("detail") or event
    if isinstance(error, dict):
        error = error.get("message") or error
    return visible(error if isinstance(error, str) else json.dumps(error))


def visible(text: str, most: int = 300) -> str:
    """A server's words as one line: cut, control characters and bidi marks shown as escapes."""
    words = " ".join(text[: 4 * most].split())
    words = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words)
    return words if len(words) <= most else f"{words[: most - 1]}…"


async def body(response: httpx.Response, most: int = MAX_BYTES) -> bytes:
    """The whole body, our key struck out of it. Raises Fault beyond `most` bytes."""
    read = bytearray()
    async for chunk in response.aiter_raw():
        read += chunk
        if len(read) > most:
            raise Fault(f"sent a body of more than {most // 2**20} MB")
    return _hide(bytes(read), _secret(response))


def _secret(response: httpx.Response) -> bytes:
    return bytes(response.request.headers.get("authorization", "").removeprefix("Bearer ").encode())


def _hide(data: bytes, secret: bytes) -> bytes:
    """Without our key: what a server echoes reaches messages, the ledger and shards."""
    return data.replace(secret, b"***") if secret and secret in data else data


async def lines(chunks: AsyncIterator[bytes], most: int = MAX_BYTES) -> AsyncIterator[bytes]:
    """Lines of a body, in linear time. Raises Fault for one of more than `most` bytes."""
    pending: list[bytes] = []
    size = 0
    async for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            yield b"".join([*pending, part])
            pending, size = [], 0
        pending.append(rest)
        size += len(rest)
        if size > most:
            raise Fault(f"sent a line of more than {most // 2**20} MB")
    yield b"".join(pending)


def parsed(data: bytes) -> dict[str, Any]:
    """A JSON object. Raises Fault for anything else."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Fault(f"sent what is no JSON object: {visible(data[:400].decode('utf-8', 'replace'), 80)!r}")
    return value


def _take(reply: Reply, event: dict[str, Any], alive: Callable[[Reply], None]) -> None:
    """Add one event (or a whole body) to the reply."""
    if event.get("error") or event.get("object") == "error":
        raise _error(event)
    if isinstance(event.get("usage"), dict):
        reply.usage = event["usage"]
    choices = event.get("choices") or []
    if not isinstance(choices, list) or not all(isinstance(c, dict) for c in choices):
        raise Fault("sent choices that are no list of objects")
    before = reply.size
    for choice in choices:
        if choice.get("index", 0) == 0:
            _take_choice(reply, choice)
    if reply.size > before:
        alive(reply)
    if reply.size > MAX_BYTES:
        raise Fault(f"sent a text of more than {MAX_BYTES // 2**20} MB")


def _take_choice(reply: Reply, choice: dict[str, Any]) -> None:
    part = choice.get("delta") or choice.get("message") or choice
    if not isinstance(part, dict):
        raise Fault("sent a choice that is no object")
    thought = _string(part, "reasoning") or _string(part, "reasoning_content")
    content = _string(part, "content") or _string(choice, "text")
    # pieces that are empty would grow the lists without end
    reply.reasoning += [thought] if thought else []
    reply.content += [content] if content else []
    reply.size += len(thought) + len(content)
    reply.choices += 1
    reply.finish_reason = _string(choice, "finish_reason") or reply.finish_reason
    if choice.get("stop_reason") is not None:
        reply.stop_reason = visible(str(choice["stop_reason"]))


def _string(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Fault(f"sent a {key} that is no text")
    return value


def _error(event: dict[str, Any]) -> FactoryError | Exception:
    """An error in mid-stream carries its status as `code`, if at all."""
    inner = event.get("error")
    code = inner.get("code") if isinstance(inner, dict) else event.get("code")
    return refusal(code if isinstance(code, int) else 500, message_of(event))


def _check(reply: Reply) -> None:
    if not reply.choices:
        raise Fault("sent no choices")
    reason = reply.finish_reason
    if reason is None:
        raise Fault("broke off before the answer ended")
    if reason in NO_SAMPLE:
        raise BadInput(f"{NO_SAMPLE[reason]} (finish_reason {reason})")
    if reason not in FINISH:
        raise Fault(f"ended the answer with finish_reason {visible(reason, 50)!r}")
