"""Blend kept samples with general SFT data into Parquet shards that any SFT trainer loads.

Two sweeps over the inputs: the first reads keys only (hashes of content and prompt), a plan on numbers says which row
goes where, the second moves the rows. Order and choice come from content and seed alone, so the shards are the same
bytes whatever the order of the inputs.
Does not cover judging (`filter.py`), what is read (`inputs.py`) nor the choices themselves (`blend.py`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from factory import shards
from factory.blending import (
    blend,
    byproducts,
    card,
    formats,
    selection,
    shuffle,
    spread,
    tally,
    template_check,
    trainers,
    turns,
)
from factory.blending.decontaminate import NGRAM, LeakFinder, read_benchmarks
from factory.blending.inputs import (
    KINDS,
    TEXT_COLUMNS,
    Source,
    general_source,
    judged_source,
    read_keys,
    repeated_prompts,
)
from factory.blending.keys import REASONING, Hashes, Indices
from factory.blending.tally import Report, describe
from factory.errors import BadInput, FactoryError
from factory.progress import bar

__all__ = ["Report", "describe", "merge"]


def merge(
    judged: Sequence[Path],
    general: Sequence[str | Path],
    out: Path,
    *,
    per_prompt: int | None = None,
    select: str = "first",
    pass_rate: tuple[float, float] | None = None,
    token_budget: int | None = None,
    source_caps: Mapping[str, int] | None = None,
    task_caps: Mapping[str, int] | None = None,
    ratio: tuple[float, float] | None = None,
    general_share: float | None = None,
    seed: int = 0,
    rows_per_shard: int = 20_000,
    validation: float = 0.0,
    cut_kept: bool = False,
    oversample: bool = False,
    form: str = "messages",
    reasoning: str = "inline",
    tokenizer: str | None = None,
    max_length: int | None = None,
    decontaminate: Sequence[str | Path] = (),
    ngram: int = NGRAM,
    near: float | None = None,
    pairs: bool = False,
    rl_prompts: tuple[float, float] | None = None,
) -> Report:
    """Write the kept rows of `judged` folders and `general` data as shards in `out`.

    `ratio` is (reasoning, general) as in (3.53, 1), `general_share` the share of general rows in all; both cut general
    rows, and stop where these are too few unless `cut_kept` or `oversample` says what to do instead. `per_prompt`
    counts over all inputs; `select` says which: first, random, shortest, longest, or best:RULE (highest score).
    `pass_rate` (least, most) keeps prompts by their share of correct samples. `source_caps` and `task_caps` bound rows
    by name, `token_budget` the tokens of reasoning rows. `validation` is a share of prompts. `form` and `reasoning`
    as in `formats`. With `tokenizer` every row is rendered as a trainer will (`template_check`); damage stops the
    merge. `decontaminate` names benchmark files; rows that share `ngram` words with one are left out. Of
    prompts alike by `near` (Jaccard) one stays. `pairs` and `rl_prompts` (a band of pass rates) add the `byproducts`.

    Raises BadInput, Refused and FactoryError; `out` appears whole or not at all.
    """
    _check(judged, rows_per_shard, validation)
    caps = source_caps or {}, task_caps or {}
    chosen = selection.Selection(per_prompt, *selection.parse_order(select), pass_rate, *caps, token_budget)
    selection.check(chosen)
    share = _general_per_reasoning(ratio, general_share, general, cut_kept=cut_kept, oversample=oversample)
    wishes = blend.Wishes(chosen, share, validation, seed, cut_kept, oversample)
    shape = formats.parse_format(form, reasoning)
    leaks = LeakFinder(read_benchmarks([str(path) for path in decontaminate], ngram)) if decontaminate else None
    with shards.new_folder(out, "sft") as folder:
        work = folder / ".work"
        work.mkdir()
        sources = [judged_source(Path(path)) for path in judged]
        sources += [general_source(str(path), work / f"{i}.parquet") for i, path in enumerate(general)]
        repeats = None if near is None else repeated_prompts(sources, near, seed)
        content = _write(sources, wishes, folder, shape, rows_per_shard, leaks, repeats)
        shutil.rmtree(work)
        content |= _by_products(sources, folder, rl_prompts, pairs=pairs)
        content |= _hand_over(out.name, folder, content, shape, tokenizer, max_length)
        (folder / "README.md").write_text(card.render(out.name, content), encoding="utf-8")
        shards.write_manifest(folder, "sft", content)
        version = hashlib.sha256((folder / shards.MANIFEST).read_bytes()).hexdigest()
    return tally.report(out, content, version)


def _write(
    sources: Sequence[Source],
    wishes: blend.Wishes,
    folder: Path,
    shape: formats.Format,
    rows_per_shard: int,
    leaks: LeakFinder | None,
    repeats: Hashes | None,
) -> dict[str, Any]:
    """Plan, move the rows into shards, and describe both for the manifest."""
    plan, counted = _plan(sources, wishes, leaks, repeats)
    parts = _layout(plan, rows_per_shard, shape)
    mix: tally.Mix = {}
    entries = _move(sources, plan, folder, parts, shape, mix)
    content = {**counted, "mix": tally.mix_rows(mix), "files": entries, "wishes": tally.wished(wishes)}
    return {**content, "inputs": tally.lineage(sources), "versions": tally.versions(), "format": asdict(shape)}


def _by_products(
    sources: Sequence[Source], folder: Path, rl_prompts: tuple[float, float] | None, *, pairs: bool
) -> dict[str, int]:
    files = [source.files for source in sources if source.kind == REASONING]
    found = {"pairs": byproducts.write_pairs(files, folder)} if pairs else {}
    if rl_prompts is not None:
        found["rl_prompts"] = byproducts.write_rl_prompts(files, folder, *rl_prompts)
    return found


def _files(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Shard paths by split."""
    paths = [entry["path"] for entry in content["files"]]
    return {split: [path for path in paths if path.startswith(f"{split}/")] for split in content["splits"]}


