"""Reject stretches that are no language: keyboard noise, word salad, shuffled words, reversed or enciphered ones,
debris of symbols and camelCase pieces.

Evidence, by window: no sentences (almost no function words, almost no word twice, no punctuation) while nothing says
it is a list; or letters no language puts together, by two language identifiers that can't tell; or symbols run
together with word pieces; or words that no list has; or pairs that no sentence has ("the of"); or rare words, scripts
or connectives in a heap (`language/faults/rare_runs.py`). Code, formulas and tables are left out.
The score is the share of bad windows.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from factory.language.faults.nonsense import clashes, known
from factory.language.faults.rare_runs import clause_of_joints, rare_run, scripts_jumbled
from factory.language.frequencies import dictionary, listed
from factory.language.identify import fasttext_says
from factory.language.languages import Allowed, allowed_by
from factory.language.scripts import LATIN, OTHER, scripts_of
from factory.language.text import CJK, TOKEN, Span, lower, prose
from factory.language.words import COMMON
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict

_FUNCTION = frozenset().union(*COMMON.values())
_WINDOW, _STEP = 30, 15
_UNSAYABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{6,}|([a-z])\1\1|q[^u\W\d_]|[jqx][bcdfgjkpqvwxz]|[bcdfgkpvw]x", re.I)
_VOWEL = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿąęėįőűůăıāēīōū]", re.I)
_SEPARATORS = re.compile(r"[,;:.!?()\n|/•\-–—=]")


def judge(sample: Sample, prompt: Prompt, *, windows: int = 1) -> Verdict:
    """`windows`: how many bad windows of 30 words reject."""
    text = prose(sample.text)
    bad, total = _bad_windows(text)
    share = len(bad) / total if total else 0.0
    if len(bad) >= windows:
        return Verdict.reject("token_soup", share, bad[:100])
    mangled = [] if _asks_for_odd_words(prompt.question) else _mangled(text, allowed_by(prompt), prompt.question)
    if mangled:
        return Verdict.reject("unknown_words", share, mangled)
    if lost := _lost_thread(text, prompt):
        return Verdict.reject("lost_thread", share, [lost])
    if not text.isascii() and (rare := _rare_characters(text)):
        return Verdict.reject("rare_characters", share, rare)
    shuffled = _shuffled(text)
    if shuffled:
        return Verdict.reject("shuffled_words", share, shuffled)
    debris = _debris(text)
    return Verdict.reject("debris", share, [debris]) if debris else Verdict.accept(score=share)


def _lost_thread(text: str, prompt: Prompt) -> Span | None:
    """A run of rare words, or scripts or connectives tumbled together, where the prompt is of no such things."""
    asked = prompt.question
    if _asks_for_odd_words(asked) or _OF_LANGUAGES.search(asked):
        return None
    english = (allowed_by(prompt).languages or {"en"}) == {"en"}
    return (rare_run(text, asked) if english else None) or scripts_jumbled(text) or clause_of_joints(text)


_OF_LANGUAGES = re.compile(
    r"languag|translat|script|alphabet|unicode|character|etymolog|greet|\bhello\b|\bwords?\b|letters|sprache"
    r"|übersetz|langue|tradui|idioma|traduc|lingua|язык|перев|语|字|翻译|言語|訳|언어",
    re.I,
)


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _asks_for_odd_words(asked: str) -> bool:
    """Whether a prompt asks for words that no list has."""
    return _ODD_WORDS.search(asked) is not None


_ODD_WORDS = re.compile(
    r"\b(?:nonsense|gibberish|made-up|invented?|fictional|imaginary|pig latin|cipher|encod\w+|encrypt\w*|anagrams?"
    r"|scrambled?|dialect|misspel\w+|typos?|jabberwocky|old english|middle english|transliterat\w+"
    r"|phonetic\w*|pronounc\w+)\b",
    re.I,
)


def _bad_windows(text: str) -> tuple[list[Span], int]:
    """Windows of Latin words that read as no language, and the number of all windows."""
    words = TOKEN.findall(lower(text))
    if len(words) < 8:
        return [], 0
    flags = bytes(map(_FUNCTION.__contains__, words))
    starts = range(0, max(1, len(words) - _WINDOW // 2), _STEP)
    suspects = [at for at in starts if sum(flags[at : at + _WINDOW]) * 6 < min(_WINDOW, len(words) - at)]
    if not suspects:
        return [], len(starts)
    spans = [match.span() for match in TOKEN.finditer(text)]
    bad = []
    for at in suspects:
        window = spans[at : at + _WINDOW]
        if _is_soup(text, window):
            bad.append((window[0][0], window[-1][1]))
    return bad, len(starts)


def _mangled(text: str, allowed: Allowed, asked: str) -> list[Span]:
    """A window of words of which few are known to the allowed languages, small lists asked first."""
    languages = allowed.languages or frozenset({"en"})
    if "Latin" not in {script for language in languages for script in scripts_of(language)} or not all(
        listed(language) for language in languages if "Latin" in scripts_of(language)
    ):
        return []
    words = _SMALL.findall(text)
    flags = bytes(map(known(languages).__contains__, words))
    suspect, most = (0.75, 0.33) if languages == {"en"} else (0.4, _HALF)  # English lists hold nearly all there is
    for at in range(0, max(1, len(words) - _WINDOW // 2), _STEP):
        size = min(_WINDOW, len(words) - at)
        if size >= _LEAST_WORDS and flags.count(1, at, at + size) < size * suspect:
            window = [word for word in words[at : at + size] if word not in allowed.words]
            told = dictionary(languages | {"en"})
            odd = [
                word for word in window if word not in told and (word.isascii() or most == _HALF) and word not in asked
            ]
            if len(window) >= _LEAST_WORDS and len(odd) > most * len(window) and len(set(odd)) >= _LEAST_ODD:
                spans = [match.span() for match in _SMALL.finditer(text)]
                return [(spans[at][0], spans[at + size - 1][1])]
    return []


_SMALL = re.compile(f"(?<![{LATIN}'’])(?![^a-zß-öø-ÿā-ſ])[{LATIN}]{{3,}}(?:['’][{LATIN}]+)?")
"""A word that doesn't begin with a capital."""
_LEAST_WORDS, _LEAST_ODD, _HALF = 14, 6, 0.5


