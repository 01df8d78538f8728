"""Is the answer right? One function for every kind of task, and what each prompt will be verified by.

    normalise.py   one spelling          extract.py, boxes.py, cues.py   where the answer is
    numbers.py     exact numbers         units.py       what follows them
    words.py       closed classes        choices.py     options and letters
    structure.py   sets, tuples, ...     tokens.py, expressions.py, values.py   formulas
    compare.py     the cascade            symbolic.py    sympy, guarded
    gym.py         reasoning-gym's scorers    sound.py   references that can't be verified against
    suites.py      tests of code          code.py, jail.py, inside/   programs in bubblewrap
    constraints.py IFEval's instructions  llm.py, asking.py   judges that are asked

It runs inside a rule, so inside the house's workers: it has no processes, deadlines or state but caches of its own.
Nothing a model wrote is ever evaluated as code outside a jail. Does not cover thinking: only the answer part is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK, Prompt
from factory.verify import boxes, choices, constraints, extract
from factory.verify.code import run_code
from factory.verify.compare import Decision, decide
from factory.verify.extract import Extracted
from factory.verify.gym import score_gym
from factory.verify.normalise import clean, normalise
from factory.verify.numbers import read_number
from factory.verify.words import fold, meaning, told

__all__ = ["Finding", "reference_answer", "route", "verify"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What verification found: `correct` is None where nobody can tell.

    `by` names the step that decided (exact, number, word, parts, formula, choice, ...) or why none could
    (undecided, no_reference, no_answer, conflicting, timeout, no_tests, no_jail). `found` is the extracted
    answer, in the answer part.
    """

    correct: bool | None
    by: str
    found: Extracted | None = None


_TASKS: Final = {
    "math": "math", "maths": "math", "mathematics": "math", "arithmetic": "math", "algebra": "math", "gsm8k": "math",
    "choice": "choice", "mcq": "choice", "multiple_choice": "choice", "multiple-choice": "choice",
    "code": "code", "coding": "code", "programming": "code", "python": "code", "verifiable_code": "code",
    "ifeval": "constraints", "instruction_following": "constraints", "constraints": "constraints",
    "gym": "gym", "reasoning_gym": "gym", "reasoning-gym": "gym",
}  # fmt: skip
_SENTENCE: Final = re.compile(r"[A-Z][a-z]+ [a-z]+ [^=]*$|(?:[^ =]* ){9}[^=]*$")
"""Two words, or nine spaces: a sentence, not a number."""
_WORD: Final = re.compile(r"\b[A-Za-z]{2,}\b")
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
    return _route(prompt.task, prompt.reference or "", prompt.meta, prompt.question)


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
    if (
        named
        and not named[1]
        and named[0] <= (set(options) or {normalise(wanted).strip(" ().")})
        and (options or not known)
    ):
        return "choice"
    return "text" if not known and _is_text(wanted) else "math"


def _json_keys(reference: str) -> set[str]:
    if not reference.lstrip().startswith(("{", "[{")):
        return set()
    try:
        value = json.loads(reference)
    except (ValueError, RecursionError):
        return set()
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return set(value) if isinstance(value, dict) else set()


def _is_text(reference: str) -> bool:
    text = normalise(reference)
    if meaning(text):
        return True
    letters = sum(2 if "\u2e80" < c < "\ua000" else 1 for c in text if c.isalpha())
    return read_number(text) is None and not set(text) & set("\\^=<>+_") and letters > 3


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


def verify(answer: str, prompt: Prompt, strict: frozenset[str] = frozenset()) -> Finding:
    """Hold the answer part of a sample against its prompt's reference.

    `strict` may hold "units" and "percent": what the reference says of these the answer must say too.
    """
    by = route(prompt)
    if by == "none":
        return Finding(None, "no_reference")
    if by == "code":
        return Finding(*run_code(answer, prompt.reference or ""))
    if by == "gym":
        return Finding(*score_gym(answer, prompt.reference or ""))
    if by == "constraints":
        return _constrained(answer, prompt.reference or "")
    reference = reference_answer(prompt.reference or "")
    options = choices.options(prompt.meta, prompt.question)
    candidates: list[Extracted] = []
    if by == "math":
        finding = _compare(reference, _noted(extract.extract(answer), candidates), options, strict)
    else:
        candidates = list(extract.extract(answer))
        if by == "choice" and candidates:
            return _choose(reference, candidates, options, strict)
        candidates = [c for c in candidates if c.how != "number"] or candidates
        finding = _compare(reference, candidates, options, strict)
    if not candidates:
        return Finding(False, "no_answer")
    if finding.correct is None and (by == "text" or meaning(normalise(reference))):
        finding = _mention(reference, candidates) or finding
    if finding.correct is None and by == "math" and not _is_text(reference) and not _has_value(candidates):
        return Finding(False, "no_answer", candidates[0])
    if finding.correct and finding.found and _contradicts(answer, finding.found, reference):
        return Finding(None, "conflicting", finding.found)
    return finding


def _constrained(answer: str, reference: str) -> Finding:
    try:
        kept = constraints.keeps(answer, reference)
    except constraints.NotConstraints:
        return Finding(None, "no_tests")
    return Finding(kept, "undecided" if kept is None else "constraints")


def _noted(candidates: Iterable[Extracted], seen: list[Extracted]) -> Iterator[Extracted]:
    """The candidates, each put into a list as it is looked at: the first one decides most, the others cost nothing."""
    for one in candidates:
        seen.append(one)
        yield one


