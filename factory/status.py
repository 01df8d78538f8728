"""What a run is doing and what it came to so far, for people; reads the run folder, also while it is being drawn.

Covers the lines and the picture. Does not cover the counting (`accounting.py`, `drawing/metrics.py`) nor the rows a
recipe leaves (`filter.py`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from factory import ledger, runs, suspects
from factory.accounting import BINS, KEPT, SURPLUS, UNJUDGED, Account, account, histogram
from factory.drawing import metrics, pricing
from factory.quota.forecast import Forecast

WIDTH = 40
SHOWN = 8
"""Kinds of waste on a line; the rest is summed."""


def status(run: Path) -> tuple[dict[str, Any], list[str]]:
    """A run's books as plain data and as lines. Raises BadInput where there is no run."""
    last = runs.read_run(run)["last"]
    with ledger.reading(run / runs.LEDGER) as connection:
        books = account(connection, last.get("recipe"))
        made = pricing.newest_forecast(connection)
    writer, newest = runs.writer(run), metrics.newest(run / runs.METRICS)
    rows = suspects.count(run / suspects.NAME)
    data = {
        "run": str(run),
        "process": writer,
        **as_json(books),
        "forecast": None if made is None else dataclasses.asdict(made),
        "suspects": rows,
        "metrics": newest,
    }
    lines = [f"{run}: being drawn by process {writer}" if writer else f"{run}: nobody draws at the moment"]
    if writer and newest:
        lines.append(_now(newest))
    lines += describe(books)
    lines += forecast_lines(made, books) if made else []
    return data, lines + suspects.lines(run, rows)


def as_json(books: Account) -> dict[str, Any]:
    """The books as plain data."""
    plain = dataclasses.asdict(books)
    passes = [{"decided": n, "passed": k, "prompts": count} for (n, k), count in sorted(books.passes.items())]
    rates = [round(value, 2) for value in histogram(books.passes)] if books.passes else None
    return {**plain, "samples": books.samples, "tokens": books.tokens, "kept": books.kept, "passes": passes} | {
        "pass_rate_histogram": rates
    }


def describe(books: Account) -> list[str]:
    """The books as lines: progress, what a kept sample took, where the tokens went, how hard the prompts are."""
    words = {"enough": "have enough", "cap": "at the cap", "price": "given up for the price"}
    settled = [f"{books.settled[why]:,} {word}" for why, word in words.items() if why in books.settled]
    lines = [f"{books.prompts:,} prompts" + (f": {', '.join(settled)}" if settled else "")]
    lines.append(f"{books.samples:,} samples, {books.tokens:,} tokens" + _each(books))
    lines += _went(books)
    return lines + (_picture(books.passes) if books.passes else [])


def forecast_lines(made: Forecast, books: Account) -> list[str]:
    """A forecast beside what happened; surplus was not part of it."""
    tokens = books.tokens - (books.spent[SURPLUS].tokens if SURPLUS in books.spent else 0)
    kept = books.kept or 0
    return [
        _beside("kept samples", made.kept, made.kept_interval, kept),
        _beside("tokens", made.tokens, made.tokens_interval, tokens),
    ]


def _beside(what: str, made: float, interval: tuple[float, float], happened: int) -> str:
    return f"forecast {what} {made:,.0f} [{interval[0]:,.0f} to {interval[1]:,.0f}], so far {happened:,}"


def _each(books: Account) -> str:
    if books.kept is None:
        return "; not judged yet: factory filter"
    if not books.kept:
        return "; none kept"
    tokens, seconds = books.tokens / books.kept, books.engine_seconds / books.kept
    return f"; {books.kept:,} kept, {tokens:,.0f} tokens and {seconds:,.2f} engine seconds each"


def _went(books: Account) -> list[str]:
    """Shares of all tokens, the largest first."""
    spent = {kind: one.tokens for kind, one in books.spent.items() if kind != UNJUDGED or books.kept is not None}
    spent |= {f"{why} (cancelled, about)": one.tokens for why, one in books.attempts.items()}
    total = sum(spent.values())
    if not total:
        return []
    order = sorted(spent.items(), key=lambda item: (item[0] != KEPT, -item[1], item[0]))
    said = [f"{kind} {tokens / total:.1%}" for kind, tokens in order[:SHOWN] if tokens]
    rest = sum(tokens for _, tokens in order[SHOWN:])
    return [f"tokens went to: {', '.join([*said, *([f'others {rest / total:.1%}'] if rest else [])])}"]


def _picture(passes: Mapping[tuple[int, int], int]) -> list[str]:
    """The estimated spread of pass rates as bars."""
    bins = histogram(passes)
    most = max(bins)
    lines = [f"pass rates, as estimated from the samples of {sum(passes.values()):,} prompts:"]
    for number, prompts in enumerate(bins):
        bar = "#" * round(WIDTH * prompts / most)
        lines.append(f"  {number / BINS:4.0%} to {(number + 1) / BINS:4.0%} {prompts:9,.1f} {bar}".rstrip())
    never = sum(count for (_, k), count in passes.items() if k == 0)
    always = sum(count for (n, k), count in passes.items() if k == n)
    return [*lines, f"  no sample passed of {never:,} prompts, every one of {always:,}"]


def _now(line: Mapping[str, Any]) -> str:
    return (
        f"at last look: {line['tokens_per_second']:,.0f} tokens/s, {line['samples_per_second']:,.1f} samples/s, "
        f"{line['in_flight']:,} in flight, {line['awaiting_verdict']:,} await their verdict"
    )
