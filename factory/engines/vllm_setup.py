"""What vLLM is started with: a quiet process, settings for the machine at hand, the adapter.

Does not cover the engine itself (`vllm.py`). Everything here gives way to the user's own environment variables and
engine arguments.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import os
import platform
import re
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Final

from factory.engines.passthrough import NOT_INSTALLED
from factory.errors import BadInput
from factory.signals import SIGNALS

CPU_KV_SHARE: Final = 0.25
"""Share of the free memory for the KV cache on a CPU. vLLM's own default, 92 % of all memory, fails beside others."""

CPU_SEQUENCES: Final = 256
CPU_BATCHED_TOKENS: Final = 8192
CPU_BLOCK: Final = 32

_ERROR: Final = re.compile(r"\b\w*(?:Error|Exception|Killed): \S.*")

LORA_RANKS: Final = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""The ranks vLLM accepts for max_lora_rank (vllm/config/lora.py)."""


_QUIET: Final = {
    "VLLM_LOGGING_LEVEL": "WARNING",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",  # its default, stdout, is where our results go
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
}


def quiet() -> None:
    """Environment for a vLLM that reports to nobody; set before it is imported, so in its processes too."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


def quieter() -> None:
    """Once loaded, only errors of vLLM's part in this process are worth the terminal."""
    if os.environ["VLLM_LOGGING_LEVEL"] == _QUIET["VLLM_LOGGING_LEVEL"]:
        logging.getLogger("vllm").setLevel(logging.ERROR)


def new_log() -> Path:
    """An empty file for what vLLM prints; it stays where an error names it."""
    descriptor, name = tempfile.mkstemp(prefix="factory-vllm-", suffix=".log")
    os.close(descriptor)
    return Path(name)


@contextlib.contextmanager
def logged_to(log: Path) -> Iterator[None]:
    """Write what this process and those started inside print as errors to a file.

    The processes go on writing there for as long as they live. vLLM reports a fault in hundreds of lines; `fault`
    finds the one that says why.
    """
    sys.stderr.flush()
    before = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(before, 2)
        os.close(before)


def fault(log: Path) -> str:
    """The first error in a log, which is the cause of those after it, and where to read more."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except OSError:  # somebody cleans /tmp
        return "its log is gone"
    errors = (_ERROR.search(line) for line in lines)
    found = next((e[0] for e in errors if e and "Engine core init" not in e[0]), "no error in its log")
    return f"{found[:300]} (log: {log})"


def not_installed(error: ImportError) -> str:
    """The one line for a vLLM that can't be imported."""
    if importlib.util.find_spec("vllm") is None:
        return NOT_INSTALLED
    return f"vLLM is installed but can't be imported: {error}"


def line(error: object) -> str:
    """An exception's message as one line of at most 300 characters."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def engine_config(fields: Mapping[str, Any]) -> Any:
    """vLLM's whole configuration for these engine arguments. Raises BadInput for what vLLM refuses."""
    from vllm.engine.arg_utils import AsyncEngineArgs

    try:
        return AsyncEngineArgs(**{**_for_machine(fields), **fields}).create_engine_config()
    except Exception as error:  # pydantic's, the hub's, the model code's: whatever it is, nothing was loaded
        raise BadInput(f"vLLM can't take --model {fields['model']} so: {line(error)}") from error


def _for_machine(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Engine arguments that suit this machine, for the given ones (which win)."""
    from vllm.platforms import current_platform

    # safetensors only where we could not look into the folder first; asking for another format is load_format=...
    local = Path(fields["model"]).is_dir()
    chosen: dict[str, Any] = {"disable_log_stats": True, "use_tqdm_on_load": False}
    chosen["load_format"] = "auto" if local else "safetensors"
    return chosen | (_for_cpu(fields) if current_platform.is_cpu() else {})


def _for_cpu(fields: Mapping[str, Any]) -> dict[str, Any]:
    import psutil
    from vllm.engine.arg_utils import AsyncEngineArgs

    # all cores to the model: the front end sleeps most of the time, and binding fails in many containers
    os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", "nobind")
    # threads that spin at barriers starve each other as soon as anything else runs: 5-10 x slower beside other load
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # vLLM's workers take one thread each unless told
    ranks = fields.get("tensor_parallel_size", 1)
    threads = len(os.sched_getaffinity(0)) // (ranks if isinstance(ranks, int) and ranks > 0 else 1)
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, threads)))
    model = AsyncEngineArgs(**fields).create_model_config()
    # the smallest block a CPU takes: prompts that share worked examples then share nearly all of their prefill
    chosen: dict[str, Any] = {"enforce_eager": True, "max_num_seqs": CPU_SEQUENCES, "block_size": CPU_BLOCK}
    if model.quantization is None and not _multiplies_bfloat16():
        chosen["dtype"] = "float32"
    if "VLLM_CPU_KVCACHE_SPACE" not in os.environ and "gpu_memory_utilization" not in fields:
        chosen["kv_cache_memory_bytes"] = int(psutil.virtual_memory().available * CPU_KV_SHARE)
    # a seeded request whose prefill is split crashes the CPU sampler, so no prefill may ever be split
    if not fields.get("enable_chunked_prefill"):
        chosen["enable_chunked_prefill"] = False
        chosen["max_num_batched_tokens"] = max(model.max_model_len, CPU_BATCHED_TOKENS)
    return chosen


def _multiplies_bfloat16() -> bool:
    """Whether this CPU has instructions for it; without them bfloat16 is several times slower than float32."""
    import torch

    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return True
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def lora_args(adapter: str | None) -> dict[str, Any]:
    """Engine arguments for a LoRA adapter folder. Raises BadInput when it isn't one."""
    if adapter is None:
        return {}
    path = Path(adapter) / "adapter_config.json"
    try:
        rank = json.loads(path.read_text("utf-8"))["r"]
        return {"enable_lora": True, "max_loras": 1, "max_lora_rank": min(r for r in LORA_RANKS if r >= rank)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"--adapter {adapter}: {path.name} does not name a LoRA rank up to {LORA_RANKS[-1]}") from error


def lora_request(adapter: str | None) -> Any:
    """vLLM's handle of the one adapter that every sample uses."""
    if adapter is None:
        return None
    from vllm.lora.request import LoRARequest

    return LoRARequest("adapter", 1, str(Path(adapter).resolve()))


@contextlib.contextmanager
def deaf_to_signals() -> Iterator[None]:
    """Processes started inside inherit a mask that keeps the signals we drain on (Ctrl-C, TERM, USR1) from them.

    A terminal or a batch system signals the whole group; vLLM would drop what is in flight while we drain it.
    They still end with us: vLLM watches its parent, and `close` kills what does not leave by itself.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        # started first, because starting it unblocks INT and TERM again; it ignores these two, but not USR1
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
