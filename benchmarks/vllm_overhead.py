"""What does our driver cost beside vLLM alone?

One loaded engine draws the same requests, with the same seeds and exactly 64 tokens a sample, in two ways by turns: a
bare AsyncLLM that is handed all of them at once as tokens, and our driver, engine wrapper, rendering and durable ledger
with as many slots. The prefix cache and our rendered prompts are dropped before every turn. Prints tokens/s, the median
ratio over the pairs and its interval; then the same with the rules of r1 judging every sample meanwhile, which on a
CPU-only machine take their time from the model's cores.

    python benchmarks/vllm_overhead.py [--check] [--model FOLDER] [--prompts 16] [--pairs 7]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory import ledger, terminal
from factory.drawing.command import judge_with
from factory.drawing.driver import Driver
from factory.drawing.feed import Feed
from factory.engines import Request
from factory.engines.restarting import RestartingEngine
from factory.engines.sampling import resolve
from factory.engines.vllm.engine import VllmEngine, start
from factory.judging.pool import Pool
from factory.judging.recipes import load_recipe
from factory.judging.watch import watcher
from factory.quota.schedule import Schedule
from factory.quota.settlement import Quota
from factory.reading.prompts import read_prompts
from factory.reading.templates import load_template
from factory.records import Prompt

OUTPUTS = Path(__file__).parents[1] / "outputs"
"""Ledgers are written here: a real run's disk, not /tmp, which may be memory."""
MODEL = OUTPUTS / "models" / "SmolLM2-135M-Instruct"
PROMPTS = Path(__file__).parents[1] / "prompts" / "arithmetic.jsonl"
SAMPLES, TOKENS, RULE_PAIRS = 4, 64, 3
GOAL = 0.97


@dataclass(frozen=True)
class Setting:
    engine: VllmEngine
    prompts: Sequence[Prompt]

    @property
    def draws(self) -> int:
        return len(self.prompts) * SAMPLES

    async def fresh(self) -> None:
        """Nothing is left of the turn before."""
        self.engine._renderer._kept.clear()
        assert await self.engine._llm.reset_prefix_cache()

    def rate(self, seconds: float) -> float:
        return self.draws * TOKENS / seconds


async def bare(setting: Setting, requests: Sequence[Request]) -> float:
    """Tokens/s of vLLM alone."""
    from vllm.inputs import tokens_input

    await setting.fresh()
    engine = setting.engine
    asked = [(engine._renderer.render(r).tokens, engine._params(r.seed, TOKENS, False)) for r in requests]

    async def draw(tokens: list[int], params: Any, name: str) -> None:
        async for output in engine._llm.generate(tokens_input(tokens), params, name):
            assert len(output.outputs[0].token_ids) == TOKENS

    await setting.fresh()
    began = time.perf_counter()
    await asyncio.gather(*(draw(tokens, params, f"bare-{i}") for i, (tokens, params) in enumerate(asked)))
    return setting.rate(time.perf_counter() - began)


async def ours(setting: Setting, folder: Path, rules: bool) -> float:
    """Tokens/s of the driver, from its first prompt to the last sample on disk."""
    await setting.fresh()
    recipe = load_recipe("r1") if rules else None
    with contextlib.ExitStack() as stack:
        book = stack.enter_context(ledger.Ledger(folder / "ledger.sqlite"))
        book.put_prompts(setting.prompts)
        book.flush()
        pool = stack.enter_context(Pool(recipe.that_settle(), 1, until_no=True)) if recipe else None
        feed = Feed(book.reader, load_template("plain"), recipe.digest if recipe else None, SAMPLES, 0)
        feed.watch_of = watcher(recipe, pool) if recipe and pool else None
        if pool:  # its process has loaded the rules before the clock runs
            await asyncio.wrap_future(pool.look(setting.prompts[0], ""))
        schedule = Schedule(Quota(SAMPLES, SAMPLES))
        bar = stack.enter_context(terminal.bar("drawing", "samples", setting.draws))
        engine = RestartingEngine(setting.engine, _never, print)
        driver = Driver(
            engine,
            book,
            schedule,
            judge_with(book, recipe, pool),
            slots=setting.draws,
            grace=0.0,
            bar=bar,
            recorded=False,
        )
        began = time.perf_counter()
        await driver.run(feed.work(setting.prompts))
        seconds = time.perf_counter() - began
        assert (driver.tally.drawn, driver.tally.tokens) == (setting.draws, setting.draws * TOKENS)
    return setting.rate(seconds)


async def _never() -> Any:
    raise AssertionError


async def pairs(setting: Setting, requests: Sequence[Request], count: int, rules: bool) -> list[float]:
    """Our share of vLLM's tokens/s, pair by pair; who goes first changes."""
    ratios = []
    for number in range(count):
        rates: dict[bool, float] = {}
        for mine in (True, False) if number % 2 else (False, True):
            if mine:
                with tempfile.TemporaryDirectory(dir=OUTPUTS) as folder:
                    rates[mine] = await ours(setting, Path(folder), rules)
            else:
                rates[mine] = await bare(setting, requests)
        ratios.append(rates[True] / rates[False])
        print(f"  {rates[False]:8.1f} {rates[True]:8.1f} tokens/s  ratio {ratios[-1]:.3f}", flush=True)
    return ratios


async def measure(model: Path, prompts: int, count: int) -> float:
    sampling = resolve({"temperature": 0.7, "max_tokens": TOKENS, "ignore_eos": True}, {}, 512)
    engine = await start(model, sampling, engine_args={"max_model_len": 512})
    setting = Setting(engine, list(read_prompts(str(PROMPTS), limit=prompts)))
    with tempfile.TemporaryDirectory(dir=OUTPUTS) as folder, ledger.Ledger(Path(folder) / "ledger.sqlite") as book:
        work = Feed(book.reader, load_template("plain"), None, SAMPLES, 0).work(setting.prompts)
        requests = [w.request(index) for w in work for index in range(SAMPLES)]
    try:
        await bare(setting, requests[: len(requests) // 4])  # warms up
        print(f"{setting.draws} samples of {TOKENS} tokens a turn; bare vLLM beside our driver")
        ratios = await pairs(setting, requests, count, rules=False)
        print("the same with r1's rules in the loop")
        judged = await pairs(setting, requests, RULE_PAIRS, rules=True)
    finally:
        await engine.close()
    # the ends of the order statistics: the true median lies between with probability 1 - 2^(1 - pairs)
    sure = 1 - 2.0 ** (1 - count)
    median = statistics.median(ratios)
    print(f"ratio without rules {median:.3f} [{min(ratios):.3f} to {max(ratios):.3f}, {sure:.0%}], goal {GOAL}")
    print(f"ratio with r1 in the loop {statistics.median(judged):.3f} [{min(judged):.3f} to {max(judged):.3f}]")
    return median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help=f"exit 1 where the median ratio is below {GOAL}")
    parser.add_argument("--model", type=Path, default=MODEL, help="a checkpoint; `make demo` makes the default")
    parser.add_argument("--prompts", type=int, default=16, help=f"prompts a turn, {SAMPLES} samples each")
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    median = asyncio.run(measure(options.model, options.prompts, options.pairs))
    if options.check and median < GOAL:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
