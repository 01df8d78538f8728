"""An HTTP server for tests that answers what a test tells it to, well formed or not, and an engine that asks it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from factory.engines import Completion, Request
from factory.engines.sampling import resolve
from factory.engines.servers.engine import ServerEngine
from factory.engines.servers.start import start

Answer = Callable[[dict[str, Any], asyncio.StreamWriter], Awaitable[bytes]]


class Server:
    """`answers` are given in turn, the last one again and again; `seen` are the payloads, `headers` their heads."""

    def __init__(self, *answers: bytes | Answer) -> None:
        self.answers = list(answers)
        self.seen: list[dict[str, Any]] = []
        self.headers: list[str] = []
        self.gone = asyncio.Event()
        self.models: bytes = http(json.dumps({"data": [{"id": "m", "root": "/ckpt"}]}))
        self.other: dict[str, bytes] = {}
        self.url = ""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next((int(h[15:]) for h in head.lower().split("\r\n") if h.startswith("content-length:")), 0)
            payload = json.loads(await reader.readexactly(length)) if length else {}
            path = head.split(" ")[1]
            if path in self.other:
                writer.write(self.other[path])
            elif path == "/v1/models":
                writer.write(self.models)
            elif not path.endswith("/completions"):
                writer.write(http("{}", 404))
            else:
                self.headers.append(head)
                self.seen.append(payload)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                writer.write(answer if isinstance(answer, bytes) else await answer(payload, writer))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serve(*answers: bytes | Answer) -> AsyncIterator[Server]:
    """A server on 127.0.0.1 while the context lasts."""
    server = Server(*answers)
    async with await asyncio.start_server(server.handle, "127.0.0.1", 0) as listening:
        server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
        yield server


def http(body: str | bytes, status: int = 200, kind: str = "application/json", extra: str = "", more: int = 0) -> bytes:
    """A whole response; `more` announces that many bytes too many, so that it looks cut."""
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data) + more}\r\n{extra}"
    return f"{head}Connection: close\r\n\r\n".encode() + data


def stream(*events: Any, more: int = 0) -> bytes:
    """A stream of events, ended by [DONE]."""
    lines = "".join(f"data: {e if isinstance(e, str) else json.dumps(e)}\n\n" for e in (*events, "[DONE]"))
    return http(lines, kind="text/event-stream; charset=utf-8", more=more)


def delta(finish: str | None = None, **fields: Any) -> dict[str, Any]:
    """One event of a chat."""
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]}


def usage(prompt: int, completion: int, **details: int) -> dict[str, Any]:
    """The event that counts."""
    counted = {"prompt_tokens": prompt, "completion_tokens": completion, "completion_tokens_details": details}
    return {"choices": [], "usage": counted}


GOOD = stream(delta("stop", content="nine"), usage(3, 2))
ASKED = Request("p", 0, 7, ({"role": "user", "content": "4 + 5?"},))


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        return await asyncio.wait_for(work(), 20)

    return asyncio.run(main())


async def begin(*servers: Server, model: str | None = "m", flags: Any = None, **more: Any) -> ServerEngine:
    """An engine; the question asked at its start is forgotten."""
    answers = [list(s.answers) for s in servers]
    for server in servers:
        if more.pop("well", True):
            server.answers = [GOOD]
    sampling = resolve(flags or {}, {})
    engine = await start([s.url for s in servers], model, sampling, **more)
    for server, kept in zip(servers, answers, strict=True):
        server.answers = kept
        server.seen.clear()
        server.headers.clear()
    return engine


def drawn(*answers: Any, request: Request = ASKED, silent: float = 600.0, **more: Any) -> tuple[Completion, Server]:
    """What one draw gives from one server."""

    async def work() -> tuple[Completion, Server]:
        async with serve(*answers) as server:
            engine = await begin(server, **more)
            engine._silent = engine._queued = silent
            try:
                return await engine.draw(request), server
            finally:
                await engine.close()

    return run(work)
