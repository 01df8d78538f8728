"""What the quota policy saves on a real model: the demo's checkpoint, prompts and recipe, N = 16 drawn of every prompt.

The samples are drawn once (about six minutes on two cores without AVX-512; the same call again goes on) and then played
through `factory generate --keep` by the replay engine, at its pace, so the surplus of draws ahead counts. Beside it
stand fixed numbers of draws and the settlement alone. Keep rates of the small model are extreme: many prompts it never
gets right. Does not cover made-up populations (`quota.py`).

    python benchmarks/quota_real.py [--check] [--chart yield.svg] [--run outputs/quota]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from factory import shards
from factory.quota.calibration import CALIBRATION_DRAWS
from factory.quota.prior import Trial, fit
from factory.quota.settlement import Outcome, Quota, settle

KEEP, FIXED, SLOTS = 2, 16, 8
PRICES = (None, 2000, 1000, 500, 300, 200)
"""Tokens a kept sample; a sample is about 35."""
GOAL = 0.8
"""Tokens a kept row by `--keep` without a price, as a share of fixed N's at the same cap: as cheap must be seen."""
PROMPTS, MODEL = Path("prompts/arithmetic.jsonl"), Path("outputs/models/SmolLM2-135M-Instruct")

Outcomes = list[tuple[str, list[Outcome]]]
"""Each prompt's group and its draws in index order."""


def factory(*words: object) -> dict[str, Any]:
    """A command's `--json`."""
    line = [sys.executable, "-m", "factory", *map(str, words), "--json"]
    ended = subprocess.run(line, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(ended.stdout))


def drawn(run: Path) -> Outcomes:
    """N draws of every prompt by the real model, judged."""
    sampling = ("--temperature", 0.7, "--max-tokens", 64, "--template", "worked-examples", "--concurrency", 64)
    factory("generate", PROMPTS, "--model", MODEL, "--out", run, "--samples", FIXED, *sampling)
    factory("filter", run, "--rules", "r1")
    by_prompt: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for batch in shards.batches(shards.parts(run / "judged", "judged")):
        for row in batch.to_pylist():
            by_prompt[row["prompt_id"], row["source"]].append(Outcome(row["keep"], row["completion_tokens"]))
    return [(source, row) for (_, source), row in by_prompt.items()]


def played(run: Path, price: int | None) -> tuple[int, int]:
    """(kept, tokens) of `generate --keep` over the recording, draws ahead included."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["--engine", "replay", "--model", run, "--out", Path(folder) / "run", "--template", "worked-examples"]
        words += ["--temperature", 0.7, "--max-tokens", 64, "--engine-arg", "delay=0.001", "--concurrency", SLOTS]
        words += ["--max-tokens-per-kept", price] if price else []
        said = factory("generate", PROMPTS, "--samples", FIXED, "--keep", KEEP, "--rules", "r1", *words)
    return said["samples_kept"], said["completion_tokens"]


def fixed(outcomes: Outcomes, draws: int) -> tuple[int, int]:
    """(kept, tokens) of so many draws for everybody, at most K kept of each."""
    kept = sum(min(KEEP, sum(o.keep for o in row[:draws])) for _, row in outcomes)
    return kept, sum(o.tokens for _, row in outcomes for o in row[:draws])


def settled(outcomes: Outcomes, price: float | None) -> tuple[int, int]:
    """(kept, tokens) of the settlement alone, its prior fitted on the first draws."""
    trials: dict[str, list[Trial]] = defaultdict(list)
    for group, row in outcomes:
        done = settle(row[:CALIBRATION_DRAWS], Quota(KEEP, CALIBRATION_DRAWS), None)
        head = row[: done.at if done else CALIBRATION_DRAWS]
        trials[group].append(Trial(tuple(o.keep for o in head), tuple(o.tokens for o in head)))
    priors = fit(trials)
    kept = tokens = 0
    for group, row in outcomes:
        done = settle(row, Quota(KEEP, FIXED, price), priors[group])
        assert done is not None
        kept, tokens = kept + done.kept, tokens + sum(o.tokens for o in row[: done.at])
    return kept, tokens


def chart(path: Path, outcomes: Outcomes, real: list[tuple[int, int]]) -> None:
    """Yield against cost, plain SVG: lines of points, dots for what the driver did."""
    most, cost = fixed(outcomes, FIXED)
    prices = [3000 * 0.8**i for i in range(18)]
    lines = {
        "#888": [fixed(outcomes, n) for n in range(1, FIXED + 1)],
        "#1b6ca8": [settled(outcomes, price) for price in prices],
    }
    shapes = []
    for colour, points in lines.items():
        line = " ".join(f"{50 + 560 * t / cost:.1f},{350 - 300 * k / most:.1f}" for k, t in points)
        shapes.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
    shapes += [
        f'<circle cx="{50 + 560 * t / cost:.1f}" cy="{350 - 300 * k / most:.1f}" r="4" fill="#d95f02"/>'
        for k, t in real
    ]
    text = (
        '<text x="50" y="24"><tspan fill="#888">fixed N = 1 to 16</tspan>  <tspan fill="#1b6ca8">stop at K = 2 with '
        'a price, settlement alone</tspan>  <tspan fill="#d95f02">the driver, surplus included</tspan></text>'
        f'<text x="610" y="370" text-anchor="end">tokens, to {cost:,}</text>'
        f'<text transform="translate(40,350) rotate(-90)">kept rows, to {most}</text>'
    )
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="660" height="390"><style>text{font:12px sans-serif}</style>'
    frame = '<rect width="660" height="390" fill="white"/><path d="M50 50V350H610" fill="none" stroke="#333"/>'
    path.write_text(f"{head}{frame}{text}{''.join(shapes)}</svg>\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--chart", type=Path, help="draw yield against cost into this SVG")
    parser.add_argument("--run", type=Path, default=Path("outputs/quota"), help="where the samples are, or will be")
    options = parser.parse_args()
    outcomes = drawn(options.run)
    kept, tokens = fixed(outcomes, FIXED)
    dear = tokens / kept
    title = f"{len(outcomes)} prompts, at most K = {KEEP} kept of each"
    print(f"{title:42}{'kept':>8}{'tokens':>10}{'a kept row':>12}{'ratio':>8}")

    def line(name: str, kept: int, tokens: int) -> float:
        print(f"{name:42}{kept:8}{tokens:10,}{tokens / max(kept, 1):12.1f}{tokens / max(kept, 1) / dear:8.3f}")
        return tokens / max(kept, 1) / dear

    for draws in (2, 4, 8, FIXED):
        line(f"fixed N = {draws}", *fixed(outcomes, draws))
    ratios, real = {}, []
    for price in PRICES:
        name = f"price {price}" if price else "no price"
        line(f"settlement alone, {name}", *settled(outcomes, price))
        real.append(played(options.run, price))
        ratios[price] = line(f"generate --keep at {SLOTS} slots, {name}", *real[-1])
    if options.chart:
        chart(options.chart, outcomes, real)
    if options.check and ratios[None] > GOAL:
        raise SystemExit(f"tokens a kept row without a price: {ratios[None]:.3f} of fixed N's, goal {GOAL}")


if __name__ == "__main__":
    main()
