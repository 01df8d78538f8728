"""Rules of form: finished, think, repetition, paragraphs, code_in_thinking."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import BadInput
from factory.judging.recipes import load_recipe
from factory.judging.rules import load_module
from factory.records import Prompt, Sample, split_thinking
from factory.shipped import shipped

PROMPT = Prompt("p", ({"role": "user", "content": "What is 4 + 5?"},))


def judge(rule, text, finish_reason="unknown", prompt=PROMPT, **knobs):
    sample = Sample("s", "p", 0, text, *split_thinking(text), finish_reason=finish_reason)
    return load_module(shipped("filters") / f"{rule}.py").judge(sample, prompt, **knobs)


def verdict(rule, text, **more):
    said = judge(rule, text, **more)
    assert all(0 <= start < end <= len(text) for start, end in said.spans)
    return said.keep, said.reason


GOOD = "<think>\n4 + 5 = 9\n</think>\n\n9"


@pytest.mark.parametrize("rule", ["finished", "think", "repetition", "paragraphs", "code_in_thinking", "language_mix"])
def test_a_short_sample_passes(rule):
    assert judge(rule, GOOD).keep is True


@pytest.mark.parametrize("recipe", ["r1", "r1-zero", "strict"])
def test_shipped_recipes_are_parsed(recipe):
    assert {"finished", "think", "correct", "language_mix"} <= {rule.name for rule in load_recipe(recipe).rules}


@pytest.mark.parametrize(
    ("text", "finish_reason", "expected"),
    [
        (GOOD, "stop", (True, "")),
        (GOOD, "length", (False, "cut_off")),
        (GOOD, "stopped_early", (False, "stopped_early")),
        (GOOD, "unknown", (True, "by_structure")),
        ("<think>\nstill thinking about", "unknown", (False, "cut_off")),
        ("<think>\nabc\n</think>\n", "unknown", (False, "no_answer")),
        ("", "unknown", (False, "no_answer")),
        ("<think>\na\n</think>\n\n```python\nx = 1", "unknown", (False, "left_open")),
        ("<think>\na\n</think>\n\nThe area is $$ 3 \\cdot", "unknown", (False, "left_open")),
        ("<think>\na\n</think>\n\nThe answer is the", "unknown", (False, "broken_off")),
        ("<think>\na\n</think>\n\nSo x = 3 +", "unknown", (False, "broken_off")),
        (
            "<think>\na\n</think>\n\nFirst we add. Then we look at the sum of all the digits that remain",
            "unknown",
            (False, "broken_off"),
        ),
        ("<think>\na\n</think>\n\nParis", "unknown", (True, "by_structure")),
        ("<think>\na\n</think>\n\nThe capital of France is Paris", "unknown", (True, "by_structure")),
        ("<think>\na\n</think>\n\n| a | b |\n|---|---|\n| 1 | 2 |", "unknown", (True, "by_structure")),
        ("<think>\na\n</think>\n\n- one\n- two", "unknown", (True, "by_structure")),
        ("<think>\na\n</think>\n\n\\boxed{9}", "unknown", (True, "by_structure")),
        ("<think>\na\n</think>\n\n答案是九。", "unknown", (True, "by_structure")),
    ],
)
def test_finished(text, finish_reason, expected):
    assert verdict("finished", text, finish_reason=finish_reason) == expected


HARMONY = "<|channel|>analysis<|message|>{}<|end|><|start|>assistant<|channel|>final<|message|>{}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD, ""),
        ("<think>\nI add.\n</think>\n\n<answer>9</answer>", ""),
        ("9", "no_thinking"),
        ("I add.\n</think>\n\n9", "no_opener"),
        ("Sure! <think>\nI add.\n</think>\n\n9", "not_at_start"),
        ("<think>\nI add.", "unclosed"),
        ("<think>\n</think>\n\n9", "empty_thinking"),
        ("<think>\n...\n</think>\n\n9", "empty_thinking"),
        ("<think>\nI add.\n</think>\n\n", "no_answer"),
        ("<think>\nI add.\n</think>\n\n...", "no_answer"),
        ("<think>\nI add.\n</think>\n\n[insert answer here]", "no_answer"),
        ("<think>\nI add.\n</think>\n\nSee above.", "no_answer"),
        ("<think>\nI add.\n</think>\n\nSee chapter 2.", ""),
        ("<think>\na\n</think>\n9\n<think>\nb\n</think>\n9", "extra_tag"),
        ("<think>\na <think> b\n</think>\n9", "extra_tag"),
        ("<think>\na\n</think>\n9</think>", "extra_tag"),
        ("<think>\na\n</thinking>\n9", "malformed_tag"),
        ("<Think>\na\n</Think>\n9", "malformed_tag"),
        ("<think>\na\n</ think>\n9", "malformed_tag"),
        ("<think>\na\n</think>\n<answer>9", "malformed_answer_tag"),
        ("<think>\n<answer>8</answer>\n</think>\n<answer>9</answer>", "malformed_answer_tag"),
        ("<think>\na\n</think>\n<answer> </answer>", "no_answer"),
        (HARMONY.format("I add.", "9<|return|>"), ""),
        (HARMONY.format("I add.", "9"), ""),
        (HARMONY.format(" ", "9"), "empty_thinking"),
        (HARMONY.format("I add.", "<|return|>"), "no_answer"),
        (HARMONY.format("I <|channel|> add.", "9"), "extra_tag"),
        ("<|channel|>analysis<|message|>I add.", "unclosed"),
        ("<|channel|>analysis<|message|>I add.<|end|>9", "malformed_tag"),
        ("<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>9<|end_of_solution|>", ""),
        ("<|begin_of_thought|>a<|end_of_thought|>\n", "no_answer"),
    ],
)
def test_think(text, reason):
    assert verdict("think", text) == (reason == "", reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("I add.\n</think>\n\n9", ""), (GOOD, ""), ("I add. 9", "unclosed"), ("</think>9", "empty_thinking")],
)
def test_think_where_the_template_wrote_the_opener(text, reason):
    assert verdict("think", text, prefilled=True) == (reason == "", reason)


def thought(body):
    return f"<think>\n{body}\n</think>\n\n9"


LOOPS = {
    "sentence": "I should add the numbers again. " * 12,
    "two sentences": "Let me think about this. The sum must be nine, or is it ten? " * 6,
    "paragraph": ("We look at the left side of the equation and see that it is not yet simple enough to be solved. "
                  "Therefore we take the square of both sides, collect what is alike, and start over with it.\n\n") * 4,
    "word": "very " * 80,
    "laugh": "ha" * 150,
    "letter": "a" * 300,
    "phrase": "and then and then " * 30,
    "chinese": "我们再检查一遍这个结果。" * 12,
    "japanese": "もう一度確認します。" * 15,
    "counter": "".join(f"Step {i}: think about the problem once more.\n" for i in range(1, 40)),
    "one character": "もちろん、。" + "に" * 60,
    "chinese word": "速度不同，" + "不同" * 30,
    "chained counter": "".join(f"Try n = {i}. It doesn't work, so let's go on to n = {i + 1}.\n" for i in range(1, 40)),
    "table again": "| Water | 100.0 | 373.2 |\n| Ethanol | 78.4 | 351.5 |\n" * 12,
    "counting attempts": "".join(f"Attempt {i}: let me start over from the beginning. " for i in range(1, 30)),
}  # fmt: skip


def hanoi(disks, source, spare, target):
    if disks:
        yield from hanoi(disks - 1, source, target, spare)
        yield f"Move disk {disks} from {source} to {target}\n"
        yield from hanoi(disks - 1, spare, source, target)


LEGIT = {
    "cases": "".join(
        f"n = {n}: {n}^2 + 1 = {n * n + 1}, which is {'odd' if n % 2 == 0 else 'even'}.\n" for n in range(90)
    ),
    "divisors": "".join(f"Check {n}: not a divisor.\n" for n in range(7, 60)),
    "sums": "".join(f"{n} + {n + 1} = {2 * n + 1}\n" for n in range(200)),
    "table": "".join(f"| {n} | {n % 3} | yes |\n" for n in range(80)),
    "grid": "0 0 0 0 0 0 0 0\n" * 30,
    "board of words": "| empty | empty | empty | empty |\n" * 11,
    "fractions": " + ".join(rf"\frac{{{n}}}{{{n + 1}}}" for n in range(1, 60)),
    "rule of dashes": "-" * 300,
    "hanoi": "".join(hanoi(7, "A", "B", "C")),
    "digits": "1/3 = 0." + "3" * 400,
    "wait": " ".join(f"{i} + {j} is {i + j}. Wait, let me check. Yes, {i + j}." for i in range(6) for j in range(i)),
    "refrain": "Row, row, row your boat.\n" * 3 + "Merrily, merrily, merrily.\nLife is but a dream.\n" * 3,
    "sequence": ", ".join(str(n) for n in range(1, 400)),
}


@pytest.mark.parametrize("kind", LOOPS)
def test_loops_are_rejected(kind):
    assert judge("repetition", thought(LOOPS[kind])).keep is False


@pytest.mark.parametrize("kind", LEGIT)
def test_what_only_looks_repetitive_is_kept(kind):
    assert verdict("repetition", thought(LEGIT[kind])) == (True, "")


def test_the_score_of_a_loop_is_its_share_of_the_text():
    text = thought("Once upon a time. " + "Again and again and on. " * 100)
    assert 0.95 < judge("repetition", text).score < 1.0


WORDS = [f"word{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{i % 7}" for i in range(1_000)]


@pytest.mark.parametrize(
    ("body", "keep"),
    [
        (" ".join(WORDS[:440]), True),
        (" ".join(WORDS[:460]), False),
        ("\n".join([" ".join(WORDS[:300])] * 2), True),
        ("$" + "x + y = z, " * 30 + "w$ " + " ".join(WORDS[:400]), True),
        (" ".join(str(n) for n in range(2_000)), True),
        ("".join(chr(0x4E00 + i) for i in range(880)), True),
        ("".join(chr(0x4E00 + i) for i in range(920)), False),
    ],
)
def test_paragraphs(body, keep):
    assert judge("paragraphs", thought(body)).keep is keep


@pytest.mark.parametrize(
    ("body", "keep"),
    [
        ("First:\n```python\nprint(1)\n```\nso 1", False),
        ("~~~\nx = 1\n~~~", False),
        ("def add(a, b):\n    total = a + b\n    print(total)\n    return total\n", False),
        ("for (int i = 0; i < n; i++) {\n  sum += i;\n  count++;\n}\n", False),
        ("Use `len(x)` here.", True),
        ("a = (3 + 4)\nb = (5 + 6)\nc = (a)(b)\nd = (c)\n", True),
        ("if x is 3:\nthen y is 4.\nfor all z:\nwe are done.", True),
    ],
)
def test_code_in_thinking(body, keep):
    assert judge("code_in_thinking", thought(body)).keep is keep


def test_code_in_the_answer_is_no_code_in_the_thinking():
    assert judge("code_in_thinking", "<think>\nI write it.\n</think>\n\n```python\nprint(1)\n```").keep is True


units = st.text(alphabet="ab c.\n因", min_size=1, max_size=12)


@given(st.tuples(units, st.integers(1, 60)), st.lists(units | st.text(max_size=20), max_size=8), st.data())
def test_what_is_doomed_stays_doomed(loop, rest, data):
    repetition = load_module(shipped("filters") / "repetition.py")
    text = "<think>\n" + loop[0] * loop[1]
    if repetition.doomed(text, PROMPT) is None:
        return
    for continuation in ("".join(rest), loop[0] * 10, text):
        longer = text + continuation
        assert repetition.doomed(longer, PROMPT) is not None
        assert judge("repetition", longer).keep is False


FORM = [
    "finished",
    "think",
    "repetition",
    "paragraphs",
    "code_in_thinking",
    "special_tokens",
    "characters",
    "markup",
    "layout",
    "token_soup",
    "guesswork",
    "agreement",
    "conclusion",
    "relevance",
    "appeals",
    "remnants",
    "broken_markup",
    "typography",
    "spacing",
    "surplus",
    "rechecks",
]
ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/readability.jsonl").read_text("utf-8").split("\n")
    if line
]


@pytest.mark.parametrize(("part", "f1"), [("tuned", 0.98), ("held_out", 0.97)])
def test_labelled_texts(part, f1):
    hits = false = missed = 0
    for row in ROWS:
        if row["part"] == part:
            prompt = Prompt("p", ({"role": "user", "content": row["prompt"]},))
            found = any(judge(rule, row["text"], prompt=prompt).keep is not True for rule in FORM)
            hits += found and row["faulty"]
            false += found and not row["faulty"]
            missed += row["faulty"] and not found
    assert 2 * hits / (2 * hits + false + missed) >= f1


@pytest.mark.parametrize(
    ("rule", "body", "answer", "reason"),
    [
        ("special_tokens", "I add.", "9<|im_end|>", "special_token"),
        ("special_tokens", "I add.", "`<|im_start|>` opens a turn", "special_token"),
        ("special_tokens", "I add.", "In code it is `</s>`.", ""),
        ("special_tokens", "I add.", "a < b | c > d", ""),
        ("characters", "caf\u00e9 \u4f60\u597d \U0001f389 e\u0301", "9", ""),
        ("characters", "\ufffd", "9", "mojibake"),
        ("characters", "\ud800", "9", "mojibake"),
        ("characters", "It\u00e2\u20ac\u2122s", "9", "mojibake"),
        ("characters", "a\x00b", "9", "control"),
        ("characters", "e\u0301\u0302\u0303\u0304", "9", "stacked_accents"),
        ("characters", "a &lt; b &amp;&amp; c", "9", "entities"),
        ("characters", r"so \nu \neq \tau and \theta", "9", ""),
        ("markup", "I add.", "9\n\nUser: And 5 + 5?\nAssistant: 10", "role_turn"),
        ("markup", "I add.", "<div><p>9</p></div>", "html"),
        ("markup", "I add.", "```html\n<div><p>9</p></div>\n```", ""),
        ("markup", "<scratchpad>4 + 5</scratchpad>", "9", "leftover_tag"),
        ("markup", 'I call {"name": "add", "arguments": {}}', "9", "tool_call"),
        ("markup", "x<sub>1</sub> and x<sup>2</sup>", "9", ""),
        ("markup", "It is 9【4:0†source】.", "9", "other_format"),
        ("markup", "[[File:Nine.png|thumb]] I add.", "9", "other_format"),
        ("markup", "I print `\\x1b[0m` to reset it.", "9", ""),
        ("markup", "I add.", '{"result": 9}', "json_answer"),
        ("markup", "[00:01] ANNA: four\n[00:02] BEN: five", "9", "role_turn"),
        ("layout", "T-T-The s-s-sum o-o-of f-f-four a-a-and f-f-five i-i-is n-n-nine, " * 3, "9", "stutter"),
        (
            "typography",
            "tHe SuM oF tHeSe NuMbErS iS eQuAl To NiNe, AnD tHaT iS aLl ThErE iS tO iT, oF cOuRsE.",
            "9",
            "odd_case",
        ),
        ("layout", "qwerty asdfgh zxcvbn poiuyt lkjhgf mnbvcx", "9", "keyboard"),
        ("layout", "我们先把这个数加上那个数然后再看看是不是对的" * 8, "9", "no_stops"),
        ("layout", "".join(chr(0x1D43 + i % 20) for i in range(40)), "9", "ornamental_letters"),
        ("summary", "word " * 200, "9", "no_summary"),
        ("summary", "word " * 20, "9", ""),
        ("deny", "As an AI language model, I add.", "9", "denied"),
        ("deny", "I was trained by OpenAI to add.", "9", "denied"),
        ("deny", "The robot is an AI in the story.", "9", ""),
        ("spacing", "Halfoftheselitresareonehundredandfiftyandthetanklosesfoureveryhour", "9", "glued"),
        ("layout", "h a l f  o f  t h e  l i t r e s  a r e  l o s t  a n d  g o n e", "9", "spaced_letters"),
        (
            "layout",
            "we half half of of the the tank tank is is lost lost every every hour hour now now then then",
            "9",
            "stutter",
        ),
        (
            "typography",
            "we add the two and then we check that the sum is the one ".replace(" ", "\n") * 2,
            "9",
            "short_lines",
        ),
        ("layout", "A" + "\n" * 40 + "B", "9", "blank_lines"),
        ("layout", "ACGT" * 40, "9", ""),
        ("layout", "|---|:-:|" * 20 + "\n" + "-" * 100 + "\n" + "." * 100, "9", ""),
        ("layout", "apple pear plum cherry grape melon fig date lime kiwi ".replace(" ", "\n") * 3, "9", ""),
        ("layout", "pi = 3." + "1415926535" * 40, "9", ""),
        ("token_soup", "We add the numbers and then we check the sum with care. " * 3, "9", ""),
        ("token_soup", "so the of it and is where by the to or than we for the it was", "9", "shuffled_words"),
        ("characters", "I add.\\nThen I check.\\nIt is nine.", "9", "escapes"),
        ("characters", "th?s ?s h?w l?tters g?t l?st", "9", "mojibake"),
        ("characters", "so\u00a0" * 40, "9", "blanks"),
        ("markup", "I add.<br>I check.<br>I am done.<br>", "9", "html"),
        ("markup", "![sum](sum.png) I add.", "9", "images"),
        ("conclusion", "I add.", "The final answer is \\boxed{}.", "empty_box"),
        ("conclusion", "I add.", "As asked, in \\boxed{}: \\boxed{9}", ""),
        ("conclusion", "I add.", "Put [your answer here] in the box.", "placeholder"),
        ("conclusion", "I add.", "Sure, here is the solution:", "nothing_said"),
        ("conclusion", "I add.", "Yes.", ""),
        ("conclusion", "I add.", "The sum is 9.\n" * 5, "repeated_answer"),
        ("conclusion", "I add.", "Wait. Hmm, let me see. Actually, it is 9. Wait, is it? Maybe 9.", "still_thinking"),
        ("conclusion", "I add four and five, so we get the", "9", "thinking_breaks_off"),
        ("conclusion", "I add, which gives $9$", "9", ""),
        ("appeals", "The provided solution says 9.", "9", "solution"),
        ("appeals", "The grader expects a number.", "9", "grader"),
        ("appeals", "As shown in the figure above, it is 9.", "9", "figure"),
        ("appeals", "By Theorem 4.1 it is 9.", "9", "elsewhere"),
        ("appeals", "The hint tells me to add.", "9", "hint"),
        ("appeals", "I check the solution: 4 + 5 = 9. So the answer is right.", "9", ""),
        ("remnants", 'I add. {"sum": 9, "done": true}', "9", "json"),
        ("remnants", "I add 4+5 = <<4+5=9>>9.", "9", "tool_lines"),
        ("remnants", "[SCRATCHPAD] I add.", "9", "tags"),
        ("remnants", "I add.", "9\n\nStudent: Why?\nTeacher: I added.", "talk"),
        ("remnants", "I add.", "9\n\nFollow-up question: and 5 + 5?", "next_question"),
        ("remnants", "I add.", "9\n\nScore: 10/10\nFeedback: well done", "marks"),
        ("remnants", "I add.", "9\n\nHome | About | Contact | Shop", "page"),
        ("remnants", "Set {1, 2}: a map x -> x + 1. [4, 5] is an interval.", "9", ""),
        ("remnants", "Step 1: add.\nStep 2: check.", "Result: 9", ""),
        ("remnants", "\\section{Work} I add.", "9", "format"),
        ("surplus", "I add.", r"It is $\boxed{9}$. So the final sum must be $\boxed{8}$.", "two_results"),
        ("surplus", "I add.", r"x = \boxed{2} or x = \boxed{3}", ""),
        ("surplus", "I add.", "It is 9.\n\nWhat is 5 + 5?\n\nIt is 10.", "another_task"),
        ("surplus", "I add.", "**Thoughts:** hmm, four and five.", "thinking_headed"),
        ("spacing", "We add , then check . It is nine , so stop . All is well , we go .", "9", "before_marks"),
        (
            "spacing",
            "We add the num-\nbers and check the re-\nsult of it, sim-\nply to be cer-\ntain.",
            "9",
            "cut_words",
        ),
        ("spacing", "We add, then we check. It is nine, so we stop.", "9", ""),
        ("rechecks", "4 + 5 = 9." + " Wait, let me verify: 4 + 5 = 9 holds." * 8, "9", "same_again"),
        ("rechecks", "".join(f" Wait, {n} + {n} is {2 * n}, let me go on." for n in range(5, 15)), "9", ""),
        ("appeals", "Das Belohnungsmodell mag Fettdruck.", "9", "grader"),
        ("appeals", "I saw this in the training set.", "9", "training"),
        ("appeals", "By (4) and equation (7) with equation (8).", "9", "elsewhere"),
        ("conclusion", "I add.", "Dear {{name}}, it is 9.", "placeholder"),
        ("conclusion", "I add.", "There are three reasons:\n\n1. Four.\n2. Five.", "items_missing"),
        ("characters", "Thе sum оf fоur аnd fivе is ninе.", "9", "lookalikes"),
        ("special_tokens", "The ther ##mo meter ex ##pan ds, mer ##cury and cal ##ib rates.", "9", "word_pieces"),
        ("broken_markup", "I add.", "**Four\n**Five** and *six**\nseven**", "emphasis"),
        ("layout", "Step 1: a\nStep 4: b\nStep 2: c\nStep 7: d that is the end of it all", "9", "steps"),
        ("remnants", "I add.", "Nine. Buy now and get 20% off!", "page"),
        ("appeals", "I must reach the required length, so I go on.", "9", "instructions"),
        ("special_tokens", "I add.", "9 im_end", "special_token"),
        ("markup", "I add.", "assistant: 9", "role_turn"),
        ("markup", "Observation: they are small.\nAction: add them.", "9", ""),
        ("relevance", "I add.", "I'm sorry, I cannot answer this.", "refusal"),
        ("relevance", "I add.", "The correct option is (C).", "no_options"),
        ("relevance", "I add.", "They are nine.", ""),
        ("layout", "a b c d e f g h i j k l m n o p q r s t u v w x y z", "9", ""),
        (
            "layout",
            "1: yes. 2: yes. 3: no. 4: yes. 5: no. 6: yes. 7: no. 8: no. 9: yes. 10: no. 11: no. 12: no.",
            "9",
            "",
        ),
        (
            "token_soup",
            "We tqke the uqm of evlry numbyr thax is gifen and chejk whetzer it fixs wath our anszer",
            "9",
            "unknown_words",
        ),
        (
            "typography",
            " | ".join(("We take the sum and the rest of it and then go on with what is left of it " * 2).split()),
            "9",
            "set_apart",
        ),
        ("typography", "TheSumOfTheTwoIsNineAndThatIsAll, " + "we stop here and go home now " * 5, "9", "glued_words"),
        ("typography", "We,take。The sum，that is nine。And so，it goes。We stop。" * 3, "9", "foreign_marks"),
        ("broken_markup", "I add.", "|a|b|\n|-|-|\n|1|2|\n|3|\n|4|5|6|\n|7|8|", "table"),
        ("broken_markup", "I add.", "|a|b|\n|-|-|\n|1|2|\n|3|4|\n|5|6|", ""),
        ("broken_markup", r"so $\frac{}{2}$", "9", "empty_argument"),
        ("broken_markup", r"so \frac{4{ + \sqrt{5{ is", "9", "never_closed"),
        ("broken_markup", r"$\{x : \frac{x}{2} > 1\}$ and $\left[0, 1\right)$", "9", ""),
        (
            "typography",
            "We add.Then we check.So it is nine.And that is all.It is right.We stop.We are done " * 2,
            "9",
            "run_on",
        ),
        (
            "typography",
            "wE aDd FoUr AnD FiVe AnD tHeN wE sEe tHaT iT iS nInE aNd ThAt iS aLL wE wAnT tO kNoW nOw oF iT aLL hErE",
            "9",
            "odd_case",
        ),
        (
            "typography",
            "We add. WHY DOES IT NOT WORK FOR ME WHEN I HAVE DONE ALL THAT WAS ASKED OF ME AND MORE THAN THAT, WHY",
            "9",
            "rant",
        ),
        (
            "typography",
            "We 🎉 add 🔥 the 💯 sum 🎉 and 🔥 see 💯 it 🎉 is 🔥 nine 💯 now 🎉 so 🔥 that is it for all of us today",
            "9",
            "emoji",
        ),
        ("typography", "we take the sum that we had before and then go on with it " * 15, "9", "no_marks"),
        (
            "typography",
            "we take\nthe sum\nthat we\nhad and\nthen go\non with\n" * 3,
            "9",
            "short_lines",
        ),
    ],
)
def test_rules_of_the_strict_recipe(rule, body, answer, reason):
    said = judge(rule, f"<think>\n{body}\n</think>\n\n{answer}")
    assert (said.keep, said.reason if said.keep is False else "") == (reason == "", reason)


RIVERS = Prompt("p", ({"role": "user", "content": "Which rivers flow through the city of Vienna and of Budapest?"},))
DANUBE = "The Danube flows through both, as any maps of Austria and Hungary will show, and it ends in the Black Sea."


@pytest.mark.parametrize(
    ("body", "answer", "reason"),
    [
        ("I add the apples to the pears and share them among four hungry children.", "Five pears.", "off_topic"),
        (DANUBE, "They are five old pears in a large basket.", "answer_off_topic"),
        (DANUBE, "The Danube.", ""),
        ("It is the Danube.", "The Danube.", ""),
    ],
)
def test_relevance(body, answer, reason):
    said = judge("relevance", f"<think>\n{body}\n</think>\n\n{answer}", prompt=RIVERS)
    assert (said.keep, said.reason if said.keep is False else "") == (reason == "", reason)


def test_questions_on_models_may_name_who_made_them():
    asked = Prompt("p", ({"role": "user", "content": "Who made GPT-4?"},))
    assert judge("deny", thought("It was developed by OpenAI."), prompt=asked).keep is True
    assert judge("deny", thought("I was developed by OpenAI."), prompt=asked).keep is False


def test_code_in_thinking_where_the_prompt_asks_for_code():
    asked = Prompt("p", ({"role": "user", "content": "Write a Python function that adds."},))
    assert judge("code_in_thinking", thought("```python\na + b\n```"), prompt=asked).keep is True


WAITS = [
    f"{doubt} {step}"
    for doubt in ("Wait, let me think.", "Hmm, I should look again.", "Is it right?")
    for step in ("Let me go back.", "Maybe not.", "I am not so sure of it.", "Let me see once more.") * 6
]
PRAISE = ["true", "clear", "plain", "good", "right", "firm", "sound", "neat", "fair"] * 3
STALE = {
    "waiting": " ".join(WAITS),
    "words that change places": "".join(
        f"It is {a}, since what is {a} is {b}, and all that is {b} has to be so for us.\n" for a, b in pairwise(PRAISE)
    ),
}


@pytest.mark.parametrize("kind", STALE)
def test_what_says_nothing_new_is_rejected(kind):
    assert judge("repetition", thought("First I add four and five.\n\n" + STALE[kind])).keep is False


def test_what_the_prompt_asks_for_is_not_held_against_the_answer():
    page = Prompt("p", ({"role": "user", "content": "Write an HTML page with a dialogue."},))
    text = "<think>\nA page.\n</think>\n\n<div><p>Hi</p></div>\nUser: Hi\n"
    assert judge("markup", text, prompt=page).keep is True


def test_deny_reads_a_file_of_patterns_and_names_a_bad_line(tmp_path):
    (tmp_path / "mine.txt").write_text("# secret\nfoo[0-9]+\n", "utf-8")
    assert judge("deny", thought("foo12"), patterns=str(tmp_path / "mine.txt")).keep is False
    (tmp_path / "bad.txt").write_text("ok\n(?=x)\n", "utf-8")
    with pytest.raises(BadInput, match=r"bad\.txt, line 2"):
        judge("deny", thought("x"), patterns=str(tmp_path / "bad.txt"))


def test_denied_words_of_the_prompt_are_allowed():
    asked = Prompt("p", ({"role": "user", "content": "Who was developed by OpenAI?"},))
    assert judge("deny", thought("It was developed by OpenAI."), prompt=asked).keep is True


SERVED = {"rubric", "reward"}
"""These ask a server, and have tests of their own."""
RULES = sorted({path.stem for path in shipped("filters").glob("*.py")} - SERVED)
NASTY = [
    "", " ", "\n" * 50_000, "a" * 50_000, "ab " * 20_000, "因" * 20_000, "因a" * 20_000, "\ud800" * 20_000,
    "\x00" * 20_000, "e" + "\u0301" * 20_000, "\u202eabc\u202c" * 5_000, "<think>" * 5_000, "</think>" * 5_000,
    "`" * 20_001, "$" * 20_001, "\\[" * 20_000, "<|" * 20_000, "<" * 20_000, "&" * 20_000, "{" * 20_000,
    "." * 20_000, "\\boxed{" * 5_000, "- a\n" * 10_000, "User:" * 8_000, "the und " * 8_000,
    "x = (1);\n" * 5_000, "Ã" * 20_000, "I guess " * 8_000, "((((" * 5_000 + "9" * 5_000, "𝕏é" * 10_000,
    "1, " * 20_000, "und oder aber " * 5_000, "\u200b" * 20_000, "|" * 20_000, "#" * 20_000,
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_no_rule_raises_on_nasty_text(rule):
    for nasty in NASTY:
        for body in (nasty, thought(nasty)):
            assert judge(rule, body, prompt=replace(PROMPT, reference="9")).keep in (True, False, None)


@given(st.text(max_size=80), st.text(max_size=40), st.sampled_from(RULES))
def test_no_rule_raises(reasoning, answer, rule):
    assert judge(rule, f"<think>\n{reasoning}\n</think>\n\n{answer}", prompt=replace(PROMPT, reference="9")) is not None
    assert judge(rule, reasoning) is not None
