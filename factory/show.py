"""Print samples with their verdicts: what was kept, what was rejected and why; one whole, with its evidence marked.

Reads a judged folder and changes nothing. Does not cover the counts (`judging/funnel.py`).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from factory import runs, schemas, shards
from factory.errors import BadInput
from factory.records import Verdict, first_against
from factory.terminal import visible

COLUMNS = ("id", "keep", "messages", "reference", "text", "finish_reason", "verdicts")


def pick(folder: Path, kept: int, rejected: int) -> list[dict[str, Any]]:
    """The first `kept` kept rows and `rejected` others, one a reason as long as there are new ones. Raises BadInput."""
    files = shards.parts(runs.judged_folder(folder), "judged")
    keeps: list[dict[str, Any]] = []
    firsts: dict[str, dict[str, Any]] = {}
    others: list[dict[str, Any]] = []
    for row in _rows(files):
        if row["keep"]:
            keeps += [row] if len(keeps) < kept else []
        elif (reason := why(row)) not in firsts:
            firsts[reason] = row
        elif len(others) < rejected:
            others.append(row)
    return keeps + [*firsts.values(), *others][:rejected]


def why(row: Mapping[str, Any]) -> str:
    """The first verdict against a row, as `rule: reason`."""
    verdict = first_against(schemas.verdicts_of(row))
    return f"{verdict.rule}: {verdict.reason}" if verdict else "kept"


def lines(row: Mapping[str, Any], width: int = 100, most: int = 1_000) -> list[str]:
    """One sample for a terminal; control and direction characters are made visible, long texts cut at `most`."""
    text = row["text"]
    shown = (
        text if len(text) <= most else f"{text[: most // 2]}\n[... {len(text) - most:,} more ...]\n{text[-most // 2 :]}"
    )
    reference = "" if row["reference"] is None else f"  (reference {visible(row['reference'])[:60]})"
    asked = visible(row["messages"][-1]["content"])[:300]
    head = "KEPT" if row["keep"] else f"REJECTED by {why(row)}"
    return [
        f"{head}  [{row['id']}]",
        *_indent(f"{asked}{reference}", "  ? ", width),
        *_indent(shown, "  | ", width),
        "",
    ]


def explain(folder: Path, sample_id: str) -> tuple[dict[str, Any], list[str]]:
    """One sample whole, what its verdicts point at in [[brackets]], and every verdict. Raises BadInput."""
    row = next((r for r in _rows(shards.parts(runs.judged_folder(folder), "judged")) if r["id"] == sample_id), None)
    if row is None:
        raise BadInput(f"{folder}: holds no sample {sample_id!r}; `factory show {folder}` prints some with their ids")
    verdicts = schemas.verdicts_of(row)
    text = marked(row["text"], [span for v in verdicts for span in v.spans])
    return row, [*lines({**row, "text": text}, most=len(text)), *(_verdict_line(v, row["text"]) for v in verdicts)]


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with [[ and ]] around the spans (code points); spans that meet are one."""
    out, end = [], 0
    for start, stop in _joined(sorted((max(a, 0), min(b, len(text))) for a, b in spans)):
        out += [text[end:start], "[[", text[start:stop], "]]"]
        end = stop
    return "".join([*out, text[end:]])


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        elif start < stop:
            joined.append((start, stop))
    return joined


def _verdict_line(verdict: Verdict, text: str) -> str:
    word = {True: "keeps", False: "rejects", None: "unknown"}[verdict.keep]
    score = "" if verdict.score is None else f"  score {verdict.score:g}"
    shown = ", ".join(repr(text[a:b][:40]) for a, b in verdict.spans[:5])
    return visible(f"{verdict.rule:20} {word:8} {verdict.reason}{score}{'  at ' + shown if shown else ''}").rstrip()


def _indent(text: str, mark: str, width: int) -> list[str]:
    out: list[str] = []
    for line in visible(text).split("\n"):
        out += [mark + part for part in textwrap.wrap(line, width) or [""]]
    return out


def _rows(files: list[Path]) -> Iterator[dict[str, Any]]:
    for batch in shards.batches(files, COLUMNS):
        yield from batch.to_pylist()
