"""Other thresholds on stored scores: the counts are those that judging again would give."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from factory.cli import cli
from factory.errors import BadInput
from factory.judging import sweep
from factory.judging.rules import Rule, apply_rule
from factory.records import NOT_APPLICABLE, Verdict
from tests import make

rows = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.one_of(st.none(), st.integers(0, 10).map(lambda n: n / 10)),
        st.sampled_from(["keep", "reject", "unknown", NOT_APPLICABLE]),
        st.booleans(),
    ),
    min_size=1,
)


def _judged(score: float | None, word: str, least: float | None) -> Verdict:
    """What the house says of a rule's word."""
    own = {"keep": Verdict(True, score=score), "reject": Verdict(False, "evidence", score)}
    own |= {"unknown": Verdict(None, "undecided", score), NOT_APPLICABLE: Verdict(None, NOT_APPLICABLE)}
    asked = make.prompt()
    return apply_rule(Rule("r", Path("r.py"), least=least), lambda s, p: own[word], make.sample(asked), asked)


@given(rows, st.one_of(st.none(), st.just(0.4)), st.just((0.2, 0.4, 0.9)))
def test_a_sweep_counts_what_judging_again_would(
    given_rows: list[tuple[str, float | None, str, bool]], least: float | None, values: tuple[float, ...]
) -> None:
    other = {True: Verdict(True, rule="o"), False: Verdict(False, "no", rule="o")}
    before = [(p, [other[o], _judged(score, word, least)]) for p, score, word, o in given_rows]
    if all(v[1].score is None for _, v in before):
        return
    total, found = sweep.kept(before, sweep.Sweep("r", "least", values))
    assert total == len(given_rows)
    for value, (kept, prompts) in zip(values, found, strict=True):
        again = [(p, o and _judged(score, word, value).keep is True) for p, score, word, o in given_rows]
        again = [
            (p, keep or (o and word == NOT_APPLICABLE))
            for (p, keep), (*_, word, o) in zip(again, given_rows, strict=True)
        ]
        assert kept == sum(keep for _, keep in again)
        assert prompts == len({p for p, keep in again if keep})


@pytest.mark.parametrize(
    "text", ["think", "think.least", "think.least=", "think.lowest=1", "think.least=a", "think.least=nan", ".least=1"]
)
def test_what_is_no_sweep_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="should be RULE.least"):
        sweep.parse(text)


def test_one_way_at_a_time() -> None:
    result = CliRunner().invoke(cli, ["filter", "x", "--rules", "r1", "--sweep", "think.least=1"])
    assert result.exit_code == 2 and "one of --rules" in result.output
