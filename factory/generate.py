"""Draw samples into a run's ledger, until every prompt has what was asked. The same command again goes on.

Asked is a fixed number of samples a prompt, or, with rules, K kept ones. Covers the checks before any work, the prompts
of a command and what is said at the end. Does not cover the drawing (`drawing.py`) nor what may change between commands
of a run (`runs.py`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from factory import ledger, pricing, runs
from factory.drawing import draw_all
from factory.engines.plan import Loader, prepare
from factory.errors import BadInput
from factory.judging.rules import Recipe, load_recipe
from factory.listing import list_prompts
from factory.plan import Plan, Summary
from factory.quota.settlement import Quota
from factory.reading.templates import Template, load_template

Say = Callable[[str], None]


def generate(plan: Plan, say: Say) -> Summary:
    """Draw what is missing. `say` takes a line for the user.

    Raises BadInput and Refused before anything is written, EngineFailed when the engine is gone, Drained when a signal
    left work undone.
    """
    recipe, template, loader = checked(plan, say)
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        listed = Path(scratch) / "listed.sqlite"
        summary = Summary(plan.out, _quota(plan), plan.pilot, listed=list_prompts(plan, template, listed, say))
        fixed = {**loader.fixed, "template": {"name": template.name, "text": template.source}, "seed": plan.seed}
        plan.out.mkdir(parents=True, exist_ok=True)
        stack.enter_context(runs.lock(plan.out))
        book = stack.enter_context(_book(plan, fixed, recipe, listed, summary))
        draw_all(plan, template, loader, recipe, listed, book, summary, say)
    return summary


def checked(plan: Plan, say: Say) -> tuple[Recipe | None, Template, Loader]:
    """What the command names, read and checked, before anything is loaded or written. Raises BadInput and Refused."""
    runs.check_name(plan.out)
    recipe, template, loader = _recipe(plan), load_template(plan.template), prepare(plan)
    for line in loader.describe:
        say(line)
    return recipe, template, loader


def _recipe(plan: Plan) -> Recipe | None:
    if plan.keep is None and (plan.pilot or plan.max_tokens_per_kept):
        raise BadInput(f"{'--pilot' if plan.pilot else '--max-tokens-per-kept'} needs --keep and --rules")
    if (plan.keep is None) != (plan.rules is None):
        raise BadInput("--keep and --rules go together: K samples that those rules keep")
    if plan.keep is not None and plan.keep > plan.samples:
        raise BadInput(f"--keep {plan.keep}: more than --samples {plan.samples}, the most that are drawn")
    return load_recipe(plan.rules) if plan.rules else None


def _quota(plan: Plan) -> Quota:
    if plan.keep is None:
        return Quota(plan.samples, plan.samples)
    return Quota(plan.keep, plan.samples, plan.max_tokens_per_kept or (pricing.TO_COME if plan.token_budget else None))


@contextlib.contextmanager
def _book(
    plan: Plan, fixed: Mapping[str, Any], recipe: Recipe | None, listed: Path, summary: Summary
) -> Iterator[ledger.Ledger]:
    """The run's ledger, the listed prompts in it, after the check that this command may go on with it."""
    settling, anew = _settling(plan, recipe), False
    if runs.is_run(plan.out):
        summary.notes += runs.check_same(plan.out, fixed)
        if plan.pilot:  # settles nothing
            settling = runs.read_run(plan.out).get("settling")
        else:
            anew = runs.check_settling(plan.out, settling, resettle=plan.resettle)
    last = {"prompts": plan.prompts, "samples": plan.samples, "limit": plan.limit, "engine": plan.engine}
    runs.write_run(plan.out, fixed, {**last, "keep": plan.keep, "rules": plan.rules}, settling)
    with ledger.Ledger(plan.out / runs.LEDGER) as book:
        if anew:
            book.unsettle()
        book.adopt_prompts(listed)
        summary.before = book.count_drawn(listed, plan.samples)
        summary.unlisted = book.count_prompts() - summary.listed
        yield book


def _settling(plan: Plan, recipe: Recipe | None) -> dict[str, Any] | None:
    """What settlement hangs on; a pilot settles nothing."""
    if recipe is None or plan.pilot:
        return None
    price = plan.max_tokens_per_kept or ("--token-budget" if plan.token_budget else None)
    return {"keep": plan.keep, "samples": plan.samples, "rules": recipe.digest, "price": price}


def describe(summary: Summary) -> tuple[dict[str, Any], list[str]]:
    """A summary as plain data and as lines for a terminal."""
    tally = summary.tally
    rate = tally.tokens / summary.seconds if summary.seconds else 0.0
    data = {
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
    lines = [f"note: {note}" for note in summary.notes]
    if summary.unlisted:
        lines.append(f"note: {summary.unlisted:,} prompts of this run are not listed any more; their samples stay")
    if tally.refused:
        first = next(iter(tally.refused.values()))
        lines.append(f"note: {len(tally.refused):,} prompts can't be drawn; the first: {first}")
    if tally.drawn:
        lines.append(f"{tally.drawn:,} samples drawn for {summary.listed:,} prompts; {summary.before:,} were there")
        lines.append(f"{tally.tokens:,} tokens in {summary.seconds:.1f} s ({rate:,.0f} tokens/s)")
    else:
        lines.append(f"nothing to draw: {summary.before:,} samples are there")
    if summary.pilot:
        lines += _forecast(summary, rate)
    elif summary.quota.keep < summary.quota.samples:
        lines.append(_saved(summary))
    if summary.forecast is not None:
        data["forecast"] = dataclasses.asdict(summary.forecast)
    if summary.spent:
        left = summary.listed - summary.settled - len(tally.refused)
        lines.append(f"the token budget is spent, {left:,} prompts to go; a larger --token-budget goes on from here")
    lines.append(f"run folder {summary.out}")
    return data, lines


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
