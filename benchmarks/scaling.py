"""What do two rule processes do, beside one, and beside two processes that have nothing to do with each other?

    python benchmarks/scaling.py [--check] [--rounds N]

The r1 recipe on worked problems of 1 KB with their references, five a prompt. `pool`: through the pool of processes
that `filter` and `generate` use, fed by this one. `apart`: processes that each judge the same texts by themselves,
started before the clock runs; what two of these do is all that the machine's two threads can give, and 2.0 only where
they are two whole cores. Pairs are interleaved and medians taken. `--check` exits with 1 where two rule processes do
less than 1.8 x one.
"""

from __future__ import annotations

import argparse
import mmap
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from driver_texts import worked

from factory.judging.pool import Pool
from factory.judging.recipes import load_recipe
from factory.judging.rules import Rule
from factory.judging.worker import GROUP, Judging, judge_group, load
from factory.records import Prompt, Sample

PROMPTS, DRAWS = 400, 5
PAIRS = 3
GOAL = 1.8


def judge_all(asked: Sequence[tuple[Prompt, Sequence[Sample]]], rules: Sequence[Rule]) -> None:
    """Every rule judges every sample, as in a rule process that `filter` feeds."""
    each = [Judging(0, prompt, sample, ()) for prompt, samples in asked for sample in samples]
    with mmap.mmap(-1, mmap.PAGESIZE) as progress:
        bench = load(rules, False, progress)
        for start in range(0, len(each), GROUP):
            judge_group(bench, each[start : start + GROUP], {})


def megabytes(texts: Sequence[tuple[Prompt, Sequence[Sample]]]) -> float:
    return sum(len(sample.text.encode()) for _, samples in texts for sample in samples) / 1e6


def pooled(count: int, rounds: int) -> float:
    """MB a second through so many rule processes that are up and have read everything once."""
    texts = worked(PROMPTS, DRAWS)
    with Pool(load_recipe("r1").rules, count) as pool:
        for done in pool.ready():
            done.result()
        for done in [pool.submit(*each) for each in texts]:
            done.result()
        began = time.perf_counter()
        for done in [pool.submit(*each) for _ in range(rounds) for each in texts]:
            done.result()
        return rounds * megabytes(texts) / (time.perf_counter() - began)


def apart(count: int, rounds: int) -> float:
    """MB a second of so many processes that judge all the texts, each for itself."""
    command = [sys.executable, __file__, "--child", "--rounds", str(rounds)]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)
    ]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    began = time.perf_counter()
    for child in children:  # all begin before any is waited for
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        child.communicate()
    return count * rounds * megabytes(worked(PROMPTS, DRAWS)) / (time.perf_counter() - began)


def judge_alone(rounds: int) -> None:
    texts, rules = worked(PROMPTS, DRAWS), load_recipe("r1").rules
    judge_all(texts, rules)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(rounds):
        judge_all(texts, rules)


def compare(rounds: int) -> dict[str, float]:
    """How many times one two do, by either way; printed with MB a second."""
    found = {}
    ways: dict[str, Callable[[int, int], float]] = {"pool": pooled, "apart": apart}
    for name, way in ways.items():
        pairs = [(way(1, rounds), way(2, rounds)) for _ in range(PAIRS)]
        found[name] = statistics.median(two / one for one, two in pairs)
        one, two = (statistics.median(rates) for rates in zip(*pairs, strict=True))
        print(f"{name:6} one process {one:5.2f} MB/s, two {two:5.2f}: {found[name]:.2f} x")
    print(f"two rule processes have {found['pool'] / found['apart']:.2f} of what this machine gives two processes")
    print(f"({os.cpu_count()} threads); goal {GOAL} x one")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 where the goal is missed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        judge_alone(options.rounds)
        return
    found = compare(options.rounds)
    if options.check and found["pool"] < GOAL:
        raise SystemExit(f"two rule processes do {found['pool']:.2f} x one < {GOAL}")


if __name__ == "__main__":
    main()