def _plan(
    sources: Sequence[Source], wishes: blend.Wishes, leaks: LeakFinder | None, repeats: Hashes | None
) -> tuple[blend.Plan, dict[str, Any]]:
    """The plan and the counts; the keys go as soon as they are not needed."""
    keys = read_keys(sources, wishes.selection, groups=wishes.validation > 0, leaks=leaks)
    plan = blend.make_plan(keys, wishes, repeats)
    found = {"contamination": leaks.found()} if leaks else {}
    return plan, {**tally.counts(sources, keys, plan), **found}


def _layout(plan: blend.Plan, rows_per_shard: int, shape: formats.Format) -> list[shuffle.Shard]:
    parts = shuffle.layout(plan.train, len(plan.row), rows_per_shard, shape.suffix)
    spread.check_shares(plan.stratum, plan.position, plan.train, np.array([part.start for part in parts]))
    return parts


def _hand_over(
    name: str,
    folder: Path,
    content: Mapping[str, Any],
    shape: formats.Format,
    tokenizer: str | None,
    max_length: int | None,
) -> dict[str, Any]:
    """Check the template on every row where asked, and write the trainers' configurations."""
    found: dict[str, Any] = {}
    if tokenizer is not None:
        rows = formats.read_messages([folder / entry["path"] for entry in content["files"]])
        checked = template_check.check_rows(template_check.load_tokenizer(tokenizer), tokenizer, rows, max_length)
        if checked.damage:
            raise FactoryError(f"{checked.damage}; nothing was written: change the template or --reasoning")
        found["template"] = asdict(checked)
    longest = max(row["longest"] for row in content["mix"])
    fitting = trainers.fitting_length(found["template"]["longest"] if found else None, longest)
    for file, text in trainers.render(name, shape, _files(content), fitting, counted=bool(found)).items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return {**found, "max_length": fitting}


def _check(judged: Sequence[Path], rows_per_shard: int, validation: float) -> None:
    if not judged:
        raise BadInput("nothing to merge: give at least one run folder or judged folder")
    if rows_per_shard < 1:
        raise BadInput(f"--rows-per-shard {rows_per_shard}: expected at least 1")
    if not 0 <= validation < 1:
        raise BadInput(f"--validation {validation}: expected a share from 0 to below 1, as in 0.01")


def _general_per_reasoning(
    ratio: tuple[float, float] | None,
    share: float | None,
    general: Sequence[str | Path],
    *,
    cut_kept: bool,
    oversample: bool,
) -> Fraction | None:
    """General rows a reasoning row, exactly; None where all general rows go in."""
    if ratio is not None and share is not None:
        raise BadInput("--ratio and --general-share say the same thing; give one")
    if cut_kept and oversample:
        raise BadInput("--cut-kept and --oversample exclude each other; give one")
    if ratio is None and share is None:
        if cut_kept or oversample:
            raise BadInput("--cut-kept and --oversample need a --ratio or --general-share to meet")
        return None
    if not general:
        raise BadInput("a ratio needs general data: add --general PATH")
    return blend.from_ratio(*ratio) if ratio is not None else blend.from_share(share or 0.0)


def _move(
    sources: Sequence[Source],
    plan: blend.Plan,
    folder: Path,
    parts: Sequence[shuffle.Shard],
    shape: formats.Format,
    mix: tally.Mix,
) -> list[dict[str, Any]]:
    """The second sweep: scatter all chosen rows, gather them bucket by bucket into shards."""
    size = sum(shuffle.text_bytes(source.files, TEXT_COLUMNS) for source in sources)
    spill = folder / ".work" / "spill.arrow"
    with bar("moving", "rows", len(plan.row)) as shown:
        places = shuffle.scatter(_placed(sources, plan, mix, shown), spill, shuffle.bucket_edges(parts, size))
    with bar("writing shards", "rows", len(plan.row)) as shown:
        return shuffle.write_shards(folder, parts, shuffle.gather(spill, places), shape, shown.update)


def _placed(
    sources: Sequence[Source], plan: blend.Plan, mix: tally.Mix, shown: Any
) -> Iterator[tuple[pa.Table, Indices]]:
    """Chunks of SFT rows with their positions, in order of position."""
    seen = 0
    for source in sources:
        for table in shuffle.read_chunks(source.files, TEXT_COLUMNS):
            start, stop = np.searchsorted(plan.row, [seen, seen + len(table)])
            order = start + np.argsort(plan.position[start:stop])
            if len(order):
                rows = turns.sft_table(table, plan.row[order] - seen, KINDS[source.kind])
                tally.count(rows, mix)
                yield rows, plan.position[order]
                shown.update(len(order))
            seen += len(table)
