"""One request to one URL, and how it breaks: silence and lost connections as faults that another try may mend.

Does not cover what is asked (`engine.py`, `described.py`) nor what an answer means (`reply.py`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from factory.engines.servers.faults import Fault, refusal
from factory.engines.servers.reply import body, error_message, parsed
from factory.engines.servers.urls import Url

if TYPE_CHECKING:
    import httpx

SHORT: Final = 60.0
"""Seconds for a question that draws nothing."""


async def call(url: Url, address: str, payload: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A short question (GET without a payload) answered by one JSON object. Raises what `read_reply` raises."""
    async with faults_of(SHORT), post(url, address, payload) as response:
        if response.status_code != 200:
            message = await error_message(response)
            raise refusal(response.status_code, message, response.headers.get("retry-after"))
        return parsed(await body(response))


@asynccontextmanager
async def post(url: Url, address: str, payload: Mapping[str, Any] | None) -> AsyncIterator[httpx.Response]:
    """An answer as it begins (to a GET without a payload); leaving closes the connection."""
    if payload is None:
        asked = url.client.stream("GET", address)
    else:
        # ASCII: a lone surrogate in a prompt is the server's to refuse
        content = json.dumps(payload).encode("ascii")
        asked = url.client.stream("POST", address, content=content, headers={"Content-Type": "application/json"})
    async with asked as response:
        yield response


@asynccontextmanager
async def faults_of(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    """Silence and broken connections as Faults. Messages say what broke and quote nothing of the request."""
    import httpx

    try:
        async with asyncio.timeout(seconds) as clock:
            yield clock
    except TimeoutError as error:
        raise Fault("fell silent") from error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise Fault("can't be reached", busy=True) from error
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise Fault(f"broke the connection ({type(error).__name__})") from error
