"""Writing systems: which letters stand in a text, and which a language may use.

Does not cover languages that share a script (`languages.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

RANGES: Final = {
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrillic": "\u0400-\u052f",
    "Armenian": "\u0531-\u0587",
    "Hebrew": "\u05d0-\u05f2",
    "Arabic": "\u0620-\u065f\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Devanagari": "\u0900-\u0963\u0970-\u097f",
    "Bengali": "\u0980-\u09e5\u09f0-\u09fe",
    "Gurmukhi": "\u0a01-\u0a65\u0a70-\u0a76",
    "Gujarati": "\u0a81-\u0ae5",
    "Tamil": "\u0b82-\u0be5",
    "Telugu": "\u0c00-\u0c65",
    "Kannada": "\u0c80-\u0ce5",
    "Malayalam": "\u0d00-\u0d65",
    "Sinhala": "\u0d81-\u0df3",
    "Thai": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "Lao": "\u0e81-\u0ece",
    "Tibetan": "\u0f40-\u0fbc",
    "Burmese": "\u1000-\u103f",
    "Georgian": "\u10a0-\u10ff\u1c90-\u1cbf",
    "Ethiopic": "\u1200-\u135f",
    "Khmer": "\u1780-\u17d3",
    "Hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "Kana": "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d",
    "Han": "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
}
"""Letters and their marks; digits and punctuation of a block are left out. Unicode block charts."""

LATIN: Final = "A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿＡ-Ｚａ-ｚ"

LANGUAGES: Final = {
    "zh": {"Han"},
    "ja": {"Han", "Kana"},
    "ko": {"Hangul"},
    "ru": {"Cyrillic"},
    "uk": {"Cyrillic"},
    "bg": {"Cyrillic"},
    "sr": {"Cyrillic"},
    "mk": {"Cyrillic"},
    "be": {"Cyrillic"},
    "kk": {"Cyrillic"},
    "mn": {"Cyrillic"},
    "el": {"Greek"},
    "ar": {"Arabic"},
    "fa": {"Arabic"},
    "ur": {"Arabic"},
    "he": {"Hebrew"},
    "hi": {"Devanagari"},
    "mr": {"Devanagari"},
    "ne": {"Devanagari"},
    "bn": {"Bengali"},
    "pa": {"Gurmukhi"},
    "gu": {"Gujarati"},
    "ta": {"Tamil"},
    "te": {"Telugu"},
    "kn": {"Kannada"},
    "ml": {"Malayalam"},
    "si": {"Sinhala"},
    "th": {"Thai"},
    "lo": {"Lao"},
    "bo": {"Tibetan"},
    "my": {"Burmese"},
    "ka": {"Georgian"},
    "hy": {"Armenian"},
    "am": {"Ethiopic"},
    "km": {"Khmer"},
}
"""Scripts of the languages that don't write Latin; every other language is taken to write Latin."""

_RUN = re.compile("|".join(f"([{letters}]+)" for letters in RANGES.values()))
_NAMES = tuple(RANGES)
OTHER: Final = re.compile(f"[{''.join(RANGES.values())}]+")
"""A run of letters of any script but Latin: one character class, so it is quick where there is nothing to find."""
LATIN_WORD: Final = re.compile(f"[{LATIN}]+(?:['’][{LATIN}]+)?")


_CJK = re.compile(f"[{RANGES['Han']}{RANGES['Kana']}]")


@lru_cache(maxsize=64)
def all_but(scripts: frozenset[str]) -> re.Pattern[str]:
    """A run of letters of any script that is neither Latin nor one of these; never matches when there is none."""
    letters = "".join(ranges for script, ranges in RANGES.items() if script not in scripts)
    return re.compile(f"[{letters}]+" if letters else r"(?!)")


def script_runs(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """(script, start, end) of the runs of one script in a stretch found by `OTHER`."""
    return [(_NAMES[(m.lastindex or 1) - 1], *m.span()) for m in _RUN.finditer(text, start, end)]


def count_letters(text: str, limit: int = 20_000) -> Counter[str]:
    """Letters by script in the first `limit` characters; Latin ones are counted with the rest."""
    head = text[:limit]
    counts: Counter[str] = Counter()
    if not head.isascii():
        # One class first: to try every script at each Latin letter takes five times as long.
        for run in OTHER.findall(head):
            for script, start, end in script_runs(run, 0, len(run)):
                counts[script] += end - start
    latin = sum(len(word) for word in LATIN_WORD.findall(head))
    if latin:
        counts["Latin"] = latin
    return counts


def scripts_of(language: str) -> set[str]:
    """The scripts a language is written in."""
    return LANGUAGES.get(language, {"Latin"})


def count_words(text: str) -> int:
    """Words of a text; a Chinese or Japanese character counts as one, and so does a run of any other script."""
    latin = len(LATIN_WORD.findall(text))
    if text.isascii():
        return latin
    return latin + sum(len(_CJK.findall(run)) or 1 for run in OTHER.findall(text))
