"""`--tp`: which GPU groups a command gets, and what is started for each of them, without a GPU or vLLM."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from factory.engines import Request, loading
from factory.engines.sampling import resolve
from factory.engines.servers import local
from factory.engines.vllm import arguments
from factory.errors import BadInput, EngineFailed
from factory.plan import Plan

EXAMPLE = Request("p", 0, 0, (), text="Q:")


def asked(tp: int | None, **more: Any) -> Plan:
    return Plan("p.jsonl", "ckpt", Path("run"), 4, tp=tp, **more)


@pytest.mark.parametrize(
    ("gpus", "tp", "groups"),
    [
        ("0,1,2,3", None, []),
        ("0", 1, []),  # nothing to split: it stays in this process
        ("0,1,2,3", 1, ["0", "1", "2", "3"]),
        ("0,1,2,3", 2, ["0,1", "2,3"]),
        ("0,1,2,3", 4, ["0,1,2,3"]),
        ("0,1,2,3,4,5,6,7", 3, ["0,1,2", "3,4,5"]),
        ("", None, []),
    ],
)
def test_a_command_gets_as_many_groups_as_fit(
    monkeypatch: pytest.MonkeyPatch, gpus: str, tp: int | None, groups: list[str]
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", gpus)
    assert loading._groups(asked(tp)) == groups


@pytest.mark.parametrize(("gpus", "tp"), [("", 1), ("-1", 1), ("0,1", 3)])
def test_a_group_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch, gpus: str, tp: int) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", gpus)
    with pytest.raises(BadInput, match=f"--tp {tp}"):
        loading._groups(asked(tp))


def test_all_that_was_asked_reaches_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    got: dict[str, Any] = {}

    async def start(model: str, sampling: Any, groups: Sequence[str], **more: Any) -> None:
        got.update(more, model=model, groups=groups)

    monkeypatch.setattr(local, "start", start)
    given = {"engine_args": {"max_model_len": 512}, "tokenizer": "tok", "adapter": "lora"}
    wanted = asked(2, **given, chat_template_kwargs={"enable_thinking": False})
    asyncio.run(loading._servers(wanted, resolve({}, {}), ["0,1", "2,3"], EXAMPLE))
    assert got == {
        "model": "ckpt",
        "groups": ["0,1", "2,3"],
        "tp": 2,
        "engine_args": {"max_model_len": 512, "tokenizer": "tok"},
        "chat_template_kwargs": {"enable_thinking": False},
        "adapter": "lora",
        "example": EXAMPLE,
    }


class Started:
    """Takes down each server that would be started, and whether it has ended."""

    def __init__(self) -> None:
        self.commands: list[Sequence[str]] = []
        self.environments: list[Mapping[str, str]] = []
        self.up = 0

    @asynccontextmanager
    async def server(self, command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[tuple[Any, Path]]:
        self.commands.append(command)
        self.environments.append(environment)
        self.up += 1
        try:
            yield SimpleNamespace(), Path("log")
        finally:
            self.up -= 1

    def ports(self) -> list[str]:
        return [c[c.index("--port") + 1] for c in self.commands]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """Everything but vLLM and the processes."""

    @dataclass
    class AsyncEngineArgs:
        trust_remote_code: bool = False

    module = ModuleType("vllm.engine.arg_utils")
    monkeypatch.setattr(module, "AsyncEngineArgs", AsyncEngineArgs, raising=False)
    for name in ("vllm", "vllm.engine"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(arguments, "_for_machine", lambda fields: {"load_format": "auto"})
    monkeypatch.setenv("FACTORY_API_KEY", "canary")
    servers = Started()
    monkeypatch.setattr(local, "_server", servers.server)

    async def healthy(process: Any, log: Path, port: int) -> None:
        assert servers.up == 2, "all load at once"

    monkeypatch.setattr(local, "_healthy", healthy)
    return servers


def _serve(groups: Sequence[str], **more: Any) -> local.Served:
    async def work() -> local.Served:
        async with local.local_servers("ckpt", groups, **more) as served:
            return served

    return asyncio.run(work())


@pytest.mark.parametrize(("tp", "groups"), [(1, ["0", "1"]), (2, ["0,1", "2,3"])])
def test_each_group_gets_a_server_of_its_own(started: Started, tp: int, groups: list[str]) -> None:
    served = _serve(groups, tp=tp, engine_args={"dtype": "bfloat16", "trust_remote_code": False})
    assert served.model == "ckpt"
    assert [e["CUDA_VISIBLE_DEVICES"] for e in started.environments] == groups
    assert {e["VLLM_API_KEY"] for e in started.environments} == {served.key}
    assert all("canary" not in e.values() for e in started.environments)
    assert served.urls == tuple(f"http://127.0.0.1:{port}/v1" for port in started.ports())
    assert len(set(started.ports())) == 2
    for command in started.commands:
        assert {"--model=ckpt", "--dtype=bfloat16", "--load-format=auto"} <= set(command)
        assert [p for p in command if "tensor" in p] == ([f"--tensor-parallel-size={tp}"] if tp > 1 else [])
        assert not any("trust" in part or "canary" in part or served.key in part for part in command)
    assert started.up == 0, "they end with the context"


def test_without_a_gpu_the_servers_see_what_we_see(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    _serve(["", ""])
    assert all("CUDA_VISIBLE_DEVICES" not in e for e in started.environments)


def test_one_server_that_does_not_come_up_ends_all(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    async def healthy(process: Any, log: Path, port: int) -> None:
        if str(port) == started.ports()[1]:
            raise EngineFailed("a vLLM server ended with status 1")
        await asyncio.sleep(60)

    monkeypatch.setattr(local, "_healthy", healthy)
    with pytest.raises(EngineFailed, match="status 1"):
        _serve(["0", "1"])
    assert started.up == 0
