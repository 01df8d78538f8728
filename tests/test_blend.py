"""The plan of a merge: each test attacks one property, on keys without any text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.blending import blend
from factory.blending.amounts import Amount, from_ratio, from_share
from factory.blending.keys import CUT_KEPT, GENERAL, OUT, OVER_PER_PROMPT, REASONING, SURPLUS_GENERAL, Keys
from factory.blending.mix import Mix
from factory.blending.spread import check_shares, linked, salted
from factory.errors import BadInput
from factory.selection import Selection


def make_keys(reasoning: int, general: int, *, samples: int = 4, sources: int = 1, start: int = 1) -> Keys:
    """Distinct rows: `samples` to a reasoning prompt, a prompt to each general row."""
    rows = reasoning + general
    number = np.arange(rows)
    kind = np.where(number < reasoning, REASONING, GENERAL).astype(np.uint8)
    prompt = salted(np.where(kind == REASONING, number // samples, number).astype(np.uint64), start, "prompt")
    return Keys(
        kind=kind,
        part=kind.astype(np.int16),
        keep=np.ones(rows, np.bool_),
        low=salted(number.astype(np.uint64), start, "low"),
        high=salted(number.astype(np.uint64), start, "high"),
        prompt=prompt,
        group=prompt,
        sample_index=np.where(kind == REASONING, number % samples, 0).astype(np.int32),
        stratum=(kind.astype(np.uint64) << np.uint64(8)) | (number % sources).astype(np.uint64),
        source=np.zeros(rows, np.uint64),
        task=np.zeros(rows, np.uint64),
        size=np.ones(rows, np.int64),
        score=np.full(rows, np.nan),
        leaked=np.zeros(rows, np.bool_),
        control=np.zeros(rows, np.bool_),
        passed=np.full(rows, -1, np.int8),
    )


def reordered(keys: Keys, order: np.ndarray) -> Keys:
    return Keys(**{f.name: getattr(keys, f.name)[order] for f in fields(Keys)})


def make_plan(keys: Keys, amounts: Sequence[Amount] = (), **asked: Any) -> blend.Plan:
    return blend.make_plan(keys, Mix((), **asked), amounts)


RATIOS = st.tuples(st.decimals("0.1", 9, places=2), st.decimals("0.1", 9, places=2)).map(
    lambda r: (float(r[0]), float(r[1]))
)


@given(st.integers(1, 300), st.integers(1, 300), RATIOS, st.sampled_from(["cut", "cut_kept", "oversample"]))
def test_the_ratio_is_exact_to_one_row(reasoning, general, ratio, how):
    asked = {"cut_kept": how == "cut_kept", "oversample": how == "oversample"}
    keys = make_keys(reasoning, general)
    try:
        plan = make_plan(keys, from_ratio(*ratio), **asked)
    except BadInput:
        assert round(reasoning * ratio[1] / ratio[0]) > general
        return
    kinds = keys.kind[plan.row]
    got = {kind: int(np.count_nonzero(kinds == kind)) for kind in (REASONING, GENERAL)}
    slack = max(1.0, ratio[1] / ratio[0]) * (1 if how == "cut_kept" else 0.5) + 1e-6
    assert abs(got[GENERAL] - got[REASONING] * ratio[1] / ratio[0]) <= slack
    assert got[REASONING] == reasoning or how == "cut_kept"


@given(st.integers(2, 200), st.integers(0, 60), st.floats(0.001, 0.9), st.integers(0, 5))
def test_no_prompt_in_both_splits_and_neither_is_empty(reasoning, general, share, seed):
    keys = make_keys(reasoning, general, samples=3)
    if len(np.unique(keys.group)) < 2:
        return
    plan = make_plan(keys, validation=share, seed=seed)
    inside = plan.position >= plan.train
    assert inside.any() and not inside.all()
    assert not np.intersect1d(keys.group[plan.row[inside]], keys.group[plan.row[~inside]]).size


def test_validation_takes_its_share_of_each_kind():
    keys = make_keys(4000, 1000)
    plan = make_plan(keys, validation=0.1)
    inside = plan.row[plan.position >= plan.train]
    for kind, prompts in ((REASONING, 1000), (GENERAL, 1000)):
        assert len(np.unique(keys.group[inside][keys.kind[inside] == kind])) == round(0.1 * prompts)


@given(st.data())
def test_reading_order_is_irrelevant(data):
    keys = make_keys(40, 20, sources=3)
    twice = Keys(**{f.name: np.concatenate([getattr(keys, f.name)] * 2) for f in fields(Keys)})
    order = np.array(data.draw(st.permutations(range(len(twice)))))
    asked = {"selection": Selection(2), "validation": 0.2, "seed": 3}
    plans = [(k, make_plan(k, from_ratio(2, 1), **asked)) for k in (twice, reordered(twice, order))]
    one, two = ({int(k.low[r]): int(p) for r, p in zip(plan.row, plan.position, strict=True)} for k, plan in plans)
    assert one == two


def test_positions_are_a_permutation_and_counts_add_up():
    keys = make_keys(500, 100, samples=7)
    plan = make_plan(keys, selection=Selection(2), amounts=from_ratio(3.53, 1), validation=0.1)
    assert sorted(plan.position) == list(range(len(plan.row)))
    assert np.count_nonzero(plan.fate == OUT) + plan.repeated == len(plan.row)


def test_per_prompt_keeps_the_first_by_index_counted_over_runs():
    one, two = make_keys(40, 0, start=1), make_keys(40, 0, start=2)
    both = Keys(**{f.name: np.concatenate([getattr(one, f.name), getattr(two, f.name)]) for f in fields(Keys)})
    both.prompt[40:] = both.prompt[:40]
    plan = make_plan(both, selection=Selection(3))
    assert np.count_nonzero(plan.fate == OVER_PER_PROMPT) == 50
    # indices 0, 0 and one of the two with index 1
    assert sorted(both.sample_index[plan.row][both.prompt[plan.row] == both.prompt[0]]) == [0, 0, 1]


def test_duplicates_leave_one_and_prefer_reasoning():
    keys = make_keys(4, 4)
    keys.low[4:], keys.high[4:] = keys.low[:4], keys.high[:4]
    plan = make_plan(keys)
    assert sorted(plan.row) == [0, 1, 2, 3]


def test_equal_halves_of_a_hash_are_no_duplicate():
    keys = make_keys(4, 0)
    keys.low[:] = keys.low[0]
    assert len(make_plan(keys).row) == 4


def test_what_survives_a_cut_is_spread_over_all_places():
    keys = make_keys(0, 4000)
    keys = Keys(
        **{
            **{f.name: getattr(keys, f.name) for f in fields(Keys)},
            "kind": np.r_[np.zeros(1000), np.ones(3000)].astype(np.uint8),
            "part": np.r_[np.zeros(1000), np.ones(3000)].astype(np.int16),
        }
    )
    plan = make_plan(keys, amounts=from_ratio(1, 1))
    general = np.sort(plan.position[keys.kind[plan.row] == GENERAL])
    assert abs(general.mean() / 2000 - 0.5) < 0.03
    assert np.count_nonzero(plan.fate == SURPLUS_GENERAL) == 2000


@pytest.mark.parametrize("sources", [1, 2, 7])
def test_every_shard_holds_each_sources_share(sources):
    keys = make_keys(3530, 1000, sources=sources)
    plan = make_plan(keys, validation=0.05)
    starts = np.r_[np.arange(0, plan.train, 300), np.arange(plan.train, len(plan.row), 300)]
    check_shares(keys.stratum[plan.row], plan.position, plan.train, starts)
    if sources > 1:
        with pytest.raises(AssertionError):
            check_shares(np.sort(keys.stratum[plan.row]), np.arange(len(plan.row)), plan.train, starts)


def test_another_seed_another_order_and_another_cut():
    keys = make_keys(300, 300)
    one, two = (make_plan(keys, amounts=from_ratio(3, 1), seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.row, two.row)


def test_oversampling_repeats_evenly():
    keys = make_keys(100, 7)
    plan = make_plan(keys, amounts=from_ratio(5, 1), oversample=True)
    times = np.bincount(plan.row, minlength=107)[100:]
    assert times.sum() == 20 and times.min() >= 2 and times.max() <= 3 and plan.repeated == 13


def test_too_few_general_rows_are_said_with_choices_that_work():
    keys = make_keys(1000, 86)
    with pytest.raises(BadInput) as caught:
        make_plan(keys, amounts=from_ratio(3.53, 1))
    said = str(caught.value)
    assert "general data: the mix needs 283 rows for 1,000 of kept samples and 86 are there" in said
    assert "304 of 1,000" in said
    ratio = re.search(r"a ratio of (\d+):(\d+)", said)
    assert ratio and len(make_plan(keys, amounts=from_ratio(*map(int, ratio.groups()))).row) == 1086
    cut = make_plan(keys, amounts=from_ratio(3.53, 1), cut_kept=True)
    assert np.count_nonzero(cut.fate == CUT_KEPT) == 1000 - 304


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20))
def test_linked_labels_are_the_connected_components(pairs):
    one, two = (np.array([p[i] for p in pairs], np.uint64) for i in (0, 1))
    label = linked(one, two).tolist()
    parent = {("a", a): ("a", a) for a, _ in pairs} | {("b", b): ("b", b) for _, b in pairs}

    def root(node):
        while parent[node] != node:
            node = parent[node]
        return node

    for a, b in pairs:
        parent[root(("a", a))] = root(("b", b))
    for i, (a, _) in enumerate(pairs):
        for j, (c, _) in enumerate(pairs):
            assert (label[i] == label[j]) == (root(("a", a)) == root(("a", c)))


@pytest.mark.parametrize("share", [0.22, 0.5, 0.0, 0.001])
def test_a_share_is_of_all_rows(share):
    kept, general = (amount.weight for amount in from_share(share))
    assert float(general / (kept + general)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("read", "given"), [(from_ratio, (0, 1)), (from_ratio, (-1, 1)), (from_share, (1.0,)), (from_share, (-0.1,))]
)
def test_impossible_mixes_are_refused(read, given):
    with pytest.raises(BadInput):
        read(*given)


def test_nothing_left_is_said():
    keys = make_keys(3, 0)
    keys.keep[:] = False
    with pytest.raises(BadInput, match="none of 3 rows"):
        make_plan(keys)
