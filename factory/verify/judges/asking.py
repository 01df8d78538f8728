"""Ask servers that judge: one JSON request a question, many at once, tried again when it fails, remembered, counted.

Covers OpenAI-compatible servers and reward servers alike; a key, where one is needed, is read from FACTORY_JUDGE_KEY.
Every question has a deadline that nothing a server does can stretch. Does not cover what is asked and what a reply
means (`llm.py`, the rules `rubric` and `reward`) nor the books (`journal.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from factory.errors import one_line
from factory.verify.judges import journal

if TYPE_CHECKING:
    import httpx

TRIES: Final = 3
PAUSE: Final = 0.2
"""Seconds before the second try, doubled for each one after."""
LONGEST_PAUSE: Final = 5.0
SECONDS: Final = 30.0
"""Wall clock for all tries of a question, from when it is put: a full server queues."""
SECONDS_IF_DEAD: Final = 2.0
"""The same once so many questions in a row had no answer: without it a dead server would cost hours."""
IN_A_ROW: Final = 16
PROBE: Final = 300.0
"""Seconds after which a dead server is given the whole time once more."""
AT_ONCE: Final = 128
"""Questions of one process that are put at a time."""
LARGEST_REPLY: Final = 1_000_000
MOST_TOKENS: Final = 1 << 40
"""Of one reply; who says more says nonsense."""
OPTIONAL: Final = ("structured_outputs", "chat_template_kwargs")
"""Fields of a request that only some servers know. Others pass over them; one that refuses is asked without."""
FULL: Final = (429, 503)
"""What a server says that is only busy: it is asked until the deadline, as late as it wishes."""

Read = Callable[[Any], Any]
"""Takes a reply apart; raises ValueError, KeyError, IndexError or TypeError if it isn't what was asked for."""


class Failed(Exception):
    """No answer: unreachable, too slow, or a reply of another shape, every time it was tried."""


class _No(Exception):
    """One try that failed: why, the HTTP status, and how long the server wants to be left alone."""

    def __init__(self, why: str, status: int = 0, pause: float = 0.0) -> None:
        super().__init__(why)
        self.status, self.pause = status, pause

    @property
    def final(self) -> bool:
        """Whether the same request can't fare better."""
        return 400 <= self.status < 500 and self.status not in (408, 409, 425, 429)


def check(url: str, model: str) -> None:
    """Whether a server is named so that it can be asked. Raises ValueError."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is no address: it should begin with http:// or https://")
    if not model:
        raise ValueError(f"{url} is to be asked, but no model is named")


def ask(who: str, url: str, body: Mapping[str, Any], read: Read) -> Any:
    """What `read` makes of the server's reply, from the cache if it was asked before. Raises Failed."""
    return later(who, url, body, read).result()


def later(who: str, url: str, body: Mapping[str, Any], read: Read) -> Future[Any]:
    """The same, asked in the background; `result()` waits. Equal questions that are asked at once are one."""
    key = hashlib.blake2b(json.dumps([url, body], sort_keys=True).encode(), digest_size=16).hexdigest()
    with _LOCK:
        if (asked := _asked.get(key)) is None or asked.done():
            asked = asyncio.run_coroutine_threadsafe(_answer(who, key, url, body, read), _loop())
            _asked[key] = asked
            asked.add_done_callback(lambda done: _forget(key, done))
            return asked
    journal.note({"who": who, "key": key, "cached": True})
    return asked


_LOCK: Final = threading.RLock()
_asked: Final[dict[str, Future[Any]]] = {}
"""Questions that wait for their answer."""


