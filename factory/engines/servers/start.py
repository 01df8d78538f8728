"""Before the run: which model the servers have, which fields they take, and one request cut at its first token.

Covers naming the fields a server refuses (by asking) or doesn't know (`described.py`) before anything is spent: a field
the user gave stops the run, a default is left out and said. One more answer, of a single token, shows whether tokens
are counted. Does not cover drawing (`engine.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from factory.engines import Request
from factory.engines.sampling import Sampling
from factory.engines.servers import described
from factory.engines.servers.engine import Accepted, ServerEngine
from factory.engines.servers.faults import Fault
from factory.engines.servers.reply import Reply
from factory.engines.servers.urls import PATIENCE, Url, Urls
from factory.engines.texts import VERBATIM
from factory.errors import BadInput, EngineFailed, FactoryError, did_you_mean

OURS: Final[Mapping[str, Any]] = {
    "stream_options": {"include_usage": True},
    **VERBATIM,
    # tokens an event: fewer, larger events cost both sides less (vLLM)
    "stream_interval": 32,
}
"""Sent where they are taken; nobody is told where they aren't."""

EXAMPLE: Final = Request("of the first question to the server", 0, 0, (described.QUESTION,))

FEW: Final = 64
"""Pieces of text after which an answer that should be of one token is left."""

TRIES: Final = 20
"""Questions to one server until its fields are known: each answer rules out one field at least."""


async def start(
    urls: Sequence[str],
    model: str | None,
    sampling: Sampling,
    *,
    chat_template_kwargs: Mapping[str, Any] | None = None,
    example: Request | None = None,
    key: str | None = None,
    patience: float = PATIENCE,
) -> ServerEngine:
    """An engine over servers that all answered. `engine.notes` are lines for the user.

    `model` is a served name, the path a server says it loaded, or None where one model is served. `example` is a
    request like the run's, so that its prefill or raw text is tried too. `key` beats the environment's. `patience`
    is seconds without a sign of life from any server. Raises BadInput, or EngineFailed naming the URL.
    """
    if not urls:
        raise BadInput("the server engine needs a --url")
    asked = [Url(u, key) for u in dict.fromkeys(urls)]
    every = Urls(asked, patience)
    try:
        accepted = await _accepted(asked, model, sampling, chat_template_kwargs or {}, example or EXAMPLE)
        for url in asked:
            accepted = await _try(every, url, accepted, sampling, example or EXAMPLE)
        silent = [u.url for u in asked if not await _tells_tokens(every, u, accepted, sampling, example or EXAMPLE)]
        return ServerEngine(every, _noted(accepted, silent), sampling)
    except BaseException:
        await every.close()
        raise


async def _accepted(
    urls: Sequence[Url], model: str | None, sampling: Sampling, kwargs: Mapping[str, Any], example: Request
) -> Accepted:
    """What the servers say of themselves."""
    cards = await asyncio.gather(*(described.models(u) for u in urls))
    chosen = [described.choose(u, c, model) for u, c in zip(urls, cards, strict=True)]
    names = {str(c["id"]) for c in chosen}
    if len(names) > 1:
        raise BadInput(f"the servers have different models: {', '.join(sorted(names))}; name one with --model")
    lengths = [c["max_model_len"] for c in chosen if isinstance(c.get("max_model_len"), int)]
    fields = {k: v for k, v in sampling.values.items() if k != "max_tokens"} | dict(OURS)
    if kwargs:
        fields["chat_template_kwargs"] = dict(kwargs)
    accepted = Accepted(names.pop(), fields, max_model_len=min(lengths) if len(lengths) == len(urls) else None)
    raw = example.text is not None
    for known in [k for k in await asyncio.gather(*(described.known(u, raw) for u in urls)) if k is not None]:
        for name in [*accepted.fields, "seed"]:
            if name not in known:
                accepted = _without(
                    accepted, name, sampling, f"the server has no such field{did_you_mean(name, known)}"
                )
        accepted = replace(accepted, continues=accepted.continues and "continue_final_message" in known)
    opens = await asyncio.gather(*(described.opens(u, accepted) for u in urls))
    same = opens[0] if len(set(opens)) == 1 else None
    pieces = all(await asyncio.gather(*(described.counts_pieces(u) for u in urls)))
    return replace(accepted, opens=same, counts=None not in opens, pieces=pieces)


