"""What vLLM is given: engine arguments, those for the machine at hand included, and those of a sample.

Does not cover names that it doesn't have (`passthrough.py`) nor the engine itself (`engine.py`). Everything here gives
way to the user's own environment variables and engine arguments.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from factory.engines.sampling import Sampling
from factory.engines.texts import VERBATIM
from factory.engines.vllm.passthrough import NOT_INSTALLED
from factory.engines.watching import STEP
from factory.errors import BadInput, one_line

CPU_KV_SHARE: Final = 0.25
"""Share of the free memory for the KV cache on a CPU. vLLM's own default, 92 % of all memory, fails beside others."""

CPU_SEQUENCES: Final = 256
CPU_BATCHED_TOKENS: Final = 8192
CPU_BLOCK: Final = 32

LORA_RANKS: Final = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""The ranks vLLM accepts for max_lora_rank (vllm/config/lora.py)."""

Params = Callable[[int, int, bool], Any]
"""Seed, max_tokens and whether the sample is watched, to vLLM's SamplingParams."""


def not_installed(error: ImportError) -> str:
    """The one line for a vLLM that can't be imported."""
    if importlib.util.find_spec("vllm") is None:
        return NOT_INSTALLED
    return f"vLLM is installed but can't be imported: {error}"


def engine_config(fields: Mapping[str, Any]) -> Any:
    """vLLM's whole configuration for these engine arguments. Raises BadInput for what vLLM refuses."""
    from vllm.engine.arg_utils import AsyncEngineArgs

    try:
        return AsyncEngineArgs(**complete(fields)).create_engine_config()
    except Exception as error:  # pydantic's, the hub's, the model code's: whatever it is, nothing was loaded
        raise BadInput(f"vLLM can't take --model {fields['model']} so: {one_line(error)}") from error


def complete(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Engine arguments with what suits this machine where they say nothing."""
    return {**_for_machine(fields), **fields}


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


def params_maker(sampling: Sampling) -> Params:
    """What makes a request's arguments. Raises BadInput for values vLLM refuses."""
    try:
        import msgspec
        from vllm.exceptions import VLLMClientError
        from vllm.sampling_params import RequestOutputKind, SamplingParams
    except ImportError as error:
        raise BadInput(not_installed(error)) from error
    try:
        # convert() checks every type and builds nested parameter objects out of JSON
        whole = msgspec.convert(dict(sampling.values), SamplingParams, str_keys=True)
    except (msgspec.ValidationError, VLLMClientError, ValueError) as error:
        raise BadInput(f"vLLM refuses the sampling fields: {one_line(error)}") from error
    fields = {name: getattr(whole, name) for name in sampling.values if name != "max_tokens"}
    fields |= VERBATIM
    # text on the way costs the front end work; a watched sample sends it as rarely as it is looked at
    whole_only = {"output_kind": RequestOutputKind.FINAL_ONLY}
    now_and_then = {"output_kind": RequestOutputKind.DELTA, "stream_interval": STEP}
    return lambda seed, max_tokens, watched: SamplingParams(
        **{**fields, **(now_and_then if watched else whole_only)}, seed=seed, max_tokens=max_tokens
    )
