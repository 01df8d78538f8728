"""Merge against a plain pyarrow copy of the same rows, and beside pandas, HF datasets and duckdb.

    python benchmarks/merge.py --check                       # 400k and 1.6M rows, about an hour on two cores
    python benchmarks/merge.py --rows 400000 --rounds 1 --only copy,factory

Writes judged rows as our writer leaves them (4 samples a prompt, 72 % kept) and general rows at 3:1 to them, then
does the same job with each engine in a process of its own, rounds interleaved: exact dedup, 3:1 mix, global shuffle,
`messages`, zstd-3 shards, 2 % validation by prompt. Prints CPU seconds (user + system), peak RSS and the ratio to the
copy: reading and writing all input rows of the output's columns, zstd 3. Peers (`merge_peers.py`) run at the smallest
size; one that is not installed is left out and named.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from merge_peers import COLUMNS

ENGINES = ("copy", "factory", "pandas", "datasets", "duckdb")
NEEDS = {"pandas": "pandas", "datasets": "datasets", "duckdb": "duckdb"}
"""Peers, and what each needs."""
PART = 100_000
MOST_COPIES, MOST_GB, MOST_GROWTH = 1.6, 0.6, 1.1
"""The goals: CPU seconds in plain copies, peak memory, cost a row from the smallest size to the largest."""


def make(folder: Path, rows: int) -> None:
    """Judged rows (3 parts of 4) and general rows (1 part); texts of about 3 kB from a fixed vocabulary."""
    from factory import schemas, shards
    from factory.records import content_hash, prompt_hash

    draw = random.Random(0)
    words = ["".join(draw.choices("etaoinshrdlu", k=draw.randint(2, 9))) for _ in range(20_000)]
    weights = np.arange(1, len(words) + 1) ** -1.0
    numbers = np.random.default_rng(0)
    pool = [
        " ".join(words[i] for i in numbers.choice(len(words), 60, p=weights / weights.sum())) for _ in range(30_000)
    ]

    def text(sentences: int) -> str:
        return ". ".join(draw.choice(pool) + f" {draw.random():.6f}" for _ in range(sentences))

    def judged(start: int, stop: int) -> Iterator[dict]:
        reasoning, answer = text(1), text(1)
        for number in range(start, stop):
            prompt, index = divmod(number, 4)
            if index == 0:
                messages = ({"role": "user", "content": f"{prompt}: " + text(1)},)
                name = prompt_hash(messages, "9", "math")
            if index != 3 or draw.random() > 0.05:  # else an exact duplicate of the one before
                reasoning, answer = text(draw.randint(2, 14)), text(1)
            whole = f"<think>\n{reasoning}\n</think>\n\n{answer}"
            yield {
                **dict.fromkeys(schemas.JUDGED.names),
                "id": f"{name}-{index}", "prompt_id": name, "sample_index": index, "keep": draw.random() < 0.72,
                "content_hash": content_hash(messages, whole), "source": f"source-{prompt % 5}", "task": "math",
                "messages": list(messages), "reference": "9", "reference_from": "given", "meta": "{}", "text": whole,
                "reasoning": reasoning, "answer": answer, "finish_reason": "stop", "completion_tokens": len(whole) // 4,
                "engine": "vllm",
                "verdicts": [{"rule": "correct", "keep": True, "reason": "", "score": 1.0, "spans": []}],
            }  # fmt: skip

    reasoning = rows * 3 // 4
    with shards.new_folder(folder / "judged", "judged") as temp:
        entries = []
        for start in range(0, reasoning, PART):
            path = temp / f"judged-{start:09d}.parquet"
            with pq.ParquetWriter(path, schemas.JUDGED, compression="zstd", compression_level=3) as writer:
                for at in range(start, min(start + PART, reasoning), 1000):
                    table = schemas.table(judged(at, min(at + 1000, reasoning)), schemas.JUDGED)
                    writer.write_table(table)
            entries.append(shards.describe_part(path, 0))
        shards.write_manifest(temp, "judged", {"files": entries})
    fields = [pa.field("messages", schemas.MESSAGES), pa.field("source", pa.string()), pa.field("task", pa.string())]
    with pq.ParquetWriter(folder / "general.parquet", pa.schema(fields), compression="zstd") as writer:
        for start in range(reasoning, rows, 1000):
            turns = [[text(1), text(draw.randint(2, 14))] for _ in range(start, min(start + 1000, rows))]
            chats = [[{"role": r, "content": c} for r, c in zip(("user", "assistant"), t, strict=True)] for t in turns]
            batch = [{"messages": chat, "source": "chats", "task": "writing"} for chat in chats]
            writer.write_table(pa.Table.from_pylist(batch, pa.schema(fields)))


def run_copy(folder: Path, out: Path) -> int:
    """Read and write every row, one file after the other; the columns merge has to read."""
    out.mkdir()
    rows = 0
    for number, path in enumerate([*sorted((folder / "judged").glob("*.parquet")), folder / "general.parquet"]):
        with pq.ParquetFile(path) as file:
            columns = [name for name in COLUMNS if name in file.schema_arrow.names]
            schema = pa.schema([file.schema_arrow.field(name) for name in columns])
            with pq.ParquetWriter(out / f"{number}.parquet", schema, compression="zstd", compression_level=3) as writer:
                for batch in file.iter_batches(batch_size=1000, columns=columns):
                    writer.write_batch(batch)
                    rows += len(batch)
    return rows


def run_factory(folder: Path, out: Path) -> int:
    """Our merge, by its public function."""
    from factory.blending.asked import read
    from factory.merge import merge

    asked = {"ratio": (3, 1), "validation": 0.02}
    mix, over = read([str(folder / "judged")], [str(folder / "general.parquet")], asked)
    report = merge(mix, out, over)
    return sum(report.splits.values())


def one(engine: str, folder: Path) -> None:
    """Run an engine here and print what it took."""
    import merge_peers

    run = globals().get(f"run_{engine}") or getattr(merge_peers, f"run_{engine}")
    with tempfile.TemporaryDirectory(dir=folder) as temp:
        before = resource.getrusage(resource.RUSAGE_SELF)
        rows = run(folder, Path(temp) / "out")
        size = sum(p.stat().st_size for p in Path(temp).rglob("*.parquet"))
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"rows": rows, "cpu": cpu, "rss": after.ru_maxrss / 2**20, "bytes": size}))


def compare(folder: Path, engines: list[str], rounds: int) -> dict[str, dict[str, float]]:
    """Interleaved rounds; the medians of each engine that went through."""
    took: dict[str, list[dict[str, float]]] = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            command = [sys.executable, __file__, "--one", engine, "--folder", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{engine}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
                continue
            took[engine].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        engine: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for engine, runs in took.items()
        if runs
    }


def show(found: dict[str, dict[str, float]], rows: int) -> None:
    """A table of an engine a line, held against the copy."""
    print(
        f"{'engine':10} {'rows out':>10} {'of all':>7} {'CPU s':>8} {'x copy':>7} {'us a row':>9} {'GB':>5} {'MB':>6}"
    )
    for engine, run in found.items():
        ratio, each = run["cpu"] / found["copy"]["cpu"], run["cpu"] / run["rows"] * 1e6
        print(
            f"{engine:10} {run['rows']:10,.0f} {run['rows'] / rows:7.1%} {run['cpu']:8.1f} {ratio:7.2f} {each:9.1f}"
            f" {run['rss']:5.2f} {run['bytes'] / 1e6:6.0f}"
        )


def missed(found: dict[int, dict[str, dict[str, float]]]) -> list[str]:
    """What is said of linearity, and the goals that were not met."""
    out = []
    for rows, runs in found.items():
        ours, ratio = runs["factory"], runs["factory"]["cpu"] / runs["copy"]["cpu"]
        out += [f"{rows:,} rows: {ratio:.2f} x the copy, more than {MOST_COPIES}"] if ratio > MOST_COPIES else []
        out += [f"{rows:,} rows: {ours['rss']:.2f} GB, more than {MOST_GB}"] if ours["rss"] > MOST_GB else []
    if len(found) > 1:
        each = [runs["factory"]["cpu"] / runs["factory"]["rows"] for runs in (found[min(found)], found[max(found)])]
        print(f"linearity: a written row of {max(found):,} costs {each[1] / each[0]:.3f} x one of {min(found):,}")
        out += [f"cost a row grows by {each[1] / each[0] - 1:.0%}"] if each[1] > each[0] * MOST_GROWTH else []
    return out


def main() -> None:
    """Make the data unless it is there, then compare; peers at the smallest size only."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default="400000,1600000", help="sizes, split by commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(ENGINES))
    parser.add_argument("--folder", type=Path, help="keep the generated rows here")
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one, given.folder)
        return
    engines = [engine for engine in given.only.split(",") if find_spec(NEEDS.get(engine, "pyarrow"))]
    for engine in sorted({*given.only.split(",")} - {*engines}):
        print(f"{engine} is not installed and left out: pip install {NEEDS[engine]}")
    found = {}
    with tempfile.TemporaryDirectory() as temp:
        for rows in sorted(int(size) for size in given.rows.split(",")):
            folder = (given.folder or Path(temp)) / str(rows)
            if not (folder / "general.parquet").exists():
                folder.mkdir(parents=True, exist_ok=True)
                make(folder, rows)
            size = sum(p.stat().st_size for p in folder.rglob("*.parquet"))
            print(f"{rows:,} rows, {size / 1e9:.2f} GB of Parquet", flush=True)
            found[rows] = compare(folder, [e for e in engines if not found or e not in NEEDS], given.rounds)
            show(found[rows], rows)
    failures = missed(found)
    print("\n".join(failures) or "every goal is met")
    sys.exit(1 if failures and given.check else 0)


if __name__ == "__main__":
    main()
