"""The real engine on a real small model: what is drawn, what is refused, and what happens when it is interrupted.

One engine is loaded for the whole module; the last test kills it.
"""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from factory.engines import Lost, Request
from factory.engines.restarting import RestartingEngine
from factory.engines.sampling import resolve
from factory.engines.vllm.arguments import params_maker
from factory.engines.vllm.engine import VllmEngine, start
from factory.errors import BadInput, EngineFailed
from factory.judging.pool import Pool
from factory.judging.recipes import load_recipe
from factory.judging.watch import watcher
from factory.records import sample_seed
from tests import make

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

LIMIT = 640
THINK, THOUGHT, END = 3, 4, 2  # token ids in `with_think_tokens`


class Loaded(NamedTuple):
    loop: asyncio.AbstractEventLoop
    engine: VllmEngine

    def draw(self, *requests, engine=None):
        async def all_at_once():
            return await asyncio.gather(*((engine or self.engine).draw(r) for r in requests))

        return self.loop.run_until_complete(all_at_once())

    def sampling(self, **flags):
        """The same engine under other sampling fields."""
        e, sampling = self.engine, resolve(flags, {})
        return VllmEngine(e._llm, e._renderer, sampling, params_maker(sampling), None, e._log)


@pytest.fixture(scope="module")
def with_think_tokens(checkpoint, tmp_path_factory):
    """The checkpoint with two unused special tokens renamed to the think tags."""
    folder = tmp_path_factory.mktemp("models") / "think"
    folder.mkdir()
    for path in checkpoint.iterdir():
        (folder / path.name).symlink_to(path)
    text = (checkpoint / "tokenizer.json").read_text().replace("<repo_name>", "<think>")
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.json").write_text(text.replace('"<reponame>"', '"</think>"'))
    return folder


@pytest.fixture(scope="module")
def loaded(with_think_tokens):
    loop = asyncio.new_event_loop()
    sampling = resolve({"temperature": 0.7, "max_tokens": 24}, {}, LIMIT)
    tags = {"reasoning_start_str": "<think>", "reasoning_end_str": "</think>"}
    fields = {"max_model_len": LIMIT, "reasoning_config": tags}
    engine = loop.run_until_complete(start(with_think_tokens, sampling, engine_args=fields))
    yield Loaded(loop, engine)
    loop.run_until_complete(engine.close())
    loop.close()


def request(index=0, content="What is 4 + 5?", **fields):
    return Request("p", index, sample_seed(0, "p", index), ({"role": "user", "content": content},), **fields)


def test_samples_are_drawn_at_once_and_differ(loaded):
    completions = loaded.draw(*(request(i) for i in range(12)))
    assert all(c.finish_reason in ("stop", "length") for c in completions)
    assert all(1 <= c.completion_tokens <= 24 and c.prompt_tokens > 10 for c in completions)
    assert len({c.text for c in completions}) > 6
    assert loaded.engine.max_model_len == LIMIT


def test_a_prefilled_thought_is_put_back(loaded):
    (completion,) = loaded.draw(request(prefill="<think>\nFour and five"))
    assert completion.text.startswith("<think>\nFour and five")


def test_think_tags_that_are_special_tokens_survive_and_the_end_does_not(loaded):
    engine = loaded.sampling(allowed_token_ids=[THINK, THOUGHT, END], min_tokens=6, max_tokens=24, temperature=2.0)
    completions = loaded.draw(*(request(i) for i in range(8)), engine=engine)
    text = "".join(c.text for c in completions)
    assert "<think>" in text
    assert "</think>" in text
    assert "<|im_end|>" not in text
    assert "stop" in {c.finish_reason for c in completions}
    for completion in completions:
        before, closed, _ = completion.text.rpartition("</think>")
        assert completion.reasoning_tokens == (before.count("think>") if closed else None)


