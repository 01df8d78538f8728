"""OpenAI-compatible servers (vLLM, SGLang, DeepSeek's API) behind one or more base URLs, as an engine.

Covers asking: one streamed request a sample, retried elsewhere or later when it fails, its connection closed when the
draw is cancelled (servers abort then). An answer may take as long as it likes while text comes. A watched sample is
looked at where the server counts tokens in every piece, else never: at the end of the first piece at or beyond a count
(vLLM's end every 32 tokens), as the text and the number of tokens are there. Does not cover finding out what a server
can do (`start.py`, which makes the engine), reading an answer (`reply.py`), whose fault failures are (`tries.py`), or
which URL is asked (`urls.py`). Keys come from the environment only and reach nothing but request headers.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from factory.engines import Completion, Request, thinking_budget
from factory.engines.rendering import open_thought
from factory.engines.sampling import Sampling
from factory.engines.servers.faults import Fault
from factory.engines.servers.reply import Reply, read_reply
from factory.engines.servers.tries import Tries
from factory.engines.servers.urls import Url, Urls
from factory.engines.servers.wire import call, faults_of, post
from factory.engines.texts import FINISH
from factory.engines.watching import Show, counts, watched
from factory.errors import BadInput
from factory.records import PROMPTS_AT_WORK, THINK_FORCED

QUEUED: Final = 1800.0
SILENT: Final = 600.0
"""Seconds an answer may take to its first text (a full server queues requests), and between two pieces of text. A
server that doesn't stream has QUEUED for the whole answer."""

TEMPLATE_BYTES: Final = 4096
"""What a chat template may add to the messages. A token is a byte at least, so longer prompts are counted."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What `start` found out: the request's constant fields and what the servers can do.

    `opens` tells whether the chat template itself opens the thought (None: nobody can tell), `pieces` whether every
    piece of a stream can come with a token count.
    """

    model: str
    fields: Mapping[str, Any]
    seed: bool = True
    max_tokens: str | None = "max_tokens"
    continues: bool = True
    counts: bool = False
    opens: bool | None = None
    pieces: bool = False
    max_model_len: int | None = None
    notes: tuple[str, ...] = field(default=())


