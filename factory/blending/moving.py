"""The second sweep of a merge: every chosen row is read once more, carried to its place and written in a shard.

Does not cover which rows go where (`planning.py`) nor how they move with bounded memory (`shuffle.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from factory.blending import blend, shuffle, spread, tally, turns
from factory.blending.control import any_control
from factory.blending.handover import Handover
from factory.blending.keys import REASONING, Indices
from factory.blending.sources import KINDS, TEXT_COLUMNS, Source
from factory.schemas import CARRIED, SFT
from factory.terminal import bar


class ControlTokens(Exception):
    """A row on its way holds a chat template's own tokens, which nobody had looked for yet."""


def move(sources: Sequence[Source], plan: blend.Plan, folder: Path, over: Handover, *, look: bool) -> dict[str, Any]:
    """Scatter all chosen rows, gather them bucket by bucket into shards; returns what the manifest says of them.

    With `look`, raises ControlTokens where a kept sample holds some, before any shard is written.
    """
    total, held = len(plan.row), tally.Held()
    size = sum(shuffle.text_bytes(source.files, source.and_carried(TEXT_COLUMNS)) for source in sources)
    spill = folder / ".work" / "spill.arrow"
    carries = any(source.carries for source in sources)
    with bar("moving", "rows", total) as shown:
        placed = _placed(sources, plan, held, shown.update, look=look, carries=carries)
        schema = SFT.append(CARRIED) if carries else SFT
        places = shuffle.scatter(placed, schema, spill, shuffle.bucket_edges(total, size))
    over = replace(over, shape=replace(over.shape, tools=held.tools > 0))
    entries = _write(spill, places, plan, folder, over)
    return {"mix": tally.mix_rows(held), "tools": held.tools, "files": entries, "format": asdict(over.shape)}


def _write(
    spill: Path, places: Sequence[Sequence[int]], plan: blend.Plan, folder: Path, over: Handover
) -> list[dict[str, Any]]:
    """Write the shards of both splits; returns their manifest entries."""
    total, rows = len(plan.row), over.rows_per_shard
    if over.shard_bytes is not None:
        rows = shuffle.fitting_rows(spill, places, over.shape, over.shard_bytes)
    parts = shuffle.layout(plan.train, total, rows, over.shape.suffix)
    spread.check_shares(plan.stratum, plan.position, plan.train, np.array([part.start for part in parts]))
    with bar("writing shards", "rows", total) as shown:
        return shuffle.write_shards(folder, parts, shuffle.gather(spill, places), over.shape, shown.update)


def _placed(
    sources: Sequence[Source],
    plan: blend.Plan,
    held: tally.Held,
    moved: Callable[[int], object],
    *,
    look: bool,
    carries: bool,
) -> Iterator[tuple[pa.Table, Indices]]:
    """Chunks of SFT rows with their positions, in order of position."""
    seen = 0
    for source in sources:
        for table in shuffle.read_chunks(source.files, source.and_carried(TEXT_COLUMNS)):
            start, stop = np.searchsorted(plan.row, [seen, seen + len(table)])
            order = start + np.argsort(plan.position[start:stop])
            if len(order):
                rows = turns.sft_table(table, plan.row[order] - seen, KINDS[source.kind], carries=carries)
                if look and source.kind == REASONING and any_control(turns.contents(rows)):
                    raise ControlTokens
                held.add(rows)
                yield rows, plan.position[order]
                moved(len(order))
            seen += len(table)
