"""The checkpoint in this process's vLLM: one request a sample, fed continuously, no batch barrier.

Covers starting it and reading what comes as a `Completion`. Does not cover rendering nor when a sample is stopped early
(modules of the room above), the text at a token count (`growing.py`), the settings for the machine at hand
(`arguments.py`) nor vLLM's processes (`process.py`). No seed repeats a draw to the bit: batching changes rounding.

vLLM starts processes of its own, so the program that calls `start` needs `if __name__ == "__main__"`.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from factory.engines import Completion, EngineDied, Request, thinking_budget
from factory.engines.rendering import Renderer
from factory.engines.sampling import Sampling
from factory.engines.texts import FINISH, without_end
from factory.engines.vllm import arguments, process
from factory.engines.vllm.arguments import Params
from factory.engines.vllm.growing import Growing
from factory.engines.watching import STEP, Show, watched
from factory.errors import BadInput, EngineFailed, one_line
from factory.records import THINK_CLOSE, THINK_FORCED, FinishReason, restore_opener


class VllmEngine:
    """An engine (see `factory.engines.Engine`) around one AsyncLLM; made by `start`.

    `fixed` is what was settled while loading and changes a sample's distribution.
    """

    def __init__(self, llm: Any, renderer: Renderer, sampling: Sampling, params: Params, lora: Any, log: Path) -> None:
        from vllm import __version__

        config = llm.model_config
        self.name = f"vllm-{__version__}"
        self.fixed = {"dtype": str(config.dtype).removeprefix("torch."), "quantization": config.quantization}
        self.max_model_len: int = config.max_model_len
        self._llm = llm
        self._renderer = renderer
        self._params = params
        self._max_tokens = sampling.max_tokens
        self._lora = lora
        self._log = log
        self._numbers = itertools.count()
        self._ends = _end_texts(llm)
        closer = llm.get_tokenizer().encode(THINK_CLOSE, add_special_tokens=False)
        self._closer = closer[0] if len(closer) == 1 else None
        self._budget: int | None = sampling.values.get(thinking_budget.FIELD)

    async def draw(self, request: Request) -> Completion:
        """Draw one sample to its end; cancelling aborts it in the engine.

        Raises BadInput when the prompt can't be rendered or leaves no room for a token, EngineDied when the engine is
        gone, EngineFailed when it gave the sample up.
        """
        tokens, thought = self._renderer.render(request)
        room = self.max_model_len - len(tokens)
        if room < 1:
            raise BadInput(
                f"prompt {request.prompt_id}: {len(tokens)} tokens leave no room for an answer within max_model_len "
                f"{self.max_model_len}; shorten it, or raise --engine-arg max_model_len=N if the checkpoint allows"
            )
        most = min(self._max_tokens, room)
        watch = request.watch if most > STEP else None
        params = self._params(request.seed, most, watch is not None)
        name = f"{request.prompt_id}-{request.sample_index}-{next(self._numbers)}"
        if watch is None:
            return await self._whole(tokens, thought, params, name)
        return await watched(lambda show: self._whole(tokens, thought, params, name, show), watch)

    async def close(self) -> None:
        """Stop vLLM's processes; no draw is in flight any more. The log of one that died stays: an error names it."""
        died = self._llm.errored
        # one second is enough: its processes may be deaf to signals, and hold nothing worth a wait
        self._llm.shutdown(timeout=1.0)
        # its __del__ calls this again, at the interpreter's very end perhaps, and would fail noisily then
        self._llm.shutdown = lambda timeout=None: None
        if not died:
            self._log.unlink(missing_ok=True)

    async def _whole(
        self, tokens: list[int], thought: str | None, params: Any, name: str, show: Show | None = None
    ) -> Completion:
        """The sample drawn to its end, shown on its way."""
        drawn: list[int] = []
        text: list[str] = []
        growing = Growing(self._llm.get_tokenizer(), tokens) if show else None
        last = None
        async with contextlib.aclosing(self._outputs(tokens, params, name)) as outputs:
            async for last in outputs:
                drawn += last.outputs[0].token_ids
                text.append(last.outputs[0].text)
                if growing and show:
                    for so_far, count in growing.reached(drawn):
                        show(self._completion(so_far, drawn[:count], len(tokens), thought, "stopped_early"))
        reason = last.outputs[0].finish_reason if last is not None else None
        if last is None or reason not in FINISH:
            raise EngineFailed(f"vLLM gave sample {name} up ({reason or 'no output'})")
        stop = THINK_FORCED if self._was_cut(tokens, drawn) else last.outputs[0].stop_reason
        whole = self._completion(without_end("".join(text), self._ends), drawn, len(tokens), thought, FINISH[reason])
        return replace(whole, stop_reason=None if stop is None else str(stop))

    async def _outputs(self, tokens: list[int], params: Any, name: str) -> AsyncGenerator[Any]:
        """What vLLM sends of one request; it is aborted there where nobody waits for its end."""
        from vllm.exceptions import VLLMClientError
        from vllm.inputs import tokens_input
        from vllm.v1.engine.exceptions import EngineDeadError

        finished = False
        try:
            async for output in self._llm.generate(tokens_input(tokens), params, name, lora_request=self._lora):
                finished = output.finished
                if output.outputs:
                    yield output
        except EngineDeadError as error:
            raise EngineDied(f"the vLLM engine died: {process.fault(self._log)}") from error
        except (VLLMClientError, ValueError) as error:
            raise BadInput(f"{name}: vLLM refused the request: {one_line(error)}") from error
        except Exception as error:
            kind = EngineDied if self._llm.errored else EngineFailed
            raise kind(f"vLLM failed: {one_line(error.__cause__ or error)}") from error
        finally:
            if not finished:  # a cancel inside add_request would leak the sample
                with contextlib.suppress(EngineDeadError):
                    await self._llm.abort(name)

    def _completion(
        self, text: str, drawn: list[int], prompt_tokens: int, thought: str | None, finish: FinishReason
    ) -> Completion:
        return Completion(
            text=text if thought is None else restore_opener(thought + text),
            finish_reason=finish,
            prompt_tokens=prompt_tokens,
            completion_tokens=len(drawn),
            reasoning_tokens=self._reasoning_tokens(drawn),
        )

    def _was_cut(self, prompt: list[int], drawn: list[int]) -> bool:
        if self._budget is None:
            return False
        tags = self._llm.vllm_config.reasoning_config
        return thinking_budget.cut(
            prompt, drawn, tags.reasoning_start_token_ids, tags.reasoning_end_token_ids, self._budget
        )

    def _reasoning_tokens(self, tokens: list[int]) -> int | None:
        """Tokens before the last `</think>` where it is one token of the vocabulary, else None."""
        if self._closer is None:
            return None
        return next((i for i in range(len(tokens) - 1, -1, -1) if tokens[i] == self._closer), None)


