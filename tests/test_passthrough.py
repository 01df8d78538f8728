"""Names for vLLM are checked against the vLLM that is installed, without importing it."""

import importlib.util
import sys

import pytest

from factory.engines.vllm.passthrough import OUR_ENGINE_ARGS, OUR_SAMPLING, check_engine_args, check_sampling
from factory.errors import BadInput

installed = pytest.mark.skipif(importlib.util.find_spec("vllm") is None, reason="vLLM is not installed")


@installed
def test_real_fields_pass_and_vllm_is_not_imported():
    before = set(sys.modules)
    check_engine_args(["tensor_parallel_size", "max_model_len", "enforce_eager", "dtype", "kv_cache_memory_bytes"])
    check_sampling(["temperature", "top_k", "min_p", "stop", "repetition_detection", "thinking_token_budget"])
    assert not [name for name in set(sys.modules) - before if name.startswith("vllm")]


@installed
@pytest.mark.parametrize(
    ("check", "name", "words"),
    [
        (check_engine_args, "tensor_paralel_size", "did you mean 'tensor_parallel_size'"),
        (check_engine_args, "top_k", "vLLM has no such field"),
        (check_engine_args, "model", "--model"),
        (check_sampling, "top_kk", "did you mean 'top_k'"),
        (check_sampling, "n", "--samples"),
        (check_sampling, "seed", "--seed"),
        (check_sampling, "_eos_token_id", "no such field"),
    ],
)
def test_typos_and_our_own_fields_are_refused(check, name, words):
    with pytest.raises(BadInput) as caught:
        check([name])
    assert words in caught.value.message


def test_without_vllm_the_line_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"rejection-factory\[gpu\]"):
        check_sampling(["top_k"])


@installed
def test_each_field_we_own_exists(monkeypatch):
    """A field that vLLM renames would no longer be guarded."""
    from factory.engines.vllm import passthrough

    monkeypatch.setattr(passthrough, "OUR_SAMPLING", {})
    monkeypatch.setattr(passthrough, "OUR_ENGINE_ARGS", {})
    passthrough.check_sampling(OUR_SAMPLING)
    passthrough.check_engine_args(OUR_ENGINE_ARGS.keys() - {"lora_modules"})
