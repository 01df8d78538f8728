"""How what one `generate` command did is said at the end.

Does not cover the work (`generate.py`), its record (`drawing/summary.py`) nor what the run came to over all its
commands (`accounting.py`, `status.py`).
"""

from __future__ import annotations

import dataclasses
from typing import Any

from factory import status, suspects
from factory.drawing.summary import Summary


def describe(summary: Summary) -> tuple[dict[str, Any], list[str]]:
    """A summary as plain data and as lines for a terminal."""
    rate = summary.tally.tokens / summary.seconds if summary.seconds else 0.0
    data = _data(summary, rate)
    lines = [*_notes(summary), *_drawn(summary, rate)]
    if summary.pilot:
        lines += _forecast(summary, rate)
    elif summary.quota.keep < summary.quota.samples:
        lines.append(_saved(summary))
    if summary.books is not None:
        data["run"] = status.as_json(summary.books)
        lines += status.describe(summary.books)
    if summary.forecast is not None:
        data["forecast"] = dataclasses.asdict(summary.forecast)
        if summary.books is not None and not summary.pilot:
            lines += status.forecast_lines(summary.forecast, summary.books)
    data["suspects"] = summary.suspects
    lines += suspects.lines(summary.out, summary.suspects)
    if summary.spent:
        left = summary.listed - summary.settled - len(summary.tally.refused)
        lines.append(f"the token budget is spent, {left:,} prompts to go; a larger --token-budget goes on from here")
    lines.append(f"run folder {summary.out}")
    return data, lines


def _data(summary: Summary, rate: float) -> dict[str, Any]:
    tally = summary.tally
    return {
        "out": str(summary.out),
        "prompts": summary.listed,
        "prompts_settled": summary.settled,
        "samples_before": summary.before,
        "samples_drawn": tally.drawn,
        "samples_kept": summary.kept,
        "samples_surplus": tally.surplus,
        "completion_tokens": tally.tokens,
        "seconds": round(summary.seconds, 3),
        "load_seconds": round(summary.load_seconds, 3),
        "tokens_per_second": round(rate, 1),
        "prompts_unlisted": summary.unlisted,
        "prompts_refused": tally.refused,
        "notes": summary.notes,
    }


def _notes(summary: Summary) -> list[str]:
    lines = [f"note: {note}" for note in summary.notes]
    if summary.unlisted:
        lines.append(f"note: {summary.unlisted:,} prompts of this run are not listed any more; their samples stay")
    if refused := summary.tally.refused:
        lines.append(f"note: {len(refused):,} prompts can't be drawn; the first: {next(iter(refused.values()))}")
    return lines


def _drawn(summary: Summary, rate: float) -> list[str]:
    tally = summary.tally
    if not tally.drawn:
        return [f"nothing to draw: {summary.before:,} samples are there"]
    return [
        f"{tally.drawn:,} samples drawn for {summary.listed:,} prompts; {summary.before:,} were there",
        f"{tally.tokens:,} tokens in {summary.seconds:.1f} s ({rate:,.0f} tokens/s)",
    ]


def _forecast(summary: Summary, rate: float) -> list[str]:
    made = summary.forecast
    if made is None:
        return ["no forecast: the pilot did not end"]
    kept, tokens = made.kept_interval, made.tokens_interval
    lines = [
        f"forecast for all {summary.listed:,} prompts, nine times in ten within the brackets:",
        f"  kept samples {made.kept:,.0f} [{kept[0]:,.0f} to {kept[1]:,.0f}]",
        f"  tokens {made.tokens:,.0f} [{tokens[0]:,.0f} to {tokens[1]:,.0f}]",
    ]
    if rate:
        hours = [f"{t / rate / 3600:,.2f}" for t in (made.tokens, *tokens)]
        lines.append(f"  hours {hours[0]} [{hours[1]} to {hours[2]}] at the pilot's {rate:,.0f} tokens/s")
    return lines


def _saved(summary: Summary) -> str:
    drawn, fixed = summary.before + summary.tally.drawn, summary.listed * summary.quota.samples
    return (
        f"{summary.kept:,} samples kept, at most {summary.quota.keep} a prompt, of {drawn:,} drawn; "
        f"{summary.quota.samples} for every prompt would have been {fixed:,}"
    )