def _forget(key: str, done: Future[Any]) -> None:
    with _LOCK:
        if _asked.get(key) is done:
            del _asked[key]


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """The loop that asks, in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="asking", daemon=True).start()
    return loop


@lru_cache(maxsize=1)
def _client() -> httpx.AsyncClient:
    import httpx  # every worker would load it, and few ask a server

    return httpx.AsyncClient(timeout=SECONDS, limits=httpx.Limits(max_connections=AT_ONCE))


@lru_cache(maxsize=1)
def _slots() -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)


async def _answer(who: str, key: str, url: str, body: Mapping[str, Any], read: Read) -> Any:
    known = journal.known()
    if key in known:
        journal.note({"who": who, "key": key, "cached": True})
        return known[key]
    async with _slots():
        started, failures = time.monotonic(), list[str]()
        try:
            async with asyncio.timeout(_dead.limit()):
                reply, answer = await _try(url, body, read, failures)
        except TimeoutError:
            failures.append("no answer in time" if not failures else f"{failures[-1]}, until its time was up")
        except _No as error:
            failures.append(str(error))
        else:
            known[key] = answer
            _dead.row = 0
            paid = {"failures": len(failures), **_tokens(reply), **_took(started)}
            journal.note({"who": who, "key": key, "answer": answer, **paid})
            return answer
    _dead.add(who, url, failures[-1])
    journal.note({"who": who, "key": key, "failures": len(failures), **_took(started), "error": failures[-1]})
    raise Failed(url)


async def _try(url: str, body: Mapping[str, Any], read: Read, failures: list[str]) -> tuple[Any, Any]:
    """A reply and what it means, after as many tries as it takes. Raises _No for the last one."""
    while True:
        asked = {k: v for k, v in body.items() if k not in OPTIONAL} if url in _strict else body
        try:
            reply = await _post(url, asked)
            return reply, _read(reply, read)
        except _No as error:
            if error.status in (400, 422) and any(name in asked for name in OPTIONAL):
                _strict.add(url)
            elif error.final or (len(failures) + 1 >= TRIES and error.status not in FULL):
                raise
            failures.append(str(error))
            await asyncio.sleep(max(error.pause, min(LONGEST_PAUSE, PAUSE * 2 ** (len(failures) - 1))))


_strict: Final[set[str]] = set()
"""Servers that refuse what they don't know."""


def _read(reply: Any, read: Read) -> Any:
    try:
        return read(reply)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise _No(f"a reply of another shape: {type(error).__name__}: {error}"[:200]) from error


async def _post(url: str, body: Mapping[str, Any]) -> Any:
    """The server's JSON. Raises _No."""
    import httpx

    key = os.environ.get("FACTORY_JUDGE_KEY")
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
    try:
        async with _client().stream("POST", url, content=json.dumps(body).encode(), headers=headers) as response:
            said = b""
            async for part in response.aiter_bytes():
                said += part
                if len(said) > LARGEST_REPLY:
                    raise _No("a reply without end")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise _No(f"{type(error).__name__}: {error}"[:200]) from error
    if response.status_code != 200:
        raise _refused(response, said)
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        raise _No(f"a reply that is no JSON: {said[:80]!r}") from error


def _refused(response: httpx.Response, said: bytes) -> _No:
    pause = response.headers.get("Retry-After", "")
    why = f"HTTP {response.status_code}: {said[:120].decode(errors='replace')!r}"
    return _No(why, response.status_code, float(pause) if pause.isdecimal() else 0.0)


class _Dead:
    """Questions in a row without an answer, and whether somebody was told."""

    def __init__(self) -> None:
        self.row = 0
        self.probed = 0.0

    def limit(self) -> float:
        """Seconds for the next question. Now and then one gets all of them, for the server may only have been slow."""
        if self.row >= IN_A_ROW and time.monotonic() - self.probed < PROBE:
            return SECONDS_IF_DEAD
        self.probed = time.monotonic()
        return SECONDS

    def add(self, who: str, url: str, why: str) -> None:
        self.row += 1
        if self.row == IN_A_ROW:
            sys.stderr.write(f"{who}: {IN_A_ROW} questions in a row had no answer from {url}: {one_line(why)}\n")


_dead: Final = _Dead()


def _took(started: float) -> dict[str, float]:
    return {"seconds": round(time.monotonic() - started, 3)}


def _tokens(reply: Any) -> dict[str, int]:
    usage = reply.get("usage") if isinstance(reply, dict) else None
    counted = usage if isinstance(usage, dict) else {}
    return {name: _count(counted.get(name)) for name in ("prompt_tokens", "completion_tokens")}


def _count(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < MOST_TOKENS else 0
