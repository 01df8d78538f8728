"""No text makes a rule raise or hang, and what is doomed stays doomed whatever follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.judging.rules import load_module
from factory.records import Prompt, Sample, split_thinking
from factory.shipped import shipped

# Rules that verify or ask are slow by nature and have tests of their own.
ELSEWHERE = {"correct", "arithmetic", "rubric", "reward", "agreement"}
RULES = {path.stem: load_module(path) for path in sorted(shipped("filters").glob("*.py")) if path.stem not in ELSEWHERE}
PROMPT = Prompt("p", ({"role": "user", "content": "What is the sum of the first nine numbers?"},))
UNITS = [
    "\n", "a", "a-", "a.", "%20", "1.\n", "| | |\n", "the of ", "Q: a\nA: b\n", "**a** ", "𝐓𝐡𝐞 ", "因为", '[{"step":',
    "a\u0332", "=20a", "I don't know ", "la, el, de, un, ", "tot zover prima und so weiter ", "\u202eabc\u202c ",
    "\ud800 a", "\u0301", "de el la los und der ", "x = 1;\n", "$", "`", "\\[", "<think>", "</think>", "{", "(", "\x00",
    "12 ", "- ", "Ａ", "'", "a'b ", "...", "😀 ", "\u200b", ">>> ", "SELECT ", "[/", "i ", "Next problem: ",
    "\\boxed{",
    "\\boxed{ ", "\\frac{", "\\text{a} ", "\\begin{a}", "| a |\n|---|\n", "|-", "Score: 1\n", "Student: a\n",
    '{"a": ', "*sighs* ", "not sure ", "I'll say ", "wait ", "THE SUM OF ", "aB",
    "!!! ", "... ", "> ", "according to the ",
    "match the ", "<a", "<<1=", "a1B", "0a ", "12 | ", "a? ", "\\n", "**1** ", "1,000/",
]  # fmt: skip


def judge(rule, text):
    return RULES[rule].judge(Sample("s", "p", 0, text, *split_thinking(text)), PROMPT)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("unit", UNITS)
def test_no_rule_hangs_on_much_of_anything(rule, unit):
    """Anything worse than linear would take minutes here; `benchmarks/linear.py` shows the ratios."""
    text = f"<think>\n{unit * (100_000 // len(unit))}\n</think>\n\n9"
    assert judge(rule, text).keep in (True, False, None)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_no_rule_hangs_on_megabytes_in_a_line_or_a_million_line_ends(rule):
    line = "We add the numbers, also gilt the sum, and then check it. " * 35_000
    for body in (line, "\n" * 1_000_000):
        assert judge(rule, f"<think>\n{body}\n</think>\n\n9").keep in (True, False, None)


@given(st.lists(st.sampled_from(UNITS) | st.text(max_size=8), max_size=25).map("".join), st.sampled_from(sorted(RULES)))
def test_no_rule_raises_and_evidence_lies_in_the_text(text, rule):
    said = judge(rule, text)
    assert all(0 <= start <= end <= len(text) for start, end in said.spans)


WATCHING = sorted(name for name, rule in RULES.items() if hasattr(rule, "doomed"))
SEEDS = [
    "We add. " * 40, "因为所以\n", "ответ\n", "x = `因为\n", "```\n因为\n", "ha" * 200, "State 1 goes to 2. " * 12,
    "第1步，看看。" * 40, "\\[ \\text{所以} \\]\n", "| a | b |\n" * 60, "Sun Tzu (孙子\n", "0" * 2_500,
]  # fmt: skip
hostile = st.lists(
    st.sampled_from([*UNITS, *SEEDS, "```", "\\]", "$$", ")", "（", "）", "\\end{a}", "//", "#"]), max_size=12
)


def test_rules_that_watch_are_known():
    assert WATCHING == ["language_mix", "repetition"]


@given(st.sampled_from(WATCHING), st.lists(st.sampled_from([*SEEDS, *UNITS]), max_size=5), hostile)
def test_what_is_doomed_is_rejected_whatever_follows(rule, before, after):
    text = "<think>\n" + "".join(before)
    if RULES[rule].doomed(text, PROMPT) is None:
        return
    longer = text
    for piece in after:
        longer += piece
        assert RULES[rule].doomed(longer, PROMPT) is not None
    assert judge(rule, longer).keep is False
