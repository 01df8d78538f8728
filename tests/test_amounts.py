"""How much of each source goes out: arithmetic, attacked with any numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.blending.amounts import Amount, choose, wanted
from factory.errors import BadInput

WEIGHTS = st.decimals("0.1", 50, places=2).map(lambda d: Fraction(str(d)))
WEIGHTED = st.builds(
    Amount, st.just("s"), st.booleans(), WEIGHTS, st.none(), st.just("rows"), st.none() | st.integers(1, 300)
)
NUMBERED = st.builds(Amount, st.just("n"), st.booleans(), st.none(), st.integers(1, 300))
MIXES = st.lists(st.tuples(WEIGHTED | NUMBERED, st.integers(0, 400)), min_size=1, max_size=5)


@given(MIXES, st.sampled_from(["", "cut", "repeat"]))
def test_weights_are_exact_and_nothing_comes_from_nowhere(mix, how):
    amounts, there = [a for a, _ in mix], [n for _, n in mix]
    try:
        want = wanted(amounts, there, cut=how == "cut", repeat=how == "repeat")
    except BadInput as error:
        assert "\n" not in str(error)
        return
    weighted = [(n, a.weight) for a, n in zip(amounts, want, strict=True) if a.weight]
    for one, weight in weighted:
        for other, against in weighted:
            scale = max(one / weight, other / against)  # each is its weight times one scale, rounded
            assert abs(one - weight * scale) <= Fraction(1, 2) * (1 + weight / against)
    for amount, number, held in zip(amounts, want, there, strict=True):
        assert number <= (amount.cap or number) and (how == "repeat" or number <= held)
        assert amount.number is None or number == amount.number or how == "cut"


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(0, 4000))
def test_rows_are_chosen_to_the_nearest_token(sizes, want):
    taken, again = choose(np.arange(len(sizes)), np.array(sizes), want)
    got = sum(sizes[i] for i in [*taken, *again])
    assert abs(got - want) <= max(sizes) / 2
    times = np.bincount([*taken, *again], minlength=len(sizes))
    assert times.max() - times.min() <= 1 and (not len(again) or len(taken) == len(sizes))


@pytest.mark.parametrize("kept", [(300, 100), (100, 300)])
def test_kept_samples_set_the_scale_and_general_data_is_cut(kept):
    amounts = [Amount("a", True, Fraction(2)), Amount("b", True, Fraction(1)), Amount("c", False, Fraction(1))]
    scale = min(kept[0] / 2, kept[1])
    assert wanted(amounts, [*kept, 10_000], cut=False, repeat=False) == [2 * scale, scale, scale]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Amount("c", False, Fraction(1)), "c: the mix needs 100 rows for 100 of kept samples and 20 are there"),
        (Amount("c", False, None, 50), "c: the mix needs 50 rows for 100 of kept samples and 20 are there"),
        (Amount("c", False, Fraction(1), None, "tokens"), "needs 100 tokens"),
        (Amount("c", False, Fraction(1), None, "rows", 5), "100 rows for 100 of kept samples and 5 are there"),
    ],
)
def test_what_is_short_is_said_with_its_numbers(amount, said):
    with pytest.raises(BadInput) as caught:
        wanted([Amount("k", True, Fraction(1)), amount], [100, 20], cut=False, repeat=False)
    assert said in str(caught.value) and "--cut-kept" in str(caught.value)
    assert ("--oversample" in str(caught.value)) == (amount.cap is None)


def test_a_cap_holds_even_where_rows_may_repeat():
    with pytest.raises(BadInput, match="5 are there"):
        wanted(
            [Amount("k", True, Fraction(1)), Amount("c", False, Fraction(1), cap=5)], [100, 20], cut=False, repeat=True
        )
