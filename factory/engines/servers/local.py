"""vLLM servers on this machine, one for each group of GPUs, fed through the server engine.

Covers starting them on 127.0.0.1 with a key that only this process has, waiting until they answer, and their end with
ours, even after a kill -9. Does not cover servers elsewhere (`start.py`): Slurm, Kubernetes and the like start
those, and their URLs are given.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from factory.engines import Request
from factory.engines.sampling import Sampling
from factory.engines.servers import guard
from factory.engines.servers.engine import ServerEngine
from factory.engines.servers.start import start as start_engine
from factory.engines.vllm import arguments
from factory.engines.vllm import process as vllm_process
from factory.errors import BadInput, EngineFailed, one_line

PATIENCE: Final = 20.0
"""Seconds without a sign of life: nobody restarts a local server."""

SECRETS: Final = ("FACTORY_API_KEY", "OPENAI_API_KEY", "DEEPSEEK_API_KEY")


@dataclass(frozen=True, slots=True)
class Served:
    """Servers that answer: base URLs, the key they ask for, the name of the model."""

    urls: tuple[str, ...]
    key: str = field(repr=False)
    model: str


def visible_gpus() -> list[str]:
    """The GPUs this process may use, as CUDA_VISIBLE_DEVICES names them; none on a machine without."""
    if (named := os.environ.get("CUDA_VISIBLE_DEVICES")) is not None:
        return [g.strip() for g in named.split(",") if g.strip() not in ("", "-1")]
    import torch

    return [str(i) for i in range(torch.cuda.device_count())]


def gpu_groups(gpus: Sequence[str], tp: int) -> list[str]:
    """G/T values of CUDA_VISIBLE_DEVICES with T neighbours each; G modulo T GPUs are left over. Raises BadInput."""
    if not 1 <= tp <= len(gpus):
        raise BadInput(f"--tp {tp}: this machine has {len(gpus)} visible GPUs")
    return [",".join(gpus[i : i + tp]) for i in range(0, len(gpus) - tp + 1, tp)]


async def start(
    model: Path | str,
    sampling: Sampling,
    groups: Sequence[str],
    *,
    tp: int = 1,
    engine_args: Mapping[str, Any] | None = None,
    chat_template_kwargs: Mapping[str, Any] | None = None,
    adapter: str | None = None,
    example: Request | None = None,
) -> ServerEngine:
    """An engine over servers of its own, which end when it is closed. Arguments as in `local_servers`.

    Raises BadInput for what vLLM refuses, EngineFailed when a server doesn't come up.
    """
    stack = AsyncExitStack()
    try:
        served = await stack.enter_async_context(
            local_servers(model, groups, tp=tp, engine_args=engine_args, adapter=adapter)
        )
        engine = await start_engine(
            served.urls,
            served.model,
            sampling,
            chat_template_kwargs=chat_template_kwargs,
            example=example,
            key=served.key,
            patience=PATIENCE,
        )
    except BaseException:
        await stack.aclose()
        raise
    engine.then_close = stack.aclose
    return engine


@asynccontextmanager
async def local_servers(
    model: Path | str,
    groups: Sequence[str],
    *,
    tp: int = 1,
    engine_args: Mapping[str, Any] | None = None,
    adapter: str | None = None,
) -> AsyncIterator[Served]:
    """One vLLM server for each of `groups` (see `gpu_groups`; "" where there is no GPU), up while the context lasts.

    `engine_args` are vLLM's own names and values. There is no limit on loading: big checkpoints take their time.
    Raises EngineFailed when one ends before it answers, naming its log, BadInput when vLLM doesn't know an argument.
    """
    fields = _fields(model, tp, engine_args or {}, adapter)
    key = secrets.token_urlsafe(32)
    ports = _free_ports(len(groups))
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(_server(command(fields, port, adapter), _environment(group, key)))
            for group, port in zip(groups, ports, strict=True)
        ]
        await asyncio.gather(*(_healthy(s, log, port) for (s, log), port in zip(servers, ports, strict=True)))
        urls = tuple(f"http://127.0.0.1:{port}/v1" for port in ports)
        yield Served(urls, key, "adapter" if adapter else str(model))


def command(fields: Mapping[str, Any], port: int, adapter: str | None = None) -> list[str]:
    """The command line of one server. `python -m`: the command `vllm` of the CPU package doesn't start."""
    flags = [part for name, value in fields.items() for part in _flag(name, value)]
    flags += ["--lora-modules", f"adapter={Path(adapter).resolve()}"] if adapter else []
    quiet = ["--uvicorn-log-level", "warning", "--disable-uvicorn-access-log"]
    module = [sys.executable, "-m", "vllm.entrypoints.openai.api_server"]
    return [*module, "--host", "127.0.0.1", "--port", str(port), *quiet, *flags]


