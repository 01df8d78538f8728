"""What a prompt says of the languages its answers may use.

The target language is the one the prompt is written in; the scripts and words of the prompt are allowed, and so are
the languages a translation or word question names. Does not cover finding foreign text (`filters/language_mix.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from factory.language.first_look import first_look
from factory.language.frequencies import LISTED, USUAL, codes, strange, usualness
from factory.language.identify import are_kin, foreign_to, near
from factory.language.language_names import (
    ASKS,
    DIFFERENCE,
    GRAMMAR,
    INTO,
    LANGUAGE_NAMES,
    LANGUAGE_ONLY,
    SCRIPT_NAMES,
    WORDS_ASKED,
)
from factory.language.main_language import main_language
from factory.language.romanised import NAMESAKES, ROMANISED
from factory.language.scripts import LANGUAGES, LATIN_WORD, OTHER, count_letters, scripts_of
from factory.language.text import TOKEN, lower, prose
from factory.language.words import COMMON, LANGUAGES_OF
from factory.records import PROMPTS_AT_WORK, Prompt

_ASCII_NAMES: Final = tuple(filter(str.isascii, LANGUAGE_NAMES))

_QUOTED = re.compile(r"(?<!\w)['‘][^'’\n]{2,200}['’](?!\w)|\"[^\"\n]{1,200}\"|[“„«「][^”“»」\n]{1,200}[”“»」]")
"""What a question is about ("What does 'je ne sais quoi' mean?") says nothing of the language it is asked in."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a prompt lets its answers use.

    `target` is None where the prompt has no words of its own ("12 * 7 = ?"): the answer's main language is it then.
    `languages` holds the target too; `scripts` are theirs and the prompt's; `words` are the prompt's, lower case;
    `named` are languages it names without asking about them ("a French dinner"); `about_words`: whether it asks what
    a word means or where it comes from, so that answers cite others.
    """

    target: str | None
    languages: frozenset[str]
    scripts: frozenset[str]
    words: frozenset[str]
    named: frozenset[str] = frozenset()
    about_words: bool = False


def allowed_by(prompt: Prompt, target: str = "prompt") -> Allowed:
    """What a prompt's turns allow; a `target` other than "prompt" is a language code that replaces their own."""
    return _read(tuple(m["content"] for m in prompt.messages if m["role"] != "assistant"), target)


def with_target(allowed: Allowed, target: str | None) -> Allowed:
    """The same allowance with a target that the prompt didn't name; None changes nothing."""
    if target is None:
        return allowed
    return replace(
        allowed, target=target, languages=allowed.languages | {target}, scripts=allowed.scripts | scripts_of(target)
    )


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _read(turns: Sequence[str], target: str) -> Allowed:
    text = "\n".join(turns)
    main = main_language(_QUOTED.sub(" ", prose(turns[-1]))) or main_language(prose(turns[-1]))
    main = main or main_language(prose(text))
    languages = {main} if main and target == "prompt" else set()
    if target != "prompt":
        main = target
        languages = {target}
    named, about_words = languages_named(text), _may(WORDS_ASKED, text)
    languages |= named if named and ASKS.search(text) else _meant(text) if named else set()
    scripts = {"Latin"} | {script for language in languages for script in scripts_of(language)}
    letters = count_letters(text)
    scripts |= set(letters)
    # The other languages of a prompt in two languages, told by script; words of one script are told by `words`.
    languages |= _by_script(letters, languages) if len(letters) > 1 else set()
    languages |= set(filter(None, map(_of_quotation, _QUOTED.findall(text))))
    languages |= _of_quoted_words(text, main)
    if _may(GRAMMAR, text):
        languages.add("en")
    words = frozenset(LATIN_WORD.findall(lower(text)))
    languages |= {ROMANISED[word] for word in words & ROMANISED.keys() if word not in NAMESAKES}
    languages |= _further_latin(words, main, 2 if about_words or _may(DIFFERENCE, text) else 3)
    languages |= _of_clauses(turns[-1], main)
    words |= frozenset() if text.isascii() else frozenset(OTHER.findall(text))
    return Allowed(main, frozenset(languages), frozenset(scripts), words, frozenset(named - languages), about_words)


def _of_quotation(quoted: str) -> str | None:
    """The language of a quotation of three words or more: a question about it may quote more of its kind."""
    return main_language(quoted) if quoted.count(" ") >= 2 else None


