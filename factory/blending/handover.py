"""How rows are handed over: their shape, the size of shards, the template they must survive, what lies beside them.

Does not cover which rows (`mix.py`) nor the shapes themselves (`formats.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from factory.blending import formats, template_check, trainers
from factory.errors import BadInput, FactoryError


@dataclass(frozen=True, slots=True)
class Handover:
    """What the user asked of the output."""

    shape: formats.Format = field(default_factory=formats.Format)
    rows_per_shard: int = 20_000
    shard_bytes: int | None = None
    """About so many instead."""
    tokenizer: str | None = None
    """Every row is rendered with its chat template; damage stops the merge."""
    max_length: int | None = None
    """Tokens above which the template check lists a row; default the tokenizer's limit."""
    pairs: bool = False
    rl_prompts: tuple[float, float] | None = None
    """A band of pass rates."""
    push: str | None = None
    """Where to on the Hugging Face hub: ORG/NAME."""


PLAIN: Final = Handover()


def check(over: Handover) -> None:
    """Refuse numbers that mean nothing. Raises BadInput."""
    if over.rows_per_shard < 1:
        raise BadInput(f"--rows-per-shard {over.rows_per_shard}: expected at least 1")
    if over.shard_bytes is not None and over.shard_bytes < 1:
        raise BadInput("--shard-size: expected a size above 0, such as 500MB")


def hand_over(name: str, folder: Path, content: Mapping[str, Any], over: Handover) -> dict[str, Any]:
    """Check the template on every row where asked, and write the trainers' configurations."""
    found: dict[str, Any] = {}
    if over.tokenizer is not None:
        files = [folder / entry["path"] for entry in content["files"]]
        found["template"] = asdict(_checked(over.tokenizer, files, over))
    longest = max(row["longest"] for row in content["mix"])
    fitting = trainers.fitting_length(found["template"]["longest"] if found else None, longest)
    shape = formats.Format(**content["format"])
    for file, text in trainers.render(name, shape, _files(content), fitting, counted=bool(found)).items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return {**found, "max_length": fitting}


def _checked(name: str, files: list[Path], over: Handover) -> template_check.Check:
    rows, halves = formats.read_messages(files), over.shape.name == "prompt-completion"
    tokenizer = template_check.load_tokenizer(name)
    checked = template_check.check_rows(tokenizer, name, rows, over.max_length, halves=halves)
    if checked.damage:
        raise FactoryError(f"{checked.damage}; nothing was written: change the template or --reasoning")
    return checked


def _files(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Shard paths by split."""
    paths = [entry["path"] for entry in content["files"]]
    return {split: [path for path in paths if path.startswith(f"{split}/")] for split in content["splits"]}