def _flag(name: str, value: Any) -> list[str]:
    """An engine argument as the command line has it."""
    dashed = name.replace("_", "-")
    if value is None:
        return []
    if isinstance(value, bool):
        return [f"--{dashed}" if value else f"--no-{dashed}"]
    if isinstance(value, list):
        return [f"--{dashed}", *(str(v) for v in value)]
    # with = a value that begins with a dash is no flag
    return [f"--{dashed}={json.dumps(value) if isinstance(value, dict) else value}"]


def _fields(model: Path | str, tp: int, engine_args: Mapping[str, Any], adapter: str | None) -> dict[str, Any]:
    vllm_process.quiet()
    given = {"model": str(model), **arguments.lora_args(adapter), **engine_args}
    if tp > 1:
        given["tensor_parallel_size"] = tp
    try:
        from vllm.engine.arg_utils import AsyncEngineArgs

        fields = arguments.complete(given)
        # some switches have no --no-: what is off anyway is not said
        off = {f.name for f in dataclasses.fields(AsyncEngineArgs) if f.default is False}
        return {k: v for k, v in fields.items() if not (v is False and k in off)}
    except ImportError as error:
        raise BadInput(arguments.not_installed(error)) from error
    except Exception as error:  # pydantic's, the hub's, the model code's: nothing was loaded
        raise BadInput(f"vLLM can't take --model {model} so: {one_line(error)}") from error


def _environment(group: str, key: str) -> dict[str, str]:
    """What a server sees: its GPUs and its key, not ours."""
    kept = {k: v for k, v in os.environ.items() if k not in SECRETS}
    return kept | ({"CUDA_VISIBLE_DEVICES": group} if group else {}) | {"VLLM_API_KEY": key}


def _free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [int(s.getsockname()[1]) for s in sockets]


@asynccontextmanager
async def _server(arguments: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[tuple[Any, Path]]:
    """A guarded server with its log, in a process group of its own; the log stays where the server ended by itself."""
    log = vllm_process.new_log()
    with log.open("ab") as printed, vllm_process.deaf_to_signals():
        process = subprocess.Popen(
            [sys.executable, "-I", guard.__file__, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=printed,
            process_group=0,
        )
    try:
        yield process, log
    finally:
        if process.poll() is None:
            log.unlink(missing_ok=True)
        await _end(process)


async def _end(process: subprocess.Popen[bytes]) -> None:
    """Have the guard end everything; then whatever is left (where there is no /proc), at once."""
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        await asyncio.to_thread(process.wait, guard.CLEARING + 5)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


async def _healthy(process: subprocess.Popen[bytes], log: Path, port: int) -> None:
    """Wait until the server answers."""
    import httpx

    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=10.0) as client:  # noqa: S501 # plain http
        while process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"http://127.0.0.1:{port}/health")).status_code == 200:
                    return
            await asyncio.sleep(0.3)
    if process.returncode == 2:  # argparse's
        said = log.read_text("utf-8", "replace").splitlines()[-1:]
        log.unlink()
        raise BadInput(f"vLLM can't be started so: {' '.join(said)[:300]}")
    raise EngineFailed(f"a vLLM server ended with status {process.returncode}: {vllm_process.fault(log)}")
