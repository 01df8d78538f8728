"""Whose fault it is when a draw keeps failing, and how long servers that give no answer are waited for."""

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from factory.engines import Request, servers
from factory.engines.servers.faults import Fault, refusal
from factory.engines.servers.reply import Reply
from factory.engines.servers.tries import Tries
from factory.engines.servers.urls import Url, Urls
from factory.errors import BadInput, EngineFailed
from tests.serve import ASKED, GOOD, begin, run, serve
from tests.test_server import reset


def test_an_outage_is_no_fault_of_the_prompts_in_flight_though_others_were_answered_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work() -> None:
        begun, out = asyncio.Event(), asyncio.Event()

        async def long(payload: Any, writer: asyncio.StreamWriter) -> bytes:
            if payload["seed"] != 7 or len(server.seen) > 12:
                return GOOD
            begun.set()
            await out.wait()
            return await reset(payload, writer)

        async with serve(long) as server:
            engine = await begin(server)
            task = asyncio.create_task(engine.draw(ASKED))
            await begun.wait()
            await engine.draw(Request("q", 0, 1, ASKED.messages))
            out.set()
            assert (await task).text == "nine"
            assert len(server.seen) > 12
            await engine.close()

    for name in ("REST", "LONGEST_REST", "WAKING"):
        monkeypatch.setattr(servers.urls, name, 0.001)
    run(work)


@pytest.mark.parametrize("status", [502, 504])
def test_a_prompt_that_a_gateway_always_cuts_is_given_up_when_others_are_answered(status: int) -> None:
    tries, urls = 0, Urls([])

    async def work() -> None:
        nonlocal tries
        mine, fault = Tries("p", urls), refusal(status, "")
        for _ in range(100):  # the gateway's servers are away: nobody is answered
            mine.failed(fault)
        while True:
            tries += 1
            urls.finished += 1
            mine.failed(fault)

    with pytest.raises(BadInput, match=f"prompt p: failed 8 times while others were answered.* {status}"):
        run(work)
    assert tries == 7


@pytest.mark.parametrize("status", [404, 429, 503])
def test_a_busy_server_is_waited_for_however_often_it_says_so(status: int) -> None:
    async def work() -> None:
        urls = Urls([])
        tries = Tries("p", urls)
        for _ in range(100):
            urls.finished += 1
            tries.failed(refusal(status, ""))
        assert urls.finished == 100  # none of them was one too many

    run(work)


class Clock:
    """A loop's time that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(servers.urls.asyncio, "get_running_loop", lambda: self)

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def _turn(urls: Urls, fault: Exception | None = None) -> None:
    with contextlib.suppress(Fault, BadInput):
        async with urls.turn():
            if fault is not None:
                raise fault


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    monkeypatch.setattr(servers.urls.asyncio, "sleep", clock.sleep)
    return clock


def _urls() -> Urls:
    return Urls([Url("http://localhost:9")])


def _end(work: Coroutine[Any, Any, None]) -> None:
    """Run what awaits nothing but the clock."""
    with pytest.raises(StopIteration):
        work.send(None)


def test_a_server_that_asks_us_to_wait_is_waited_for(clock: Clock) -> None:
    urls = _urls()
    for _ in range(3):  # 300 s is the patience
        _end(_turn(urls, refusal(429, "", "400")))
        urls._failed(urls.all[0], refusal(429, ""))  # what was in flight beside it says less
        began, clock.now = clock.now, clock.now + 350
        _end(_turn(urls, None))  # a slot that comes while it rests
        assert clock.now >= began + 400


def test_waiting_in_line_for_long_is_no_silence(clock: Clock) -> None:
    urls = _urls()
    clock.now += 1000  # all slots wait for their first text
    began = clock.now
    _end(_turn(urls, refusal(503, "")))
    _end(_turn(urls))
    assert clock.now > began  # the refusal was waited out, and nobody gave up


def test_a_server_that_only_refuses_is_given_up_in_the_end(clock: Clock) -> None:
    urls, began = _urls(), clock.now
    with pytest.raises(EngineFailed, match="for 3600 s: http://localhost:9/v1 says 429: quota"):
        while clock.now < began + 10_000:
            _end(_turn(urls, refusal(429, "quota", "50")))
    assert clock.now > began + 3600


@pytest.mark.parametrize("status", [404, 502, 504])
def test_a_gateway_without_a_server_is_given_up_soon_but_not_while_answers_come(clock: Clock, status: int) -> None:
    urls, began = _urls(), clock.now
    while clock.now < began + 1000:
        _end(_turn(urls, refusal(status, "")))
        urls.alive()
    with pytest.raises(EngineFailed, match=f"for 300 s: .* says {status}"):
        while clock.now < began + 10_000:
            _end(_turn(urls, refusal(status, "")))
    assert 1300 < clock.now - began < 1500


def test_keep_alives_are_a_sign_of_the_servers_life() -> None:
    async def work() -> int:
        heard = 0

        async def chunks() -> Any:
            yield b": keep-alive\n\n: keep-alive\n\n"
            yield GOOD.partition(b"\r\n\r\n")[2]

        def count() -> None:
            nonlocal heard
            heard += not alive

        alive: list[Reply] = []
        response = SimpleNamespace(
            status_code=200,
            headers={"content-type": "text/event-stream"},
            aiter_raw=chunks,
            request=SimpleNamespace(headers={}),
        )
        await servers.reply.read_reply(response, alive.append, count)  # type: ignore[arg-type]
        return heard

    assert run(work) >= 4


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        *[(w, None) for w in ("", "soon", "-1", "nan", "inf", "Fri, 99 Dec 1999 23:59:59 GMT")],
    ],
)
def test_retry_after_is_seconds_or_nothing(header: str, wait: float | None) -> None:
    assert servers.faults.seconds(header) == wait


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
def test_retry_after_may_be_a_date(zone: str) -> None:
    date = datetime.now(UTC) + timedelta(seconds=400)
    wait = servers.faults.seconds(f"{date:%a, %d %b %Y %H:%M:%S} {zone}")
    assert wait is not None
    assert 390 < wait <= 400


def test_slots_that_wait_for_a_url_come_back_one_after_another(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    urls, slept = _urls(), []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        urls.all[0].rests_until = 0.0

    monkeypatch.setattr(servers.urls.asyncio, "sleep", sleep)
    for _ in range(200):
        urls.all[0].rests_until = clock.now + 60
        _end(_turn(urls))
    assert min(slept) >= 60
    assert max(slept) - min(slept) > 5
    assert max(slept) < 90
