"""The URLs a run draws from: which is asked next, which one rests, whose key goes where.

A URL that fails rests, longer each time (or as long as its Retry-After says); the others go on. Does not cover what
is asked and answered (`engine.py`, `reply.py`).
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from factory.engines.servers.faults import Fault
from factory.errors import BadInput, EngineFailed

if TYPE_CHECKING:
    import httpx

KEY_NAMES: Final = {"api.openai.com": "OPENAI_API_KEY", "api.deepseek.com": "DEEPSEEK_API_KEY"}
"""Keys by host where FACTORY_API_KEY isn't set. A provider's key is never sent to anybody else."""

REST: Final = 0.5
LONGEST_REST: Final = 60.0
LONGEST_WAIT: Final = 600.0
WAKING: Final = 0.1
"""Seconds: of the first rest (doubled each time), of the longest one, what Retry-After may ask for, and over which
those that wait come back (a quarter of their wait, where that is more)."""

PATIENCE: Final = 300.0
"""Seconds without a sign of life from any URL, after which the run stops: a supervisor has restarted it by then."""
REFUSED: Final = 12
"""Times that, after which it stops where servers only refuse: too many requests pass, a quota that is used up
doesn't."""

CONNECT: Final = 10.0
KEEPALIVE: Final = 2.0
"""Seconds that an unused connection is kept: vLLM's server (uvicorn) closes it after 5."""


class Url:
    """One base URL with its connections and its health."""

    def __init__(self, url: str, key: str | None = None) -> None:
        """Check the URL and find its key. Raises BadInput."""
        self.url, self.host = _checked(url)
        self.in_flight = 0
        self.failures = 0
        self.rests_until = 0.0
        self.last_failure = ""
        self.client = _client(self.url, self.host, key or environment_key(self.host))

    @property
    def root(self) -> str:
        """The server's address without /v1: vLLM answers /tokenize and /openapi.json there."""
        return self.url.removesuffix("/v1")

    def failed(self, fault: Fault, now: float) -> None:
        """Let it rest. What was in flight when a rest began fails with it and counts once."""
        if fault.wait is not None:
            self.rests_until = max(self.rests_until, now + min(fault.wait, LONGEST_WAIT))
        if now >= self.rests_until or not self.failures:
            # a tenth of the doubled rest at least: many clients of one server must not come back together
            rest = min(LONGEST_REST, REST * 2.0 ** min(self.failures, 99)) * random.uniform(0.1, 1.0)  # noqa: S311
            self.rests_until = max(self.rests_until, now + rest)
            self.failures += 1
        self.last_failure = str(fault)


class Urls:
    """All URLs of a run: least in flight first, the resting ones left out."""

    def __init__(self, urls: Sequence[Url], patience: float = PATIENCE) -> None:
        self.all = tuple(urls)
        self.finished = 0
        self.patience = patience
        self._silent_since: float | None = None
        self._refused_since: float | None = None

    def alive(self) -> None:
        """Some URL is just sending an answer, if only that it goes on."""
        self._silent_since = self._refused_since = None

    def _failed(self, url: Url, fault: Fault) -> None:
        """Silence counts from the first fault since a sign of life, and not while a server asked us to wait."""
        now = asyncio.get_running_loop().time()
        if fault.alive:
            self._silent_since = max(self._silent_since or 0.0, now + min(fault.wait or 0.0, LONGEST_WAIT))
        self._silent_since = now if self._silent_since is None else self._silent_since
        self._refused_since = now if self._refused_since is None else self._refused_since
        url.failed(fault, now)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Url]:
        """A URL to ask, counted as in flight meanwhile; waits while all rest. Raises EngineFailed."""
        url = await self._awake()
        url.in_flight += 1
        try:
            yield url
        except Fault as fault:
            self._failed(url, fault)
            raise
        except BadInput:
            self.alive()
            raise
        else:
            url.failures = 0
            self.finished += 1
            self.alive()
        finally:
            url.in_flight -= 1

    async def _awake(self) -> Url:
        while True:
            now = asyncio.get_running_loop().time()
            awake = [u for u in self.all if u.rests_until <= now]
            if awake:
                return min(awake, key=lambda u: u.in_flight)
            self._give_up(now)
            rest = min(u.rests_until for u in self.all) - now
            # all that wait would come back in one moment, and a server that has just risen would fall again
            await asyncio.sleep(rest + random.uniform(0, max(WAKING, rest / 4)))  # noqa: S311

    def _give_up(self, now: float) -> None:
        """Raise EngineFailed where waiting has been in vain for too long."""
        for since, limit in (
            (self._silent_since, self.patience),
            (self._refused_since, REFUSED * self.patience),
        ):
            if since is not None and now - since > limit:
                said = "; ".join(f"{u.url} {u.last_failure}" for u in self.all)
                raise EngineFailed(f"no server has answered for {limit:.0f} s: {said}")

    async def close(self) -> None:
        """Close every connection."""
        for url in self.all:
            await url.client.aclose()


def environment_key(host: str) -> str | None:
    """The key for a host: FACTORY_API_KEY, else the provider's own variable. Raises BadInput for an unusable one."""
    for name in ("FACTORY_API_KEY", KEY_NAMES.get(host, "")):
        key = os.environ.get(name, "").strip() if name else ""
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise BadInput(f"{name}: holds characters that no key has (its value is not shown)")
        if key:
            return key
    return None


def _checked(url: str) -> tuple[str, str]:
    """The base URL, with /v1 where it has no path, and its host."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadInput(f"--url {url!r}: {error}") from error
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise BadInput("--url: holds a user name or parameters; keys are read from FACTORY_API_KEY only")
    if parts.scheme not in ("http", "https") or not host:
        raise BadInput(f"--url {url!r}: should look like http://HOST:PORT/v1")
    path = parts.path.rstrip("/") or "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}", host


def _client(url: str, host: str, key: str | None) -> httpx.AsyncClient:
    import httpx

    headers = {"Accept-Encoding": "identity", "Accept": "text/event-stream, application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    # certificates take longer to read than a request
    common: dict[str, Any] = {
        "verify": url.startswith("https:"),
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEEPALIVE),
    }
    local = host == "localhost" or host.startswith("127.") or host == "::1"
    # httpx heeds the environment's proxies only where it makes the transport itself
    direct = local or not urllib.request.getproxies()
    return httpx.AsyncClient(
        headers=headers,
        timeout=httpx.Timeout(None, connect=CONNECT, write=60.0),
        transport=httpx.AsyncHTTPTransport(**common, socket_options=_keep_alive()) if direct else None,
        trust_env=not direct,
        **common,
    )


def _keep_alive() -> list[tuple[int, int, int]]:
    """Socket options that notice a vanished machine after 90 s, however long an answer may be silent."""
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options
