"""Names that are passed through to vLLM, checked against the installed vLLM before it is imported or loaded.

Covers names: a typo, and fields that the house owns. Does not cover values: vLLM checks its own when it starts.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from factory.errors import BadInput, did_you_mean

NOT_INSTALLED: Final = "vLLM is not installed: pip install 'rejection-factory[gpu]' (or [cpu] on a machine without one)"

OUR_ENGINE_ARGS: Final = {
    "model": "give it as --model",
    "tokenizer": "give it as --tokenizer",
    "seed": "give it as --seed; every sample has its own",
    "enable_lora": "give the adapter as --adapter",
    "lora_modules": "give the adapter as --adapter",
    "generation_config": "its fields are resolved once; override one with --sampling NAME=VALUE",
    "override_generation_config": "override a field with --sampling NAME=VALUE",
    "skip_tokenizer_init": "prompts are rendered with the tokenizer",
}
OUR_SAMPLING: Final = {
    "n": "every sample is a request of its own; use --samples",
    "seed": "every sample has its own; use --seed",
    "skip_special_tokens": "special tokens are kept, so that think tags never vanish",
    "spaces_between_special_tokens": "texts are kept as they were drawn",
    "detokenize": "samples are texts",
    "output_kind": "samples are read when they have ended",
    "stream_interval": "samples are read when they have ended",
    "skip_clone": "it is vLLM's own business",
    "output_text_buffer_length": "it is vLLM's own business",
    "logprobs": "samples keep no log probabilities",
    "prompt_logprobs": "samples keep no log probabilities",
}


def check_engine_args(given: Iterable[str]) -> None:
    """Raise BadInput for a name that is ours or that the installed vLLM's AsyncEngineArgs doesn't have."""
    _check("--engine-arg", given, OUR_ENGINE_ARGS, _fields("engine/arg_utils.py", ("EngineArgs", "AsyncEngineArgs")))


def check_sampling(given: Iterable[str]) -> None:
    """Raise BadInput for a name that is ours or that the installed vLLM's SamplingParams doesn't have."""
    _check("--sampling", given, OUR_SAMPLING, _fields("sampling_params.py", ("SamplingParams",)))


def _check(option: str, given: Iterable[str], ours: Mapping[str, str], known: set[str]) -> None:
    for name in given:
        if name in ours:
            raise BadInput(f"{option} {name}: not to be set: {ours[name]}")
        if name not in known:
            raise BadInput(f"{option} {name}: vLLM has no such field{did_you_mean(name, known - set(ours))}")


def _fields(module: str, classes: tuple[str, ...]) -> set[str]:
    """The annotated public names of classes, read from vLLM's source: importing it takes several seconds."""
    spec = importlib.util.find_spec("vllm")
    if spec is None or spec.origin is None:
        raise BadInput(NOT_INSTALLED)
    tree = ast.parse((Path(spec.origin).parent / module).read_text("utf-8"))
    bodies = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name in classes]
    lines = [line for body in bodies for line in body if isinstance(line, ast.AnnAssign)]
    names = {line.target.id for line in lines if isinstance(line.target, ast.Name)}
    return {name for name in names if not name.startswith("_")}
