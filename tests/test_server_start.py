"""What the server engine finds out before a run: keys, URLs, models, fields that servers refuse."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from factory.engines import Request, servers
from factory.engines.sampling import resolve
from factory.engines.servers.engine import Accepted, ServerEngine
from factory.engines.servers.start import start
from factory.engines.servers.urls import Url, Urls
from factory.errors import BadInput, FactoryError
from factory.records import PROMPTS_AT_WORK
from tests.serve import ASKED, GOOD, Server, begin, delta, http, run, serve, stream

CANARY = "sk-canary-1a2b3c"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FACTORY_API_KEY", "OPENAI_API_KEY", "DEEPSEEK_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variable", "host", "sent"),
    [
        ("FACTORY_API_KEY", "10.0.0.1", True),
        ("OPENAI_API_KEY", "api.openai.com", True),
        ("OPENAI_API_KEY", "10.0.0.1", False),
        ("DEEPSEEK_API_KEY", "api.deepseek.com", True),
        ("DEEPSEEK_API_KEY", "api.openai.com", False),
    ],
)
def test_a_providers_key_goes_to_that_provider_only(
    monkeypatch: pytest.MonkeyPatch, variable: str, host: str, sent: bool
) -> None:
    monkeypatch.setenv(variable, f"{CANARY}\n")
    assert servers.urls.environment_key(host) == (CANARY if sent else None)


def test_an_unusable_key_is_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTORY_API_KEY", f"{CANARY}\x01")
    with pytest.raises(BadInput, match="FACTORY_API_KEY") as caught:
        servers.urls.environment_key("x")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://x", "http://", "http://x:99999", "http://[", "/v1"])
def test_a_bad_url_is_named(url: str) -> None:
    with pytest.raises(BadInput, match="--url"):
        run(lambda: start([url], None, resolve({}, {})))


@pytest.mark.parametrize("url", [f"http://u:{CANARY}@x/v1", f"http://x/v1?key={CANARY}", f"http://{CANARY}@x"])
def test_a_url_with_a_key_in_it_is_refused_unseen(url: str) -> None:
    with pytest.raises(BadInput, match="FACTORY_API_KEY") as caught:
        run(lambda: start([url], None, resolve({}, {})))
    assert "canary" not in str(caught.value)


def refusing(name: str, instead: bytes = GOOD) -> Any:
    async def answer(payload: Any, writer: asyncio.StreamWriter) -> bytes:
        refused = http(json.dumps({"error": {"message": f"Unsupported parameter: '{name}'."}}), 400)
        return refused if name in payload else instead

    return answer


def started(*answers: Any, change: Callable[[Server], None] = lambda _: None, **more: Any) -> ServerEngine:
    async def work() -> ServerEngine:
        async with serve(*answers) as server:
            change(server)
            engine = await start([server.url], more.pop("model", "m"), resolve(more.pop("flags", {}), {}), **more)
            await engine.close()
            return engine

    return run(work)


@pytest.mark.parametrize("name", ["top_p", "seed", "max_tokens", "stream_options", "skip_special_tokens"])
def test_a_default_that_is_refused_is_left_out(name: str) -> None:
    engine = started(refusing(name))
    assert name not in engine.accepted.fields
    assert any(name in note for note in engine.notes) == (name in ("top_p", "seed", "max_tokens"))


@pytest.mark.parametrize("name", ["top_k", "max_tokens", "temperature"])
def test_a_field_of_the_users_that_is_refused_stops_the_run(name: str) -> None:
    with pytest.raises(BadInput, match=f"can't take {name}, which you gave: .*Unsupported"):
        started(refusing(name), flags={name: 1})
    with pytest.raises(BadInput, match="chat_template_kwargs"):
        started(refusing("chat_template_kwargs"), chat_template_kwargs={"x": 1})


SILENT = stream(delta("stop", content="nine"))


async def endless(payload: Any, writer: asyncio.StreamWriter) -> bytes:
    writer.write(SILENT[: SILENT.index(b"Content-Length")] + b"\r\n")
    for _ in range(1000):
        writer.write(b"data: " + json.dumps(delta(content="x")).encode() + b"\n\n")
    await writer.drain()
    await asyncio.Event().wait()
    return b""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (GOOD, False),
        (refusing("stream_options"), False),  # and counts all the same
        (SILENT, True),
        (refusing("stream_options", SILENT), True),
        (refusing("stream_options", stream(delta(content="no end"))), True),
        (stream(delta(content="no end")), False),
        (endless, False),
    ],
)
def test_a_server_that_counts_no_tokens_is_named_before_the_run(answer: Any, said: bool) -> None:
    notes = [note for note in started(answer).notes if "counts no tokens" in note]
    assert len(notes) == said
    assert all(note.startswith("http://127.0.0.1:") for note in notes)


def test_servers_that_count_no_tokens_are_named_in_one_note() -> None:
    async def work() -> None:
        async with serve(SILENT) as one, serve(SILENT) as other, serve(GOOD) as counts:
            engine = await start([one.url, other.url, counts.url], "m", resolve({}, {}))
            await engine.close()
            (note,) = [note for note in engine.notes if "tokens:" in note]
            assert note.startswith(f"{one.url}, {other.url} count no tokens")
            assert [p["max_tokens"] for p in one.seen] == [32768, 1]

    run(work)


def test_max_tokens_may_be_called_otherwise() -> None:
    async def answer(payload: Any, writer: asyncio.StreamWriter) -> bytes:
        said = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        return http(json.dumps({"error": {"message": said}}), 400) if "max_tokens" in payload else GOOD

    assert started(answer, flags={"max_tokens": 5}).accepted.max_tokens == "max_completion_tokens"


def test_fields_that_a_server_would_silently_ignore_are_named() -> None:
    known = {"model", "messages", "temperature", "top_p", "top_k", "max_tokens", "stream", "stream_options"}
    described = {"components": {"schemas": {"ChatCompletionRequest": {"properties": {name: {} for name in known}}}}}

    def describe(server: Server) -> None:
        server.other["/openapi.json"] = http(json.dumps(described))

    engine = started(GOOD, change=describe)
    assert "seed" not in engine.accepted.fields
    assert not engine.accepted.seed
    with pytest.raises(BadInput, match=r"tpo_k.*did you mean 'top_k'"):
        started(GOOD, change=describe, flags={"tpo_k": 3})
    with pytest.raises(BadInput, match="can't continue a prefilled answer"):
        started(GOOD, change=describe, example=Request("p", 0, 0, ASKED.messages, prefill="<think>\n"))


CARDS = {"data": [{"id": "a", "root": "/x"}, {"id": "b", "root": "/ckpt"}]}


@pytest.mark.parametrize(
    ("listed", "model", "chosen"),
    [
        (CARDS, "b", "b"),
        (CARDS, "/x", "a"),
        ({"data": [{"id": "a"}]}, None, "a"),
        (CARDS, None, "2 models.*a, b"),
        (CARDS, "c", "no model 'c'"),
        ({"data": "x"}, None, "no list of models"),
        ([], None, "no JSON object"),
    ],
)
def test_the_model_is_a_served_one(listed: Any, model: str | None, chosen: str) -> None:
    def change(server: Server) -> None:
        server.models = http(json.dumps(listed))

    if len(chosen) == 1:
        assert started(GOOD, change=change, model=model).accepted.model == chosen
    else:
        with pytest.raises(FactoryError, match=chosen):
            started(GOOD, change=change, model=model)


def test_servers_of_different_models_are_not_mixed() -> None:
    async def work() -> None:
        async with serve(GOOD) as one, serve(GOOD) as other:
            other.models = http('{"data": [{"id": "n"}]}')
            with pytest.raises(BadInput, match="different models: m, n"):
                await start([one.url, other.url], None, resolve({}, {}))

    run(work)


def test_an_answer_gets_what_the_context_leaves() -> None:
    def change(server: Server) -> None:
        server.models = http('{"data": [{"id": "m", "max_model_len": 100}]}')
        server.other["/tokenize"] = http('{"count": 30, "tokens": [1]}')
        server.other["/detokenize"] = http('{"prompt": "<|assistant|><think>\\n"}')

    async def work() -> None:
        async with serve(GOOD) as server:
            change(server)
            engine = await begin(server, flags={"max_tokens": 90})
            completion = await engine.draw(ASKED)
            assert server.seen[0]["max_tokens"] == 70
            assert completion.text == "<think>\nnine", "the chat template had opened the thought"
            server.other["/tokenize"] = http('{"count": 100}')
            with pytest.raises(BadInput, match="prompt p: leaves no room"):
                await engine.draw(Request("p", 0, 7, ({"role": "user", "content": "longer"},)))
            await engine.close()

    run(work)


def test_all_prompts_at_work_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def counted(*_: Any) -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"count": 3}

    async def work() -> None:
        url = Url("http://localhost:9")
        engine = ServerEngine(Urls([url]), Accepted("m", {}), resolve({}, {}))
        for number in [*range(PROMPTS_AT_WORK + 1), *range(1, PROMPTS_AT_WORK + 1)]:
            await engine._count(url, Request("p", 0, 0, (), text=str(number)))
        assert len(engine._counted) == PROMPTS_AT_WORK
        await engine.close()

    monkeypatch.setattr(servers.engine, "call", counted)
    run(work)
    assert asked == PROMPTS_AT_WORK + 1


def test_fields_that_a_provider_does_not_document_are_not_sent_to_it() -> None:
    async def work() -> frozenset[str] | None:
        url = Url("https://api.deepseek.com")
        try:
            return await servers.described.known(url, raw=False)
        finally:
            await url.client.aclose()

    known = run(work)
    assert known is not None
    assert not known & {"seed", "top_k", "min_p", "skip_special_tokens", "continue_final_message"}


def test_a_server_that_takes_thoughts_apart_needs_no_opener() -> None:
    assert started(stream(delta(reasoning="a"))).accepted.opens is False
    engine = started(GOOD)
    assert engine.accepted.opens is None
    assert any("opens the thought" in note for note in engine.notes)
