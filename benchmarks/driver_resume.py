"""`driver.py`'s third question: a run of sixteen million samples is gone on with, how long until the first draw?

Covers filling such a ledger by SQL and the two commands that find what it lacks. Does not cover reading the prompts.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import shutil
import sqlite3
import sys
import time
from pathlib import Path

from driver_made_up import Say, made_up, quiet

from factory import generate, ledger, runs
from factory.judging.recipes import load_recipe
from factory.ledger.tables import SAMPLE_COLUMNS, pack, verdict_row
from factory.plan import Plan
from factory.records import Prompt, Verdict
from factory.said import said

MANY, SAMPLES, KEEP = 1_000_000, 16, 4
SHORT = (1, MANY // 2, MANY)
"""The positions of those that lack their last sample."""


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
    rows = [verdict_row(said([Verdict(keep, "", 1.0, rule="correct")])) for keep in (False, True)]
    marks = ",".join("?" * len(rows[0]))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("PRAGMA synchronous=OFF")
        book.execute("BEGIN")
        book.execute("DELETE FROM samples WHERE sample_index = ? AND prompt IN (?, ?, ?)", (SAMPLES - 1, *SHORT))
        book.execute("CREATE TEMP TABLE said (keep INTEGER PRIMARY KEY, passed, why, digest, body)")
        book.executemany(f"INSERT INTO said VALUES ({marks})", rows)
        book.execute(
            "INSERT INTO verdicts SELECT prompt, sample_index, ?, said.* FROM samples CROSS JOIN said"
            " WHERE keep = (sample_index % 5 = 0) ORDER BY prompt, sample_index",
            (recipe,),
        )
        done = f"UPDATE prompts SET settled_at = {SAMPLES}, settled_why = 'enough', settled_kept = {KEEP}"
        book.execute(f"{done} WHERE position NOT IN (?, ?, ?)", SHORT)
        book.execute("COMMIT")
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
