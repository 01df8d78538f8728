"""Score a sample by a reward model over HTTP: for prompts without a reference."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

from factory import Prompt, Sample, Verdict
from factory.verify.judges import asking

ASKS = "url"
SCORES = True  # without least or most generation has no use for it


def judge(
    sample: Sample, prompt: Prompt, *, url: str, model: str, reads: Literal["answer", "text"] = "answer"
) -> Verdict:
    """Ask `url` what a conversation is worth; the score is the reward as the model gives it, on its own scale.

    `url` is the whole address: vLLM's `http://host:8000/pooling` or `/classify`, SGLang's `/classify`, or anything
    that takes {"model", "messages"} and replies with one number ({"score": 0.7}). `reads`: the model sees the answer
    part, or with "text" the thinking too. It only scores: `least` in a recipe rejects, or `merge` selects. Unknown:
    `reward_error`, `no_answer`.
    """
    return begin(sample, prompt, url=url, model=model, reads=reads)()


def check_knobs(*, url: str, model: str, reads: str) -> None:
    """Raises ValueError for a server that can't be asked."""
    asking.check(url, model)


def begin(sample: Sample, prompt: Prompt, *, url: str, model: str, reads: str) -> Callable[[], Verdict]:
    """Ask; the function waits for the answer."""
    said = sample.answer if reads == "answer" else sample.text
    if not said.strip():
        return lambda: Verdict.unknown("no_answer")
    messages = [*map(dict, prompt.messages), {"role": "assistant", "content": said.strip()}]
    asked = asking.later("reward", url, {"model": model, "messages": messages}, read_reward)

    def finish() -> Verdict:
        try:
            return Verdict.accept("scored", float(asked.result()))
        except asking.Failed:
            return Verdict.unknown("reward_error")

    return finish


def read_reward(reply: Any) -> float:
    """The one number in a reply: of a score, a vector of one, or the last token's of a row of such.

    Raises ValueError and its like for any other shape.
    """
    if isinstance(reply, list):
        reply = reply[0] if len(reply) == 1 else reply[-1]
        return read_reward(reply)
    if isinstance(reply, dict):
        return read_reward(next((reply[name] for name in NAMES if reply.get(name) is not None), None))
    score = float(reply)
    if isinstance(reply, bool | str) or not math.isfinite(score):
        raise ValueError(reply)
    return score


NAMES = ("score", "reward", "rewards", "scores", "data", "probs", "embedding")
"""Where servers put it: our own shape, SGLang's `embedding`, vLLM's `data` with `probs` inside."""
