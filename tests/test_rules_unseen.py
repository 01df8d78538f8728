"""Texts written before anybody knew what the rules say of them, and what they said at first.

Read once, before a line of the rules was changed: `language_mix` found mixed texts with precision .869 and recall
.775 (F1 .819, 234 texts); the rules of form found faulty ones with precision .899 and recall .411 (F1 .564, 218
texts). They are harder than what models write: phrases of two to five words, and fine texts that look mixed or faulty.

Half `unseen_a` was looked at afterwards to mend the rules, so its figures are now those of a tuned set. Of half
`unseen_b` only totals were looked at, never a text: F1 went from .774 to .885 (language) and from .544 to .921 (form;
the halves share no kind of fault). But whoever mended had written both halves and knew the names of all kinds, so the
last figure for form is too good: before those kinds were thought of it was .78. Whoever looks at an error of
`unseen_b` should write another set first.

So a second pair was written, of hard clean texts in 20 languages and of further kinds of fault. Its first reading:
`language_mix` precision .868 and recall .878 (F1 .873, 208 texts), form precision .909 and recall .500 (F1 .645, 112
texts). Mended by half `unseen_2a` alone, half `unseen_2b` went from .887 to .896 (language) and from .583 to .640
(form: what mends one kind of fault finds no other). Then the rules of form were widened by whatever came to mind,
kinds of `unseen_2b` among it, and its errors were looked at: its figure for form is a tuned one from there on, the one
for language is not.

A third set for form (260 texts, by somebody who had read no rule) was first read with precision .912 and recall .705
(F1 .795); with `deny` and `summary`, which its author counts among the rules, .915 and .735 (F1 .815). Widened before a
text of it was looked at, but with its author's list of kinds in mind, the rules came to F1 .920 (`unseen_3b` .909).
Half `unseen_3a` was looked at then; of `unseen_3b` only totals were, which went to .931. How little that says of kinds
nobody named: of 108 odder ones, thought up after all this, the rules found 23 % at first.
"""

import json
from pathlib import Path

import pytest

from factory.judging.rules import load_module
from factory.records import Prompt, Sample, split_thinking
from factory.shipped import shipped
from tests.test_rules_readability import FORM

DATA = Path(__file__).parent / "data"


def figures(name, part, rules, label):
    """Precision and recall for finding the labelled ones."""
    judges = [load_module(shipped("filters") / f"{rule}.py").judge for rule in rules]
    hits = found = labelled = 0
    number = next((number for number in ("_2", "_3") if number in part), "")
    path = DATA / f"{name}_unseen{number}.jsonl"
    for line in path.read_text("utf-8").split("\n"):
        row = json.loads(line) if line else {"part": ""}
        if row["part"] != part:
            continue
        sample = Sample("s", "p", 0, row["text"], *split_thinking(row["text"]))
        prompt = Prompt("p", ({"role": "user", "content": row["prompt"]},))
        rejected = any(judge(sample, prompt).keep is not True for judge in judges)
        hits += rejected and row[label]
        found += rejected
        labelled += row[label]
    return hits / found, hits / labelled


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [("unseen_a", 0.96, 0.93), ("unseen_b", 0.96, 0.84), ("unseen_2a", 0.99, 0.92), ("unseen_2b", 0.91, 0.87)],
)
def test_mixed_texts(part, precision, recall):
    found = figures("language", part, ["language_mix"], "mixed")
    assert (found[0] >= precision, found[1] >= recall) == (True, True), found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [("unseen_a", 0.99, 0.98), ("unseen_b", 0.99, 0.98), ("unseen_2a", 0.99, 0.98), ("unseen_2b", 0.99, 0.96)]
    + [("unseen_3a", 0.99, 0.95), ("unseen_3b", 0.93, 0.92)],
)
def test_faulty_texts(part, precision, recall):
    rules = [*FORM, "deny", "summary"] if "_3" in part else FORM
    found = figures("readability", part, rules, "faulty")
    assert (found[0] >= precision, found[1] >= recall) == (True, True), found
