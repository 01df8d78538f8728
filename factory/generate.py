"""Draw samples into a run's ledger, until every prompt has what was asked. The same command again goes on.

Asked is a fixed number of samples a prompt, or, with rules, K kept ones. Covers the checks before any work and the
prompts of a command. Does not cover the drawing (`drawing/`), what is said at the end (`summary.py`) nor what may
change between commands of a run (`runs.py`).
"""

from __future__ import annotations

import contextlib
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from factory import ledger, runs, suspects
from factory.accounting import account
from factory.drawing import home, pricing, relisting
from factory.drawing.command import draw_all
from factory.drawing.course import Named
from factory.drawing.listing import list_prompts
from factory.drawing.summary import Summary
from factory.engines.loading import prepare
from factory.errors import BadInput, Drained
from factory.judging.recipes import Recipe, load_recipe
from factory.plan import Plan
from factory.quota.settlement import Quota
from factory.reading.templates import load_template
from factory.signals import SIGNALS
from factory.terminal import Say


def generate(plan: Plan, say: Say) -> Summary:
    """Draw what is missing. `say` takes a line for the user.

    Raises BadInput and Refused before anything is written, EngineFailed when the engine is gone, Drained when a signal
    left work undone.
    """
    named = checked(plan, say)
    with _stoppable(plan.out), tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        listed = Path(scratch) / "listed.sqlite"
        summary = Summary(plan.out, _quota(plan), plan.pilot, listed=list_prompts(plan, named.template, listed, say))
        plan.out.mkdir(parents=True, exist_ok=True)
        stack.enter_context(runs.lock(plan.out))
        book = stack.enter_context(_book(plan, named, listed, summary, say))
        draw_all(plan, named, listed, book, summary, say)
        _close_books(plan.out, book, named.recipe, summary)
    return summary


def checked(plan: Plan, say: Say) -> Named:
    """What the command names, read and checked, before anything is loaded or written. Raises BadInput and Refused."""
    runs.check_name(plan.out)
    named = Named(_recipe(plan), load_template(plan.template), prepare(plan))
    for line in named.loader.describe:
        say(line)
    return named


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
def _book(plan: Plan, named: Named, listed: Path, summary: Summary, say: Say) -> Iterator[ledger.Ledger]:
    """The run's ledger, the listed prompts in it, after the check that this command may go on with it."""
    recipe, template = named.recipe, {"name": named.template.name, "text": named.template.source}
    fixed = {**named.loader.fixed, "template": template, "seed": plan.seed}
    settling, anew = _settling(plan, recipe), False
    apart = plan.ledger_dir and home.place(plan.out, plan.ledger_dir).is_file()
    if runs.is_run(plan.out) or apart:
        summary.notes += runs.check_same(plan.out, fixed)
        if plan.pilot:  # settles nothing
            settling = runs.read_run(plan.out).get("settling")
        else:
            anew = runs.check_settling(plan.out, settling, resettle=plan.resettle)
    last = {"prompts": plan.prompts, "samples": plan.samples, "limit": plan.limit, "engine": plan.engine}
    last |= {"keep": plan.keep, "rules": plan.rules, "recipe": recipe.digest if recipe else None}
    last |= {"model": plan.model, "tokenizer": plan.tokenizer}
    if not anew:
        runs.write_run(plan.out, fixed, last, settling)
    with home.kept(plan.out, home.place(plan.out, plan.ledger_dir), say) as book:
        if anew:
            book.unsettle()
            # not before: killed in between, the run still asks for --resettle
            runs.write_run(plan.out, fixed, last, settling)
        relisting.adopt(book, listed)
        summary.before = book.survey(listed, plan.samples)
        summary.unlisted = book.count_prompts() - summary.listed
        yield book


def _settling(plan: Plan, recipe: Recipe | None) -> dict[str, Any] | None:
    """What settlement hangs on; a pilot settles nothing."""
    if recipe is None or plan.pilot:
        return None
    price = plan.max_tokens_per_kept or ("--token-budget" if plan.token_budget else None)
    return {"keep": plan.keep, "samples": plan.samples, "rules": recipe.digest, "price": price}


@contextlib.contextmanager
def _stoppable(run: Path) -> Iterator[None]:
    """A signal while prompts are read or the engine loads ends the command as one does that the driver hears."""

    def interrupt(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)  # asyncio knows what to do with that one

    before = {number: signal.signal(number, interrupt) for number in SIGNALS if number != signal.SIGINT}
    try:
        yield
    except KeyboardInterrupt:
        raise Drained(f"{run}: stopped on request; the same command goes on from here") from None
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is not signal.SIG_IGN:  # the driver heard one: see `heard`
                signal.signal(number, handler)


def _close_books(run: Path, book: ledger.Ledger, recipe: Recipe | None, summary: Summary) -> None:
    """Count what the run came to, and name the prompts whose reference is in doubt."""
    book.flush()
    summary.books = account(book.reader, recipe.digest if recipe else None)
    if recipe is not None:
        suspects.write(run / suspects.NAME, suspects.of_run(book.reader, recipe.digest))
        summary.suspects = suspects.count(run / suspects.NAME)
