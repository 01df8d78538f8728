"""From what the user asked to an engine ready to load: every check that costs no GPU comes first.

Covers the choice of engine, the resolved sampling fields and what a run must keep fixed. Does not cover drawing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from factory import runs
from factory.engines import Engine, Request, checkpoints, restarting
from factory.engines.sampling import Sampling, resolve
from factory.engines.vllm import passthrough
from factory.errors import BadInput
from factory.terminal import Say

if TYPE_CHECKING:
    from factory.plan import Plan


SHAPING: Final = ("dtype", "quantization", "kv_cache_dtype", "revision", "tokenizer_revision", "hf_overrides")
"""Engine arguments that change a sample's distribution; the others only change speed, and are free to change."""


@dataclass(frozen=True, slots=True)
class Loader:
    """`load` starts the engine, given a request like the run's and where lines for the user go; `fixed` is what
    changes a sample's distribution; `describe` is for the user.
    """

    load: Callable[[Request, Say], Awaitable[Engine]]
    fixed: Mapping[str, Any]
    describe: tuple[str, ...]


def prepare(plan: Plan) -> Loader:
    """Check what was asked of the engine. Raises BadInput."""
    if plan.url and plan.engine != "server":
        raise BadInput("--url needs --engine server")
    if plan.tp is not None and plan.engine != "vllm":
        raise BadInput("--tp needs --engine vllm")
    return {"replay": _replay, "server": _server, "vllm": _vllm}[plan.engine](plan)


def _vllm(plan: Plan) -> Loader:
    passthrough.check_engine_args(plan.engine_args)
    passthrough.check_sampling(plan.sampling)
    checkpoints.check_checkpoint(plan.model, pickle=plan.engine_args.get("load_format") == "pt")
    revision = plan.engine_args.get("revision")
    context = plan.engine_args.get("max_model_len") or checkpoints.context_length(plan.model, revision=revision)
    defaults = checkpoints.read_json(plan.model, "generation_config.json", revision=revision)
    sampling = resolve(plan.sampling, defaults, context if isinstance(context, int) else None)
    fixed: dict[str, Any] = {"model": checkpoints.fingerprint(plan.model, revision=revision)}
    for name, folder in (("adapter", plan.adapter), ("tokenizer", plan.tokenizer)):
        fixed[name] = checkpoints.fingerprint(folder) if folder else None
    fixed |= {"sampling": dict(sampling.values), "chat_template_kwargs": dict(plan.chat_template_kwargs)}
    fixed["engine_args"] = {name: plan.engine_args[name] for name in SHAPING if name in plan.engine_args}
    groups = _groups(plan)

    async def load(example: Request, say: Say) -> Engine:
        if groups:
            return await _servers(plan, sampling, groups, example)
        return await restarting.start(lambda: _in_process(plan, sampling), say)

    return Loader(load, fixed, tuple(sampling.describe()))


def _groups(plan: Plan) -> list[str]:
    """The GPU groups of `--tp`; a single group, or none asked for, stays in this process."""
    if plan.tp is None:
        return []
    from factory.engines.servers.local import gpu_groups, visible_gpus

    groups = gpu_groups(visible_gpus(), plan.tp)
    return groups if len(groups) > 1 or plan.tp > 1 else []


async def _servers(plan: Plan, sampling: Sampling, groups: list[str], example: Request) -> Engine:
    from factory.engines.servers import local

    return await local.start(
        plan.model,
        sampling,
        groups,
        tp=plan.tp or 1,
        engine_args={**plan.engine_args, **({"tokenizer": plan.tokenizer} if plan.tokenizer else {})},
        chat_template_kwargs=plan.chat_template_kwargs,
        adapter=plan.adapter,
        example=example,
    )


async def _in_process(plan: Plan, sampling: Sampling) -> Engine:
    """Raises Refused where loading settled on another data type than the run was drawn with."""
    from factory.engines.vllm.engine import start

    engine = await start(
        plan.model,
        sampling,
        engine_args=plan.engine_args,
        chat_template_kwargs=plan.chat_template_kwargs,
        tokenizer=plan.tokenizer,
        adapter=plan.adapter,
    )
    try:
        runs.hold_loaded(plan.out, engine.fixed)
    except BaseException:
        await engine.close()
        raise
    return engine


def _server(plan: Plan) -> Loader:
    """What a server has loaded can't be looked into: the run is held to the model's name."""
    for option, given in (
        ("--engine-arg", plan.engine_args),
        ("--adapter", plan.adapter),
        ("--tokenizer", plan.tokenizer),
    ):
        if given:
            raise BadInput(f"{option} is for an engine of ours; a server is configured where it was started")
    sampling = resolve(plan.sampling, {})
    fixed = {"model": plan.model, "sampling": dict(sampling.values)}

    async def load(example: Request, say: Say) -> Engine:
        from factory.engines.servers.start import start

        kwargs = plan.chat_template_kwargs
        return await start(plan.url, plan.model, sampling, chat_template_kwargs=kwargs, example=example)

    fixed["chat_template_kwargs"] = dict(plan.chat_template_kwargs)
    return Loader(load, fixed, tuple(sampling.describe()))


def _replay(plan: Plan) -> Loader:
    async def load(example: Request, say: Say) -> Engine:
        from factory.engines.replay import ReplayEngine

        return ReplayEngine(Path(plan.model), float(plan.engine_args.get("delay", 0.0)))

    sampling = resolve(plan.sampling, {})
    return Loader(load, {"model": plan.model, "sampling": dict(sampling.values)}, ())