class ServerEngine:
    """An engine (see `factory.engines.Engine`) over servers; made by `start.start`."""

    name = "server"

    def __init__(self, urls: Urls, accepted: Accepted, sampling: Sampling) -> None:
        self.accepted = accepted
        self.notes = accepted.notes
        self.max_model_len = accepted.max_model_len
        self._urls = urls
        self._sampling = sampling
        self._queued = QUEUED
        self._silent = SILENT
        self.then_close: Callable[[], Awaitable[None]] | None = None
        self._counted: OrderedDict[tuple[Any, ...], int] = OrderedDict()

    async def draw(self, request: Request) -> Completion:
        """Draw one sample to its end; cancelling closes its connection.

        Raises BadInput when this prompt can't be drawn, EngineFailed when no server answers or none lets us in.
        """
        tries = Tries(request.prompt_id, self._urls)
        while True:
            try:
                async with self._urls.turn() as url:
                    if request.watch is None or not self._watches(request):
                        return self._completion(request, await self.ask(url, request))
                    return await watched(partial(self._grow, url, request), request.watch)
            except Fault as fault:
                tries.failed(fault)
            except BadInput as error:
                raise BadInput(f"prompt {request.prompt_id}: {error.message}") from error

    async def close(self) -> None:
        """Close the connections; no draw is in flight any more."""
        try:
            await self._urls.close()
        finally:
            if self.then_close is not None:
                await self.then_close()

    async def ask(self, url: Url, request: Request, seen: Callable[[Reply], None] = lambda _: None) -> Reply:
        """One attempt at one URL; `seen` is called as text comes. Raises Fault where another may succeed."""
        payload = await self._payload(url, request)
        path = "/chat/completions" if request.text is None else "/completions"
        loop = asyncio.get_running_loop()
        async with faults_of(self._queued) as clock:
            last = 0.0

            def alive(reply: Reply) -> None:
                nonlocal last
                seen(reply)
                if (now := loop.time()) > last + 0.1:  # often enough, and cheap when every token is an event
                    last = now
                    clock.reschedule(now + self._silent)

            async with post(url, url.url + path, payload) as response:
                return await read_reply(response, alive, self._urls.alive)

    def _watches(self, request: Request) -> bool:
        return request.watch is not None and self.accepted.pieces and "stream_options" in self.accepted.fields

    async def _grow(self, url: Url, request: Request, show: Show) -> Completion:
        """One attempt, shown on its way."""
        later = counts()
        due = next(later)

        def seen(reply: Reply) -> None:
            nonlocal due
            tokens = reply.count("completion_tokens")
            if tokens is not None and tokens >= due and reply.finish_reason is None:
                show(replace(self._completion(request, reply), finish_reason="stopped_early"))
                while due <= tokens:
                    due = next(later)

        return self._completion(request, await self.ask(url, request, seen))

    async def _payload(self, url: Url, request: Request) -> dict[str, Any]:
        made: dict[str, Any] = {"model": self.accepted.model, **self.accepted.fields, "stream": True}
        if self._watches(request):
            made["stream_options"] = {**made["stream_options"], "continuous_usage_stats": True}
        if self.accepted.seed:
            made["seed"] = request.seed
        if self.accepted.max_tokens and (most := await self._max_tokens(url, request)) is not None:
            made[self.accepted.max_tokens] = most
        if request.text is not None:
            made.pop("chat_template_kwargs", None)
            return made | {"prompt": request.text + request.prefill}
        return made | self._chat(request)

    def _chat(self, request: Request) -> dict[str, Any]:
        """The messages; with a prefill the last one is the answer's beginning, which the server continues."""
        turns = [dict(m) for m in request.messages]
        if not request.prefill:
            return {"messages": turns}
        if not self.accepted.continues:
            raise BadInput("the server can't continue a prefilled answer; use a template without prefill")
        turns.append({"role": "assistant", "content": request.prefill})
        return {"messages": turns, "add_generation_prompt": False, "continue_final_message": True}

    async def _max_tokens(self, url: Url, request: Request) -> int | None:
        """The longest answer that fits; None leaves it to the server. Raises BadInput where none fits."""
        most, context = self._sampling.max_tokens, self.max_model_len
        if context is None:
            return most
        written = [m["content"] for m in request.messages] + [request.text or "", request.prefill]
        longest = sum(len(t.encode("utf-8", "replace")) for t in written) + TEMPLATE_BYTES
        if most + longest <= context:
            return most
        if not self.accepted.counts:
            # vLLM refuses what might not fit, and without the field takes what does (chat only)
            chosen = self._sampling.origins.get("max_tokens") == "flag" or request.text is not None
            return most if chosen else None
        room = context - await self._count(url, request)
        if room < 1:
            raise BadInput(f"leaves no room for an answer within the server's {context} tokens; shorten it")
        return min(most, room)

    async def _count(self, url: Url, request: Request) -> int:
        """The prompt's length in tokens, asked of the server once a prompt."""
        key = (tuple((m["role"], m["content"]) for m in request.messages), request.text, request.prefill)
        if key not in self._counted:
            asked = {"prompt": request.text + request.prefill} if request.text is not None else self._chat(request)
            kwargs = self.accepted.fields.get("chat_template_kwargs")
            asked |= {"chat_template_kwargs": kwargs} if kwargs and request.text is None else {}
            answer = await call(url, f"{url.root}/tokenize", {"model": self.accepted.model, **asked})
            if not isinstance(answer.get("count"), int):
                raise Fault("counted no tokens")
            self._counted[key] = answer["count"]
            if len(self._counted) > PROMPTS_AT_WORK:
                self._counted.popitem(last=False)
        self._counted.move_to_end(key)
        return self._counted[key]

    def _completion(self, request: Request, reply: Reply) -> Completion:
        if request.text is not None or request.prefill:
            begun = open_thought(request.text or "", request.prefill)
        else:
            begun = "" if self.accepted.opens else None
        thought = reply.count("completion_tokens_details", "reasoning_tokens")
        budget = self._sampling.values.get(thinking_budget.FIELD)
        forced = budget is not None and thinking_budget.cut_by_count(thought, budget)
        return Completion(
            text=reply.text(begun),
            finish_reason=FINISH.get(reply.finish_reason, "unknown"),
            stop_reason=THINK_FORCED if forced else reply.stop_reason,
            prompt_tokens=reply.count("prompt_tokens"),
            completion_tokens=reply.count("completion_tokens"),
            reasoning_tokens=thought,
        )
