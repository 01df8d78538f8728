"""Hold candidates against a reference: the first one that can be decided decides.

Does not cover multiple choice by letters (`choosing.py`) nor what follows an answer and takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from factory.verify.algebra.formulas import Decision
from factory.verify.comparison import choices
from factory.verify.comparison.compare import decide
from factory.verify.comparison.prose import has_words, is_number, is_sentence
from factory.verify.extraction.candidates import Extracted, Finding
from factory.verify.literals.normalise import normalise


def first_decided(
    reference: str,
    candidates: Iterable[Extracted],
    options: choices.Options,
    strict: frozenset[str],
    seen: list[Extracted] | None = None,
) -> Finding:
    """The first candidate that can be decided decides; `seen` takes those looked at, as the others cost nothing."""
    is_value = not has_words(reference)
    first = last = None
    for found in candidates:
        first = first or found
        if seen is not None:
            seen.append(found)
        if found.how == "clause" or (is_value and is_sentence(found) and found.text != reference):
            is_plain = is_number(reference) and not any(map(str.isalpha, reference))
            if not is_plain and (decision := decide(reference, found.text, strict)).correct:
                return Finding(True, decision.by, found)
            continue  # what is a number in it comes as a candidate of its own
        letter = one_letter(found.text, options) if options else None
        if letter:
            decision = Decision(decide(reference, options[letter], strict).correct, "choice")
        else:
            decision = decide(reference, found.text, strict)
        if decision.correct is False and found.how == "group" and is_value and is_number(reference):
            last = last or Finding(False, decision.by, found)
            continue  # `there are 2, namely 3 and 5`
        if decision.correct is not None or decision.by == "number":  # 5 apples beside 5 oranges
            by = decision.by if decision.correct is not None else "undecided"
            return Finding(decision.correct, by, found)
    return last or Finding(None, "undecided", first)


def one_letter(text: str, options: choices.Options) -> str | None:
    """The one option a text names by its letter."""
    named = choices.letters(normalise(text))
    return next(iter(named[0])) if named and len(named[0]) == 1 and named[0] <= set(options) else None
