"""What does stopping at K kept samples save, and what does it cost in order and waiting?

Plays the quota policy over made-up prompts, event by event: keep rates Beta(a, b); the logarithm of a prompt's mean
length has deviation 0.6 between prompts, a draw's 0.4 within one; draws that aren't kept are 1.5 x longer; one token
takes a slot one tick and verdicts take no time. 0.6 is the spread at which knowing each prompt's mean length is worth
.535/.603 for Beta(.5, .7). Every figure is the median of 5 seeds. Does not cover real engines.

    python benchmarks/quota.py [--check] [--chart yield.svg]
"""

from __future__ import annotations

import argparse
import heapq
import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from quota_optimum import optimum

from factory.quota.calibration import CALIBRATION_DRAWS, calibration_set
from factory.quota.prior import Prior, Trial, fit
from factory.quota.schedule import WINDOW, Schedule
from factory.quota.settlement import Outcome, Quota, Settlement, settle

PROMPTS, KEEP, FIXED, FAR, SEEDS = 2000, 4, 16, 64, 5
"""`FAR` is the cap with a price: far enough that the price stops, not the cap."""
BETWEEN, WITHIN, WRONG = 0.6, 0.4, 1.5
POPULATIONS = {(0.5, 0.7): 0.58, (1.0, 1.0): 0.56, (0.3, 1.5): 0.62, (2.0, 1.0): 0.45}
"""Keep rates, and the most tokens a kept row may take with a price, as a share of fixed N = 16's."""
MAKESPAN, TOKENS, BIAS = {64: 1.03, 256: 1.10}, 1.02, 0.02


@dataclass(frozen=True)
class Population:
    outcomes: list[list[Outcome]]
    """Shape (PROMPTS, FAR)."""
    means: list[float]
    """The mean length of a prompt's kept draws."""

    def fixed(self, draws: int) -> tuple[int, int]:
        """(kept, tokens) of so many draws for everybody."""
        kept = sum(min(KEEP, sum(o.keep for o in row[:draws])) for row in self.outcomes)
        return kept, sum(o.tokens for row in self.outcomes for o in row[:draws])

    def settled(self, quota: Quota, prior: Prior | None) -> tuple[int, int]:
        """(kept, tokens) of the policy that never draws ahead."""
        kept = tokens = 0
        for row in self.outcomes:
            done = settle(row, quota, prior)
            assert done is not None
            kept += done.kept
            tokens += sum(o.tokens for o in row[: done.at])
        return kept, tokens

    def rounds(self, size: int) -> int:
        """Tokens of rounds of `size` draws for whoever isn't done, to the same cap; a round waits for its last."""
        total = 0
        for row in self.outcomes:
            at = 0
            while at < FIXED and sum(o.keep for o in row[:at]) < KEEP:
                at += size
            total += sum(o.tokens for o in row[:at])
        return total


def population(a: float, b: float, seed: int) -> Population:
    rng = np.random.default_rng(seed)
    rates = rng.beta(a, b, PROMPTS)
    lengths = np.exp(rng.normal(6, BETWEEN, PROMPTS))
    keeps = rng.random((PROMPTS, FAR)) < rates[:, None]
    tokens = lengths[:, None] * np.exp(rng.normal(0, WITHIN, (PROMPTS, FAR))) * np.where(keeps, 1, WRONG)
    rows = [
        [Outcome(keep, max(int(n), 1)) for keep, n in zip(*row, strict=True)]
        for row in zip(keeps.tolist(), tokens.tolist(), strict=True)
    ]
    return Population(rows, (lengths * math.exp(WITHIN**2 / 2)).tolist())


@dataclass(frozen=True)
class Played:
    tokens: int
    makespan: int
    settled: dict[str, Settlement]
    draws: int


