"""A request becomes the tokens it should: no doubled first token, no doubled opener, thoughts known."""

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from factory.engines import Request, rendering
from factory.engines.rendering import Renderer, open_thought
from factory.errors import BadInput
from factory.records import PROMPTS_AT_WORK

CHAT = (
    "<s>{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[bot]{% endif %}"
)


class Tokenizer:
    """A token a character; `<s>` is the first one."""

    bos_token = "<s>"

    def __init__(self, chat_template=CHAT):
        self.chat_template = chat_template
        self.rendered = 0

    def apply_chat_template(self, messages, *, tokenize, **names):
        assert tokenize is False
        self.rendered += 1
        template = ImmutableSandboxedEnvironment(keep_trailing_newline=True).from_string(self.chat_template)
        return template.render(messages=messages, **names)

    def encode(self, text, *, add_special_tokens):
        return (self.bos_token if add_special_tokens else "") + text


def request(content="2+2?", prefill="", text=None):
    messages = () if text is not None else ({"role": "user", "content": content},)
    return Request("p", 0, 1, messages, prefill, text)


@pytest.mark.parametrize(
    ("template", "asked", "tokens", "thought"),
    [
        (CHAT, request(), "<s>[user]2+2?[bot]", None),
        (CHAT, request(prefill="<think>\n"), "<s>[user]2+2?[bot]<think>\n", ""),
        (CHAT, request(prefill="<think>\nOkay,"), "<s>[user]2+2?[bot]<think>\nOkay,", "Okay,"),
        (CHAT, request(prefill="Sure: "), "<s>[user]2+2?[bot]Sure: ", None),
        (CHAT + "<think>\n", request(), "<s>[user]2+2?[bot]<think>\n", ""),
        (CHAT + "<think>\n", request(prefill="<think>\nHm"), "<s>[user]2+2?[bot]<think>\nHm", "Hm"),
        (CHAT + "<think>\n\n</think>\n\n", request(), "<s>[user]2+2?[bot]<think>\n\n</think>\n\n", None),
        (CHAT, request("why <think> tags?"), "<s>[user]why <think> tags?[bot]", None),
        (CHAT, request(text="Q: 2+2? A:"), "<s>Q: 2+2? A:", None),
        (CHAT, request(text="<s>Q: 2+2? A:"), "<s>Q: 2+2? A:", None),
        (CHAT, request(text="Q: 2+2? A: <think>"), "<s>Q: 2+2? A: <think>", ""),
        (CHAT, request(text="Q: 2+2? A: ", prefill="<think>\n"), "<s>Q: 2+2? A: <think>\n", ""),
    ],
)
def test_prompt_and_open_thought(template, asked, tokens, thought):
    assert Renderer(Tokenizer(template), {}).render(asked) == (tokens, thought)


def test_a_closed_prefill_opens_nothing():
    assert open_thought("x<think>\n</think>\n", "<think>\n</think>\n") is None


@pytest.mark.slow
def test_a_prompts_samples_are_rendered_once_and_memory_stays_bounded():
    tokenizer = Tokenizer()
    renderer = Renderer(tokenizer, {})
    for _ in range(3):
        renderer.render(request())
    assert tokenizer.rendered == 1
    for number in range(2 * PROMPTS_AT_WORK):
        renderer.render(request(text=str(number)))
    assert len(renderer._kept) == PROMPTS_AT_WORK


def test_all_prompts_at_work_are_rendered_once_however_their_samples_are_mixed():
    class Counting(Tokenizer):
        def encode(self, text, **_):
            self.rendered += 1
            return text

    tokenizer = Counting()
    renderer = Renderer(tokenizer, {})
    asked = [request(text=str(number)) for number in range(PROMPTS_AT_WORK)]
    for one in asked + asked:
        renderer.render(one)
    assert tokenizer.rendered == PROMPTS_AT_WORK


def test_very_long_prompts_are_kept_while_their_tokens_fit(monkeypatch):
    monkeypatch.setattr(rendering, "KEPT_TOKENS", 40)
    tokenizer = Tokenizer()
    renderer = Renderer(tokenizer, {})
    for content in ("one", "two", "one", "three", "one", "two"):  # 14 or 16 tokens each
        assert content in renderer.render(request(content)).tokens
    assert tokenizer.rendered == 4, "two fit, and the one that was used last is kept"
    renderer.render(request("x" * 50))
    assert (len(renderer._kept), renderer._size) == (0, 0)


def test_a_template_that_raises_names_the_prompt():
    renderer = Renderer(Tokenizer("{{ messages[5].content.x }}"), {})
    with pytest.raises(BadInput, match="prompt p: the chat template failed"):
        renderer.render(request())


def test_without_a_chat_template_only_raw_text_is_rendered():
    renderer = Renderer(Tokenizer(None), {})
    assert renderer.render(request(text="Q")).tokens == "<s>Q"
    with pytest.raises(BadInput, match="no chat template"):
        renderer.render(request())


def test_keywords_reach_the_template_and_typos_are_refused():
    template = "{% if enable_thinking is defined and not enable_thinking %}quick{% endif %}"
    assert Renderer(Tokenizer(template), {"enable_thinking": False}).render(request()).tokens == "quick"
    with pytest.raises(BadInput, match=r"enable_thinkin.*did you mean 'enable_thinking'"):
        Renderer(Tokenizer(template), {"enable_thinkin": False})
