"""Two real vLLM servers on this machine's CPU, started, asked, killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from factory.engines import Request
from factory.engines.sampling import resolve
from factory.engines.servers.engine import ServerEngine
from factory.engines.servers.local import Served, local_servers
from factory.engines.servers.start import start
from factory.errors import BadInput

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

LIMIT = 1024
ARGS = {"max_model_len": LIMIT, "max_num_seqs": 16, "kv_cache_memory_bytes": 400_000_000, "disable_log_stats": False}
HELLO = ({"role": "user", "content": "What is 4 + 5?"},)


@pytest.fixture(scope="module")
def served(checkpoint: Path) -> Iterator[Served]:
    """Two servers of the demo's checkpoint."""
    with asyncio.Runner() as runner:
        context = local_servers(checkpoint, ["", ""], engine_args=ARGS)
        yield runner.run(context.__aenter__())
        runner.run(context.__aexit__(None, None, None))


def with_engine(served: Served, work: Callable[[ServerEngine], Awaitable[Any]], **flags: Any) -> Any:
    async def main() -> Any:
        engine = await start(served.urls, served.model, resolve(flags, {}), key=served.key)
        try:
            return await asyncio.wait_for(work(engine), 300)
        finally:
            await engine.close()

    return asyncio.run(main())


def metric(served: Served, name: str) -> list[float]:
    """A figure of each server's /metrics."""
    pages = [httpx.get(u.removesuffix("/v1") + "/metrics", trust_env=False).text for u in served.urls]
    return [sum(float(x.rpartition(" ")[2]) for x in page.splitlines() if x.startswith(name)) for page in pages]


def test_what_the_servers_can_do_is_found_out(served: Served) -> None:
    async def work(engine: ServerEngine) -> None:
        accepted = engine.accepted
        assert (accepted.seed, accepted.continues, accepted.counts, accepted.opens) == (True, True, True, False)
        assert accepted.pieces
        assert accepted.max_model_len == LIMIT
        assert accepted.fields["skip_special_tokens"] is False
        assert engine.notes == ()

    with_engine(served, work)
    with pytest.raises(BadInput, match=r"tpo_k.*did you mean 'top_k'"):
        with_engine(served, work, tpo_k=3)


@pytest.mark.parametrize(
    "request_",
    [
        Request("p", 0, 1, HELLO),
        Request("p", 0, 1, HELLO, prefill="<think>\n"),
        Request("p", 0, 1, HELLO, prefill="<think>\nFour and"),
        Request("p", 0, 1, (), text="Question: 4 + 5?\nAnswer:"),
        Request("p", 0, 1, (), text="Question: 4 + 5?\n", prefill="<think>\n"),
    ],
)
def test_a_server_renders_what_we_would_in_process(served: Served, checkpoint: Path, request_: Request) -> None:
    from transformers import AutoTokenizer

    from factory.engines.rendering import Renderer

    tokens = Renderer(AutoTokenizer.from_pretrained(checkpoint), {}).render(request_).tokens
    completion = with_engine(served, lambda e: e.draw(request_), max_tokens=8)
    assert completion.prompt_tokens == len(tokens)
    assert completion.text.startswith("<think>\n") == bool(request_.prefill)
    assert completion.completion_tokens <= 8


def test_both_servers_work_and_long_asks_are_cut_to_what_fits(served: Served) -> None:
    before = metric(served, "vllm:request_success_total")
    sample = [Request("p", i, i, HELLO) for i in range(12)]
    drawn = with_engine(served, lambda e: asyncio.gather(*(e.draw(r) for r in sample)), max_tokens=100_000)
    assert all(c.finish_reason == "stop" or c.prompt_tokens + c.completion_tokens == LIMIT for c in drawn)
    assert len({c.text for c in drawn}) > 6, "seeds differ"
    after = metric(served, "vllm:request_success_total")
    assert all(now >= then + 4 for now, then in zip(after, before, strict=True))


