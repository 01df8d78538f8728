"""The quota policy: what settles a prompt hangs on its draws in index order and on nothing else."""

import random

from hypothesis import given
from hypothesis import strategies as st

from factory.quota.calibration import CALIBRATION_DRAWS
from factory.quota.prior import WHOLE, Prior, fit
from factory.quota.schedule import Schedule, window
from factory.quota.settlement import Outcome, Quota, settle
from factory.records import PROMPTS_AT_WORK

LONG = 24


def _world(seed: int, prompts: int, rate: float) -> list[list[Outcome]]:
    rng = random.Random(seed)

    def outcome() -> Outcome:
        return Outcome(rng.random() < rate, rng.randint(1, 500), rng.choice([None, None, b"a", b"b"]))

    return [[outcome() for _ in range(LONG)] for _ in range(prompts)]


worlds = st.builds(_world, st.integers(0, 2**32), st.integers(1, 6), st.floats(0, 1))
quotas = st.builds(Quota, st.integers(1, 4), st.integers(4, LONG), st.one_of(st.none(), st.floats(50, 5000)))
orders = st.integers(0, 2**32).map(random.Random)
PRIOR = Prior(1.0, 1.0, 200.0, 2.0)
Settled = dict[str, tuple[int, int]]


def _settled(world: list[list[Outcome]], quota: Quota, prior: Prior | None = PRIOR) -> Settled:
    done = {str(i): settle(row, quota, prior) for i, row in enumerate(world)}
    return {key: (d.at, d.kept) for key, d in done.items() if d}


def _play(
    schedule: Schedule, world: list[list[Outcome]], slots: int, order: random.Random, lose: float = 0.0
) -> Settled:
    """Draw with so many slots; what ends next, and what is lost, is chance. A drawn sample waits for its verdict."""
    flying, settled = list[tuple[str, int]](), {}
    while len(schedule):
        while len(flying) < slots and (draw := schedule.next()) is not None:
            assert draw not in flying
            flying.append(draw)
        key, index = flying.pop(order.randrange(len(flying)))
        if order.random() < lose:
            schedule.lost(key, index)
        elif done := schedule.record(key, index, world[int(key)][index]):
            settled[key] = (done.at, done.kept)
    return settled


def _admit(schedule: Schedule, world: list[list[Outcome]], known: dict[str, dict[int, Outcome]]) -> Settled:
    found = {}
    for key in map(str, range(len(world))):
        if done := schedule.admit(key, "", known.get(key, {})):
            found[key] = (done.at, done.kept)
    return found


@given(worlds, quotas, orders)
def test_the_kept_set_is_the_same_at_any_number_of_slots_in_any_order_with_losses(
    world: list[list[Outcome]], quota: Quota, order: random.Random
) -> None:
    for slots, lose in ((1, 0.0), (64, 0.0), (5, 0.3)):
        schedule = Schedule(quota, {"": PRIOR})
        found = _admit(schedule, world, {})
        assert found | _play(schedule, world, slots, order, lose) == _settled(world, quota)


@given(worlds, quotas, quotas, orders, st.floats(0, 1))
def test_nor_does_it_change_across_restarts_or_when_the_quota_is_raised(
    world: list[list[Outcome]], before: Quota, after: Quota, order: random.Random, share: float
) -> None:
    """A ledger holds any part of the draws of an earlier run, with gaps; some reach past what this quota needs."""
    at = {key: at for key, (at, _) in _settled(world, before).items()}
    known = {
        key: {i: world[int(key)][i] for i in range(min(n + 3, LONG)) if order.random() < share} for key, n in at.items()
    }
    schedule = Schedule(after, {"": PRIOR})
    found = _admit(schedule, world, known)
    assert found | _play(schedule, world, 8, order) == _settled(world, after)


