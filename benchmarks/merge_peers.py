"""What `merge.py` is held against: the obvious script with pandas, Hugging Face datasets and duckdb, for the same job.

Each does exact dedup, the 3:1 mix, a global shuffle, `messages`, a validation split by prompt and zstd shards. Does not
do what the others of a merge cost (hashes as ids, shares a shard, crash safety, a card): peers are given that.
"""

from __future__ import annotations

from pathlib import Path

COLUMNS = ["prompt_id", "content_hash", "source", "task", "messages", "text"]


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
