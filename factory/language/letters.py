"""Tell letters of another script that are cited from letters that are written: a name in its own script, a gloss.

"Sun Tzu (孙子)", "罗贯中 Luo Guanzhong", "the Cyrillic д", and, where words are asked about, what is set in quotes.
Does not find foreign letters (`filters/language_mix.py`).
"""

from __future__ import annotations

import re
from typing import Final

from factory.language.frequencies import USUAL, at_home, codes
from factory.language.identify import near
from factory.language.language_names import LANGUAGE_NAMES
from factory.language.languages import Allowed, names_written_in
from factory.language.scripts import LATIN
from factory.language.text import lower

_OTHER: Final = r"[^\W\da-zA-Z]"
_INSIDE: Final = rf"(?:{_OTHER}|[ ·・'’-]){{0,40}}"
_NAME_BEFORE: Final = re.compile(
    rf"(?:[A-ZÀ-Þ][\w'’-]*|[가-힣])[\"”’»*_]{{0,3}} ?[(（][\"“«「*]?(?:\w{{1,12}}[ ·])?{_INSIDE}$"
    rf"|[\"”’»*_] ?[(（][\"“«「*]?{_INSIDE}$"
)
_BRACKET_CLOSES: Final = re.compile(rf"{_INSIDE}[\"”»」*]?(?:[ ,，、;；] ?[\w ./’'–—-]{{1,40}})?[)）]")
_NAME_AFTER: Final = re.compile(
    rf"{_OTHER}{{0,12}}[\"”»」』》*_]{{0,3}} ?[(（][\"“*_]{{0,2}}[A-ZÀ-Þ][\w'’ .-]{{1,40}}[)）,，;；]"
)
_ROMANISED_AFTER: Final = re.compile(r"[^\W\da-zA-Z]{0,12} ([A-Z][^\W\d_A-Z]+)(?:-[a-z]+| [A-Z][\w'’-]+)")
_ROMANISED_INSIDE: Final = re.compile(r"[,;] [*_]{0,2}[A-Z][\w'’ -]{2,30}[*_]{0,2}\)")
_TITLED: Final = re.compile(
    r"\b(?:titles?|titel\w*|titres?|títulos?|titol[oi]|tytuł\w*|original\w*|names?|nam[en]|noms?|nombres?|nomes?|nomi)"
    r"[^.!?\n]{0,20}[:=] ?[^.!?\n]{0,30}$",
    re.I,
)
_QUOTED_BEFORE: Final = re.compile(r"(?:[\"“„«「『《*_(（‘][^\"“”„«»「」『』()（）\n]{0,60}|[|>] ?|\n- )$")
_QUOTED_AFTER: Final = re.compile(r"[^\"“”„«»「」『』()（）\n]{0,60}?[\"”»」』》*_)）’(（|–—=:：]")
_LONGEST_NAME: Final = 14
_NAMED_BEFORE: Final = 25
_AROUND: Final = 80


_WORD_BEFORE = re.compile(f"[{LATIN}] $")
_WORD_ENDS = re.compile(r"[,;.)]")


def is_cited(text: str, script: str, start: int, end: int, allowed: Allowed) -> bool:
    """Whether a run of another script's letters is cited."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if end - start <= _LONGEST_NAME and (
        text[start:end] in LANGUAGE_NAMES
        or _is_glossed(before, after, allowed)
        or _TITLED.search(before)
        or any(map(before[-_NAMED_BEFORE:].lower().__contains__, names_written_in(script)))
    ):
        return True
    if not allowed.about_words:
        return False
    if end - start <= _LONGEST_NAME and _WORD_BEFORE.search(before) and _WORD_ENDS.match(after):
        return True  # a cousin of the word that is asked about: "německé Arbeit, ruské работа, ..."
    if end - start <= _LONGEST_NAME and any(map(text[:start].lower().__contains__, names_written_in(script))):
        return True
    return bool(_QUOTED_BEFORE.search(before) and _QUOTED_AFTER.match(after))


def _is_glossed(before: str, after: str, allowed: Allowed) -> bool:
    """Whether a run stands beside its Latin form: behind it in brackets, before it, or before its romanised name."""
    if _NAME_BEFORE.search(before) and _BRACKET_CLOSES.match(after):
        return True
    if _NAME_AFTER.match(after):
        return True
    if before.endswith("(") and _ROMANISED_INSIDE.match(after):
        return True
    romanised = _ROMANISED_AFTER.match(after)
    home = at_home(codes(near(allowed.languages))) if romanised else {}
    return bool(home and romanised and home.get(lower(romanised[1]), 0.0) < USUAL)
