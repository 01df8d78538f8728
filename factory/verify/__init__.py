"""Is the answer right? One function for every kind of task, and what each prompt will be verified by.

    routing.py     what verifies a prompt     normalise.py   one spelling
    extract.py, boxes.py, cues.py, doubts.py, last_line.py, last_number.py   where the answer is
    candidates.py, trailing.py   what is in it
    numbers.py, spelt.py, bases.py, units.py, dates.py   exact numbers, what follows them, dates
    words.py, mentions.py    closed classes, sentences         choices.py    options and letters
    structure.py, parts.py, inequalities.py, matrices.py, families.py   sets, tuples, intervals, ...
    tokens.py, expressions.py, points.py, values.py, formulas.py   formulas
    compare.py     the cascade                symbolic.py    sympy, guarded
    gym.py         reasoning-gym's scorers    sound.py   references that can't be verified against
    suites.py      tests of code          code.py, jail.py, inside/   programs in bubblewrap
    constraints.py IFEval's instructions  llm.py, asking.py   judges that are asked

It runs inside a rule, so inside the house's workers: it has no processes, deadlines or state but caches of its own.
Nothing a model wrote is ever evaluated as code outside a jail. Does not cover thinking: only the answer part is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK, Prompt
from factory.verify import choices, constraints, extract
from factory.verify.candidates import Extracted, Finding
from factory.verify.code import run_code
from factory.verify.compare import decide
from factory.verify.doubts import is_withdrawn
from factory.verify.formulas import Decision
from factory.verify.gym import score_gym
from factory.verify.mentions import mention
from factory.verify.normalise import normalise
from factory.verify.numbers import read_number
from factory.verify.parts import AND_OR
from factory.verify.routing import is_text, reference_answer, route
from factory.verify.units import is_known
from factory.verify.words import meaning

__all__ = ["Finding", "reference_answer", "route", "verify"]


_SENTENCE: Final = re.compile(r"[A-Z][a-z]+ [a-z]+ [^=]*$|(?:[^ =]* ){9}[^=]*$")
"""Two words, or nine spaces: a sentence, not a number."""
_STEPS: Final = re.compile(r"(?:[,;:]|\s(?:so|thus|hence|then|and so)\b|⇒|→|\\implies|\\Rightarrow)+\s*(?:so|thus|hence|then)?\s")
_SUM: Final = re.compile(r"\d[^=]*[-+*/×÷·][^=]*\d[^=]*= ?[-\d.,/]+\s*$")
_GIVEN: Final = re.compile(r"\s*[A-Za-z] ?= ?[-\d./]+\s*\.?")
_UNKNOWN: Final = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_TELLS: Final = re.compile(r"(?<![\\A-Za-z{])(?:so|hence|thus|therefore|factors|gives|discarding|rejecting|ignoring|since|because|which|that|we|get|are)\b")
_BEHIND: Final = re.compile(r"[).:*\]]{1,4} ([^.\n]{1,100})\.?\s*(?:\n|$)")
_PLURAL: Final = re.compile(r"[*$]{0,3} ([A-Za-z]{3,}s)\b")
_OPENS: Final = re.compile(r"\W{0,4}([^\W\d_]{1,12})[.,!:*]{0,3}(?:\n|$)")
_COMMAND: Final = re.compile(r"\\[A-Za-z]+(?:\{[a-z]+\})?")
_WORD: Final = re.compile(r"\b[A-Za-z]{2,}\b")


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
        finding = _compare(reference, extract.extract(answer), options, strict, candidates)
    else:
        candidates = list(extract.extract(answer))
        if by == "choice" and candidates:
            finding = _choose(reference, candidates, options, strict)
            if finding.correct and finding.found and _names_other(answer, finding.found, options):
                return Finding(None, "conflicting", finding.found)
            if finding.correct is not None and finding.found and _is_withdrawn(answer, finding.found):
                return Finding(None, "conflicting", finding.found)
            return _opening(answer, reference, finding) if finding.by == "undecided" else finding
        worded = meaning(normalise(reference)) is not None
        candidates = [c for c in candidates if c.how != "number" and not (worded and _is_aside(c, candidates))] or candidates
        finding = _compare(reference, candidates, options, strict)
    if not candidates:
        return Finding(False, "no_answer")
    if finding.correct is None and (by == "text" or meaning(normalise(reference))):
        finding = mention(reference, candidates) or _first_word(answer, reference) or finding
    if finding.correct is None and by == "math" and not is_text(reference) and not _has_value(candidates):
        return Finding(False, "no_answer", candidates[0])
    if finding.correct is False and finding.found and finding.found.how != "boxed":
        return Finding(None, "conflicting", finding.found) if _is_withdrawn(answer, finding.found) else finding
    if finding.correct and finding.found and finding.found.how == "number" and _counts_other(answer, finding.found, reference):
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


def _compare(
    reference: str,
    candidates: Iterable[Extracted],
    options: choices.Options,
    strict: frozenset[str],
    seen: list[Extracted] | None = None,
) -> Finding:
    """The first candidate that can be decided decides; `seen` takes those looked at, as the others cost nothing."""
    is_value = not _has_words(reference)
    first = last = None
    for found in candidates:
        first = first or found
        if seen is not None:
            seen.append(found)
        if found.how == "clause" or (is_value and _is_sentence(found) and found.text != reference):
            if not _is_number(reference) and (decision := decide(reference, found.text, strict)).correct:
                return Finding(True, decision.by, found)
            continue  # what is a number in it comes as a candidate of its own
        letter = _one_letter(found.text, options) if options else None
        if letter:
            decision = Decision(decide(reference, options[letter], strict).correct, "choice")
        else:
            decision = decide(reference, found.text, strict)
        if decision.correct is False and found.how == "group" and is_value and _is_number(reference):
            last = last or Finding(False, decision.by, found)
            continue  # `there are 2, namely 3 and 5`
        if decision.correct is not None or decision.by == "number":  # 5 apples beside 5 oranges
            by = decision.by if decision.correct is not None else "undecided"
            return Finding(decision.correct, by, found)
    return last or Finding(None, "undecided", first)


def _is_sentence(found: Extracted) -> bool:
    return found.how in ("line", "cue") and (_is_prose(found.text) or _is_derivation(found.text))


def _is_derivation(text: str) -> bool:
    """`3x = 36, x = 12`, `7 + 2 = 9, 9 * 2 = 18`: steps of which only the last gives the value."""
    if text.count("=") < 2 or len(text) > 200:
        return False
    *steps, last = _STEPS.split(text)
    if not steps or not all("=" in step for step in steps):
        return False
    if not _UNKNOWN.search(text):
        return _SUM.search(last) is not None
    if not _GIVEN.fullmatch(last) or any(_GIVEN.fullmatch(step) for step in steps):
        return False
    return all(set(_UNKNOWN.findall(step)) == {last.strip()[0]} for step in steps)


def _is_prose(text: str) -> bool:
    """Whether a text is a sentence, perhaps with formulas between its words, and no number in words."""
    if " " not in text:
        return False
    prose = _SENTENCE.match(text) if "\\begin" not in text else None
    if not prose:
        plain = _COMMAND.sub(" ", text[:400]) if "\\" in text else text[:400]
        if len(_WORD.findall(plain)) < 5 and not _TELLS.search(plain):
            return False
    if text[0].isalpha() and "(" not in text and any(map(str.isdigit, text)):
        return True  # what begins with words and holds figures is no number in words
    return not _is_number(text)


@lru_cache(maxsize=2 * PROMPTS_AT_WORK)
def _is_number(reference: str) -> bool:
    return read_number(normalise(reference)) is not None


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _has_words(reference: str) -> bool:
    """Whether a reference is more than numbers and formulas: names, units and words in it may stand in prose too."""
    return not _is_number(reference) and _WORD.search(AND_OR.sub(" ", _COMMAND.sub(" ", reference))) is not None


def _one_letter(text: str, options: choices.Options) -> str | None:
    named = choices.letters(normalise(text))
    return next(iter(named[0])) if named and len(named[0]) == 1 and named[0] <= set(options) else None


def _choose(reference: str, candidates: list[Extracted], options: choices.Options, strict: frozenset[str]) -> Finding:
    """Letters against letters; an option named by its text counts as its letter."""
    known = set(options) or set(choices.LETTERS)
    if not options and (whole := choices.labelled(normalise(reference))):
        reference, options = whole[0], dict([whole])
    wanted = choices.letters(normalise(reference))
    letters = wanted[0] if wanted else frozenset(k for k, v in options.items() if decide(v, reference).correct)
    if not letters:
        return _compare(reference, candidates, options, strict)
    for found in candidates:
        if found.how == "clause":
            said = {k for k, v in options.items() if decide(v, found.text).correct}
            if len(said) == 1:
                return Finding(said == letters, "choice", found)
            continue
        text = normalise(found.text)
        named = choices.letters(text)
        if named and named[0] <= known:
            letter, rest = min(named[0]), named[1]
            said = {k for k, v in options.items() if rest and decide(v, rest).correct}
            is_other = rest and letter in options and decide(options[letter], rest).correct is False
            if is_other or (said and letter not in said):
                return Finding(None, "conflicting", found)
            return Finding(named[0] == letters, "choice", found)
        said = {k for k, v in options.items() if decide(v, found.text).correct}
        if said:
            return Finding(bool(said & letters), "choice", found)
    spoken = [c for c in candidates if c.how != "number"][:1] or candidates[:1]
    said = {k for k, v in options.items() if (one := mention(v, spoken)) and one.correct}
    if len(said) == 1:
        return Finding(said == letters, "choice", candidates[0])
    mentioned = {m for found in spoken for m in choices.mentions(found.text)}
    if len(mentioned) == 1:
        return Finding(mentioned == letters, "choice", candidates[0])
    return Finding(None, "undecided", candidates[0])


def _names_other(answer: str, found: Extracted, options: choices.Options) -> bool:
    """Whether right behind the letter stands the text of another option: `The answer is C. Lipase`."""
    letter = _one_letter(found.text, options)
    behind = _BEHIND.match(answer, found.end) if letter and found.how == "cue" else None
    said = behind[1].strip().casefold() if behind else ""
    return bool(said) and any(said == text.strip(" .").casefold() for key, text in options.items() if key != letter)


def _opening(answer: str, reference: str, finding: Finding) -> Finding:
    """The letter an answer opens with, where nothing after it decides: `B`, and why."""
    wanted, opened = choices.letters(normalise(reference)), choices.opening(answer)
    if wanted is None or len(wanted[0]) > 1 or opened is None:
        return finding
    return Finding(opened in wanted[0], "choice", finding.found)


def _first_word(answer: str, reference: str) -> Finding | None:
    """The yes or no an answer opens with, where nothing after it decides."""
    found = _OPENS.match(answer)
    if found is None or meaning(found[1]) is None or is_withdrawn(answer[found.end() :]):
        return None
    correct = decide(reference, found[1]).correct
    return None if correct is None else Finding(correct, "word", Extracted(found[1], "line", *found.span(1)))


def _is_aside(found: Extracted, candidates: list[Extracted]) -> bool:
    """Whether a number only stands somewhere in what a cue announced: `Yes, as of 2020`."""
    return found is not candidates[0] and found.how != "boxed" and _is_number(found.text)


def _has_value(candidates: list[Extracted]) -> bool:
    return any(c.how not in ("line", "clause") for c in candidates) or any(ch.isdigit() or ch in "\\=" for ch in candidates[0].text)


def _counts_other(answer: str, found: Extracted, reference: str) -> bool:
    """Whether an unmarked number counts other things than the reference: `There are 5 oranges` beside 5 apples."""
    wanted = _noun(reference)
    noun = _PLURAL.match(answer, found.end) if wanted else None
    return noun is not None and noun[1].lower().rstrip("s") not in {word.rstrip("s") for word in wanted}


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _noun(reference: str) -> frozenset[str]:
    """The words behind the number a reference is, if they are no unit of measure."""
    quantity = read_number(normalise(reference))
    return frozenset(quantity.unit.split()) if quantity and quantity.unit and not is_known(quantity.unit) else frozenset()


def _is_withdrawn(answer: str, found: Extracted) -> bool:
    """Whether what follows a marked answer takes it back: "The answer is 5. Wait, that's wrong"."""
    return found.how in ("cue", "hashes", "tag") and is_withdrawn(_later(answer, found)[:100])


def _later(answer: str, found: Extracted) -> str:
    later = answer[found.end + (found.how == "boxed") :].strip(" $.*\n")
    return later.removeprefix("</answer>").lstrip() if found.how == "tag" else later


def _contradicts(answer: str, found: Extracted, reference: str) -> bool:
    """Whether what follows the answer that was right takes it back, or a cue after its box gives another number."""
    if found.how in ("line", "math", "group", "number"):
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