def _rare_characters(text: str) -> list[Span]:
    """All Chinese characters when a quarter of them is in no list of common ones (level 1 of GB 2312, Big5, JIS)."""
    spans = [match.span() for match in CJK.finditer(text)]
    if len(spans) < _LEAST_CHARACTERS:
        return []
    rare = sum(not _is_common(text[start]) for start, _ in spans[:_ENOUGH_CHARACTERS])
    return [(spans[0][0], spans[-1][1])] if rare * 4 > len(spans[:_ENOUGH_CHARACTERS]) else []


_LEAST_CHARACTERS = 60
_ENOUGH_CHARACTERS = 5_000
_LEVEL_ONE = {"gb2312": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "euc_jp": (0xA4, 0xCF)}


@lru_cache(maxsize=30_000)
def _is_common(character: str) -> bool:
    codes = ((character.encode(name, "ignore")[:1], edges) for name, edges in _LEVEL_ONE.items())
    return any(code and edges[0] <= code[0] <= edges[1] for code, edges in codes)


def _shuffled(text: str) -> list[Span]:
    """Three pairs of words near each other that no sentence has."""
    found = clashes(text)
    near = ((first[0], third[1]) for first, third in zip(found, found[2:], strict=False))
    return [span for span in near if span[1] - span[0] <= _NEAR][:1]


_NEAR = 700
"""Characters, about 130 words."""


def _is_soup(text: str, window: list[Span]) -> bool:
    start, end = window[0][0], window[-1][1]
    words = [text[a:b] for a, b in window]
    if OTHER.search(text, start, end) or len(words) < 8:
        return False  # terms inside another script's text; foreign scripts are another rule's
    small = [w for w in words if w.islower() and len(w) > 2]
    unsayable = sum(1 for w in small if len(w) > 3 and (_UNSAYABLE.search(w) or not _VOWEL.search(w)))
    if unsayable >= 4 and unsayable * 4 >= len(small):
        return True
    if len(small) < len(words) * 0.7 or len(words) < _WINDOW:
        return False
    shares = sorted(fasttext_says(" ".join(words)).values())
    if shares[-1] < 0.25:
        return True
    separators = len(_SEPARATORS.findall(text, start, end))
    alone = len(set(small)) / len(small)
    return separators * 15 <= len(words) and alone > 0.9


def _debris(text: str) -> Span | None:
    """Sixteen tokens of which nine are signs run together, pieces of names and words that no list has."""
    if len(_SIGNS.findall(text)) < _LEAST_SIGNS:
        return None
    told, found = known(frozenset({"en"})), list(_TOKEN.finditer(text))
    kinds = "".join(_kind(match.group(), told) for match in found)
    for at in range(0, len(kinds) - _AT_ONCE + 1, 4):
        window, tokens = kinds[at : at + _AT_ONCE], found[at : at + _AT_ONCE]
        signs = {token.group() for token, kind in zip(tokens, window, strict=True) if kind == "s"}
        mostly = window.count(" ") <= _AT_ONCE - _MOSTLY
        if mostly and len(signs) >= _LEAST_SIGNS and window.count("i") > 1 and "u" in window:
            return tokens[0].start(), tokens[-1].end()
    return None


def _kind(token: str, told: Container[str]) -> str:
    """s: signs; i: a piece of a name or a word with signs in it; u: a word of no list; a blank for all others."""
    if _SIGNS.fullmatch(token):
        return " " if token in _USUAL_SIGNS else "s"
    if _PIECE.search(token):
        return "i"
    return "u" if token.islower() and token.isalpha() and len(token) > 2 and token not in told else " "


_TOKEN = re.compile(r"\S+")
_SIGNS = re.compile(r"(?<!\S)(?!(\S)\1+(?!\S))[\[\]{}()<>;:|&=~$#@%^\\/,.!?+*_-]{2,}(?!\S)")
_USUAL_SIGNS = frozenset(("->", "=>", "<=", ">=", "!=", "),", ").", "],", "].", "):", "+=", "-="))
_PIECE = re.compile(
    r"[a-z][A-Z]|[A-Za-z]_|_[A-Za-z]|[A-Za-z][\]\[{}<>=|;\\~@#$%^&]|[\]\[{}<>=|;\\~@#$%^&][A-Za-z]|-[{(\[]|0x"
)
_LEAST_SIGNS, _AT_ONCE, _MOSTLY = 3, 16, 9
