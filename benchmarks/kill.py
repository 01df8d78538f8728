"""Does `factory generate` lose or double a sample when it is killed, and do the shards stay the same to the byte?

    python benchmarks/kill.py [KILLS] [--check] [--ledger-dir] [--seed N]

Kills -9 `generate --keep` (recorded texts) KILLS times (default 20) at random moments: while it starts, loads, draws
and judges. Every sample whose commit was acknowledged before a kill must be in the ledger, once; a run that comes to
its end is filtered and merged, and must equal an uninterrupted one. With `--ledger-dir` the ledger lives apart, and
every third time its disk is lost: then what the last snapshot holds must be there. `--check` exits with 1 where
anything was lost, doubled or different.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from factory import ledger, runs
from factory.errors import FactoryError
from factory.reading.prompts import read_prompts
from tests import make

PROMPTS, SAMPLES, KEEP = 40, 12, 3
RECIPE = '[[rule]]\nuse = "finished"\n[[rule]]\nuse = "think"\n[[rule]]\nuse = "correct"\n'
# says every sample on stdout as soon as its commit was acknowledged
COMMAND = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from factory.ledger import Ledger
put = Ledger.put
def said(self, sample):
    done = put(self, sample)
    done.add_done_callback(lambda d: d.exception() or print(f"acknowledged {sample.id}", flush=True))
    return done
Ledger.put = said
from factory.__main__ import main
main()
"""


@dataclass
class Seen:
    """What a run acknowledged, and the faults found."""

    acknowledged: set[str] = field(default_factory=set)
    kills: int = 0
    drawing: int = 0
    ended: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Kill, look, go on; print what came of it."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    seed = int(words.pop()) if "--seed" in sys.argv else 0
    kills, apart = int(words[0]) if words else 20, "--ledger-dir" in sys.argv
    chance, seen, began = random.Random(seed), Seen(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        setting(work)
        whole = life(work, work / "whole", None, apart=False, delay=0.0)
        assert whole.returncode == 0, whole.stderr
        expected = digest(work, work / "whole")
        while seen.kills < kills or not seen.ended:
            one_run(work, work / "run", chance, seen, kills, expected, apart)
    print(
        f"{seen.kills} kills, {seen.drawing} of them while samples came; {seen.ended} runs came to their end, "
        f"{len(seen.faults)} faults, {time.monotonic() - began:.0f} s"
    )
    for fault in seen.faults[:10]:
        print(f"  {fault}")
    return int("--check" in sys.argv and bool(seen.faults))


def setting(work: Path) -> None:
    """Prompts, a recording and a recipe."""
    prompts = make.jsonl(
        work / "prompts.jsonl", [{"problem": f"1 + {i}?", "answer": str(1 + i)} for i in range(PROMPTS)]
    )
    rows = []
    for number, prompt in enumerate(read_prompts(str(prompts))):
        for index in range(SAMPLES):
            said = number + 1 if (index * 7 + number * 5) % 11 >= number % 9 else 99
            text = f"<think>\nDraw {index} of {number}.\n</think>\n\n\\boxed{{{said}}}"
            row = {"prompt_id": prompt.id, "sample_index": index, "text": text, "finish_reason": "stop"}
            rows.append({**row, "completion_tokens": 3 + (index * 13 + number) % 17})
    make.jsonl(work / "recorded.jsonl", rows)
    (work / "mine.toml").write_text(RECIPE)


def one_run(work: Path, run: Path, chance: random.Random, seen: Seen, kills: int, expected: str, apart: bool) -> None:
    """A run from its beginning to its end, killed on the way as long as kills are left."""
    for path in (run, work / "disk"):
        shutil.rmtree(path, ignore_errors=True)
    seen.acknowledged.clear()
    while True:
        # half of the moments while it starts, half after the first sample
        moment = None if seen.kills >= kills else (chance.random() < 0.5, chance.random())
        ended = life(work, run, moment, apart=apart, delay=0.004)
        if ended.returncode == 0:
            break
        if ended.returncode != -signal.SIGKILL:
            seen.faults.append(f"exit {ended.returncode}: {ended.stderr[-300:]}")
            return
        seen.kills += 1
        lines = ended.stdout.split("\n")[:-1]  # a last line may be torn
        fresh = {line.split()[1] for line in lines if line.startswith("acknowledged ")}
        seen.drawing += bool(fresh)
        seen.acknowledged |= fresh
        lost = apart and chance.random() < 1 / 3
        if lost:
            shutil.rmtree(work / "disk", ignore_errors=True)
            seen.acknowledged &= stored(run / runs.LEDGER)
        elif missing := seen.acknowledged - stored(place(work, run, apart)):
            seen.faults.append(
                f"kill {seen.kills}: {len(missing)} acknowledged samples are gone: {sorted(missing)[:3]}"
            )
    seen.ended += 1
    if missing := seen.acknowledged - stored(run / runs.LEDGER):
        seen.faults.append(f"at the end {len(missing)} acknowledged samples are gone")
    if (found := digest(work, run)) != expected:
        seen.faults.append(f"shards differ from those of an uninterrupted run: {found[:8]}, not {expected[:8]}")


def life(
    work: Path, run: Path, moment: tuple[bool, float] | None, *, apart: bool, delay: float
) -> subprocess.CompletedProcess[str]:
    """One command, killed at a moment: (early: seconds from its start, else: from its first sample; how late, 0..1)."""
    words = ["generate", work / "prompts.jsonl", "--engine", "replay", "--model", work / "recorded.jsonl", "--out", run]
    words += ["--keep", KEEP, "--samples", SAMPLES, "--rules", work / "mine.toml", "--concurrency", 4]
    words += ["--engine-arg", f"delay={delay}", *(["--ledger-dir", work / "disk"] if apart else [])]
    command = [sys.executable, "-c", COMMAND, str(Path(__file__).parent.parent), *map(str, words)]
    with (
        (work / "stderr").open("w+") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True) as process,
    ):
        assert process.stdout is not None
        first = ""
        if moment is not None:
            early, late = moment
            if early:
                time.sleep(3.0 * late)
            else:
                first = process.stdout.readline()
                time.sleep(0.4 * late)
            process.kill()
        out = first + process.stdout.read()
        code = process.wait()
        errors.seek(0)
        return subprocess.CompletedProcess(command, code, out, errors.read())


def place(work: Path, run: Path, apart: bool) -> Path:
    """Where the ledger is: apart, if it got so far."""
    found = list((work / "disk").glob(f"*/{runs.LEDGER}")) if apart else []
    return found[0] if found else run / runs.LEDGER


def stored(path: Path) -> set[str]:
    """The samples of a ledger, those beyond a prompt's end too. Each stands there once, by its primary key."""
    with contextlib.suppress(FactoryError), ledger.reading(path) as connection:
        rows = connection.execute("SELECT id, sample_index FROM samples JOIN prompts ON prompt = position")
        return {f"{key}-{index}" for key, index in rows}
    return set()


def digest(work: Path, run: Path) -> str:
    """All bytes of the filtered and merged run."""
    for words in (
        ["filter", run, "--rules", work / "mine.toml", "--workers", 1],
        ["merge", run, "--out", work / "sft", "--validation", 0.2, "--pairs"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "factory", *map(str, words)],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    said = hashlib.sha256()
    for path in sorted((work / "sft").rglob("*.parquet")):
        said.update(json.dumps(path.name).encode() + path.read_bytes())
    return said.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
