"""Is the answer right? One function for every kind of task, and what each prompt will be verified by.

    routing.py     what verifies a prompt
    literals/      one spelling; numbers, units, dates and words, read exactly
    extraction/    where the answer is, and what is in it
    algebra/       formulas: parsed, valued, or put to sympy
    comparison/    whether what was found is the reference
    programs/      code and its tests, in jails
    judges/        language models that are asked
    gym.py         reasoning-gym's scorers           constraints.py   IFEval's instructions
    consensus.py   what most of a prompt's samples say
    sound.py       references that can't be verified against
    claims.py      what holds of the sums in a text

It runs inside a rule, so inside the house's workers: it has no processes, deadlines or state but caches of its own.
Nothing a model wrote is ever evaluated as code outside a jail. Does not cover thinking: only the answer part is read.
"""

from __future__ import annotations

import re
from typing import Final

from factory.records import Prompt
from factory.verify import constraints
from factory.verify.comparison import choices
from factory.verify.comparison.choosing import choose, names_other, opening
from factory.verify.comparison.compare import decide
from factory.verify.comparison.mentions import mention
from factory.verify.comparison.prose import counts_other, is_number
from factory.verify.comparison.reread import in_asked_unit, is_asked_base, is_european, is_in_base_ten
from factory.verify.comparison.sayings import lists
from factory.verify.comparison.verdicts import first_decided
from factory.verify.extraction import extract
from factory.verify.extraction.candidates import Extracted, Finding
from factory.verify.extraction.doubts import is_withdrawn
from factory.verify.gym import score_gym
from factory.verify.literals.normalise import normalise
from factory.verify.literals.numbers import read_number
from factory.verify.literals.words import meaning
from factory.verify.programs.code import SECONDS, run_code
from factory.verify.routing import BY_TESTS, is_text, reference_answer, route

__all__ = ["BY_TESTS", "Finding", "reference_answer", "route", "verify"]


_OPENS: Final = re.compile(r"\W{0,4}([^\W\d_]{1,12})[.,!:*]{0,3}(?:\n|$)")


def verify(answer: str, prompt: Prompt, strict: frozenset[str] = frozenset(), seconds: float = SECONDS) -> Finding:
    """Hold the answer part of a sample against its prompt's reference.

    `strict` may hold "units" and "percent": what the reference says of these the answer must say too. `seconds` are
    for all tests of a program.
    """
    by = route(prompt)
    if by == "none":
        return Finding(None, "no_reference")
    if by == "code":
        return Finding(*run_code(answer, prompt.reference or "", seconds))
    if by == "gym":
        return Finding(*score_gym(answer, prompt.reference or ""))
    if by == "constraints":
        return _constrained(answer, prompt.reference or "")
    reference = reference_answer(prompt.reference or "")
    if "units" not in strict:
        reference = in_asked_unit(prompt.question, reference)
    options = choices.options(prompt.meta, prompt.question)
    candidates: list[Extracted] = []
    if by == "math":
        finding = first_decided(reference, extract.extract(answer), options, strict, candidates)
    else:
        candidates = list(extract.extract(answer))
        if by == "choice" and candidates:
            finding = choose(reference, candidates, options, strict)
            if finding.correct and finding.found and names_other(answer, finding.found, options):
                return Finding(None, "conflicting", finding.found)
            if finding.correct is not None and finding.found and _is_withdrawn(answer, finding.found):
                return Finding(None, "conflicting", finding.found)
            return opening(answer, reference, finding) if finding.by == "undecided" else finding
        candidates = _worded(reference, candidates) or candidates
        finding = first_decided(reference, candidates, options, strict)
    if not candidates:
        return Finding(False, "no_answer")
    if finding.correct is None and (by == "text" or meaning(normalise(reference))):
        finding = mention(reference, candidates) or _first_word(answer, reference) or finding
    if finding.correct is not True and candidates[0].how in ("line", "cue") and _enumerates(candidates[0], reference):
        return Finding(True, "mention", candidates[0])
    if finding.correct is False and finding.found and is_european(prompt.question, answer, finding.found, reference):
        return Finding(True, "number", finding.found)
    if finding.correct is None and finding.found and is_asked_base(prompt.question, finding.found, reference):
        return Finding(True, "number", finding.found)
    if finding.correct and finding.found and is_in_base_ten(answer, finding.found, reference):
        return Finding(None, "undecided", finding.found)
    if finding.correct is None and by == "math" and not is_text(reference) and not _has_value(candidates):
        return Finding(False, "no_answer", candidates[0])
    if finding.correct is False and finding.found and finding.found.how != "boxed":
        return Finding(None, "conflicting", finding.found) if _is_withdrawn(answer, finding.found) else finding
    if finding.correct and finding.found and counts_other(answer, finding.found, reference):
        return Finding(None, "undecided", finding.found)
    if finding.correct and finding.found and _contradicts(answer, finding.found, reference):
        return Finding(None, "conflicting", finding.found)
    return finding


def _constrained(answer: str, reference: str) -> Finding:
    try:
        kept = constraints.keeps(answer, reference)
    except constraints.NotConstraints:
        return Finding(None, "no_tests")
    return Finding(kept, "undecided" if kept is None else "constraints")


def _enumerates(found: Extracted, reference: str) -> bool:
    """Whether a sentence ends with just the words or the letters of the reference."""
    return lists(reference, found.text) or choices.names_all(found.text, reference) is True


def _worded(reference: str, candidates: list[Extracted]) -> list[Extracted]:
    """Those that may be words: of what a cue announced no number where yes or no is wanted (`Yes, as of 2020`)."""
    kept = [found for found in candidates if found.how != "number"]
    if meaning(normalise(reference)) is None:
        return kept
    return [found for found in kept if found is candidates[0] or found.how == "boxed" or not is_number(found.text)]


def _first_word(answer: str, reference: str) -> Finding | None:
    """The yes or no an answer opens with, where nothing after it decides."""
    found = _OPENS.match(answer)
    if found is None or meaning(found[1]) is None or is_withdrawn(answer[found.end() :]):
        return None
    correct = decide(reference, found[1]).correct
    return None if correct is None else Finding(correct, "word", Extracted(found[1], "line", *found.span(1)))


def _has_value(candidates: list[Extracted]) -> bool:
    if any(c.how not in ("line", "clause") for c in candidates):
        return True
    return any(char.isdigit() or char in "\\=" for char in candidates[0].text)


def _is_withdrawn(answer: str, found: Extracted) -> bool:
    """Whether what follows a marked answer takes it back: "The answer is 5. Wait, that's wrong"."""
    return found.how in ("cue", "hashes", "tag") and is_withdrawn(_later(answer, found)[:100])


def _later(answer: str, found: Extracted) -> str:
    later = answer[found.end + (found.how == "boxed") :].strip(" $.*\n")
    return later.removeprefix("</answer>").lstrip() if found.how == "tag" else later


def _contradicts(answer: str, found: Extracted, reference: str) -> bool:
    """Whether what follows the answer that was right takes it back, or a cue after its box gives another number."""
    if found.how in ("line", "clause", "math", "group", "number"):
        return False  # nothing follows them
    later = _later(answer, found)
    if not later:
        return False
    if is_withdrawn(later):
        return not any(decide(reference, c.text).correct for c in extract.extract(later))
    if found.how != "boxed" or read_number(normalise(reference)) is None:
        return False
    cued = extract.after_cue(later)
    return bool(cued) and all(decide(reference, c.text).correct is False for c in cued)
