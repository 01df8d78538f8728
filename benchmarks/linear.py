"""Does any rule take more than linear time on a hostile text? Each text is doubled twice; the ratios are printed.

    python benchmarks/linear.py [--check]

A ratio is the CPU time of four times the text over that of the text; 4 is linear, 16 quadratic. `--check` exits with
1 where one is over 8. Times under 20 ms say nothing and are passed over.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from factory.judging.rules import load_module
from factory.language.faults.cycles import Cycle, cycles
from factory.language.text import prose, sentences
from factory.shipped import shipped
from tests import make
from tests.test_rules_readability import NASTY, SERVED

LENGTH = 8_000
MOST = 8.0
FLOOR = 0.02


def main() -> int:
    """Print the worst ratio of each rule and of the rooms they share."""
    gc.disable()  # a collection in the middle would be taken for the rule's own time
    asked = make.prompt()
    failed = 0
    jobs = {"language room": lambda text: (prose(text), sentences(text), list(cycles(text, _long_enough)))}
    for path in sorted(p for p in shipped("filters").glob("*.py") if p.stem not in SERVED):
        judge = load_module(path).judge
        jobs[path.stem] = lambda text, judge=judge: judge(
            make.sample(asked, 0, f"<think>\n{text}\n</think>\n\n9"), asked
        )
    for name, job in jobs.items():
        worst, nasty = max(((ratio(job, nasty), nasty) for nasty in NASTY if nasty), key=lambda pair: pair[0])
        failed += worst > MOST
        print(f"{name:18} {worst:5.1f} x for 4 x the text, on {nasty[:12]!r}", flush=True)
        gc.collect()
    return int("--check" in sys.argv and failed > 0)


def _long_enough(text: str, cycle: Cycle) -> bool:
    return cycle.repeats >= 4 and cycle.end - cycle.start >= 200


def ratio(job: Any, nasty: str) -> float:
    """CPU time of four times the text over that of the text, the best of three each; 0 where it is too short."""
    once, more = (min(seconds(job, nasty, length, salt) for salt in "abc") for length in (LENGTH, 4 * LENGTH))
    return more / once if more > FLOOR and once > FLOOR / 16 else 0.0


def seconds(job: Any, nasty: str, length: int, salt: str) -> float:
    """CPU seconds of one call; the salt makes it a text that no cache knows."""
    text = (nasty * (length // len(nasty) + 1))[:length] + salt
    begun = time.process_time()
    job(text)
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
