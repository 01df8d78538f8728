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
from itertools import chain, repeat
from typing import Final

from factory.language.first_look import first_look
from factory.language.frequencies import USUAL, at_home, codes, usualness
from factory.language.identify import are_kin, eldc_says, fasttext_says, foreign_to, near
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
from factory.language.markers import TASKS
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
    if _may(DIFFERENCE, text) and _are_english(text, main):
        languages.add("en")
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


def _are_english(text: str, main: str | None) -> bool:
    """Whether the words that a question quotes are English: "Qual a diferença entre 'make' e 'do'?"."""
    quoted = TOKEN.findall(lower(" ".join(_QUOTED.findall(text))))
    english, home = usualness("en", USUAL), at_home(codes(near(frozenset({main or ""}))))
    odd = any(english.get(word, 0.0) >= home.get(word, 0.0) + 1 for word in quoted)
    return odd and all(map(english.__contains__, quoted))


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


@lru_cache(maxsize=64)
def main_language(text: str) -> str | None:
    """The language most of a text's letters are in, None without at least two words of any.

    Scripts decide first, then letters that only one language uses, then function words; an unclear Latin text is
    None rather than a guess.
    """
    letters = count_letters(text)
    if letters.keys() == {"Latin"}:
        return _latin_language(text) if letters.total() >= 3 else None
    # A Chinese character says about as much as two Latin letters, and terms and variables are Latin everywhere.
    weights = Counter({s: n * (2 if s in ("Han", "Kana", "Hangul") else 1) for s, n in letters.items()})
    weights["Latin"] = weights["Latin"] // 2 if len(weights) > 1 else weights["Latin"]
    if not weights or weights.total() < 3:
        return None
    script = weights.most_common(1)[0][0]
    if script == "Latin":
        return _latin_language(text)
    if script in ("Han", "Kana"):
        return "ja" if letters["Kana"] * 12 > letters["Han"] else "zh"
    if script == "Cyrillic":
        return _by_letters(text, {"uk": "іїєґ", "sr": "ђћџљњј", "bg": ""}, "ru")
    if script == "Arabic":
        return _by_letters(text, {"ur": "ٹڈڑںے", "fa": "پچژگکی"}, "ar")
    if script == "Devanagari":
        return _by_letters(text, {}, "hi")
    return next((language for language, own in LANGUAGES.items() if script in own), None)


def _by_letters(text: str, own: dict[str, str], default: str) -> str:
    head = text[:5_000].lower()
    letters = max(1, sum(c.isalpha() for c in head))
    for language, hints in own.items():
        if hints and sum(map(head.count, hints)) / letters > 0.01:
            return language
    guess = eldc_says(head[:1_000])
    kept = letters >= _MANY or fasttext_says(head[:1_000]).get(guess, 0.0) >= 0.5
    return guess if kept and LANGUAGES.get(guess) == LANGUAGES[default] else default


_MANY: Final = 60
"""Letters from which on eldc needs no second vote: a word or two may be of any neighbour."""


def _latin_language(text: str) -> str | None:
    """The language two of three voters agree on: our function words, eldc, fastText; None when none do."""
    words = TOKEN.findall(text[:20_000].lower())[:400]
    if not words:
        return None
    scores = Counter(chain.from_iterable(map(_LANGUAGES_OF, words, repeat(()))))
    (best, most), (_, second) = (*scores.most_common(2), ("", 0), ("", 0))[:2]
    if most >= _PLAIN and most * 3 >= len(words) and most >= 2 * second:
        return _or_galician(
            best, words
        )  # what nobody would outvote: the voters take five times as long as all the rest
    line = " ".join(words)
    guess, shares = eldc_says(line), fasttext_says(line)
    third = max(shares, key=lambda language: shares[language])
    votes = [best] * (most > second) + [guess] + [third] * (shares[third] >= 0.3)
    needed = 2 if len(words) >= 5 else len(votes)  # a title or a term may outvote the few words around it
    for vote in votes:
        if sum(are_kin(vote, other) for other in votes) >= max(2, needed) and vote not in LANGUAGES:
            if third not in COMMON.keys() | LANGUAGES | {"ms"} and (
                guess == third or shares[third] >= (0.6 if are_kin(guess, third) else 0.95)
            ):
                return third  # Catalan is no Spanish, though we have no list of its words
            return _or_galician(best if are_kin(vote, best) and most else _listed(vote), words)
    return _by_task(words, votes)


def _or_galician(found: str, words: Sequence[str]) -> str:
    """The language found, or Galician where a word tells it or the question begins with its "how many"."""
    own = _GALICIAN.get(found)
    return "gl" if own and (not own.isdisjoint(words) or words[0] in _HOW_MANY) else found


def _by_task(words: Sequence[str], votes: Sequence[str]) -> str | None:
    """The language whose verb a short task begins with; where two share it, the one somebody votes for."""
    named = [language for language, verbs in TASKS.items() if not verbs.isdisjoint(words[:_SHORT])]
    voted = [language for language in named if language in votes]
    return named[0] if len(named) == 1 else voted[0] if voted else None


_SHORT: Final = 4


_PLAIN: Final = 6
"""Function words from which on a language is plain, if they are a third of all and twice another's."""
_LANGUAGES_OF: Final = LANGUAGES_OF.get
_GALICIANS = "unha dunha nunha cunha dun nun cun coa coas cos máis moi xa entón tamén cando ata dous dúas hai cal moito"
_OWN_GALICIAN: Final = frozenset(_GALICIANS.split())
_GALICIAN: Final = {
    "pt": (_OWN_GALICIAN | {"cantas", "canta", "con", "sen"}) - {"nun", "xa"},
    "es": (_OWN_GALICIAN | {"ao", "aos", "á", "ás", "polo", "pola", "isto"}) - {"cal", "nun"},
}
"""Function words of Galician that Portuguese or Spanish has not: eldc doesn't know it and gives it to one of them."""
_HOW_MANY: Final = frozenset(["canto", "cantos", "canta", "cantas"])


def _listed(language: str) -> str:
    """The language itself, or its kin that we have words of."""
    return next((known for known in COMMON if are_kin(known, language)), language)


def _further_latin(words: frozenset[str], main: str | None, least: int) -> set[str]:
    """Other languages with at least so many own function words in a prompt: "Solve: Combien de ..."."""
    told = filter(LANGUAGES_OF.__contains__, words - COMMON.get(main or "", frozenset()))
    own = Counter(language for word in told for language in LANGUAGES_OF[word])
    best = [one for one in sorted(own, reverse=True) if own[one] == max(own.values()) >= least]
    return {one for one in (best if least == _LEAST_OWN else best[:1]) if not are_kin(one, main or "")}
