"""`suspects.jsonl`: prompts none of whose samples pass while most of them agree on another answer.

Either the reference is wrong, or the checkpoint is, always the same way; a person should look before the prompt is
drawn again. Covers finding and writing them. Does not drop anything, nor what an answer is (`verify/`).
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from factory import ledger
from factory.records import Judged, Prompt, Sample, passed
from factory.verify import BY_TESTS, route
from factory.verify.consensus import majority

NAME: Final = "suspects.jsonl"
DECIDED: Final = 4
"""Fewer samples that `correct` decided say nothing of a reference."""
LOOKED: Final = 10_000
"""Hopeless prompts that `generate` looks at, at some 3 ms each; `filter` reads every text anyway and names all."""
SHARE: Final = 0.6
"""Share of all samples that must give the one other answer."""


def none_passed(words: Iterable[bool | None]) -> bool:
    """Whether none passes of enough decided samples; `words` is what `correct` said of each, None for unknown."""
    decided = [word for word in words if word is not None]
    return len(decided) >= DECIDED and not any(decided)


def suspect(prompt: Prompt, samples: Sequence[Sample]) -> dict[str, Any] | None:
    """The row of a hopeless prompt whose samples agree, None where they don't."""
    answer = None if route(prompt) in ("none", *BY_TESTS) else majority([sample.answer for sample in samples], SHARE)
    if answer is None:
        return None
    return {
        "prompt_id": prompt.id,
        "source_id": prompt.source_id,
        "question": prompt.question,
        "reference": prompt.reference,
        "majority": answer,
        "samples": len(samples),
    }


def of_run(connection: sqlite3.Connection, recipe: str) -> Iterator[dict[str, Any]]:
    """The suspects among the first `LOOKED` hopeless prompts of a ledger, in id order, under a recipe's digest."""
    hopeless = ledger.hopeless(connection, recipe, DECIDED)
    found = (suspect(prompt, samples) for prompt, samples in itertools.islice(hopeless, LOOKED))
    return (row for row in found if row is not None)


@contextlib.contextmanager
def noted(path: Path) -> Iterator[Callable[[Judged], Judged]]:
    """A function that hands judged prompts on and writes the suspects among them to a new file."""
    with path.open("w", encoding="utf-8") as file:

        def note(judged: Judged) -> Judged:
            prompt, samples, verdicts = judged
            if none_passed(map(passed, verdicts)) and (row := suspect(prompt, samples)):
                file.write(json.dumps(row) + "\n")
            return judged

        yield note


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Replace the file by these rows, in one step."""
    temp = path.with_name(f".{path.name}.new")
    with temp.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    temp.replace(path)


def count(path: Path) -> int:
    """How many suspects a file names; 0 where there is none."""
    return len(path.read_bytes().splitlines()) if path.is_file() else 0


def lines(folder: Path, rows: int) -> list[str]:
    """Where the suspects stand, if there are any."""
    if not rows:
        return []
    whose = "prompt whose" if rows == 1 else "prompts whose"
    return [f"{rows:,} {whose} samples agree on another answer than the reference: {folder / NAME}"]
