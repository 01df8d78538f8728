"""Blend kept samples with general SFT data into Parquet shards that any SFT trainer loads.

Two sweeps over the inputs: the first reads keys only (hashes of content and prompt), a plan on numbers says which row
goes where, the second moves the rows. Order and choice come from content and seed alone, so the shards are the same
bytes whatever the order of the inputs.
Does not cover judging (`filter.py`), what is read (`sources.py`), the choices themselves (`blend.py`) nor in which
shape rows are handed over (`handover.py`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from factory import shards
from factory.blending import blend, byproducts, card, handover, hub, inputs, mix, shuffle, spread, tally, turns
from factory.blending.control import any_control
from factory.blending.decontaminate import Benchmarks, LeakFinder, read_benchmarks
from factory.blending.handover import Handover
from factory.blending.keys import REASONING, Hashes, Indices, Keys
from factory.blending.mix import Mix
from factory.blending.sources import KINDS, TEXT_COLUMNS, Source, amounts, lay_down
from factory.blending.tally import Report, describe
from factory.blending.tokens import TokenCounter
from factory.errors import BadInput
from factory.progress import bar

__all__ = ["Handover", "Mix", "Report", "describe", "merge"]


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan, what was counted while it was made, and the kept samples' prompts that are held out."""

    plan: blend.Plan
    counted: dict[str, Any]
    held_out: Hashes


class _ControlTokens(Exception):
    """A row on its way holds a chat template's own tokens, which nobody had looked for yet."""


def merge(asked: Mix, out: Path, over: Handover = handover.PLAIN, api: Any = None) -> Report:
    """Write the rows of a mix as shards in `out`, and push them where that is asked; `api` stands in for the hub's.

    Raises BadInput, Refused and FactoryError; `out` appears whole or not at all.
    """
    mix.check(asked)
    handover.check(over)
    hub.check(over.push, asked)
    benchmarks = read_benchmarks(asked.decontaminate, asked.ngram) if asked.decontaminate else None
    with shards.new_folder(out, "sft") as folder:
        (folder / ".work").mkdir()
        content = _fill(folder, out.name, asked, over, benchmarks)
        (folder / "README.md").write_text(card.render(out.name, content), encoding="utf-8")
        shards.write_manifest(folder, "sft", content)
        version = hashlib.sha256((folder / shards.MANIFEST).read_bytes()).hexdigest()
    pushed = hub.push(out, over.push, version, api) if over.push else ""
    return tally.report(out, content, version, pushed)


def _fill(folder: Path, name: str, asked: Mix, over: Handover, benchmarks: Benchmarks | None) -> dict[str, Any]:
    """Everything but card and manifest; returns what these say."""
    sources = lay_down(asked.entries, folder / ".work")
    planned, written = _written(sources, asked, folder, over, benchmarks)
    content = {**planned.counted, **written, "wishes": tally.wished(asked), "format": asdict(over.shape)}
    content |= {"inputs": tally.lineage(sources, planned.plan), "versions": tally.versions()}
    judged = list(dict.fromkeys(source.judged for source in sources if source.kind == REASONING))  # each run once
    guard = byproducts.Guard(planned.held_out, benchmarks)
    content |= byproducts.write(judged, folder, guard, over.rl_prompts, pairs=over.pairs)
    shutil.rmtree(folder / ".work")
    return content | handover.hand_over(name, folder, content, over)


def _written(
    sources: Sequence[Source], asked: Mix, folder: Path, over: Handover, benchmarks: Benchmarks | None
) -> tuple[_Planned, dict[str, Any]]:
    """Plan and move the rows. Control tokens are looked for while rows move: only where one is met, the plan is made
    again with all rows looked at first, which costs reading every text once more.
    """
    repeats = None if asked.near is None else inputs.repeated_prompts(sources, asked.near, asked.seed)
    for control in (False, True):
        planned = _planned(sources, asked, benchmarks, repeats, control=control)
        try:
            return planned, _move(sources, planned.plan, folder, over, look=not control)
        except _ControlTokens:
            continue
    raise AssertionError("a row with control tokens was planned after all")


