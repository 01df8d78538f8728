"""The majority answer of samples: equal values are one vote's group, however written."""

import itertools

import pytest

from factory.verify import consensus
from factory.verify.algebra.formulas import Decision
from factory.verify.consensus import majority, vote


@pytest.mark.parametrize(
    ("answers", "share", "expected"),
    [
        (["The answer is 5.", r"\boxed{5.0}", "#### 5", "6"], 0.5, "5"),
        (["5", "5", "6", "6"], 0.5, None),
        (["5", "5", "6"], 0.9, None),
        (["5", "5", "", "no idea"], 0.5, "5"),
        (["5", "", "", ""], 0.5, None),
        ([r"\boxed{\frac12}", "The answer is 0.5", "50%"], 0.6, r"\frac12"),
        (["The answer is B.", "(B)", "C"], 0.6, "B"),
        ([r"\boxed{\text{Paris}}", "<answer>Paris</answer>", "<answer>Rome</answer>"], 0.6, r"\text{Paris}"),
        ([], 0.5, None),
        (["5"], 0.5, None),
        (["5", ""], 0.5, None),
        (["5", "5.0", "5", "6", "7"], 0.6, "5"),
        (["6", "7", "5", "5.0", "5"], 0.6, "5"),
    ],
)
def test_the_majority_of_all_samples(answers, share, expected):
    assert majority(answers, share) == expected


def test_what_can_be_no_majority_any_more_is_not_compared(monkeypatch):
    compared = []
    monkeypatch.setattr(consensus, "decide", lambda a, b: compared.append((a, b)) or Decision(False, "number"))
    assert majority([str(n) for n in range(100)], 0.9) is None
    assert len(compared) < 100


def test_slow_pairs_have_so_much_time_together(monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(consensus.time, "monotonic", lambda: 1.5 * next(clock))
    compared = []
    monkeypatch.setattr(consensus, "decide", lambda a, b: compared.append((a, b)) or Decision(None, "too_slow"))
    assert majority(["5", "5", "5", *(str(n) for n in range(10, 13))], 0.5) is None
    assert len(compared) == 3


def test_prose_does_not_vote():
    assert vote("I am not sure what to say here.") is None
