"""The ledger: every sample of a run in one SQLite file, exactly once per (prompt_id, sample_index).

A sample counts as done when its commit returned, and survives kill -9 from then on. Any number of read-only readers
work while one writer writes. Bodies are zstd-compressed and never cut.

    tables.py    tables, connections, records to rows and back
    writer.py    the one writer: `Ledger`
    groups.py    what waits for it; beside.py: a listing held against a run
    patience.py  a disk that is full for a while
    reader.py    everybody else: `reading`
    snapshots.py whole copies, and one a minute
    disks.py     file systems where SQLite's log is not safe

Does not cover which samples to draw (`drawing/`, `quota/`) nor the run's configuration (`runs.py`).
"""

from factory.ledger.reader import (
    Totals,
    all_prompts,
    constant,
    count_surplus,
    done,
    hopeless,
    judged_by_index,
    lacking,
    one_sample,
    prompts_with_samples,
    reading,
    some_prompts,
    tokens_by_index,
    totals,
    verdicts_by_index,
)
from factory.ledger.writer import Ledger

__all__ = [
    "Ledger",
    "Totals",
    "all_prompts",
    "constant",
    "count_surplus",
    "done",
    "hopeless",
    "judged_by_index",
    "lacking",
    "one_sample",
    "prompts_with_samples",
    "reading",
    "some_prompts",
    "tokens_by_index",
    "totals",
    "verdicts_by_index",
]
