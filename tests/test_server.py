"""The server engine against servers that answer well, badly, late, never, or too much."""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.engines import Completion, Request, servers
from factory.engines.servers.faults import Fault
from factory.engines.servers.reply import Reply
from factory.engines.servers.urls import Url
from factory.errors import BadInput, EngineFailed, FactoryError
from tests.serve import ASKED, GOOD, begin, delta, drawn, http, run, serve, stream, usage

CANARY = "sk-canary-1a2b3c"


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers.urls, "REST", 0.002)
    monkeypatch.setattr(servers.urls, "LONGEST_REST", 0.02)
    for name in ("FACTORY_API_KEY", "OPENAI_API_KEY", "DEEPSEEK_API_KEY"):
        monkeypatch.delenv(name, raising=False)


THOUGHT = "<think>\n4 + 5\n</think>\n\n"
SHAPES = [
    ([delta(content="ni"), delta("stop", content="ne")], "nine", "stop"),
    (
        [delta(reasoning="4 + "), delta(reasoning="5"), delta("stop", content="9")],
        f"{THOUGHT}9",
        "stop",
    ),
    ([delta(reasoning_content="4 + 5"), delta("stop", content="9")], f"{THOUGHT}9", "stop"),
    # some servers write both names
    ([delta(reasoning="a", reasoning_content="a"), delta("stop", content="9")], "<think>\na\n</think>\n\n9", "stop"),
    ([delta("stop", content="<think>a</think> 9")], "<think>a</think> 9", "stop"),
    ([delta(reasoning="a"), delta("length", content=None)], "<think>\na", "length"),
    ([delta(reasoning="a"), delta("stop", content="\n\n")], "<think>\na\n</think>\n\n", "stop"),
    ([delta(content="nine<|im_end|>"), delta("stop")], "nine", "stop"),
    ([delta(content="nine<|im_end|>"), delta("length")], "nine<|im_end|>", "length"),
    ([delta("repetition", content="ha ha")], "ha ha", "stopped_early"),
    ([delta("stop", content="a\0\ud800\u2028b")], "a\0\ud800\u2028b", "stop"),
    ([delta("stop", content="")], "", "stop"),
    (["", ": keep-alive", delta("stop", role="assistant", content="x")][2:], "x", "stop"),
]


@pytest.mark.parametrize(("events", "text", "finish"), SHAPES)
def test_every_shape_becomes_the_canonical_text(events: Sequence[Any], text: str, finish: str) -> None:
    completion, _ = drawn(stream(*events, usage(5, 8, reasoning_tokens=6)))
    assert completion == Completion(text, finish, None, 5, 8, 6)


def test_an_answer_that_is_not_streamed_is_read_too() -> None:
    choice = {"index": 0, "message": {"reasoning": "a", "content": "9"}, "finish_reason": "stop", "stop_reason": 7}
    completion, _ = drawn(http(json.dumps({"choices": [choice], "usage": None})))
    assert completion == Completion("<think>\na\n</think>\n\n9", "stop", "7")


@pytest.mark.parametrize(
    ("request_", "sent", "answer", "text"),
    [
        (
            Request("p", 0, 7, ASKED.messages, prefill="<think>\nSo"),
            {"messages": [*ASKED.messages, {"role": "assistant", "content": "<think>\nSo"}]},
            delta("stop", content=" nine</think>9"),
            "<think>\nSo nine\n</think>\n\n9",
        ),
        (
            Request("p", 0, 7, (), prefill="<think>\n", text="Q:"),
            {"prompt": "Q:<think>\n"},
            {"choices": [{"index": 0, "text": "nine</think>9", "finish_reason": "stop"}]},
            "<think>\nnine\n</think>\n\n9",
        ),
    ],
)
def test_a_prefill_is_continued_and_put_back(request_: Request, sent: Any, answer: Any, text: str) -> None:
    completion, server = drawn(stream(answer), request=request_)
    assert completion.text == text
    assert server.seen[0].items() >= sent.items()
    assert server.seen[0].get("continue_final_message", False) == ("messages" in sent)


def test_every_field_is_sent() -> None:
    _, server = drawn(GOOD, flags={"top_k": 20, "max_tokens": 9}, chat_template_kwargs={"enable_thinking": False})
    expected = {"model": "m", "seed": 7, "temperature": 0.6, "top_p": 0.95, "top_k": 20, "max_tokens": 9}
    assert server.seen[0].items() >= (expected | {"stream": True, "skip_special_tokens": False}).items()
    assert server.seen[0]["chat_template_kwargs"] == {"enable_thinking": False}


