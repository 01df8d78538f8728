"""Merge by the names of its command's options, as most tests say it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from factory import merge as stage
from factory.blending.asked import read


def merge(judged: Sequence[str | Path], general: Sequence[str | Path], out: Path, **options: Any) -> stage.Report:
    """`factory merge JUDGED --general GENERAL --out OUT ...`."""
    mix, over = read([str(path) for path in judged], [str(path) for path in general], options)
    return stage.merge(mix, out, over)
