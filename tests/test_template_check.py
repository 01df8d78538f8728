"""The template check, on templates that are known to keep, drop, double or mask the thinking."""

from __future__ import annotations

import jinja2
import pytest

from factory.blending.template_check import check_rows

KEEPS = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
DROPS = "{% for m in messages %}<|{{ m.role }}|>{{ m.content.split('</think>')[-1] }}<|end|>{% endfor %}"
DOUBLES = (
    "{% for m in messages %}<|{{ m.role }}|>{% if m.role == 'assistant' %}<think>\n\n</think>\n\n{% endif %}"
    "{{ m.content }}<|end|>{% endfor %}"
)
RAISES = "{{ raise_exception('system turns are not supported') }}"
FIELD = (
    "{% for m in messages %}<|{{ m.role }}|>{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>"
    "\n\n{% endif %}{{ m.content }}<|end|>{% endfor %}"
)


class Tokenizer:
    """A token a character; the mask is what lies between \\1 and \\2 in the rendered text."""

    def __init__(self, template: str, most: int = 10**30) -> None:
        self.chat_template, self.model_max_length = template, most

    def apply_chat_template(self, messages, *, tokenize, add_generation_prompt=False, **_):
        text = jinja2.Template(
            self.chat_template.replace("{% generation %}", "\1").replace("{% endgeneration %}", "\2")
        )
        text = text.render(messages=messages, add_generation_prompt=add_generation_prompt)
        if not tokenize:
            return text.replace("\1", "").replace("\2", "")
        ids, mask, inside = [], [], 0
        for letter in text:
            if letter in "\1\2":
                inside = int(letter == "\1")
            else:
                ids.append(ord(letter))
                mask.append(inside)
        return {"input_ids": ids, "assistant_masks": mask}

    def decode(self, ids):
        return "".join(map(chr, ids))


ASKED = {"role": "user", "content": "What is 4 + 5?"}
THOUGHT = [ASKED, {"role": "assistant", "content": "<think>\nfour and five\n</think>\n\n9"}]
APART = [ASKED, {"role": "assistant", "content": "9", "reasoning_content": "four and five"}]
EMPTY = [ASKED, {"role": "assistant", "content": "<think>\n\n</think>\n\n9"}]
CALL = {"type": "function", "function": {"name": "weather", "arguments": {"city": "Bergen"}}}
CALLED = [ASKED, {"role": "assistant", "content": "", "tool_calls": [CALL]}]
HELLO = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "Hello!"}]
WRAP = "{% for m in messages %}<|{{ m.role }}|>{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}"
MASKS = (
    "{% for m in messages %}{{ m.content.split('</think>')[0] }}{% generation %}{{ m.content.split('</think>')[-1] }}"
    "{% endgeneration %}{% endfor %}"
)


@pytest.mark.parametrize(
    ("template", "messages", "findings"),
    [
        (KEEPS, THOUGHT, {}),
        (KEEPS, HELLO, {}),
        (DROPS, THOUGHT, {"reasoning_lost": 1}),
        (DROPS, HELLO, {}),
        (DOUBLES, THOUGHT, {"reasoning_doubled": 1}),
        (DOUBLES, HELLO, {"empty_thought_added": 1}),
        (KEEPS + KEEPS, THOUGHT, {"reasoning_doubled": 1}),
        (RAISES, HELLO, {"not_rendered": 1}),
        (KEEPS, APART, {"reasoning_lost": 1}),
        (KEEPS, EMPTY, {}),
        (DROPS, EMPTY, {"empty_thought_lost": 1}),
        (FIELD, APART, {}),
        (FIELD, THOUGHT, {}),
        (WRAP, THOUGHT, {}),
        (MASKS, THOUGHT, {"reasoning_masked": 1}),
        ("{% for m in messages %}{{ m.role }}{% endfor %}", HELLO, {"answer_lost": 1}),
    ],
)
def test_every_kind_of_damage_is_found_and_nothing_else(template, messages, findings):
    check = check_rows(Tokenizer(template), "tiny", [("row", messages, None)])
    assert check.rows_by == findings
    assert bool(check.damage) == bool(set(findings) - {"empty_thought_added"})


def test_thinking_of_earlier_turns_that_a_template_leaves_out_is_told_and_no_damage():
    last = "{% for m in messages %}{{ m.content if loop.last else m.content.split('</think>')[-1] }}|{% endfor %}"
    twice = [ASKED, {"role": "assistant", "content": "<think>\nearlier\n</think>\n\n8"}, *THOUGHT]
    check = check_rows(Tokenizer(last), "tiny", [("row", twice, None), ("one", THOUGHT, None)])
    assert check.rows_by == {"earlier_thought_left_out": 1} and not check.damage
    assert check_rows(Tokenizer(KEEPS), "tiny", [("row", twice, None)]).rows_by == {}


def test_a_template_that_opens_the_thought_itself_misplaces_the_loss_of_rows_without_one():
    opens = KEEPS + "{% if add_generation_prompt %}<|assistant|><think>\n{% endif %}"
    for row, found in ((THOUGHT, {}), (HELLO, {"prompt_not_prefix": 1})):
        assert check_rows(Tokenizer(opens), "tiny", [("row", row, None)], halves=True).rows_by == found
        assert check_rows(Tokenizer(opens), "tiny", [("row", row, None)]).rows_by == {}


def test_thinking_that_a_prompt_quotes_is_no_doubling():
    quoted = [{"role": "user", "content": "Explain <think>four and five</think>"}, THOUGHT[1]]
    assert check_rows(Tokenizer(KEEPS), "tiny", [("row", quoted, None)]).rows_by == {}


def test_rows_over_the_length_are_listed_and_tokens_counted():
    check = check_rows(Tokenizer(KEEPS, most=60), "tiny", [("a", THOUGHT, None), ("b", HELLO, None)])
    assert check.first == {"over_length": ["a"]} and check.longest > 60 and not check.damage
    assert check_rows(Tokenizer(KEEPS, most=40), "tiny", [("a", THOUGHT, None)], most_tokens=500).rows_by == {}


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("name", "messages", "found"),
    [
        ("deepseek_r1_distill", THOUGHT, {"reasoning_lost": 1}),
        ("deepseekv3", THOUGHT, {"reasoning_lost": 1}),
        ("deepseekv3_training", THOUGHT, {"reasoning_lost": 1}),
        ("qwen3_8", THOUGHT, {"reasoning_doubled": 1}),
        ("qwen3_8", APART, {}),
        ("qwen2_5", APART, {"reasoning_lost": 1}),
        ("qwen2_5_training", THOUGHT, {}),
        ("llama3", THOUGHT, {}),
        ("qwen3", THOUGHT, {}),
        ("deepseek_r1_distill", CALLED, {"tool_call_lost": 1}),
        ("llama3", CALLED, {"tool_call_lost": 1}),
        ("llama3_1", CALLED, {}),
        ("qwen2_5", CALLED, {}),
        ("qwen3_5_think", CALLED, {"empty_thought_added": 1}),
        ("gemma4_v5", CALLED, {}),
    ],
)
def test_published_templates(tmp_path, name, messages, found):
    from pathlib import Path

    import trl

    from tests.e2e.test_trl import tiny

    template = (Path(trl.__file__).parent / "chat_templates" / f"{name}.jinja").read_text()
    _, tokenizer = tiny(tmp_path, template)
    check = check_rows(tokenizer, name, [("row", messages, None)])
    assert check.rows_by == found and bool(check.damage) == bool(set(found) - {"empty_thought_added"})