async def start(
    model: Path | str,
    sampling: Sampling,
    *,
    engine_args: Mapping[str, Any] | None = None,
    chat_template_kwargs: Mapping[str, Any] | None = None,
    tokenizer: str | None = None,
    adapter: str | None = None,
) -> VllmEngine:
    """Load a checkpoint. `engine_args` go to vLLM as they are and beat what we would set for the machine.

    Raises BadInput for what vLLM refuses or when it isn't installed, EngineFailed when loading fails. This blocks the
    event loop until the weights are loaded: nothing else has work before that.
    """
    fields = {"model": str(model), "tokenizer": tokenizer, **arguments.lora_args(adapter), **(engine_args or {})}
    process.quiet()
    log = process.new_log()
    with process.logged_to(log):
        try:
            return _start(fields, sampling, chat_template_kwargs or {}, arguments.lora_request(adapter), log)
        except BadInput:
            log.unlink()
            raise


def _start(
    fields: Mapping[str, Any], sampling: Sampling, keywords: Mapping[str, Any], lora: Any, log: Path
) -> VllmEngine:
    params = arguments.params_maker(sampling)
    config = arguments.engine_config(fields)
    from vllm.tokenizers import cached_tokenizer_from_config
    from vllm.v1.engine.async_llm import AsyncLLM

    renderer = Renderer(cached_tokenizer_from_config(config.model_config), keywords)
    try:
        with process.deaf_to_signals():
            # not in a variable: vLLM keeps exceptions whose frames, this one among them, would keep it after `close`
            engine = VllmEngine(
                AsyncLLM.from_vllm_config(config, disable_log_stats=True), renderer, sampling, params, lora, log
            )
    except Exception as error:
        raise EngineFailed(f"vLLM could not load {fields['model']}: {process.fault(log)}") from error
    process.quieter()
    return engine


def _end_texts(llm: Any) -> tuple[str, ...]:
    """The tokens that end a text (end-of-text, padding, the checkpoint's further stops), as they are written."""
    tokenizer = llm.get_tokenizer()
    more = llm.model_config.try_get_generation_config().get("eos_token_id") or []
    ids = {*(more if isinstance(more, list) else [more]), tokenizer.eos_token_id, tokenizer.pad_token_id} - {None}
    texts = {tokenizer.decode([i], skip_special_tokens=False) for i in ids}
    return tuple(t for t in sorted(texts) if t.strip())
