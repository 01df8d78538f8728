"""Blend kept samples with general SFT data into Parquet shards that any SFT trainer loads.

Two sweeps over the inputs: the first reads keys only (hashes of content and prompt), a plan on numbers says which row
goes where, the second moves the rows. Order and choice come from content and seed alone, so the shards are the same
bytes whatever the order of the inputs.
Does not cover judging (`filter.py`); what each step does is in `blending/`, whose docstring says where.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from factory import shards
from factory.blending import byproducts, card, handover, hub, inputs, mix, moving, planning, tally
from factory.blending.decontaminate import Benchmarks, read_benchmarks
from factory.blending.handover import Handover
from factory.blending.mix import Mix
from factory.blending.sources import Source, judged_parts, lay_down
from factory.blending.tally import Report, describe

__all__ = ["Handover", "Mix", "Report", "describe", "merge"]


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
        version = shards.sha256(folder / shards.MANIFEST)
    pushed = hub.push(out, over.push, version, api) if over.push else ""
    return tally.report(out, content, version, pushed)


def _fill(folder: Path, name: str, asked: Mix, over: Handover, benchmarks: Benchmarks | None) -> dict[str, Any]:
    """Everything but card and manifest; returns what these say."""
    sources = lay_down(asked.entries, folder / ".work", tools=over.shape.takes_tools)
    asked = replace(asked, selection=planning.selection_of(sources, asked.selection))
    planned, written = _written(sources, asked, folder, over, benchmarks)
    content = {**planned.counted, **written, "wishes": tally.wished(asked)}
    content |= {"inputs": tally.lineage(sources, planned.plan), "versions": tally.versions()}
    guard = byproducts.Guard(planned.held_out, benchmarks)
    content |= byproducts.write(judged_parts(sources), folder, guard, over.rl_prompts, pairs=over.pairs)
    shutil.rmtree(folder / ".work")
    return content | handover.hand_over(name, folder, content, over)


def _written(
    sources: Sequence[Source], asked: Mix, folder: Path, over: Handover, benchmarks: Benchmarks | None
) -> tuple[planning.Planned, dict[str, Any]]:
    """Plan and move the rows. Control tokens are looked for while rows move: only where one is met, the plan is made
    again with all rows looked at first, which costs reading every text once more.
    """
    repeats = None if asked.near is None else inputs.repeated_prompts(sources, asked.near, asked.seed)
    for control in (False, True):
        planned = planning.make(sources, asked, benchmarks, repeats, control=control)
        try:
            return planned, moving.move(sources, planned.plan, folder, over, look=not control)
        except moving.ControlTokens:
            continue
    raise AssertionError("a row with control tokens was planned after all")