@pytest.mark.parametrize("prefill", ["<think>", "<think>\n"])
def test_a_thought_that_a_token_budget_cut_is_marked(loaded, prefill):
    engine = loaded.sampling(thinking_token_budget=12, max_tokens=40, temperature=1.0, ignore_eos=True)
    asked = [request(i, prefill=prefill) for i in range(8)]
    completions = loaded.draw(*asked, engine=engine)
    forced = [c for c in completions if c.stop_reason == "think_forced"]
    assert len(forced) >= 6, "the small model hardly ever closes a thought within twelve tokens"
    assert all("</think>" in c.text and c.completion_tokens == 40 for c in forced)
    free = loaded.draw(*asked, engine=loaded.sampling(thinking_token_budget=100, max_tokens=40, temperature=1.0))
    assert not any(c.stop_reason == "think_forced" for c in free)


def test_a_cycle_of_tokens_is_stopped_early(loaded):
    cycles = {"max_pattern_size": 4, "min_pattern_size": 1, "min_count": 8}
    engine = loaded.sampling(allowed_token_ids=[THINK], max_tokens=200, repetition_detection=cycles)
    (completion,) = loaded.draw(request(), engine=engine)
    assert (completion.finish_reason, completion.stop_reason) == ("stopped_early", "repetition_detected")
    assert completion.completion_tokens < 20


def test_a_stop_string_is_the_stop_reason(loaded):
    engine = loaded.sampling(allowed_token_ids=[THINK, THOUGHT], max_tokens=64, temperature=1.0, stop=["</think>"])
    (completion,) = loaded.draw(request(), engine=engine)
    assert (completion.finish_reason, completion.stop_reason) == ("stop", "</think>")


@pytest.mark.parametrize("room", [1, 0])
def test_a_prompt_gets_what_room_there_is_and_is_refused_without_any(loaded, room):
    (short,) = loaded.draw(request(text="word"))
    asked = request(text=" word" * (LIMIT - room))
    assert short.prompt_tokens == 1
    if room:
        (completion,) = loaded.draw(asked)
        assert (completion.finish_reason, completion.completion_tokens) == ("length", room)
    else:
        with pytest.raises(BadInput, match=rf"{LIMIT} tokens leave no room .* max_model_len {LIMIT}"):
            loaded.draw(asked)


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.5])
def test_a_cancelled_draw_is_aborted_in_the_engine(loaded, seconds):
    engine = loaded.sampling(ignore_eos=True, max_tokens=450)

    async def cancel():
        tasks = [asyncio.ensure_future(engine.draw(request(i))) for i in range(4)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    ended = loaded.loop.run_until_complete(cancel())
    assert all(isinstance(e, asyncio.CancelledError) for e in ended)
    assert not loaded.engine._llm.output_processor.has_unfinished_requests()
    assert loaded.draw(request())[0].text


def test_signals_to_the_group_do_not_reach_the_engine(loaded):
    """Ctrl-C and a batch system's USR1 go to every process of the group; samples in flight should survive them."""
    all_three = sum(1 << number - 1 for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1))
    children = [c for c in psutil.Process().children(recursive=True) if "VLLM" in "".join(c.cmdline())]
    assert children
    for child in children:
        status = Path(f"/proc/{child.pid}/status").read_text()
        blocked = next(line for line in status.splitlines() if line.startswith("SigBlk"))
        assert int(blocked.split()[1], 16) & all_three == all_three
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, []) & {signal.SIGINT, signal.SIGTERM, signal.SIGUSR1}


