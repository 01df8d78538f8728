"""What was asked of servers, in a file: the cache of later runs, and the books.

One JSON line a question, if the command that started this process keeps a journal:

    {"who": "judge", "key": "9f...", "answer": "WRONG", "failures": 0, "prompt_tokens": 310, "completion_tokens": 2, "seconds": 0.4}
    {"who": "judge", "key": "9f...", "cached": true}
    {"who": "judge", "key": "41...", "failures": 3, "seconds": 8.0, "error": "HTTP 503"}

A failure is no answer, so it is asked again by the next run. Does not cover asking (`asking.py`).
"""  # noqa: E501

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

NAME: Final = "asked.jsonl"
JOURNAL: Final = "FACTORY_ASKED"
"""The environment's name for the journal's path: rule processes inherit it."""


@contextmanager
def journal(path: Path, earlier: Path | None = None) -> Iterator[Path]:
    """Processes started inside keep their journal at `path`, which begins as a copy of `earlier` where it is new."""
    if earlier is not None and earlier.is_file() and not path.exists():
        shutil.copyfile(earlier, path)
    before = os.environ.get(JOURNAL)
    os.environ[JOURNAL] = str(path.absolute())
    try:
        yield path
    finally:
        os.environ.pop(JOURNAL)
        if before is not None:
            os.environ[JOURNAL] = before


def known() -> dict[str, Any]:
    """The answers of the journal by key; without a journal, those of this process."""
    return _known(os.environ.get(JOURNAL, ""))


@lru_cache(maxsize=4)
def _known(path: str) -> dict[str, Any]:
    return {line["key"]: line["answer"] for line in lines(Path(path)) if "answer" in line} if path else {}


def note(line: Mapping[str, Any]) -> None:
    """Add a line; a full disk costs no verdict."""
    if path := os.environ.get(JOURNAL):
        with suppress(OSError), Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; a torn one, written as its process was killed, is passed over."""
    with suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            with suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict) and {"who", "key"} <= line.keys():
                    yield line


def costs(path: Path) -> dict[str, dict[str, Any]]:
    """What each asker cost: questions answered, answers from the cache, failed tries, tokens, seconds; the last error.

    A question that was answered later is not unanswered.
    """
    found: dict[str, dict[str, Any]] = {}
    open_questions: dict[str, set[str]] = {}
    for line in lines(path):
        who, key = str(line["who"]), str(line["key"])
        sums = found.setdefault(who, dict.fromkeys(_SUMS, 0))
        lacking = open_questions.setdefault(who, set())
        sums["asked"] += "answer" in line
        sums["cached"] += bool(line.get("cached"))
        if "answer" in line or line.get("cached"):
            lacking.discard(key)
        else:
            lacking.add(key)
            sums["error"] = str(line.get("error", ""))
        for name in _SUMS[3:]:
            sums[name] += line.get(name, 0)
        sums["unanswered"] = len(lacking)
    return found


_SUMS: Final = ("asked", "cached", "unanswered", "failures", "prompt_tokens", "completion_tokens", "seconds")


def describe(sums: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Costs as lines for a terminal."""
    found = []
    for who, one in sorted(sums.items()):
        found.append(
            f"{who}: {one['asked']:,.0f} answers for {one['prompt_tokens']:,.0f} + {one['completion_tokens']:,.0f} "
            f"tokens, {one['cached']:,.0f} from the cache, {one['unanswered']:,.0f} questions unanswered, "
            f"{one['failures']:,.0f} failed tries"
        )
        if one["unanswered"]:
            found.append(f"{who}: the last that went wrong: {one.get('error', '')}; the same command asks those again")
    return found