def play(world: Population, quota: Quota, slots: int) -> Played:
    """The whole schedule: calibration, the fit, draws ahead and what is cut off as surplus."""
    schedule = Schedule(quota)
    first = calibration_set(((str(i), "") for i in range(PROMPTS)), seed=0) if quota.price is not None else {}
    waiting = [str(i) for i in range(PROMPTS) if str(i) not in first]
    settled: dict[str, Settlement] = {}
    flying: dict[str, dict[int, int]] = {}
    events: list[tuple[int, str, int]] = []
    now = busy = tokens = draws = 0
    for key in first:
        schedule.admit(key, "", {}, calibrate=True)
    frozen = not first
    waiting.reverse()
    while True:
        while busy < slots:
            while waiting and len(schedule) < WINDOW * slots:
                schedule.admit(waiting.pop(), "", {})
            if (draw := schedule.next()) is None:
                break
            key, index = draw
            flying.setdefault(key, {})[index] = now
            heapq.heappush(events, (now + world.outcomes[int(key)][index].tokens, key, index))
            busy += 1
        if not events:
            break
        end, key, index = heapq.heappop(events)
        if index not in flying.get(key, {}):
            continue
        now = end
        del flying[key][index]
        busy -= 1
        draws += 1
        outcome = world.outcomes[int(key)][index]
        tokens += outcome.tokens
        done = [(key, settlement)] if (settlement := schedule.record(key, index, outcome)) else []
        if not frozen and not schedule.calibrating:
            frozen = True
            done += schedule.freeze(fit(schedule.trials()), quota.price)
        for key, settlement in done:
            settled[key] = settlement
            surplus = flying.pop(key, {})
            tokens += sum(now - start for start in surplus.values())
            busy -= len(surplus)
    assert len(settled) == PROMPTS
    return Played(tokens, now, settled, draws)


def matching_price(world: Population, prior: Prior, kept: int) -> float:
    """The price at which the policy keeps as many as fixed N = 16 does."""
    low, high = 1.0, 1e8
    for _ in range(22):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if world.settled(Quota(KEEP, FAR, middle), prior)[0] < kept else (low, middle)
    return high


def calibrated(world: Population) -> Prior:
    """The prior that `play` fits."""
    trials = []
    for key in calibration_set(((str(i), "") for i in range(PROMPTS)), seed=0):
        row = world.outcomes[int(key)][:CALIBRATION_DRAWS]
        trials.append(Trial(tuple(o.keep for o in row), tuple(o.tokens for o in row)))
    return fit({"": trials})[""]


def excess(world: Population, chosen: Callable[[list[Outcome]], list[Outcome]]) -> tuple[float, float]:
    """Mean length of the kept samples, and how much longer they are than their own prompts' mean kept draw."""
    lengths, own, count = 0.0, 0.0, 0
    for row, mean in zip(world.outcomes, world.means, strict=True):
        kept = chosen(row)
        lengths += sum(o.tokens for o in kept)
        own += mean * len(kept)
        count += len(kept)
    return lengths / count, lengths / own - 1


def kept_of(quota: Quota, prior: Prior | None) -> Callable[[list[Outcome]], list[Outcome]]:
    def chosen(row: list[Outcome]) -> list[Outcome]:
        done = settle(row, quota, prior)
        assert done is not None
        return [o for o in row[: done.at] if o.keep]

    return chosen


def first_to_finish(row: list[Outcome]) -> list[Outcome]:
    """What peers keep: of N draws begun together, the first K to end well."""
    return sorted((o for o in row[:FIXED] if o.keep), key=lambda o: o.tokens)[:KEEP]


def measure(a: float, b: float, seed: int) -> dict[str, float]:
    world, found = population(a, b, seed), {}
    quota = Quota(KEEP, FIXED)
    kept, fixed = world.fixed(FIXED)
    _, oracle = world.settled(quota, None)
    rows = [row[: settled.at] for row in world.outcomes if (settled := settle(row, quota, None))]
    longest = max(o.tokens for row in rows for o in row)
    for slots in MAKESPAN:
        run = play(world, quota, slots)
        found[f"tokens/oracle, {slots} slots"] = run.tokens / oracle
        found[f"makespan/bound, {slots} slots"] = run.makespan / max(oracle / slots, longest)
    found["oracle, no price"] = oracle / fixed
    found["rounds of 4, early stop"] = world.rounds(4) / fixed
    prior = calibrated(world)
    priced = Quota(KEEP, FAR, matching_price(world, prior, kept))
    run = play(world, priced, 64)
    run_kept = sum(s.kept for s in run.settled.values())
    found["with a price"] = run.tokens / run_kept / (fixed / kept)
    found["yield with it/fixed"] = run_kept / kept
    own = statistics.fmean(world.means)
    lengths = {"no price": kept_of(quota, None), "price": kept_of(priced, prior), "first K to end": first_to_finish}
    for name, chosen in lengths.items():
        mean, found[f"excess length, {name}"] = excess(world, chosen)
        found[f"kept length, {name}"] = mean / own
    return found


