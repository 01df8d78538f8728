"""How fast and how small is everything around the engine: schedule, rules, ledger, listing, resuming?

    python benchmarks/driver.py [--check] [--part speed|memory|resume]

`speed`: recorded chains of thought of 1 KB, no two alike (`driver_texts.py`), drawn with 4 of 8 kept by `r1` and then 8
of everybody without rules, into a ledger whose commits wait for the disk. Wall clock of the drawing; loading the
recording and starting the rule processes are left out and said. Processor time: of all threads of the main process
while it draws, and of the rule processes from their start to their end.
`memory`: the most memory (VmHWM) the main process ever held, listing included, with a prompt file of a million rows and
of ten thousand; a sample each, made up by an engine that holds nothing. There is no other process of ours.
`resume`: a ledger of a million prompts with 16 samples each, filled by SQL, of which three prompts lack their last;
the time from opening it to the first draw asked of the engine, for a fixed number of samples and for a quota, the start
of a rule process included (`driver_resume.py`). Listing the prompts comes before that: `memory` says how long that
takes, the first time and in the next command.
Does not cover real engines (`vllm_overhead.py`). Each part runs in processes of its own, under `outputs/`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from driver_made_up import made_up, quiet
from driver_resume import KEEP, MANY, SAMPLES, resume
from driver_texts import problem, thought

from factory import generate
from factory.drawing import command, listing
from factory.plan import Plan
from factory.reading.prompts import read_prompts

OUTPUTS = Path(__file__).parent.parent / "outputs"
PROBLEMS, DRAWS, PROCESSES = 3_150, 8, 2
FEW = 10_000
RATE, GROWTH, SECONDS = 3_000, 1.3, 20.0
"""Goals: samples/s, memory of many prompts to that of few, seconds to the first draw."""


def speed(folder: Path, rules: str) -> dict[str, float]:
    """Draw the recorded samples once, with the recipe or without any."""
    prompts = folder / "prompts.jsonl"
    prompts.write_text("".join(json.dumps(problem(number)) + "\n" for number in range(PROBLEMS)))
    length = 0
    with (folder / "recorded.jsonl").open("w") as file:
        for number, prompt in enumerate(read_prompts(str(prompts))):
            for index in range(DRAWS):
                row = {"prompt_id": prompt.id, "sample_index": index, "text": thought(number, index)}
                length += len(row["text"])
                file.write(
                    json.dumps({**row, "finish_reason": "stop", "completion_tokens": len(row["text"]) // 4}) + "\n"
                )
    limit = None if rules else 20_000 // DRAWS
    quota: dict[str, Any] = {"keep": KEEP, "rules": rules, "workers": PROCESSES} if rules else {}
    plan = Plan(
        str(prompts), str(folder / "recorded.jsonl"), folder / "run", DRAWS, engine="replay", limit=limit, **quota
    )
    spent: list[float] = []

    class Timed(command.Driver):
        async def run(self, work: Any) -> None:
            began = time.process_time()
            await super().run(work)
            spent.append(time.process_time() - began)

    command.Driver = Timed
    began = time.perf_counter()
    summary = generate.generate(plan, quiet)
    took, after = time.perf_counter() - began, os.times()
    return {
        "ours": spent[0] / summary.tally.drawn * 1e6,
        "rules": (after.children_user + after.children_system) / summary.tally.drawn * 1e6,
        "samples": summary.tally.drawn,
        "kept": summary.tally.kept,
        "characters": length / PROBLEMS / DRAWS,
        "seconds": summary.seconds,
        "rate": summary.tally.drawn / summary.seconds,
        "around": took - summary.seconds,
    }


def memory(folder: Path, prompts: int) -> dict[str, float]:
    """Draw a sample for each of so many prompts."""
    made_up()
    path, listed = _plain_prompts(folder, prompts), [0.0]

    def list_prompts(*given: Any) -> int:
        began = time.perf_counter()
        count = listing.list_prompts(*given)
        listed[0] = time.perf_counter() - began
        return count

    generate.list_prompts = list_prompts
    plan = Plan(path, "", folder / "run", 1)
    summary = generate.generate(plan, quiet)
    assert summary.tally.drawn == prompts
    found = {"mb": _peak(), "listing": listed[0], "drawing": summary.seconds, "rate": prompts / summary.seconds}
    assert generate.generate(plan, quiet).before == prompts
    return {**found, "again": listed[0]}


def _peak() -> float:
    """MB; not ru_maxrss, which a child has from its parent."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _plain_prompts(folder: Path, prompts: int) -> str:
    path = folder / "prompts.jsonl"
    with path.open("w") as file:
        for number in range(prompts):
            file.write(f'{{"problem": "What is {number} + 7?", "answer": "{number + 7}", "task": "math"}}\n')
    return str(path)


