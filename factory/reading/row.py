"""One row of any source. Does not cover where rows come from (`rows.py`) nor what its columns mean (`columns.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `where` is how errors name it, `origin` the file's stem or the data set's id.

    `names` are all columns of the row; `values` may lack those nobody wanted.
    """

    values: Mapping[str, Any]
    names: tuple[str, ...]
    where: str
    origin: str
