"""`--dry-run`: the first prompts as the engine will see them and as they will be trained on, and what looks wrong.

Loads the tokenizer, no weights, and writes nothing. Does not cover how a trainer's template renders finished rows
(`merge --check-template`), nor the checks that every command makes anyway (`generate.py`, `drawing/listing.py`).
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from factory import ledger
from factory.drawing.listing import list_prompts
from factory.engines import Request, checkpoints
from factory.engines.rendering import Renderer
from factory.errors import BadInput, one_line
from factory.generate import checked
from factory.plan import Plan
from factory.reading.templates import Template, ask, train
from factory.records import THINK_CLOSE, THINK_OPEN, Prompt
from factory.terminal import Say, visible

PROMPTS: Final = 3
THOUGHT, ANSWER = "what the checkpoint thinks", "what it answers"


@dataclass(slots=True)
class _Seen:
    """What the preview came to, as it grows."""

    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    prompts: list[dict[str, Any]] = field(default_factory=list)


def preview(plan: Plan, say: Say) -> tuple[dict[str, Any], list[str]]:
    """Show and check; plain data and lines. Raises BadInput as the command itself would."""
    named = checked(plan, say)
    seen = _Seen()
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "listed.sqlite"
        count = list_prompts(plan, named.template, listed, say)
        with ledger.reading(listed) as connection:
            first = list(itertools.islice(ledger.all_prompts(connection), PROMPTS))
    tokenizer = _tokenizer(plan)
    if tokenizer is None:
        seen.lines.append(f"engine {plan.engine} renders prompts itself: messages are shown as they are sent")
    renderer = None if tokenizer is None else Renderer(tokenizer, plan.chat_template_kwargs)
    for number, prompt in enumerate(first, start=1):
        _show(number, prompt, named.template, renderer, tokenizer, seen)
    if tokenizer is not None:
        _check_tags(tokenizer, seen)
        _check_thinking(tokenizer, seen)
        _check_ends(plan, tokenizer, seen)
        _check_room(plan, named.loader.fixed["sampling"], seen)
    seen.lines += [f"warning: {warning}" for warning in seen.warnings]
    seen.lines.append(f"{count:,} prompts; nothing was drawn, nothing written")
    return {"prompts": count, "shown": seen.prompts, "warnings": seen.warnings}, seen.lines


def _tokenizer(plan: Plan) -> Any:
    if plan.engine != "vllm":
        return None
    from transformers import AutoTokenizer

    name = plan.tokenizer or plan.model
    try:
        return AutoTokenizer.from_pretrained(name, revision=plan.engine_args.get("tokenizer_revision"))
    except Exception as error:  # a checkpoint's files may be broken in any way
        raise BadInput(f"{name}: no tokenizer can be loaded: {one_line(error)}") from error


def _show(
    number: int, prompt: Prompt, template: Template, renderer: Renderer | None, tokenizer: Any, seen: _Seen
) -> None:
    messages, prefill, text = ask(template, prompt)
    entry: dict[str, Any] = {"id": prompt.id, "reference": prompt.reference, "train": list(train(template, prompt))}
    if renderer is None:
        asked = text if text is not None else "\n".join(f"{m['role']}: {m['content']}" for m in messages)
        asked += f"\nassistant: {prefill}" if prefill else ""
        length = ""
    else:
        tokens = renderer.render(Request(prompt.id, 0, 0, tuple(messages), prefill, text)).tokens
        asked, entry["tokens"] = tokenizer.decode(tokens, skip_special_tokens=False), len(tokens)
        length = f", {len(tokens):,} tokens"
    entry["ask"] = asked
    seen.prompts.append(entry)
    seen.lines.append(f"prompt {number} ({prompt.source_id or prompt.id}){length}, as the engine sees it:")
    seen.lines += [f"  | {line}" for line in visible(asked).split("\n")]
    sketch = f"assistant: {THINK_OPEN}\n({THOUGHT})\n{THINK_CLOSE}\n\n({ANSWER})"
    trained = "\n".join([*(f"{m['role']}: {m['content']}" for m in entry["train"]), sketch])
    seen.lines.append("  as it is trained on:")
    seen.lines += [f"  | {line}" for line in visible(trained).split("\n")]


def _check_tags(tokenizer: Any, seen: _Seen) -> None:
    special = set(tokenizer.all_special_tokens)
    for tag in (THINK_OPEN, THINK_CLOSE):
        ids = tokenizer.encode(tag, add_special_tokens=False)
        kind = "a special token" if tag in special else "one token" if len(ids) == 1 else f"{len(ids)} tokens"
        seen.lines.append(f"{tag} is {kind}")


def _check_thinking(tokenizer: Any, seen: _Seen) -> None:
    """Whether the checkpoint's own template keeps an assistant's thought: trainers use it by default."""
    if not getattr(tokenizer, "chat_template", None):
        return seen.warnings.append("the tokenizer has no chat template: trainers will need one")
    turns = [
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": f"{THINK_OPEN}\n{THOUGHT}\n{THINK_CLOSE}\n\n{ANSWER}"},
    ]
    try:
        rendered = tokenizer.apply_chat_template(turns, tokenize=False)
    except Exception as error:
        return seen.warnings.append(f"the chat template can't render an assistant's turn: {str(error)[:200]}")
    if THOUGHT not in rendered:
        seen.warnings.append(
            "the checkpoint's chat template drops an assistant's thought: trained so, the thinking is lost; give the "
            "trainer another template and see merge --check-template"
        )
    elif rendered.count(THINK_OPEN) != 1:
        seen.warnings.append(f"the checkpoint's chat template writes {rendered.count(THINK_OPEN)} {THINK_OPEN} a turn")
    return None


def _check_ends(plan: Plan, tokenizer: Any, seen: _Seen) -> None:
    """A turn that ends in a token nobody stops at runs to max_tokens, sample after sample."""
    config = checkpoints.read_json(plan.model, "generation_config.json", revision=plan.engine_args.get("revision"))
    given = config.get("eos_token_id")
    ends = {i for i in [*(given if isinstance(given, list) else [given]), tokenizer.eos_token_id] if i is not None}
    names = ", ".join(sorted(repr(tokenizer.convert_ids_to_tokens(i)) for i in ends)) or "none"
    seen.lines.append(f"samples end at {visible(names)}")
    if not ends:
        seen.warnings.append("neither tokenizer nor generation_config.json names an end token: nothing stops a sample")
    if not getattr(tokenizer, "chat_template", None):
        return
    turn = [{"role": "user", "content": "?"}, {"role": "assistant", "content": ANSWER}]
    try:
        tail = tokenizer.apply_chat_template(turn, tokenize=False).rpartition(ANSWER)[2].strip()
    except Exception:  # said by _check_thinking
        return
    closing = tokenizer.encode(tail, add_special_tokens=False)[:1] if tail else []
    if ends and closing and closing[0] not in ends:
        name = visible(tokenizer.convert_ids_to_tokens(closing[0]))
        seen.warnings.append(
            f"the chat template ends a turn with {name!r}, at which no sample stops; see --sampling stop"
        )


def _check_room(plan: Plan, sampling: Mapping[str, Any], seen: _Seen) -> None:
    context = plan.engine_args.get("max_model_len") or checkpoints.context_length(
        plan.model, revision=plan.engine_args.get("revision")
    )
    longest, most = max(entry["tokens"] for entry in seen.prompts), sampling.get("max_tokens")
    if not isinstance(context, int) or not isinstance(most, int):
        return
    seen.lines.append(f"context {context:,} tokens: {longest:,} of a prompt (the longest shown) and up to {most:,}")
    if longest + most > context:
        seen.warnings.append(
            f"{longest:,} + {most:,} tokens don't fit into {context:,}: samples are cut at the context"
        )