def _compare(
    reference: str, candidates: Iterable[Extracted], options: choices.Options, strict: frozenset[str]
) -> Finding:
    """The first candidate that can be decided decides."""
    is_number = _is_number(reference)
    first = None
    for found in candidates:
        first = first or found
        if is_number and found.how in ("line", "cue") and _is_prose(found.text):
            continue  # what is a number in it comes as a candidate of its own
        letter = _one_letter(found.text, options) if options else None
        if letter:
            decision = Decision(decide(reference, options[letter], strict).correct, "choice")
        else:
            decision = decide(reference, found.text, strict)
        if decision.correct is not None:
            return Finding(decision.correct, decision.by, found)
    return Finding(None, "undecided", first)


def _is_prose(text: str) -> bool:
    """Whether a text is a sentence, perhaps with formulas between its words, and no number in words."""
    prose = _SENTENCE.match(text) or ("\\" not in text and len(_WORD.findall(text[:400])) >= 5)
    return bool(prose) and not _is_number(text)


@lru_cache(maxsize=2 * PROMPTS_AT_WORK)
def _is_number(reference: str) -> bool:
    return read_number(normalise(reference)) is not None


def _one_letter(text: str, options: choices.Options) -> str | None:
    named = choices.letters(normalise(text))
    return next(iter(named[0])) if named and len(named[0]) == 1 and named[0] <= set(options) else None


def _choose(reference: str, candidates: list[Extracted], options: choices.Options, strict: frozenset[str]) -> Finding:
    """Letters against letters; an option named by its text counts as its letter."""
    wanted = choices.letters(normalise(reference))
    letters = wanted[0] if wanted else frozenset(k for k, v in options.items() if decide(v, reference).correct)
    if not letters:
        return _compare(reference, candidates, options, strict)
    for found in candidates:
        text = normalise(found.text)
        named = choices.letters(text)
        if named and named[0] <= (set(options) or set(choices.LETTERS)):
            letter, rest = min(named[0]), named[1]
            said = {k for k, v in options.items() if rest and decide(v, rest).correct}
            if said and letter not in said:
                return Finding(None, "conflicting", found)
            return Finding(named[0] == letters, "choice", found)
        said = {k for k, v in options.items() if decide(v, found.text).correct}
        if said:
            return Finding(bool(said & letters), "choice", found)
    said = {k for k, v in options.items() if _mention(v, candidates[:1])}
    if len(said) == 1:
        return Finding(said == letters, "choice", candidates[0])
    mentioned = {m for found in candidates[:1] for m in choices.mentions(found.text)}
    if len(mentioned) == 1:
        return Finding(mentioned == letters, "choice", candidates[0])
    return Finding(None, "undecided", candidates[0])


_FIRST_WORD: Final = re.compile(r"[,.;:!]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]")
_HEDGE: Final = re.compile(
    r"\b(?:before|after|until|following|opposite|or|nor|not|neither|except|unlike|than|instead|but|either|cannot|never|no|without|oder|nicht|ou|pas|o|не|или)\b"
    r"|n't|不|或|非",
    re.IGNORECASE,
)


def _mention(reference: str, candidates: list[Extracted]) -> Finding | None:
    """A short sentence that begins or ends with the wanted words and neither denies nor hedges."""
    wanted = fold(normalise(reference))
    sense = meaning(wanted)
    for found in candidates:
        first = meaning(_FIRST_WORD.split(normalise(found.text), maxsplit=1)[0])
        if sense and first and sense[0] == first[0]:
            return Finding(sense == first, "mention", found)
        if sense and _ends_with(sense, normalise(found.text)):
            return Finding(True, "mention", found)
        said = fold(normalise(found.text))
        if len(said) > 300 or _HEDGE.search(said.replace(wanted, " ")):
            continue
        if sense and len(mentioned := {one for one in told(said) if one[0] == sense[0]}) == 1:
            return Finding(mentioned == {sense}, "mention", found)
        if _HAN.search(wanted) and re.search(rf"(?:是|为|叫|在|:)\s?{re.escape(wanted)}$", said):
            return Finding(True, "mention", found)
        if f" {said} ".endswith(f" {wanted} ") or (found.how != "line" and f" {said} ".startswith(f" {wanted} ")):
            return Finding(True, "mention", found)
    return None


def _ends_with(sense: tuple[int, int], text: str) -> bool:
    """Whether a sentence ends in words of this meaning ("There is no solution") that nothing before denies."""
    words = fold(text).split()[-40:]
    for size in range(1, min(5, len(words) + 1)):
        before = " ".join(words[:-size])
        if meaning(" ".join(words[-size:])) == sense and not _HEDGE.search(before):
            return True
    return False


def _has_value(candidates: list[Extracted]) -> bool:
    return any(c.how != "line" for c in candidates) or any(ch.isdigit() or ch in "\\=" for ch in candidates[0].text)


def _contradicts(answer: str, found: Extracted, reference: str) -> bool:
    """Whether a later cue in the text gives another plain number than the box that was right."""
    later = answer[found.end + 1 :].strip(" $.*\n")
    if not later or found.how != "boxed" or read_number(normalise(reference)) is None:
        return False
    cued = extract.after_cue(later)
    return bool(cued) and all(decide(reference, c.text).correct is False for c in cued)
