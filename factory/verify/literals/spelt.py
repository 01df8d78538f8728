"""Numbers in words: `twenty-one`, `two million`, `three and a half`, `one quarter`, `十二`, `五分之三`.

Covers small ones in English and Chinese, and up to fifteen in five more languages. Does not cover figures nor what the
words behind a number are worth (`numbers.py`, `units.py`).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_WHOLES: Final = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_SHARES: Final = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_SMALL: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_LARGE: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS: Final = {word: n for n, word in enumerate(_SMALL.split())}
_TENS: Final = {word: 10 * n for n, word in enumerate(_LARGE.split(), start=2)}
_CHINESE: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}

_ABROAD: Final = """null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici
zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze"""
"""German, French, Spanish, Italian, Portuguese."""
_OTHERS: Final = {word: n for line in _ABROAD.splitlines() for n, word in enumerate(line.split())}
_OTHERS.update(zip(("zwanzig", "vingt", "veinte", "venti", "vinte"), (20,) * 5, strict=True))
ABROAD: Final = "|".join(word for word, n in _OTHERS.items() if n > 1)
FOREIGN: Final = re.compile(
    r"\b(?:der|das|und|ist|sind|hat|haben|ein|eine|mit|von|für|jede[mr]?|beträgt|sein|ihr|wir|noch|el|los|las|una|es|por|para"
    r"|que|la|al|del|cada|lo|il|gli|uma|os|da|na|em|são|les|des|est|sont|du|une|pour|avec|donc|het|een|voor|tiene|sono)\b",
    re.IGNORECASE,
)
"""Words of a text in one of these languages."""
_KNOWN: Final = {*_UNITS, *_TENS, *_WHOLES, *_SHARES, *(share + "s" for share in _SHARES), "hundred", "a", "halves"}


def value_in_words(text: str) -> tuple[Fraction, str] | None:
    """The value a text begins with and the words behind it; None if it begins with no number."""
    words = text.casefold().split()
    if words and "-" in words[0] and not set(words[0].split("-")) <= _KNOWN:
        return None  # three-digit
    words = " ".join(words).replace("-", " ").split()
    used, total = _cardinal(words)
    value, rest = _share(Fraction(total), words[used:]) if used else _part(words)
    if value is None:
        chinese = _chinese(text)
        return None if chinese is None else (chinese, "")
    if len(rest) > 2 and rest[0] == "of" and rest[1] in ("a", "an"):
        rest = rest[2:]  # three quarters of an hour
    return value, " ".join(rest)


def _cardinal(words: list[str]) -> tuple[int, int]:
    """How many number words come first, and what they come to."""
    total = part = used = 0
    for word in words:
        if word == "a" and words[1:2] and words[1] in ("dozen", "hundred", *_WHOLES) and not used:
            part = 1
        elif word == "dozen" and part:
            part *= 12
        elif word in _UNITS or word in _TENS or word in _OTHERS:
            part += _UNITS.get(word, _TENS.get(word, _OTHERS.get(word, 0)))
        elif word == "hundred" and part:
            part *= 100
        elif word in _WHOLES and part:
            total, part = total + part * _WHOLES[word], 0
        elif word != "and" or not used or words[used - 1] not in ("hundred", *_WHOLES) or used + 1 == len(words):
            break
        used += 1
    return used, total + part


def _share(whole: Fraction, rest: list[str]) -> tuple[Fraction | None, list[str]]:
    """What follows a cardinal: `thirds`, `and a half`, or else its unit."""
    if rest and rest[0].removesuffix("s") in _SHARES:
        return whole / _SHARES[rest[0].removesuffix("s")], rest[1:]
    if rest[:1] == ["and"]:
        part, unit = _part(rest[1:])
        return (None if part is None else whole + part), unit
    return whole, rest


def _part(words: list[str]) -> tuple[Fraction | None, list[str]]:
    """`half`, `a quarter`, `one third`."""
    if words == ["half"]:
        return Fraction(1, 2), []
    if len(words) > 1 and words[1].removesuffix("s") in _SHARES:
        many = 1 if words[0] in ("a", "an") else _UNITS.get(words[0], 0)
        return (Fraction(many, _SHARES[words[1].removesuffix("s")]) if many else None), words[2:]
    return None, words


def _chinese(text: str) -> Fraction | None:
    """`十二`, `四十二`, `二分之一`."""
    down, share, up = text.partition("分之")
    if share:
        below, above = _chinese(down), _chinese(up)
        return above / below if below and above is not None else None
    if text == "百":
        return Fraction(100)
    tens, ten, ones = text.partition("十")
    if not ten:
        tens, ones = "", text
    if (tens and tens not in _CHINESE) or (ones and ones not in _CHINESE) or not text:
        return None
    return Fraction((_CHINESE[tens] if tens else 1) * 10 * bool(ten) + (_CHINESE[ones] if ones else 0))