@pytest.mark.parametrize(
    ("flags", "options", "words"),
    [
        ({"min_tokens": "many"}, {}, "min_tokens"),
        ({"structured_outputs": {"regex": "a", "json": {}}}, {}, "refuses the sampling fields"),
        ({}, {"engine_args": {"max_model_len": 10**9}}, "max_model_len"),
        ({}, {"engine_args": {"tensor_parallel_size": "two"}}, "tensor_parallel_size"),
        ({}, {"chat_template_kwargs": {"enable_thinking": True}}, "no such name"),
        ({}, {"adapter": "nowhere"}, "--adapter nowhere"),
    ],
)
def test_what_vllm_refuses_is_one_line_before_any_load(checkpoint, flags, options, words):
    with pytest.raises(BadInput) as caught:
        asyncio.run(start(checkpoint, resolve(flags, {}, LIMIT), **options))
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_a_load_that_fails_says_why_in_one_line(checkpoint, tmp_path):
    for path in checkpoint.iterdir():
        (tmp_path / path.name).symlink_to(path)
    config = json.loads((checkpoint / "config.json").read_text())
    (tmp_path / "config.json").unlink()
    (tmp_path / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 31}))
    with pytest.raises(EngineFailed, match="not initialized from checkpoint") as caught:
        asyncio.run(start(tmp_path, resolve({}, {}, LIMIT), engine_args={"max_model_len": LIMIT}))
    assert "\n" not in caught.value.message


def test_a_loop_is_stopped_by_a_rule_and_the_others_go_on(loaded):
    engine = loaded.sampling(allowed_token_ids=[THINK, THOUGHT], max_tokens=540, temperature=0.0)
    recipe = load_recipe("r1")
    with Pool(recipe.rules, 1) as pool:
        watch = watcher(recipe, pool)(make.prompt())
        asked = [request(prefill="<think>\nWell,", watch=w) for w in (watch, None)]
        loop, whole = loaded.draw(*asked, engine=engine)
    assert (loop.finish_reason, loop.stop_reason, loop.completion_tokens) == ("stopped_early", "repetition:loop", 512)
    assert (whole.finish_reason, whole.completion_tokens) == ("length", 540)
    assert not loaded.engine._llm.output_processor.has_unfinished_requests()


def test_what_is_shown_is_the_text_at_exactly_that_count(loaded):
    shown = []

    async def watch(text, tokens):
        shown.append((text, tokens))
        await asyncio.sleep(0.1)

    asked = [request(i, watch=watch) for i in range(2)]
    engine = loaded.sampling(max_tokens=540, ignore_eos=True, temperature=1.5)
    wholes = loaded.draw(*asked, engine=engine)
    assert [(w.finish_reason, w.completion_tokens) for w in wholes] == [("length", 540)] * 2
    assert [tokens for _, tokens in shown] == [512] * 2
    count = loaded.engine._llm.get_tokenizer().encode
    for text, tokens in shown:
        assert sum(w.text.startswith(text) for w in wholes) == 1
        assert abs(len(count(text)) - tokens) < 30, "sampled tokens are nearly those that the text encodes to"


def kill_engine():
    for child in psutil.Process().children(recursive=True):
        if "VLLM" in "".join(child.cmdline()):
            os.kill(child.pid, signal.SIGKILL)


def test_a_dead_engine_is_started_once_more_and_then_fails_what_is_in_flight(loaded, with_think_tokens):
    """Runs last: the module's engine is gone afterwards."""
    sampling = resolve({"ignore_eos": True, "max_tokens": 200}, {}, LIMIT)
    said = []

    async def load():
        return await start(with_think_tokens, sampling, engine_args={"max_model_len": LIMIT})

    async def kill(engine):
        tasks = [asyncio.ensure_future(engine.draw(request(i))) for i in range(3)]
        await asyncio.sleep(0.5)
        kill_engine()
        return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 120)

    engine = RestartingEngine(loaded.sampling(ignore_eos=True, max_tokens=200), load, said.append)
    assert [type(e) for e in loaded.loop.run_until_complete(kill(engine))] == [Lost] * 3
    assert "engine died" in said[0]
    (again,) = loaded.draw(request(), engine=engine)
    assert again.completion_tokens == 200
    for error in loaded.loop.run_until_complete(kill(engine)):
        assert isinstance(error, EngineFailed)
        assert "restarted once already" in error.message
        log = Path(error.message.partition("log: ")[2].partition(")")[0])
        assert log.is_file()
    with pytest.raises(EngineFailed):
        loaded.draw(request(), engine=engine)
    loaded.loop.run_until_complete(engine.close())
    assert log.is_file(), "an error names it"
    log.unlink()
