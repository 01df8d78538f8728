"""The funnel's counts add up, whatever the verdicts."""

from hypothesis import given
from hypothesis import strategies as st

from factory.judging import funnel
from factory.records import NOT_APPLICABLE, Verdict, is_kept

RULES = ["finished", "think", "correct"]
verdict = st.sampled_from([(True, ""), (False, "bad"), (False, "worse"), (None, "timeout"), (None, NOT_APPLICABLE)])
row = st.tuples(*[verdict] * len(RULES)).map(
    lambda found: [Verdict(keep, reason, rule=rule) for rule, (keep, reason) in zip(RULES, found, strict=True)]
)


@given(st.lists(st.tuples(row, st.integers(0, 100)), max_size=60))
def test_counts_add_up(rows: list[tuple[list[Verdict], int]]) -> None:
    counts = funnel.Funnel()
    for verdicts, tokens in rows:
        assert counts.add(verdicts, tokens) is is_kept(verdicts)
    data = funnel.as_json(counts)
    left = data["samples"]
    for count in data["rules"].values():
        left -= sum(count["rejected"].values()) + sum(count["unknown"].values())
        assert count["left"] == left
        assert count["only"] <= count["alone"]
    assert left == data["kept"] == sum(is_kept(v) for v, _ in rows)
    assert data["kept_tokens"] == sum(tokens for v, tokens in rows if is_kept(v))


def test_unknown_has_its_own_column_and_faults_are_told_apart() -> None:
    counts = funnel.Funnel()
    counts.add([Verdict.accept(), Verdict(None, "timeout", rule="correct")], 5)
    counts.add([Verdict.accept(), Verdict(None, "undecided", rule="correct")], 5)
    counts.add([Verdict.accept(), Verdict(False, "wrong", rule="correct")], 5)
    counts.add_prompt(0)
    correct = counts.rules["correct"]
    assert (correct.rejected, correct.unknown) == ({"wrong": 1}, {"timeout": 1, "undecided": 1})
    assert correct.faults == {"timeout": 1}
    lines = funnel.lines(funnel.as_json(counts))
    assert lines[-1] == "kept 0 of 3 samples (0.0%), for 0 of 1 prompts"
    assert any("correct" in line and "timeout 1" in line for line in lines)


def test_only_counts_what_dropping_the_rule_would_win_back() -> None:
    counts = funnel.Funnel()
    no = {rule: Verdict(False, "bad", rule=rule) for rule in RULES}
    yes = {rule: Verdict(True, rule=rule) for rule in RULES}
    counts.add([yes["finished"], no["think"], no["correct"]], 0)
    counts.add([yes["finished"], yes["think"], no["correct"]], 0)
    assert (counts.rules["think"].only, counts.rules["correct"].only) == (0, 1)
    assert (counts.rules["think"].alone, counts.rules["correct"].alone) == (1, 2)


def test_tokens_that_nobody_counted_make_no_figure() -> None:
    for tokens, said in ((0, False), (7, True)):
        counts = funnel.Funnel()
        counts.add([Verdict(True, rule="think")], tokens)
        assert ("7 tokens a kept sample" in funnel.lines(funnel.as_json(counts))[-1]) is said
