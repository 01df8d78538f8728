"""What a server says of itself when it is asked: its models, the fields it knows, what it counts.

Nothing is drawn here. Does not cover what it refuses when it is tried (`start.py`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from factory.engines.rendering import open_thought
from factory.engines.servers.engine import Accepted
from factory.engines.servers.faults import Fault
from factory.engines.servers.urls import Url
from factory.engines.servers.wire import call
from factory.errors import BadInput, EngineFailed, FactoryError, did_you_mean
from factory.records import Message

_DEEPSEEK: Final = """
messages model thinking reasoning_effort max_tokens response_format stop stream stream_options temperature top_p tools
tool_choice logprobs top_logprobs frequency_penalty presence_penalty
"""
DOCUMENTED: Final[Mapping[str, frozenset[str]]] = {"api.deepseek.com": frozenset(_DEEPSEEK.split())}
"""Request fields of providers that ignore the ones they don't know (api-docs.deepseek.com/api/create-chat-completion).
In thinking mode DeepSeek ignores temperature, presence_penalty and frequency_penalty too (guides/thinking_mode)."""

QUESTION: Final[Message] = {"role": "user", "content": "Say hello."}
"""Where a chat is needed and any will do."""


async def models(url: Url) -> list[dict[str, Any]]:
    """The cards of its models. Raises EngineFailed where it has none to show."""
    try:
        answer = await call(url, f"{url.url}/models")
    except Fault as fault:
        raise EngineFailed(f"{url.url}: the server {fault}") from fault
    except FactoryError as error:
        raise type(error)(f"{url.url}: {error.message}") from error
    cards = answer.get("data")
    if not isinstance(cards, list) or not all(isinstance(c, dict) and isinstance(c.get("id"), str) for c in cards):
        raise EngineFailed(f"{url.url}/models: answered with no list of models; is this an OpenAI-compatible URL?")
    return cards


def choose(url: Url, cards: Sequence[dict[str, Any]], model: str | None) -> dict[str, Any]:
    """The model's card. A server that loaded `model` under another name says so in `root`."""
    for field in ("id", "root"):
        for card in cards:
            if model is not None and card.get(field) == model:
                return card
    names = [c["id"] for c in cards]
    if model is None and len(cards) == 1:
        return cards[0]
    if model is None:
        raise BadInput(f"{url.url}: serves {len(names)} models, name one with --model: {', '.join(names[:20])}")
    raise BadInput(f"{url.url}: serves no model {model!r}{did_you_mean(model, names)}")


async def known(url: Url, raw: bool) -> frozenset[str] | None:
    """The request fields that this server knows, None where it doesn't tell. vLLM and SGLang ignore all others."""
    if url.host in DOCUMENTED:
        return DOCUMENTED[url.host]
    return await _properties(url, "CompletionRequest" if raw else "ChatCompletionRequest")


async def _properties(url: Url, schema: str) -> frozenset[str] | None:
    """What a server's own OpenAPI description lists under this name, None where there is none."""
    with contextlib.suppress(Fault, FactoryError, KeyError, TypeError, AttributeError):
        described = await call(url, f"{url.root}/openapi.json")
        return frozenset(str(name) for name in described["components"]["schemas"][schema]["properties"]) or None
    return None


async def counts_pieces(url: Url) -> bool:
    """Whether every piece of a stream can come with the tokens so far (vLLM, SGLang)."""
    if url.host in DOCUMENTED:
        return False
    return "continuous_usage_stats" in (await _properties(url, "StreamOptions") or ())


async def opens(url: Url, accepted: Accepted) -> bool | None:
    """Whether the chat template ends in an open thought, read off the tokens of a prompt (vLLM)."""
    if url.host in DOCUMENTED:
        return None
    named = {"model": accepted.model}
    asked = {**named, "messages": [QUESTION]}
    if kwargs := accepted.fields.get("chat_template_kwargs"):
        asked["chat_template_kwargs"] = kwargs
    with contextlib.suppress(Fault, FactoryError, KeyError, TypeError):
        tokens = (await call(url, f"{url.root}/tokenize", asked))["tokens"]
        answer = await call(url, f"{url.root}/detokenize", {**named, "tokens": tokens[-32:]})
        return open_thought(str(answer["prompt"]), "") is not None
    return None
