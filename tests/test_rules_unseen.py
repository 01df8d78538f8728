"""Texts written before anybody knew what the rules say of them, and what they said at first.

Whoever mends a rule may look at the errors of the halves `a`, never at a text of the halves `b`: of these only totals
were read. What was first read, before a line of the rules was changed for it, and what is read now:

    language_mix         first reading: precision, recall, F1      now, half b
    unseen    234 texts  .869  .775  .819                          .948 (errors looked at)
    unseen_2  208        .868  .878  .873                          .980 (errors looked at)
    unseen_3  300        .926  .926  .926                          1.00 (errors looked at; before that .930)
    unseen_4  300        .915  .956  .935 (in either half)         .950 (.918 .985)
    unseen_5  300        .922  .881  .902                          .913 (.931 .896), all of it unread till then
    unseen_6a 150        .953  .897  .924
    unseen_6b 150        .984  .913  .947                          .947 (.984 .913), no text of it seen till then
    unseen_7  275        .968  .938  .953                          .996 (errors looked at)
    unseen_8  300        .963  .963  .963                          as at first: no text of it seen

    rules of form        first reading                             now, half b
    unseen    218 texts  .899  .411  .564
    unseen_2  112        .909  .500  .645
    unseen_3  260        .912  .705  .795 (.915 .735 .815 with `deny` and `summary`)  .977
    unseen_4a 130        .946  .757  .841
    unseen_4b 130        .925  .700  .797                          .947 (errors looked at)
    unseen_5  260        .926  .758  .833                          .910, no text of it seen till then
    unseen_6a 120        .900  .571  .699
    unseen_6b 120        .860  .597  .705                          .992 (errors looked at)
    unseen_7a 150        .983  .760  .857
    unseen_7b 150        .966  .760  .851                          .851 (.966 .760), no text of it seen
    unseen_8  260        .967  .915  .941                          .992 (errors looked at; before that .948)
    unseen_9  300        .952  .799  .869                          as at first: no text of it seen

What is said of the next set is the column of first readings, not the last one. The first two sets were written by
whoever mended, who knew the names of all kinds; they are harder than what models write: phrases of two to five words,
and fine texts that look mixed or faulty. The third were written by somebody who had read no rule, and so were the
fourth to the eighth of languages. Of the fourth, half `a` came to a precision of 1.00 while half `b` went from .915 to
.918, six fine texts in 82 rejected before and after: what mends the false rejects of some texts mends few of others.
In form, what mends one kind of fault finds no other: the errors of `unseen_b` and `unseen_2b` were looked at, so their
figures are tuned ones, and the author's list of kinds of `unseen_3` was known when the rules were widened: it is
flattered, and tuned since. Sets 4 to 6 of form are three authors' who read no rule, each kind of 6 in one half only.
After these readings the errors of `unseen_5` (language now .973, form .981) and the fine texts rejected in 4b and 6b
were looked at; before that 4b read .957 (.931 .985) and .839, 6b .752. Of 215 texts of 108 odder kinds, thought up
before them, the rules found 23 % at first. Sets 7 and 8 were first read before the faulty texts of 4b and 6b were
looked at (8 as it read before two fine texts of it were freed by the name of the rule that rejected them). What was
mended for these, and then for 7a (now .980), moved not one text of 7b, though whole families were mended and not
kinds.
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
    number = next((number for number in ("_2", "_3", "_4", "_5", "_6", "_7", "_8", "_9") if number in part), "")
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
    [
        ("unseen_a", 0.99, 0.97),
        ("unseen_b", 0.98, 0.93),
        ("unseen_2a", 0.99, 0.99),
        ("unseen_2b", 0.97, 0.97),
        ("unseen_3a", 0.99, 0.99),
        ("unseen_3b", 0.99, 0.99),
        ("unseen_4a", 0.99, 0.96),
        ("unseen_4b", 0.98, 0.97),
        ("unseen_5", 0.99, 0.94),
        ("unseen_6a", 0.99, 0.95),
        ("unseen_6b", 0.98, 0.91),
        ("unseen_7", 0.99, 0.99),
        ("unseen_8", 0.96, 0.96),
    ],
)
def test_mixed_texts(part, precision, recall):
    found = figures("language", part, ["language_mix"], "mixed")
    assert (found[0] >= precision, found[1] >= recall) == (True, True), found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [
        ("unseen_a", 0.99, 0.98),
        ("unseen_b", 0.99, 0.98),
        ("unseen_2a", 0.99, 0.98),
        ("unseen_2b", 0.99, 0.96),
        ("unseen_3a", 0.99, 0.95),
        ("unseen_3b", 0.98, 0.95),
        ("unseen_4a", 0.98, 0.94),
        ("unseen_4b", 0.98, 0.89),
        ("unseen_5", 0.98, 0.95),
        ("unseen_6a", 0.98, 0.98),
        ("unseen_6b", 0.98, 0.98),
        ("unseen_7a", 0.98, 0.95),
        ("unseen_7b", 0.96, 0.75),
        ("unseen_8", 0.99, 0.98),
        ("unseen_9", 0.95, 0.79),
    ],
)
def test_faulty_texts(part, precision, recall):
    rules = [*FORM, "deny", "summary"] if part > "unseen_3" and part[7].isdigit() else FORM
    found = figures("readability", part, rules, "faulty")
    assert (found[0] >= precision, found[1] >= recall) == (True, True), found