def test_a_prompt_that_is_too_long_is_bad_input(served: Served) -> None:
    long = Request("p", 0, 1, ({"role": "user", "content": "word " * 1200},))
    with pytest.raises(BadInput, match="prompt p: .*(1024|room)"):
        with_engine(served, lambda e: e.draw(long), max_tokens=64)


def test_a_cancelled_draw_is_aborted_in_the_server(served: Served) -> None:
    async def work(engine: ServerEngine) -> None:
        tasks = [asyncio.create_task(engine.draw(Request("p", i, i, HELLO))) for i in range(4)]
        while sum(await asyncio.to_thread(metric, served, "vllm:num_requests_running")) < 4:
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _ in range(100):
            if sum(await asyncio.to_thread(metric, served, "vllm:num_requests_running")) == 0:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("still running")

    with_engine(served, work, max_tokens=480, ignore_eos=True)


@pytest.mark.parametrize("request_", [Request("p", 0, 1, HELLO), Request("p", 0, 1, (), text="Question: 4 + 5?")])
def test_a_sample_is_stopped_where_its_watch_says_so(served: Served, request_: Request) -> None:
    async def watch(text: str, tokens: int) -> str | None:
        assert len(text) > 512
        return f"rule:at_{tokens}"

    async def work(engine: ServerEngine) -> Any:
        completion = await engine.draw(replace(request_, watch=watch))
        for _ in range(100):
            if sum(await asyncio.to_thread(metric, served, "vllm:num_requests_running")) == 0:
                return completion
            await asyncio.sleep(0.1)
        raise AssertionError("still running")

    # a first token alone, then 32 at a time
    completion = with_engine(served, work, max_tokens=900, ignore_eos=True)
    assert (completion.stop_reason, completion.completion_tokens) == ("rule:at_513", 513)
    assert completion.finish_reason == "stopped_early"


def test_others_on_this_machine_can_not_use_the_servers(served: Served) -> None:
    for path in ("chat/completions", "completions", "models"):
        assert httpx.post(f"{served.urls[0]}/{path}", json={}, trust_env=False).status_code == 401


def children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def guards(pid: int) -> list[int]:
    """The servers that a process started, among its other children."""
    return [c for c in children(pid) if "guard.py" in Path(f"/proc/{c}/cmdline").read_text()]


def processes(group: int) -> list[int]:
    """Live processes of a process group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


PARENT = """
import asyncio, sys, json
from factory.engines.servers.local import local_servers

async def main():
    async with local_servers(sys.argv[1], [""], engine_args=json.loads(sys.argv[2])) as served:
        print("up", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def test_servers_end_with_us_even_after_kill_9(checkpoint: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(checkpoint), json.dumps(ARGS)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    (group,) = guards(parent.pid)
    assert len(processes(group)) > 2
    shared = set(Path("/dev/shm").glob("psm_*"))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(200):
        if not processes(group):
            assert len(set(Path("/dev/shm").glob("psm_*"))) < len(shared), "shared memory is cleared up"
            return
        time.sleep(0.1)
    left = processes(group)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError(f"{left} outlived us")


def test_when_one_server_dies_the_other_draws_what_it_held(served: Served) -> None:
    """Runs last: one of the two servers is gone afterwards."""

    async def work(engine: ServerEngine) -> list[Any]:
        tasks = [asyncio.create_task(engine.draw(Request("p", i, i, HELLO))) for i in range(16)]
        while min(await asyncio.to_thread(metric, served, "vllm:num_requests_running")) < 4:
            await asyncio.sleep(0.05)
        port = served.urls[0].split(":")[2].split("/")[0]
        (dying,) = [g for g in guards(os.getpid()) if f"\0--port\0{port}\0" in Path(f"/proc/{g}/cmdline").read_text()]
        os.kill(children(dying)[0], signal.SIGKILL)
        return await asyncio.gather(*tasks)

    drawn = with_engine(served, work, max_tokens=96, ignore_eos=True)
    assert [c.completion_tokens for c in drawn] == [96] * 16