def _of_quoted_words(text: str, main: str | None) -> set[str]:
    """The languages that two or more words, quoted one by one, are far more usual in: "ser" and "estar".

    English, whose words name commands too, only where a question asks for a difference: between "make" and "do".
    """
    quotations = _QUOTED.findall(text)
    quoted = TOKEN.findall(lower(" ".join(quotations)))
    if not quoted or not main:
        return set()
    bits = list(map(strange(codes(near(frozenset({main})))).__getitem__, quoted))
    english = any(bit >> LISTED.index("en") & 1 for bit in bits) and _may(DIFFERENCE, text)
    found = {"en"} if english and all(map(usualness("en", USUAL).__contains__, quoted)) else set()
    if len(quoted) == len(quotations) > 1:
        found |= {code for i, code in enumerate(LISTED) if code != "en" and all(bit >> i & 1 for bit in bits)}
    return found


def languages_named(text: str) -> set[str]:
    """The languages a text names. Substrings first: 350 names, and their pattern alone takes half a millisecond."""
    lowered = lower(text)
    if not list(filter(lowered.__contains__, _ASCII_NAMES if text.isascii() else LANGUAGE_NAMES)):
        return set()
    return {LANGUAGE_NAMES[match] for match in _name().findall(lowered)}


def _may(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a large pattern is in a text; a quick look first, since the pattern alone takes a millisecond."""
    return first_look(pattern.pattern)(text) and bool(pattern.search(text))


def _meant(text: str) -> set[str]:
    """The languages a text names, if it means one as such, not the adjective that goes with any noun of a country's."""
    found = [(match[0], text[max(0, match.start() - _SIDE) : match.start()]) for match in _name().finditer(lower(text))]
    meant = (INTO.search(before) or (LANGUAGE_ONLY.search(name) and _is_whole(name, before)) for name, before in found)
    return {LANGUAGE_NAMES[name] for name, _ in found} if any(meant) else set()


def _is_whole(name: str, before: str) -> bool:
    """Whether a name is no part of a longer word ("Turdus"); Chinese and its neighbours leave no blanks."""
    return name[-1] >= "\u0590" or not before[-1:].isalpha()


_SIDE: Final = 16


def _of_clauses(turn: str, main: str | None) -> set[str]:
    """The languages of a prompt's clauses, where it is written in two: "Please check my sentence: ist es falsch?"."""
    if main is None or main in LANGUAGES or len(turn) > _LONG:
        return set()
    clauses = (TOKEN.findall(clause) for clause in _CLAUSE.split(_QUOTED.sub(" ", prose(turn))) if _wordy(clause))
    return set(filter(None, (_of_clause(words, main) for words in clauses if len(words) >= _SHORT)))


def _wordy(clause: str) -> bool:
    """Whether a clause holds no numbers, as titles with their years do."""
    return not any(map(str.isdigit, clause))


def _of_clause(words: Sequence[str], main: str) -> str | None:
    """The language of a clause that is no title: both identifiers name it, and two of its function words."""
    if not all(map(str.islower, words[1:])):
        return None
    told = foreign_to(" ".join(words).lower(), frozenset({main}), _SURE)
    own = COMMON.get(told or "", frozenset()) - COMMON.get(main, frozenset())
    return told if sum(word.lower() in own for word in words) >= _LEAST_OWN else None


_CLAUSE: Final = re.compile(r"[,;:.!?\n]\s")
_SHORT: Final = 4
_LONG: Final = 2_000
_SURE: Final = 0.8
_LEAST_OWN: Final = 2


@cache
def names_written_in(script: str) -> tuple[str, ...]:
    """The names, in lower case, of a script and of the languages that write it."""
    languages = (name for name, language in LANGUAGE_NAMES.items() if script in scripts_of(language))
    return (*languages, *SCRIPT_NAMES.get(script, "").split())


@cache
def _name() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, LANGUAGE_NAMES), key=len, reverse=True)), re.I)


def _by_script(letters: Counter[str], languages: set[str]) -> set[str]:
    """Languages whose own scripts make up a fifth of the letters."""
    total, known = letters.total(), {script for language in languages for script in scripts_of(language)}
    return {language for language, own in LANGUAGES.items() if any(letters[s] * 5 >= total > 0 for s in own - known)}


def _further_latin(words: frozenset[str], main: str | None, least: int) -> set[str]:
    """Other languages with at least so many own function words in a prompt: "Solve: Combien de ..."."""
    told = filter(LANGUAGES_OF.__contains__, words - COMMON.get(main or "", frozenset()))
    own = Counter(language for word in told for language in LANGUAGES_OF[word])
    best = [one for one in sorted(own, reverse=True) if own[one] == max(own.values()) >= least]
    return {one for one in (best if least == _LEAST_OWN else best[:1]) if not are_kin(one, main or "")}
