"""Merge against a plain pyarrow copy of the same rows, and beside pandas, HF datasets and duckdb.

    python benchmarks/merge.py --rows 400000 --rounds 3
    python benchmarks/merge.py --rows 1600000 --rounds 3 --only copy,factory

Writes judged rows as our writer leaves them (4 samples a prompt, 72 % kept) and general rows at 3:1 to them, then
does the same job with each engine in a process of its own, rounds interleaved: exact dedup, 3:1 mix, global shuffle,
`messages`, zstd-3 shards, 2 % validation by prompt. Prints CPU seconds (user + system), peak RSS and the ratio to the
copy: reading and writing all input rows of the output's columns, zstd 3. A peer that is not installed is left out.
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
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ENGINES = ("copy", "factory", "pandas", "datasets", "duckdb")
COLUMNS = ["prompt_id", "content_hash", "source", "task", "messages", "text"]
PART = 100_000


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


def run_pandas(folder: Path, out: Path) -> int:
    """The obvious pandas script."""
    import pandas as pd

    kept = pd.read_parquet(sorted((folder / "judged").glob("*.parquet")), columns=[*COLUMNS, "keep"])
    kept = kept[kept["keep"]].drop_duplicates("content_hash")
    answer = kept["text"].map(lambda text: {"role": "assistant", "content": text})
    kept["messages"] = [[*asked, last] for asked, last in zip(kept["messages"], answer, strict=True)]
    general = pd.read_parquet(folder / "general.parquet")
    general["prompt_id"] = [str(turns[0]["content"]) for turns in general["messages"]]
    general = general.sample(round(len(kept) / 3), random_state=0) if len(kept) < 3 * len(general) else general
    both = pd.concat([f[["messages", "prompt_id", "source", "task"]] for f in (kept, general)])
    both = both.sample(frac=1, random_state=0)
    inside = both["prompt_id"].map(lambda name: hash(name) % 50 == 0)
    out.mkdir()
    for split, frame in (("validation", both[inside]), ("train", both[~inside])):
        for number in range(0, len(frame), 20_000):
            frame.iloc[number : number + 20_000].to_parquet(out / f"{split}-{number}.parquet", compression="zstd")
    return len(both)


def run_datasets(folder: Path, out: Path) -> int:
    """The obvious script with Hugging Face datasets."""
    from datasets import Dataset, concatenate_datasets

    cache = str(out.parent / "cache")
    kept = Dataset.from_parquet(str(folder / "judged" / "*.parquet"), columns=[*COLUMNS, "keep"], cache_dir=cache)
    seen: set[bytes] = set()
    kept = kept.filter(
        lambda keep, key: keep and not (key in seen or seen.add(key)), input_columns=["keep", "content_hash"]
    )
    kept = kept.map(
        lambda row: {"messages": [*row["messages"], {"role": "assistant", "content": row["text"]}]},
        remove_columns=["text", "keep", "content_hash"],
    )
    general = Dataset.from_parquet(str(folder / "general.parquet"), cache_dir=cache)
    general = general.map(lambda row: {"prompt_id": row["messages"][0]["content"]})
    general = general.shuffle(0).select(range(min(len(general), round(len(kept) / 3))))
    both = concatenate_datasets([kept, general]).shuffle(0)
    splits = {
        "validation": both.filter(lambda name: hash(name) % 50 == 0, input_columns=["prompt_id"]),
        "train": both.filter(lambda name: hash(name) % 50 != 0, input_columns=["prompt_id"]),
    }
    out.mkdir()
    for split, data in splits.items():
        pieces = max(1, len(data) // 20_000)
        for number in range(pieces):
            data.shard(pieces, number, contiguous=True).to_parquet(str(out / f"{split}-{number}.parquet"))
    return len(both)


def run_duckdb(folder: Path, out: Path) -> int:
    """One SQL statement a split."""
    import duckdb

    out.mkdir()
    base = duckdb.connect(config={"threads": 2, "temp_directory": str(out / "spill")})
    judged, general = f"'{folder}/judged/*.parquet'", f"'{folder}/general.parquet'"
    base.execute(f"""create table plan as select distinct on (content_hash)
        content_hash, prompt_id, hash(content_hash) as place from {judged} where keep""")
    wanted = base.execute("select count(*) // 3 from plan").fetchall()[0][0]
    rows = 0
    for split, test in (("validation", "= 0"), ("train", "<> 0")):
        base.execute(f"""copy (
            select list_append(messages, {{'role': 'assistant', 'content': text}}) as messages,
                prompt_id, source, task, place
            from {judged} join plan using (content_hash, prompt_id) where keep and hash(prompt_id) % 50 {test}
            union all (select * from (
                select messages, messages[1].content, source, task, hash(messages[2].content) as place
                from {general} limit {wanted}) where hash(messages[1].content) % 50 {test})
            order by place) to '{out}/{split}.parquet' (format parquet, compression zstd, compression_level 3)""")
        rows += base.execute(f"select count(*) from '{out}/{split}.parquet'").fetchall()[0][0]
    return rows


def one(engine: str, folder: Path) -> None:
    """Run an engine here and print what it took."""
    with tempfile.TemporaryDirectory(dir=folder) as temp:
        before = resource.getrusage(resource.RUSAGE_SELF)
        rows = globals()[f"run_{engine}"](folder, Path(temp) / "out")
        size = sum(p.stat().st_size for p in Path(temp).rglob("*.parquet"))
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"rows": rows, "cpu": cpu, "rss": after.ru_maxrss / 2**20, "bytes": size}))


def compare(folder: Path, engines: list[str], rounds: int) -> None:
    """Interleaved rounds, medians, and the ratio to the copy."""
    took: dict[str, list[dict]] = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            command = [sys.executable, __file__, "--one", engine, "--folder", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{engine}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
                continue
            took[engine].append(json.loads(done.stdout.splitlines()[-1]))
    base = statistics.median(t["cpu"] for t in took["copy"])
    print(f"{'engine':10} {'rows out':>10} {'CPU s':>8} {'x copy':>7} {'us a row':>9} {'RSS GB':>7} {'MB out':>8}")
    for engine, times in took.items():
        if times:
            cpu, rss = (statistics.median(t[key] for t in times) for key in ("cpu", "rss"))
            last = times[-1]
            share = f"{cpu / base:7.2f} {cpu / last['rows'] * 1e6:9.1f} {rss:7.2f} {last['bytes'] / 1e6:8.0f}"
            print(f"{engine:10} {last['rows']:10,} {cpu:8.1f} {share}")


def main() -> None:
    """Make the data unless it is there, then compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(ENGINES))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one")
    given = parser.parse_args()
    if given.one:
        one(given.one, given.folder)
        return
    with tempfile.TemporaryDirectory() as temp:
        folder = given.folder or Path(temp)
        if not (folder / "general.parquet").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder, given.rows)
        size = sum(p.stat().st_size for p in folder.rglob("*.parquet"))
        print(f"{given.rows:,} rows, {size / 1e9:.2f} GB of Parquet")
        compare(folder, given.only.split(","), given.rounds)


if __name__ == "__main__":
    main()