CHILDREN: dict[str, Callable[[Path], dict[str, float]]] = {
    "speed": lambda folder: speed(folder, "r1"),
    "speed-plain": lambda folder: speed(folder, ""),
    "memory-many": lambda folder: memory(folder, MANY),
    "memory-few": lambda folder: memory(folder, FEW),
    "resume": resume,
}


def child(name: str) -> dict[str, float]:
    """One measurement, in a process of its own: what another left in memory isn't counted."""
    OUTPUTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUTPUTS, prefix="driver-") as folder:
        command = [sys.executable, __file__, "--child", name, folder]
        # the scratch files of a command too belong on the disk that is measured
        out = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, "TMPDIR": folder})
    found: dict[str, float] = json.loads(out.stdout)
    return found


def run_speed() -> list[str]:
    misses = []
    for name, said in (("speed", f"{KEEP} of {DRAWS} kept by r1"), ("speed-plain", f"{DRAWS} each, no rules")):
        found = child(name)
        print(
            f"{said:22} {found['rate']:8,.0f} samples/s  {found['rate'] / RATE:5.2f} x the goal of {RATE:,}"
            f"  ({found['samples']:,} samples of {found['characters']:,.0f} characters in {found['seconds']:.1f} s;"
            f" {found['kept']:,} kept; around it {found['around']:.1f} s; processor time a sample:"
            f" {found['ours']:.0f} us of the main process while it draws, {found['rules']:.0f} us of rules)"
        )
        if found["rate"] < RATE:
            misses.append(f"{said}: {found['rate']:,.0f} samples/s < {RATE:,}")
    return misses


def run_memory() -> list[str]:
    peaks = {}
    for name, prompts in (("memory-few", FEW), ("memory-many", MANY)):
        found = child(name)
        peaks[name] = found["mb"]
        print(
            f"{prompts:9,} prompts, one sample each: {found['mb']:6.0f} MB at most in the main process"
            f"  (listed in {found['listing']:.0f} s, drawn in {found['drawing']:.0f} s: {found['rate']:,.0f} samples/s;"
            f" listed by the next command in {found['again']:.1f} s)"
        )
    growth = peaks["memory-many"] / peaks["memory-few"]
    print(f"{growth:.2f} x the memory, goal {GROWTH}")
    return [f"memory grows {growth:.2f} x > {GROWTH}"] if growth > GROWTH else []


def run_resume() -> list[str]:
    found = child("resume")
    print(f"{MANY:,} prompts x {SAMPLES}, filled in {found['fill']:.0f} s")
    for mode in ("fixed", "keep"):
        print(f"ledger opened to first draw, {mode:5}  {found[mode]:6.1f} s  {found[mode] / SECONDS:5.2f} x the limit")
    return [f"resume, {mode}: {found[mode]:.1f} s > {SECONDS}" for mode in ("fixed", "keep") if found[mode] > SECONDS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--part", choices=PARTS, help="this part alone")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        name, folder = options.child
        print(json.dumps(CHILDREN[name](Path(folder))))
        return
    misses = []
    for part in [options.part] if options.part else PARTS:
        began = time.perf_counter()
        misses += PARTS[part]()
        print(f"{part} took {time.perf_counter() - began:.0f} s", file=sys.stderr)
    print(*misses, sep="\n", end="\n" if misses else "every goal met\n")
    if options.check and misses:
        raise SystemExit(1)


PARTS: dict[str, Callable[[], list[str]]] = {"speed": run_speed, "memory": run_memory, "resume": run_resume}


if __name__ == "__main__":
    main()
