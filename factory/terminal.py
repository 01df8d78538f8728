"""What a terminal is shown: lines, one progress bar for long work, and texts that can't steer it.

Does not cover what machines read (`--json`) nor logs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

Say = Callable[[str], None]
"""Takes a line for the user."""


def bar(what: str, unit: str, total: int | None, initial: int = 0) -> Any:
    """A tqdm bar on standard error that shows a rate and an ETA; silent where that is no terminal."""
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    return tqdm(total=total, initial=initial, desc=what, unit=f" {unit}", disable=hidden, smoothing=0.1, leave=False)


def visible(text: str) -> str:
    """Text that can't steer a terminal: what isn't printable stands as an escape; newlines stay."""
    return "".join(c if c.isprintable() or c in "\n\u3000" else _escape(c) for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