class _Answered(Exception):
    """The first text came: enough. Leaving closes the connection, and the server aborts."""


async def _try(urls: Urls, url: Url, accepted: Accepted, sampling: Sampling, example: Request) -> Accepted:
    """Ask one server until it answers, leaving out what it refuses by name."""
    apart = False

    def seen(reply: Reply) -> None:
        nonlocal apart
        apart = bool(reply.reasoning)
        raise _Answered

    faults = 0
    for _ in range(TRIES):
        try:
            await ServerEngine(urls, accepted, sampling).ask(url, example, seen)
        except _Answered:
            break
        except Fault as fault:
            faults += 1
            if faults == 3:
                raise EngineFailed(f"{url.url}: the server {fault}") from fault
            await asyncio.sleep(min(fault.wait or faults, 30.0))
            continue
        except BadInput as error:
            accepted = _after_refusal(url, accepted, sampling, error.message)
            continue
        break
    # a server that takes the thought apart would have taken the opener with it: content is then left as it is
    return replace(accepted, opens=False) if apart else accepted


async def _tells_tokens(urls: Urls, url: Url, accepted: Accepted, sampling: Sampling, example: Request) -> bool:
    """Whether an answer's end tells how many tokens it took, seen on one of a single token."""
    pieces = 0

    def seen(_: Reply) -> None:
        nonlocal pieces
        pieces += 1
        if pieces > FEW:
            raise _Answered

    one = replace(sampling, values={**sampling.values, "max_tokens": 1})
    if accepted.max_tokens is not None:
        with contextlib.suppress(_Answered, Fault, FactoryError):
            reply = await ServerEngine(urls, accepted, one).ask(url, example, seen)
            return reply.count("completion_tokens") is not None
    # no such answer: then it counts if it took the field that asks for it
    return "stream_options" in accepted.fields


def _after_refusal(url: Url, accepted: Accepted, sampling: Sampling, message: str) -> Accepted:
    """What to ask next, after a refusal. Raises BadInput where no field of ours is named, or one of the user's."""
    words = set(re.findall(r"\w+", message))
    if accepted.max_tokens == "max_tokens" and "max_completion_tokens" in words:
        return replace(accepted, max_tokens="max_completion_tokens")
    named = [n for n in (*accepted.fields, "seed", "max_tokens") if n in words and _sent(accepted, n)]
    if not named:
        raise BadInput(f"{url.url}: {message}")
    return _without(accepted, named[0], sampling, message)


def _sent(accepted: Accepted, name: str) -> bool:
    if name == "max_tokens":
        return accepted.max_tokens is not None
    return accepted.seed if name == "seed" else name in accepted.fields


def _without(accepted: Accepted, name: str, sampling: Sampling, why: str) -> Accepted:
    """Leave one field out. Raises BadInput where the user gave it."""
    if name == "chat_template_kwargs" or sampling.origins.get(name) == "flag":
        raise BadInput(f"the server can't take {name}, which you gave: {why}")
    fields = {k: v for k, v in accepted.fields.items() if k != name}
    fewer = replace(accepted, fields=fields)
    if name == "seed":
        return replace(fewer, seed=False)
    if name == "max_tokens":
        fewer = replace(fewer, max_tokens=None)
    if name in OURS:
        return fewer
    return replace(fewer, notes=(*fewer.notes, f"the server doesn't take {name}; its own value holds"))


def _noted(accepted: Accepted, silent: Sequence[str] = ()) -> Accepted:
    notes = list(accepted.notes)
    if silent:
        named = f"{', '.join(silent)} {'counts' if len(silent) == 1 else 'count'} no tokens"
        notes.append(f"{named}: samples come without them, and no --token-budget or price in tokens can be held to")
    if not accepted.seed:
        notes.append("the server takes no seed: samples can't be drawn again")
    if accepted.opens is None and "skip_special_tokens" not in accepted.fields:
        notes.append("the server may drop special tokens: think tags among them vanish from the text")
    if accepted.opens is None:
        notes.append(
            "nobody tells whether the chat template opens the thought: texts stay as they come; if they lack <think>, "
            "use a template with prefill or start the server with its reasoning parser"
        )
    return replace(accepted, notes=tuple(dict.fromkeys(notes)))