def _planned(
    sources: Sequence[Source], asked: Mix, benchmarks: Benchmarks | None, repeats: Hashes | None, *, control: bool
) -> _Planned:
    """The keys go as soon as they are not needed."""
    leaks = LeakFinder(benchmarks) if benchmarks else None
    counter = _counter(sources, asked)
    wanted = inputs.Wanted(asked.selection, asked.validation > 0, leaks, counter, control)
    keys = inputs.read_keys(sources, wanted)
    wishes = blend.Wishes(
        asked.selection, amounts(asked.entries, sources), asked.validation, asked.seed, asked.cut_kept, asked.oversample
    )
    plan = blend.make_plan(keys, wishes, repeats)
    counted = {**tally.counts(sources, keys, plan), "sources": tally.entries(asked, keys, plan)}
    counted |= {"contamination": leaks.found()} if leaks else {}
    counted |= {"tokenizer": tally.short(counter.name)} if counter else {}
    return _Planned(plan, counted, _held_out(keys, plan))


def _held_out(keys: Keys, plan: blend.Plan) -> Hashes:
    rows = plan.row[plan.position >= plan.train]
    return np.unique(keys.prompt[rows[keys.kind[rows] == REASONING]])


def _counter(sources: Sequence[Source], asked: Mix) -> TokenCounter | None:
    """What counts tokens: the tokenizer asked for, else the one the first run was drawn with."""
    if not asked.counts_tokens:
        return None
    name = asked.tokenizer or next((source.model for source in sources if source.model), "")
    if not name:
        raise BadInput('the mix counts tokens and no run says its model; add tokenizer = "..." to the plan')
    return TokenCounter(name)


def _move(sources: Sequence[Source], plan: blend.Plan, folder: Path, over: Handover, *, look: bool) -> dict[str, Any]:
    """The second sweep: scatter all chosen rows, gather them bucket by bucket into shards.

    With `look`, raises _ControlTokens where a kept sample holds some, before any shard is written.
    """
    total, held = len(plan.row), tally.Held()
    size = sum(shuffle.text_bytes(source.files, TEXT_COLUMNS) for source in sources)
    spill = folder / ".work" / "spill.arrow"
    with bar("moving", "rows", total) as shown:
        placed = _placed(sources, plan, held, shown.update, look=look)
        places = shuffle.scatter(placed, spill, shuffle.bucket_edges(total, size))
    rows = over.rows_per_shard
    if over.shard_bytes is not None:
        rows = shuffle.fitting_rows(spill, places, over.shape, over.shard_bytes)
    parts = shuffle.layout(plan.train, total, rows, over.shape.suffix)
    spread.check_shares(plan.stratum, plan.position, plan.train, np.array([part.start for part in parts]))
    with bar("writing shards", "rows", total) as shown:
        entries = shuffle.write_shards(folder, parts, shuffle.gather(spill, places), over.shape, shown.update)
    return {"mix": tally.mix_rows(held), "files": entries}


def _placed(
    sources: Sequence[Source], plan: blend.Plan, held: tally.Held, moved: Callable[[int], object], *, look: bool
) -> Iterator[tuple[pa.Table, Indices]]:
    """Chunks of SFT rows with their positions, in order of position."""
    seen = 0
    for source in sources:
        for table in shuffle.read_chunks(source.files, TEXT_COLUMNS):
            start, stop = np.searchsorted(plan.row, [seen, seen + len(table)])
            order = start + np.argsort(plan.position[start:stop])
            if len(order):
                rows = turns.sft_table(table, plan.row[order] - seen, KINDS[source.kind])
                if look and source.kind == REASONING and any_control(turns.contents(rows)):
                    raise _ControlTokens
                tally.count(rows, held)
                yield rows, plan.position[order]
                moved(len(order))
            seen += len(table)
