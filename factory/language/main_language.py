"""Which language a text is mostly in.

Scripts decide, then letters of one language, then three voters: function words, eldc and fastText. Does not cover
what a prompt allows (`languages.py`) nor foreign parts of a text (`foreign/foreign.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Final

from factory.language.identify import are_kin, eldc_says, fasttext_says
from factory.language.markers import TASKS
from factory.language.scripts import LANGUAGES, count_letters
from factory.language.text import TOKEN
from factory.language.words import COMMON, LANGUAGES_OF


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
        return _or_galician(best, words)  # nobody would outvote it, and to ask the voters takes five times as long
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