async def hang(payload: Any, writer: asyncio.StreamWriter) -> bytes:
    writer.write(GOOD[: GOOD.index(b"data")])
    await writer.drain()
    for _ in range(40):  # keep-alives are no sign of life of this answer
        await asyncio.sleep(0.02)
        writer.write(b": keep-alive\n\n")
        await writer.drain()
    return b""


async def reset(payload: Any, writer: asyncio.StreamWriter) -> bytes:
    writer.transport.abort()
    return b""


async def huge(payload: Any, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\ndata: ")
    for _ in range(66):
        writer.write(b"x" * 2**20)
        await writer.drain()
    return b""


FAULTS = {
    "429": http("{}", 429, extra="Retry-After: 0\r\n"),
    "408": http("{}", 408),
    "500": http('{"error": {"message": "boom"}}', 500),
    "503 in HTML": http("<html>", 503, "text/html"),
    "404, another model": http("{}", 404),
    "redirect": http("", 307, extra="Location: http://127.0.0.1:9/\r\n"),
    "cut": stream(delta(content="ni"), more=100),
    "cut with an end": http(stream(delta(content="ni"))[:-16].partition(b"\r\n\r\n")[2], kind="text/event-stream"),
    "cut JSON": http('{"choices": [{"mess', more=10),
    "no end": stream(delta(content="ni")),
    "garbage": stream("garbage{"),
    "deep": stream("[" * 100_000),
    "a list": stream("[]"),
    "a huge number": stream(f'{{"choices": {"9" * 5000}}}'),
    "HTML": http("<html>welcome</html>", kind="text/html"),
    "packed": http(b"\x1f\x8b\x08", kind="text/event-stream", extra="Content-Encoding: gzip\r\n"),
    "empty choices": stream({"choices": []}, usage(1, 1)),
    "null choices": http('{"choices": null}'),
    "a text of parts": stream(delta("stop", content=[{"text": "x"}])),
    "an error midway": stream(delta(content="ni"), {"error": {"message": "out of memory", "code": 500}}),
    "aborted": stream(delta("abort", content="ni")),
    "out of capacity": stream(delta("insufficient_system_resource")),
    "not HTTP": b"\x00\xff" * 50,
    "nothing": b"",
    "hang": hang,
    "reset": reset,
    "huge": huge,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_tried_again_with_the_same_seed(fault: Any) -> None:
    completion, server = drawn(fault, GOOD, silent=0.2)
    assert completion.text == "nine"
    assert [p["seed"] for p in server.seen] == [7, 7]


@pytest.mark.slow
def test_a_long_answer_may_take_longer_than_any_silence() -> None:
    async def slow(payload: Any, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\n")
        for _ in range(8):
            writer.write(b"data: " + json.dumps(delta(content="x")).encode() + b"\n\n")
            await writer.drain()
            await asyncio.sleep(0.1)
        return b"data: " + json.dumps(delta("stop")).encode() + b"\n\n"

    completion, server = drawn(slow, silent=0.4)
    assert (completion.text, len(server.seen)) == ("x" * 8, 1)


@pytest.mark.slow
def test_a_ten_megabyte_answer_arrives_whole() -> None:
    completion, _ = drawn(stream(delta("stop", content="é" * 5_000_000)))
    assert completion.text == "é" * 5_000_000


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (
            http('{"error": {"message": "too\\n long \\u001b[31m \\u202e"}}', 400),
            BadInput,
            r"400: too long \\x1b\[31m \\u",
        ),
        (http('{"message": "what"}', 422), BadInput, "prompt p: the server says 422: what"),
        (http('{"detail": [{"loc": ["body", "messages"]}]}', 422), BadInput, "messages"),
        (http("x" * 2_000_000, 400, "text/plain"), BadInput, "more than 1 MB"),
        (http("z" * 5000, 400, "text/plain"), BadInput, "z{200}.*…$"),
        (http("{}", 401), EngineFailed, "FACTORY_API_KEY"),
        (stream(delta("content_filter")), BadInput, "content filter"),
        (stream(delta("tool_calls")), BadInput, "called a tool"),
        (stream({"error": {"message": "no", "code": 400}}), BadInput, "400: no"),
    ],
)
def test_what_is_final_is_not_tried_again(answer: bytes, error: type[FactoryError], said: str) -> None:
    with pytest.raises(error, match=said):
        drawn(answer, http("{}", 418))


def test_cancelling_closes_the_connection() -> None:
    gone = asyncio.Event()

    async def endless(payload: Any, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\n")
        try:
            while True:
                writer.write(b"data: " + json.dumps(delta(content="x")).encode() + b"\n\n")
                await writer.drain()
                await asyncio.sleep(0.01)
        except OSError:
            gone.set()
            raise

    async def work() -> None:
        async with serve(endless) as server:
            engine = await begin(server)
            task = asyncio.create_task(engine.draw(ASKED))
            while not server.seen:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(gone.wait(), 5)
            assert all(u.in_flight == 0 for u in engine._urls.all)
            await engine.close()

    run(work)


def test_of_two_servers_one_dies_and_nothing_is_lost() -> None:
    async def work() -> None:
        async with serve(GOOD) as stays, serve(GOOD) as dies:
            engine = await begin(stays, dies)
            first = [asyncio.create_task(engine.draw(Request("p", i, i, ASKED.messages))) for i in range(20)]
            await asyncio.gather(*first)
            assert len(stays.seen) == len(dies.seen) == 10, "least in flight first"
            dies.answers = [reset]
            more = [asyncio.create_task(engine.draw(Request("q", i, i, ASKED.messages))) for i in range(20)]
            assert [c.text for c in await asyncio.gather(*more)] == ["nine"] * 20
            await engine.close()

    run(work)


def test_servers_that_are_all_gone_stop_the_run_and_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with serve(GOOD) as server:
            engine = await begin(server, patience=0.2)
        with pytest.raises(EngineFailed, match=f"{server.url} can't be reached"):
            await engine.draw(ASKED)
        await engine.close()

    run(work)


@pytest.mark.slow
def test_a_prompt_that_breaks_servers_is_given_up_when_others_are_answered() -> None:
    async def work() -> None:
        async def moody(payload: Any, writer: asyncio.StreamWriter) -> bytes:
            return http("{}", 500) if payload["seed"] == 7 else GOOD

        async with serve(moody) as server:
            engine = await begin(server, patience=0.2)
            with pytest.raises(EngineFailed, match=r"prompt p failed \d+ times.* nothing else"):
                await engine.draw(ASKED)
            poisoned = asyncio.create_task(engine.draw(ASKED))
            while not poisoned.done():
                await engine.draw(Request("q", 0, 1, ASKED.messages))
            with pytest.raises(BadInput, match="prompt p: failed 8 times"):
                await poisoned
            await engine.close()

    run(work)


def test_a_failing_server_rests_longer_each_time_and_as_long_as_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers.urls, "REST", 1.0)
    monkeypatch.setattr(servers.urls, "LONGEST_REST", 60.0)

    async def work() -> list[float]:
        url, now, rests = Url("http://localhost:9"), 100.0, []
        for _ in range(12):
            url.failed(Fault("x"), now)
            url.failed(Fault("x"), now)  # in flight with the first: counts once
            rests.append(url.rests_until - now)
            now = url.rests_until
        assert url.failures == 12
        url.failed(Fault("x", wait=90), now)
        assert url.rests_until >= now + 90
        url.failed(Fault("x", wait=1e9), now)
        assert url.rests_until <= now + servers.urls.LONGEST_WAIT
        await url.client.aclose()
        return rests

    rests = run(work)
    assert all(0.1 * min(60, 2**i) <= rest <= min(60, 2**i) for i, rest in enumerate(rests))


@pytest.mark.slow
def test_the_key_is_sent_and_never_seen_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FACTORY_API_KEY", CANARY)
    caplog.set_level(logging.DEBUG)
    for answer in (
        http(json.dumps({"error": {"message": "x" * 290 + CANARY}}), 400),
        http(f"<html>{CANARY}", 401, "text/html"),
        stream({"error": {"message": CANARY, "code": 422}}),
        stream(f"{CANARY}{{"),
        http(CANARY, kind="application/json"),
    ):
        with pytest.raises(FactoryError) as caught:
            drawn(answer, patience=0.2)
        for error in (caught.value, caught.value.__cause__):
            assert "sk-canary" not in f"{error!s} {error!r}"
    completion, server = drawn(stream(delta("stop", content=f"your key is {CANARY}")))
    assert f"authorization: bearer {CANARY}" in server.headers[0].lower()
    assert completion.text == "your key is ***"
    assert "sk-canary" not in caplog.text


@given(st.binary(max_size=200), st.lists(st.integers(1, 9), max_size=30))
def test_lines_do_not_depend_on_how_they_arrive(data: bytes, sizes: list[int]) -> None:
    async def chunks() -> Any:
        rest = data
        for size in sizes:
            yield rest[:size]
            rest = rest[size:]
        yield rest

    async def work() -> list[bytes]:
        return [line async for line in servers.reply.lines(chunks())]

    assert asyncio.run(work()) == data.split(b"\n")


WORDS = "choices delta message index text content reasoning finish_reason stop_reason usage error code"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS.split()),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_event_breaks_the_reader(event: Any) -> None:
    reply = Reply()
    try:
        servers.reply._take(reply, servers.reply.parsed(json.dumps(event).encode()), lambda _: None)
        servers.reply._check(reply)
        reply.text(None)
        reply.count("prompt_tokens")
    except (Fault, FactoryError):
        pass
