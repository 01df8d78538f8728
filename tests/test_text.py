"""The rooms of factory.language: offsets, blanking, loops, linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.language.faults.cycles import cycles
from factory.language.scripts import OTHER, count_letters, script_runs
from factory.language.text import lines, prose, region_at, regions, sentences, thinking_span

PIECES = ["`", "```", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{x}", "\\end{x}", "\\text{", "}", "{", "#", "//"]
messy = st.lists(st.sampled_from([*PIECES, "\n", " ", "5", "word", "因为", "https://a.b/c", "/*", "*/"]), max_size=40)


@given(messy.map("".join))
def test_prose_keeps_length_lines_and_whatever_it_does_not_blank(text):
    blanked = prose(text)
    assert len(blanked) == len(text)
    assert all(new in (old, " ") and (old != "\n" or new == "\n") for old, new in zip(text, blanked, strict=True))


@given(messy.map("".join))
def test_regions_are_in_order_and_region_at_finds_them(text):
    at = 0
    for region in regions(text):
        assert at <= region.start < region.end <= len(text)
        assert region_at(text, region.start) == region_at(text, region.end - 1) == region
        at = region.end


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a `code` b", "a b"),
        ("x $a + b$ y", "x y"),
        ("It costs $5 and then $10 more", "It costs $5 and then $10 more"),
        ("see https://example.org/a?b=c now", "see now"),
        ("```py\nx = 1  # the width\n```\nend", "# the width end"),
        (r"\[ \text{total cost} = 3 \]", "total cost"),
        (r"so \frac{1}{2} is half", "so {1}{2} is half"),
        (r"a stray \[ opens nothing", r"a stray \[ opens nothing"),
        ("```\nnever closed", ""),
        (r"\$5 and \$6 stay", r"\$5 and \$6 stay"),
    ],
)
def test_prose_is_what_people_read(text, kept):
    assert prose(text).split() == kept.split()


@pytest.mark.parametrize(
    ("text", "thinking"),
    [
        ("<think>\nabc\n</think>\n\nx", "\nabc\n"),
        ("<think>\nnever closed", "\nnever closed"),
        ("opener lost</think>x", "opener lost"),
        ("no thinking at all", ""),
        ("<|begin_of_thought|>abc<|end_of_thought|>x", "abc"),
        ("<|channel|>analysis<|message|>abc<|end|><|start|>assistant<|channel|>final<|message|>x", "abc"),
    ],
)
def test_thinking_span(text, thinking):
    assert text[slice(*thinking_span(text))] == thinking


def test_sentences_end_at_stops_and_lines_but_not_inside_numbers():
    text = "Pi is 3.14. So? Yes!\n圆周率。好\nlast"
    assert [text[a:b].strip() for a, b in sentences(text)] == ["Pi is 3.14.", "So?", "Yes!", "圆周率。", "好", "last"]


@given(st.text(alphabet="ab\n", max_size=30))
def test_lines_are_what_split_gives(text):
    assert [text[a:b] for a, b in lines(text)] == [line for line in text.split("\n") if line]


@given(st.integers(1, 3_000), st.integers(0, 2_000))
def test_a_loop_is_found_wherever_it_stands(period, before):
    unit = "".join(chr(0x4E00 + i) for i in range(period))
    text = "".join(chr(0x10000 + i) for i in range(before)) + unit * (3 + 120 // period)
    found = next(cycles(text, lambda _, c: c.end - c.start >= 3 * c.period and c.end - c.start >= 100), None)
    assert found is not None
    assert found.period == period
    assert text[found.start : found.end - period] == text[found.start + period : found.end]


def test_script_runs_split_where_the_script_changes():
    text = "thе 因为カナ 한글"
    found = [(s, text[a:b]) for m in OTHER.finditer(text) for s, a, b in script_runs(text, *m.span())]
    assert found == [("Cyrillic", "е"), ("Han", "因为"), ("Kana", "カナ"), ("Hangul", "한글")]
    assert count_letters(text)["Latin"] == 2


NASTY = {
    "one line": "word " * 20_000,
    "line ends": "\n" * 100_000,
    "dots": "." * 100_000,
    "dollars": "$ a" * 30_000,
    "openers": "\\[" * 50_000,
    "openers and one closer": "\\[" * 50_000 + "\\]",
    "begins": "".join(f"\\begin{{a{i}}}" for i in range(10_000)),
    "backticks": "`" * 100_001,
    "text braces": "$\\text{" * 15_000,
    "comments": "```" + "/*" * 50_000,
    "bidi": "\u202eabc\u202c" * 20_000,
    "surrogates": "\ud800" * 100_000,
    "marks": "e" + "\u0301" * 100_000,
    "periodic but for one": ("a" * 63 + "b" + "a" * 62 + "b") * 800,
    "digits": "1234567890" * 10_000,
    "tags": "<think>" * 15_000,
    "pipes": "| a | b |\n" * 10_000,
    "scripts": "因a" * 50_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_every_function_survives_nasty_text(name):
    text = NASTY[name]
    assert len(prose(text)) == len(text)
    assert sum(b - a for a, b in sentences(text)) <= len(text)
    assert list(cycles(text, lambda _, c: c.end - c.start > 5_000)) is not None
    thinking_span(text)


@given(st.text(max_size=200))
def test_what_is_said_of_any_text_lies_in_it(text):
    assert len(prose(text)) == len(text)
    for start, end in (*sentences(text), thinking_span(text), *lines(text)):
        assert 0 <= start <= end <= len(text)
    assert count_letters(text).total() <= len(text)
