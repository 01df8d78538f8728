"""What a prompt's samples will be verified by, and the answer inside its reference."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK, Prompt
from factory.verify import constraints
from factory.verify.comparison import choices
from factory.verify.extraction import boxes, extract
from factory.verify.literals.normalise import clean, normalise
from factory.verify.literals.numbers import read_number
from factory.verify.literals.words import meaning

_TASKS: Final = {
    "math": "math", "maths": "math", "mathematics": "math", "arithmetic": "math", "algebra": "math", "gsm8k": "math",
    "choice": "choice", "mcq": "choice", "multiple_choice": "choice", "multiple-choice": "choice",
    "code": "code", "coding": "code", "programming": "code", "python": "code", "verifiable_code": "code",
    "ifeval": "constraints", "instruction_following": "constraints", "constraints": "constraints",
    "gym": "gym", "reasoning_gym": "gym", "reasoning-gym": "gym",
}  # fmt: skip
BY_TESTS: Final = ("code", "gym", "constraints")
"""Routes whose reference is no answer that others could be compared with."""
CACHED: Final = 20_000
"""Characters of a reference whose route is remembered: thousands of large test suites would fill the memory."""
SOLUTION: Final = 200
"""Characters from which a reference is a solution with the answer somewhere in it."""
_CODE_KEYS: Final = {"test", "test_list", "inputs", "test_cases", "public_test_cases", "verification_info"}
_GYM_KEYS: Final = {"family"}
_ROUTES: Final = (("code", _CODE_KEYS), ("gym", _GYM_KEYS), ("constraints", constraints.KEYS))


def route(prompt: Prompt) -> str:
    """What verifies this prompt's samples: math, choice, text, code, gym, constraints, or none without a reference.

    The row's task decides, else the shape of its reference. A math row whose reference is an option's letter is
    a choice.
    """
    reference = prompt.reference or ""
    routed = _route if len(reference) <= CACHED else _route.__wrapped__
    return routed(prompt.task, reference, prompt.meta, prompt.question)


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _route(task: str, reference: str, meta: str, question: str) -> str:
    if not reference.strip():
        return "none"
    known = _TASKS.get(task.casefold().strip(), "gym" if task.casefold().startswith("gym:") else "")
    if known in ("code", "gym", "choice", "constraints"):
        return known
    keys = _json_keys(reference)
    if found := next((name for name, own in _ROUTES if keys & own), None):
        return found
    wanted = reference_answer(reference)
    named = choices.letters(normalise(wanted))
    options = choices.options(meta, question)
    is_letter = named and not named[1] and named[0] <= (set(options) or {normalise(wanted).strip(" ().")})
    if (is_letter or choices.labelled(normalise(wanted))) and (options or not known):
        return "choice"
    return "text" if not known and is_text(wanted) else "math"


def _json_keys(reference: str) -> set[str]:
    if not reference.lstrip().startswith(("{", "[{")):
        return set()
    try:
        value = json.loads(reference)
    except (ValueError, RecursionError):
        return set()
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = {"test_cases": value} if value[0].keys() >= {"input", "output"} else value[0] if len(value) == 1 else 0
    return set(value) if isinstance(value, dict) else set()


def is_text(reference: str) -> bool:
    """Whether a reference is words rather than mathematics."""
    text = normalise(reference)
    if meaning(text):
        return True
    letters = sum(2 if "\u2e80" < c < "\ua000" else 1 for c in text if c.isalpha())
    named = letters > 3 or (letters == 3 and text.isalpha() and text[0].isupper() and not text.isupper())  # Ann, HCl
    return named and read_number(text) is None and not set(text) & set("\\^=<>+_")


@lru_cache(maxsize=PROMPTS_AT_WORK)
def reference_answer(reference: str) -> str:
    """The answer inside a reference: after `####` (gsm8k), in its last boxes, the one item of a JSON list, else all.

    Of a whole solution without those, what its last cue announces.
    """
    text = clean(reference).strip()
    if "####" in text and (after := text.rpartition("####")[2].strip()):
        return after
    if found := boxes.said(text, boxes.last_boxes(text)):
        return found
    if text.startswith('["') and text.endswith('"]'):
        try:
            items = json.loads(text)
        except (ValueError, RecursionError):
            return text
        if len(items) == 1 and isinstance(items[0], str):
            return items[0].strip()
    if len(text) > SOLUTION:
        return next((c.text for c in extract.after_cue(text)), text)
    return text