def missed(goal: float, found: dict[str, float]) -> list[str]:
    limits = {"with a price": goal}
    for slots, most in MAKESPAN.items():
        limits |= {f"tokens/oracle, {slots} slots": TOKENS, f"makespan/bound, {slots} slots": most}
    over = [f"{name} {found[name]:.3f} > {most}" for name, most in limits.items() if found[name] > most]
    biased = [name for name in ("no price", "price") if abs(found[f"excess length, {name}"]) > BIAS]
    return over + [f"excess length, {name} beyond {BIAS}" for name in biased]


def chart(path: Path) -> None:
    """Yield against cost of the first seed of each population: one panel each, plain SVG."""
    panels = []
    for number, (a, b) in enumerate(POPULATIONS):
        world = population(a, b, 0)
        prior = calibrated(world)
        most, cost = world.fixed(FIXED)
        prices = np.geomspace(1.2, 60, 12) * prior.tokens
        lines = {
            "#888": [world.fixed(n) for n in range(1, FIXED + 1)],
            "#d95f02": [world.settled(Quota(KEEP, n), None) for n in range(KEEP, FIXED + 1)],
            "#1b6ca8": [world.settled(Quota(KEEP, FAR, price), prior) for price in prices.tolist()],
        }
        shapes = []
        for colour, points in lines.items():
            inside = [(270 * t / cost, 200 - 180 * k / most) for k, t in points if t <= cost and k <= most * 1.1]
            drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in inside)
            shapes.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        left, top = 50 + 320 * (number % 2), 60 + 260 * (number // 2)
        panels.append(
            f'<g transform="translate({left},{top})"><path d="M0 0V200H270" fill="none" stroke="#333"/>'
            f'<text x="8" y="-4">keep rates Beta({a:g}, {b:g})</text>'
            f'<text x="270" y="218" text-anchor="end">tokens, to fixed N = {FIXED}</text>'
            f'<text transform="translate(-8,200) rotate(-90)">kept rows, to fixed N = {FIXED}</text>'
            + "".join(shapes)
            + "</g>"
        )
    key = '<text x="50" y="24"><tspan fill="#888">fixed N</tspan>  <tspan fill="#d95f02">stop at K = 4</tspan>  '
    key += '<tspan fill="#1b6ca8">stop at K = 4, with a price</tspan></text>'
    style = '<style>text{font:12px sans-serif}</style><rect width="680" height="560" fill="white"/>'
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="680" height="560">'
    path.write_text(f"{head}{style}{key}{''.join(panels)}</svg>\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--chart", type=Path, help="draw yield against cost into this SVG")
    options = parser.parse_args()
    if options.chart:
        chart(options.chart)
    columns, misses = [], []
    for (a, b), goal in POPULATIONS.items():
        began = time.perf_counter()
        runs = [measure(a, b, seed) for seed in range(SEEDS)]
        found = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
        misses += [f"Beta({a:g}, {b:g}): {line}" for line in missed(goal, found)]
        found["goal with a price"] = goal
        found["optimum, blind to length"] = optimum(a, b, 0.0, KEEP, FIXED, WRONG)
        found["optimum, knowing lengths"] = optimum(a, b, BETWEEN, KEEP, FIXED, WRONG)
        columns.append(found)
        print(f"Beta({a:g}, {b:g}) took {time.perf_counter() - began:.0f} s", file=sys.stderr)
    print(
        f"{'tokens a kept row: to fixed N = 16':36}" + "".join(f"{f'Beta({a:g}, {b:g})':>15}" for a, b in POPULATIONS)
    )
    for name in columns[0]:
        print(f"{name:36}" + "".join(f"{found[name]:15.3f}" for found in columns))
    print(*misses, sep="\n", end="\n" if misses else "every goal met\n")
    if options.check and misses:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
