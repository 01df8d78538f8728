"""Multiple choice: letters against letters, options named by their text, the letter an answer opens with.

Does not cover which letters a text names (`choices.py`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import Final

from factory.verify.comparison import choices
from factory.verify.comparison.compare import decide
from factory.verify.comparison.mentions import SENTENCES, mention
from factory.verify.comparison.verdicts import first_decided, one_letter
from factory.verify.extraction.candidates import Extracted, Finding
from factory.verify.literals.normalise import normalise

_BEHIND: Final = re.compile(r"[).:*\]]{1,4} ([^.\n]{1,100})\.?\s*(?:\n|$)")


def choose(reference: str, candidates: list[Extracted], options: choices.Options, strict: frozenset[str]) -> Finding:
    """Letters against letters; an option named by its text counts as its letter."""
    known = set(options) or set(choices.LETTERS)
    if not options and (whole := choices.labelled(normalise(reference))):
        reference, options = whole[0], dict([whole])
    wanted = choices.letters(normalise(reference))
    letters = wanted[0] if wanted else frozenset(k for k, v in options.items() if decide(v, reference).correct)
    if not letters:
        return first_decided(reference, candidates, options, strict)
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
    if (alike := choices.names_all(spoken[0].text, reference)) is not None:
        return Finding(alike, "choice", spoken[0])
    *before, last = SENTENCES.split(spoken[0].text)
    places = (_told(last, spoken[0], options), choices.mentions(spoken[0].text))
    earlier = (_told(sentence, spoken[0], options) for sentence in reversed(before[-2:]))
    for place in chain(places, earlier):
        if len(place) == 1:
            return Finding(place == letters, "choice", candidates[0])
    return Finding(None, "undecided", candidates[0])


def _told(sentence: str, found: Extracted, options: choices.Options) -> frozenset[str]:
    """The options whose text a sentence says."""
    said = [replace(found, text=sentence)]
    return frozenset(letter for letter, text in options.items() if (one := mention(text, said)) and one.correct)


def names_other(answer: str, found: Extracted, options: choices.Options) -> bool:
    """Whether right behind the letter stands the text of another option: `The answer is C. Lipase`."""
    letter = one_letter(found.text, options)
    behind = _BEHIND.match(answer, found.end) if letter and found.how == "cue" else None
    said = behind[1].strip().casefold() if behind else ""
    return bool(said) and any(said == text.strip(" .").casefold() for key, text in options.items() if key != letter)


def opening(answer: str, reference: str, finding: Finding) -> Finding:
    """The letter an answer opens with, where nothing after it decides: `B`, and why."""
    wanted, opened = choices.letters(normalise(reference)), choices.opening(answer)
    if wanted is None or len(wanted[0]) > 1 or opened is None:
        return finding
    return Finding(opened in wanted[0], "choice", finding.found)
