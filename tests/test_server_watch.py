"""The server engine stops hopeless samples where the server counts tokens as they come."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from factory.engines import Completion
from tests.serve import ASKED, begin, delta, http, run, serve, stream, usage

DESCRIBED = {"components": {"schemas": {"StreamOptions": {"properties": {"continuous_usage_stats": {}}}}}}


def _piece(text: str, tokens: int, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {**delta(finish, **(fields or {"content": text})), "usage": usage(3, tokens)["usage"]}


def _drawn(
    answer: Any, *, counts: bool = True, stops: int = 0, gone: asyncio.Event | None = None
) -> tuple[Completion, dict[str, Any], list[Any]]:
    """One watched draw: what came, what was asked, what was looked at."""
    looked: list[tuple[str, int]] = []

    async def watch(text: str, tokens: int) -> str | None:
        looked.append((text, tokens))
        return "repetition:loop" if tokens >= stops else None

    async def work() -> tuple[Completion, dict[str, Any]]:
        async with serve(answer) as server:
            if counts:
                server.other["/openapi.json"] = http(json.dumps(DESCRIBED))
            engine = await begin(server)
            try:
                completion = await engine.draw(replace(ASKED, watch=watch))
                if gone:
                    await asyncio.wait_for(gone.wait(), 5)
                return completion, server.seen[-1]
            finally:
                await engine.close()

    return (*run(work), looked)


@pytest.mark.parametrize("stops", [0, 600])
def test_a_stopped_sample_is_what_had_come_and_its_connection_is_closed(stops: int) -> None:
    gone = asyncio.Event()

    async def endless(payload: Any, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\n")
        try:
            for tokens in range(1, 10**6, 32):
                writer.write(f"data: {json.dumps(_piece('', tokens, reasoning='ha '))}\n\n".encode())
                await writer.drain()
                await asyncio.sleep(0.002)
        except OSError:
            gone.set()
            raise
        return b""

    completion, asked, _ = _drawn(endless, stops=stops, gone=gone)
    at = 513 if stops == 0 else 1025
    text = "<think>\n" + "ha " * (at // 32 + 1)
    assert completion == Completion(text, "stopped_early", "repetition:loop", 3, at)
    assert asked["stream_options"] == {"include_usage": True, "continuous_usage_stats": True}


def test_a_sample_that_ends_is_looked_at_below_its_length_only() -> None:
    ends = stream(_piece("a", 511), _piece("b", 600), _piece("c", 601), _piece("d", 1024, "stop"), usage(3, 1024))
    completion, _, looked = _drawn(ends, stops=10**9)
    assert (completion.text, completion.finish_reason, completion.completion_tokens) == ("abcd", "stop", 1024)
    assert looked == [("ab", 600)]


def test_the_word_about_a_sample_that_ended_meanwhile_still_decides() -> None:
    completion, _, _ = _drawn(stream(_piece("a", 600), _piece("b", 700, "stop")))
    assert (completion.text, completion.stop_reason, completion.completion_tokens) == ("a", "repetition:loop", 600)


def test_a_server_that_does_not_count_on_the_way_is_not_asked_to_and_nothing_is_looked_at() -> None:
    completion, asked, looked = _drawn(stream(delta(content="x"), delta("stop"), usage(3, 9000)), counts=False)
    assert (completion.text, completion.finish_reason, looked) == ("x", "stop", [])
    assert asked["stream_options"] == {"include_usage": True}
