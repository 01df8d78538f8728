"""From a request to the tokens the checkpoint continues, through its own chat template.

Covers the template, the prefill, the first token, and which thought the prompt has opened already. Does not cover our
templates (`reading/templates.py`), which fill the request, nor drawing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from factory.engines import Request
from factory.errors import BadInput, did_you_mean, one_line
from factory.records import PROMPTS_AT_WORK, THINK_CLOSE, THINK_OPEN

KEPT_TOKENS: Final = 4_000_000
"""Tokens of rendered prompts in memory, about 150 MB; prompts are kept while they are at work, so each is rendered once
unless they are very long."""


class Rendered(NamedTuple):
    """`thought` is the part of a thought that the prompt has written, None where it opened none."""

    tokens: list[int]
    thought: str | None


class Renderer:
    """Renders requests with one tokenizer of transformers' kind."""

    def __init__(self, tokenizer: Any, chat_template_kwargs: Mapping[str, Any]) -> None:
        """Raises BadInput for a keyword that the chat template doesn't know."""
        _check_keywords(tokenizer, chat_template_kwargs)
        self._tokenizer = tokenizer
        self._keywords = dict(chat_template_kwargs)
        self._kept: OrderedDict[tuple[Any, ...], Rendered] = OrderedDict()
        self._size = 0

    def render(self, request: Request) -> Rendered:
        """The whole prompt. Raises BadInput where the chat template can't take its messages."""
        turns = tuple((m["role"], m["content"]) for m in request.messages)
        key = (turns, request.prefill, request.text)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        text, own = self._raw(request) if request.text is not None else self._chat(request)
        tokens = self._tokenizer.encode(text, add_special_tokens=own)
        rendered = Rendered(tokens, open_thought(text, request.prefill))
        self._kept[key] = rendered
        self._size += len(tokens)
        while len(self._kept) > PROMPTS_AT_WORK or self._size > KEPT_TOKENS:
            self._size -= len(self._kept.popitem(last=False)[1].tokens)
        return rendered

    def _raw(self, request: Request) -> tuple[str, bool]:
        """Raw text, and whether the tokenizer should begin it: not where it begins with that token already."""
        text = (request.text or "") + request.prefill
        first = getattr(self._tokenizer, "bos_token", None)
        return text, not (first and text.startswith(first))

    def _chat(self, request: Request) -> tuple[str, bool]:
        """A chat; its template writes every special token itself."""
        if not getattr(self._tokenizer, "chat_template", None):
            raise BadInput(
                f"prompt {request.prompt_id}: the checkpoint has no chat template; use a --template of raw text (such "
                f"as r1-zero), or a --tokenizer that has one"
            )
        try:
            text = self._tokenizer.apply_chat_template(
                list(request.messages), tokenize=False, add_generation_prompt=True, **self._keywords
            )
        except Exception as error:  # a template is the checkpoint's own program and may raise anything
            raise BadInput(f"prompt {request.prompt_id}: the chat template failed: {one_line(error)}") from error
        prefill = request.prefill
        if text.rstrip().endswith(THINK_OPEN) and prefill.lstrip().startswith(THINK_OPEN):
            prefill = prefill.lstrip().removeprefix(THINK_OPEN).lstrip("\n")
        return text + prefill, False


def open_thought(prompt: str, prefill: str) -> str | None:
    """The thought that a prompt with this prefill leaves open, as far as it is written.

    Tags in what the user wrote don't count: only the prefill's, and an opener at the prompt's very end.
    """
    _, opened, begun = prefill.rpartition(THINK_OPEN)
    if opened and THINK_CLOSE not in begun:
        return begun.lstrip()
    return "" if prompt.rstrip().endswith(THINK_OPEN) else None


def _check_keywords(tokenizer: Any, keywords: Mapping[str, Any]) -> None:
    """A template ignores names it doesn't know, so that a typo would pass in silence."""
    template = getattr(tokenizer, "chat_template", None)
    if not keywords or not isinstance(template, str):
        return
    import jinja2.meta
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(extensions=["jinja2.ext.loopcontrols"])
    try:
        known = jinja2.meta.find_undeclared_variables(environment.parse(template))
    except jinja2.TemplateError:  # tags of another library; then we can't tell
        return
    for name in keywords:
        if name not in known:
            near = did_you_mean(name, known)
            raise BadInput(f"--chat-template-kwarg {name}: the checkpoint's chat template has no such name{near}")
