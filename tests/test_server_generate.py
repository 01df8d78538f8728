"""A run through `generate` against a server that answers in every wrong way: each sample is there once in the end."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from factory.engines.servers import engine, urls
from tests import make
from tests.serve import GOOD, Server, http
from tests.test_generate import _run, _stored
from tests.test_server import FAULTS

SAMPLES = 5


@contextmanager
def _serving(answer: Any) -> Iterator[Server]:
    """A server in a thread of its own: the command has an event loop of its own too."""
    ready, over, serving = threading.Event(), asyncio.Event(), Server(answer)
    loop = asyncio.new_event_loop()

    async def main() -> None:
        async with await asyncio.start_server(serving.handle, "127.0.0.1", 0) as listening:
            serving.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    assert ready.wait(10)
    try:
        yield serving
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def _prompts(folder: Path, count: int) -> Path:
    return make.jsonl(folder / "p.jsonl", [{"problem": f"{i} + 1?", "answer": str(i + 1)} for i in range(count)])


@pytest.mark.slow
def test_every_fault_is_survived_by_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "REST", 0.002)
    monkeypatch.setattr(urls, "LONGEST_REST", 0.02)
    monkeypatch.setattr(engine, "SILENT", 0.3)
    monkeypatch.setattr(engine, "QUEUED", 0.3)
    left, met, asked = list(FAULTS.items()), [], [0]

    async def moody(payload: Any, writer: asyncio.StreamWriter) -> bytes:
        asked[0] += 1
        if asked[0] % 2 or asked[0] < 4 or not left:  # the first questions are about the server's fields
            return GOOD
        name, fault = left.pop()
        met.append(name)
        return fault if isinstance(fault, bytes) else await fault(payload, writer)

    prompts, run = _prompts(tmp_path, 8), tmp_path / "run"
    with _serving(moody) as serving:
        words = ["generate", prompts, "--engine", "server", "--url", serving.url, "--model", "m", "--out", run]
        result = _run(*words, "--samples", SAMPLES, "--concurrency", 3, "--json")
    assert result.exit_code == 0, result.output
    assert sorted(met) == sorted(FAULTS)
    assert json.loads(result.stdout)["samples_drawn"] == 8 * SAMPLES
    stored = _stored(run)
    assert [[s.sample_index for s in samples] for _, samples in stored] == [list(range(SAMPLES))] * 8
    assert {s.text for _, samples in stored for s in samples} == {"nine"}


def test_a_prompt_the_server_refuses_costs_that_prompt_only(tmp_path: Path) -> None:
    async def picky(payload: Any, writer: asyncio.StreamWriter) -> bytes:
        refused = payload["messages"][0]["content"].startswith("2 +")
        return http('{"error": {"message": "too long"}}', 400) if refused else GOOD

    prompts, run = _prompts(tmp_path, 4), tmp_path / "run"
    with _serving(picky) as serving:
        words = ["generate", prompts, "--engine", "server", "--url", serving.url, "--model", "m", "--out", run]
        result = _run(*words, "--samples", 2, "--json")
    assert result.exit_code == 0, result.output
    (said,) = json.loads(result.stdout)["prompts_refused"].values()
    assert "too long" in said
    assert len(_stored(run)) == 3
