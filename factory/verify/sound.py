"""Can a prompt's reference be held against anything? Asked before a token is spent on it.

A reference is unsound where its own verifier doesn't accept it as an answer. Programs are not run and scorers not
asked: of those only the form is read. Does not cover whether a reference is true.
"""

from __future__ import annotations

import json

from factory.records import Prompt
from factory.verify import constraints, reference_answer, route, verify
from factory.verify.gym import REFUSED, RUNS
from factory.verify.programs import jail
from factory.verify.programs.suites import NoSuite, read_suite

LONGEST = 2_000
"""Characters; longer ones are texts that nobody expects in a box."""


def fault(prompt: Prompt) -> str | None:
    """What is wrong with the prompt's reference, None where nothing is, or where there is none."""
    reference, by = prompt.reference or "", route(prompt)
    if by == "none":
        return None
    if by == "code":
        return _suite_fault(reference) or _jail_fault()
    if by == "gym":
        return _entry_fault(reference)
    if by == "constraints":
        return _constraints_fault(reference)
    wanted = reference_answer(reference)
    if len(wanted) > LONGEST:
        return f"{len(wanted):,} characters: longer than an answer that can be compared"
    finding = verify(f"\\boxed{{{wanted}}}", prompt)
    if finding.correct is not True:
        return f"its own verifier doesn't accept it ({finding.by if finding.correct is None else 'wrong'})"
    return None


def _suite_fault(reference: str) -> str | None:
    try:
        read_suite(reference)
    except NoSuite as error:
        return f"no tests can be read from it ({error})"
    return None


def _jail_fault() -> str | None:
    if not jail.why_not() or jail.is_unsafe():
        return None
    return f"programs can't be run safely here: {jail.why_not()}; --unsafe-exec runs them without a jail"


def _constraints_fault(reference: str) -> str | None:
    try:
        unknown = [name for name, _ in constraints.read(reference) if name not in constraints.CHECKS]
    except constraints.NotConstraints as error:
        return f"no constraints can be read from it ({error})"
    return f"constraints that nobody here can check: {', '.join(unknown)}" if unknown else None


def _entry_fault(reference: str) -> str | None:
    try:
        value = json.loads(reference)
        family, _ = value["family"], value["entry"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "not a gym entry: JSON with family and entry"
    if family in REFUSED:
        return f"reasoning-gym's scorer of {family} can't be trusted: it {REFUSED[family]}"
    return _jail_fault() if family in RUNS else None