@given(worlds, quotas.filter(lambda q: q.price is not None), orders, st.integers(0, 60))
def test_nor_when_the_priors_are_frozen_late(
    world: list[list[Outcome]], quota: Quota, order: random.Random, late: int
) -> None:
    schedule, settled = Schedule(quota), dict[str, tuple[int, int]]()
    _admit(schedule, world, {})
    for _ in range(late):
        if (draw := schedule.next()) is not None:
            key, index = draw
            assert schedule.record(key, index, world[int(key)][index]) is None
    for key, done in schedule.freeze({WHOLE: PRIOR}, schedule.quota.price):
        settled[key] = (done.at, done.kept)
    assert settled | _play(schedule, world, 4, order) == _settled(world, quota)


@given(worlds, quotas, orders)
def test_the_prior_is_the_same_whatever_ended_first(
    world: list[list[Outcome]], quota: Quota, order: random.Random
) -> None:
    fits = []
    for slots in (1, 16):
        schedule = Schedule(quota)
        for key in map(str, range(len(world))):
            schedule.admit(key, f"group {int(key) % 2}", {}, calibrate=True)
        flying = list[tuple[str, int]]()
        while schedule.calibrating:
            while len(flying) < slots and (draw := schedule.next()) is not None:
                flying.append(draw)
            key, index = flying.pop(order.randrange(len(flying)))
            schedule.record(key, index, world[int(key)][index])
        fits.append(schedule.trials())
    assert fits[0] == fits[1]
    assert sum(map(len, fits[0].values())) == len(world)
    assert all(len(trial.tokens) <= CALIBRATION_DRAWS for trials in fits[0].values() for trial in trials)


def test_calibration_draws_come_first() -> None:
    schedule = Schedule(Quota(4, 16, 1000.0))
    schedule.admit("other", "", {})
    schedule.admit("calibration", "", {}, calibrate=True)
    assert [schedule.next() for _ in range(5)] == [*(("calibration", i) for i in range(4)), ("other", 0)]


def test_no_draw_is_made_that_cannot_be_needed() -> None:
    schedule = Schedule(Quota(2, 16))
    schedule.admit("a", "", {1: Outcome(True, 10), 2: Outcome(True, 10)})
    assert schedule.next() == ("a", 0)
    assert schedule.next() is None
    done = schedule.record("a", 0, Outcome(True, 10))
    assert done is not None
    assert done.at == 2


def test_a_lost_draw_comes_back_though_later_ones_were_kept() -> None:
    schedule = Schedule(Quota(2, 16))
    schedule.admit("a", "", {})
    flown = [schedule.next(), schedule.next()]
    assert flown == [("a", 0), ("a", 1)]
    schedule.record("a", 1, Outcome(True, 10))
    schedule.lost("a", 0)
    schedule.lost("a", 0)
    assert schedule.next() == ("a", 0)


def test_a_prompt_that_waits_for_a_verdict_is_not_drawn_for_sure() -> None:
    """Four draws may all be kept: a fifth is a guess, and comes after every first sample."""
    schedule = Schedule(Quota(4, 16))
    schedule.admit("a", "", {})
    assert [schedule.next() for _ in range(4)] == [("a", i) for i in range(4)]
    schedule.admit("b", "", {})
    assert schedule.next() == ("b", 0)


def test_the_queue_stays_small() -> None:
    schedule, rng = Schedule(Quota(2, 16)), random.Random(0)
    for number in range(4000):
        if len(schedule) < 50:
            schedule.admit(str(number), "", {})
        draw = schedule.next()
        assert draw is not None
        schedule.record(*draw, Outcome(rng.random() < 0.3, 10))
    assert len(schedule._queue) <= 4 * 50 + 64


def test_fit_of_nothing_is_flat() -> None:
    assert fit({"a": []})["a"].a == 1.0


def test_no_more_prompts_are_at_work_than_caches_by_prompt_hold() -> None:
    assert [window(slots) for slots in (1, 256)] == [16, 4096]
    assert all(window(slots) == PROMPTS_AT_WORK for slots in (1024, PROMPTS_AT_WORK))
    assert window(3 * PROMPTS_AT_WORK) == 3 * PROMPTS_AT_WORK, "every slot has something to draw"
