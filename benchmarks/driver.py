"""How fast and how small is everything around the engine: schedule, rules, ledger, listing, resuming?

    python benchmarks/driver.py [--check] [--part speed|memory|resume]

`speed`: recorded chains of thought of 1 KB, no two alike (`driver_texts.py`), drawn with 4 of 8 kept by `r1` and then 8
of everybody without rules, into a ledger whose commits wait for the disk. Wall clock of the drawing; loading the
recording and starting the rule processes are left out and said.
`memory`: the most memory (VmHWM) the main process ever held, listing included, with a prompt file of a million rows and
of ten thousand; a sample each, made up by an engine that holds nothing. There is no other process of ours.
`resume`: a ledger of a million prompts with 16 samples each, filled by SQL, of which three prompts lack their last;
the time from opening it to the first draw asked of the engine, for a fixed number of samples and for a quota, the start
of a rule process included. Reading the prompt file comes before that: `memory` says how long that takes.
Does not cover real engines (`vllm_overhead.py`). Each part runs in processes of its own, under `outputs/`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from driver_texts import problem, thought

from factory import generate, ledger, runs
from factory.drawing import listing
from factory.engines import Completion, Request
from factory.engines.plan import Loader
from factory.judging.rules import load_recipe
from factory.ledger.tables import SAMPLE_COLUMNS, pack, verdict_row
from factory.plan import Plan
from factory.reading.prompts import read_prompts
from factory.records import Prompt, Verdict

OUTPUTS = Path(__file__).parent.parent / "outputs"
PROBLEMS, DRAWS, KEEP, PROCESSES = 3_150, 8, 4, 2
MANY, FEW, SAMPLES = 1_000_000, 10_000, 16
SHORT = (1, MANY // 2, MANY)
"""The positions of those that lack their last sample."""
RATE, GROWTH, SECONDS = 3_000, 1.3, 20.0
"""Goals: samples/s, memory of many prompts to that of few, seconds to the first draw."""


Say = Callable[[str], None]


def quiet(_: str) -> None:
    pass


class MadeUp:
    """An engine that holds nothing: its texts follow from prompt and index. `first` is when it was first asked."""

    name = "made-up"
    notes: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.first = 0.0

    async def draw(self, request: Request) -> Completion:
        self.first = self.first or time.perf_counter()
        await asyncio.sleep(0)
        text = f"<think>\nSample {request.sample_index} of {request.prompt_id}.\n</think>\n\n\\boxed{{7}}"
        return Completion(text, "stop", None, 20, 30)

    async def close(self) -> None:
        pass


def made_up() -> MadeUp:
    """From now on `generate` draws from this engine."""
    engine = MadeUp()

    async def load(example: Request, say: Say) -> MadeUp:
        return engine

    generate.prepare = lambda plan: Loader(load, {"model": "made-up"}, ())
    return engine


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
    began, before = time.perf_counter(), os.times()
    summary = generate.generate(plan, quiet)
    took, after = time.perf_counter() - began, os.times()
    return {
        "ours": (after.user + after.system - before.user - before.system) / summary.tally.drawn * 1e6,
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
    summary = generate.generate(Plan(path, "", folder / "run", 1), quiet)
    assert summary.tally.drawn == prompts
    return {"mb": _peak(), "listing": listed[0], "drawing": summary.seconds, "rate": prompts / summary.seconds}


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


def resume(folder: Path) -> dict[str, float]:
    """Go on with a run that lacks three samples of sixteen million, once for a fixed number and once for a quota."""
    plan = Plan("made up", "", folder / "run", SAMPLES)
    found: dict[str, float] = {}
    saved = folder / "listed.sqlite"
    began = time.perf_counter()
    with ledger.Ledger(saved, durable=False) as book:
        book.put_prompts(map(_plain_prompt, range(MANY)))
    plan.out.mkdir()
    with ledger.Ledger(plan.out / runs.LEDGER) as book:
        book.adopt_prompts(saved)
    _fill(plan.out / runs.LEDGER)
    found["fill"] = time.perf_counter() - began
    found["fixed"] = _first_draw(plan, saved)
    began = time.perf_counter()
    plan = dataclasses.replace(plan, keep=KEEP, rules="r1")
    recipe = load_recipe("r1")
    _settle(plan.out / runs.LEDGER, recipe.digest)
    found["fill"] += time.perf_counter() - began
    run = runs.read_run(plan.out) | {"settling": generate._settling(plan, recipe)}  # else all is settled anew
    (plan.out / runs.RUN).write_text(json.dumps(run))
    found["keep"] = _first_draw(plan, saved)
    return found


def _plain_prompt(number: int) -> Prompt:
    """With an id as listing would give it: in no order."""
    key = hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()
    messages = ({"role": "user", "content": f"What is {number} + 7?"},)
    return Prompt(key, messages, "prompts", None, "math", str(number + 7))


def _first_draw(plan: Plan, saved: Path) -> float:
    """Seconds from prompts that are listed to the first draw asked of the engine."""
    engine, listed = made_up(), [0.0]

    def list_prompts(plan: Plan, template: object, scratch: Path, say: Say) -> int:
        shutil.copyfile(saved, scratch)
        listed[0] = time.perf_counter()
        return MANY

    generate.list_prompts = list_prompts
    summary = generate.generate(plan, quiet)
    assert (summary.tally.drawn, summary.settled) == (len(SHORT), MANY), (summary.tally, summary.settled)
    took = engine.first - listed[0]
    print(f"{took:.1f} s to the first draw", file=sys.stderr)
    return took


def _fill(path: Path) -> None:
    """Every prompt has its samples, three but one."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("PRAGMA synchronous=OFF")
        book.execute("BEGIN")
        book.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {SAMPLES - 1})"
            f" INSERT INTO samples (prompt, {SAMPLE_COLUMNS})"
            " SELECT position, i, i, 'stop', NULL, 20, 30, NULL, 'made-up', 0, 0, ? FROM prompts CROSS JOIN n"
            " WHERE NOT (i = ? AND position IN (?, ?, ?)) ORDER BY position",
            (pack(["<think>\nx\n</think>\n\n7", "x", "7"]), SAMPLES - 1, *SHORT),
        )
        book.execute("COMMIT")
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _settle(path: Path, recipe: str) -> None:
    """What a quota writes: verdicts that keep every fifth, settlements of all but the three, whose last go again."""
    said = [verdict_row([Verdict(keep, "", 1.0, rule="correct")], None) for keep in (False, True)]
    marks = ",".join("?" * len(said[0]))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("PRAGMA synchronous=OFF")
        book.execute("BEGIN")
        book.execute("DELETE FROM samples WHERE sample_index = ? AND prompt IN (?, ?, ?)", (SAMPLES - 1, *SHORT))
        book.execute("CREATE TEMP TABLE said (keep INTEGER PRIMARY KEY, passed, why, digest, body)")
        book.executemany(f"INSERT INTO said VALUES ({marks})", said)
        book.execute(
            "INSERT INTO verdicts SELECT prompt, sample_index, ?, said.* FROM samples CROSS JOIN said"
            " WHERE keep = (sample_index % 5 = 0) ORDER BY prompt, sample_index",
            (recipe,),
        )
        done = f"UPDATE prompts SET settled_at = {SAMPLES}, settled_why = 'enough', settled_kept = {KEEP}"
        book.execute(f"{done} WHERE position NOT IN (?, ?, ?)", SHORT)
        book.execute("COMMIT")
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")


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
            f" {found['kept']:,} kept; around it {found['around']:.1f} s; processor time a sample, with that:"
            f" {found['ours']:.0f} us of the main process, {found['rules']:.0f} us of rules)"
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
            f"  (listed in {found['listing']:.0f} s, drawn in {found['drawing']:.0f} s: {found['rate']:,.0f} samples/s)"
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
