"""What a prompt asks for that would be a fault if nobody had: odd settings of text, and the signs of encodings.

Read from the words of the prompt, in a few languages. Does not cover markup, dialogues, code and languages, which the
rules that look for them ask about themselves.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK

_SETTING: Final = re.compile(
    r"\b(?:capital(?:s| letters?)|capitali[sz]e\w*|caps|upper-? ?case|lower-? ?case|title case|shout\w*|alternating"
    r"|mocking|leet\w*|1337|stutter\w*|spell(?:ed|ing|s)?|letter by letter|word by word|(?:per|a|on (?:its|their) own"
    r"|on a new|on separate) lines?|acrostic|punctuation|without (?:spaces|vowels|commas|blanks)|no (?:spaces|vowels"
    r"|commas|blanks)|camel ?case|snake_? ?case|base ?64|encod\w+|decod\w+|cipher\w*|encrypt\w*|fancy|fonts?|unicode"
    r"|braille|morse|full-?width|superscript|upside[- ]down|ascii|emojis?|keyboard|qwerty|calligram|concrete poem"
    r"|poems?|verses?|rap|song|lyrics|haiku|telegram|gibberish|lorem ipsum|backwards?|revers\w+|mirror\w*|zalgo"
    r"|glitch|strikethrough|underlin\w+|spac(?:ed|ing)|tabs?|indent\w*|align\w*|grid|banner|sign\b|slogan|headline"
    r"|Großbuchstaben|Kleinbuchstaben|buchstabier\w*|Gedicht|Lied|rückwärts|majuscules?|minuscules?|épel\w+|poème"
    r"|chanson|à l['’]envers|mayúsculas?|minúsculas?|deletre\w+|poema|canción|al revés|maiuscol\w+|poesia"
    r"|wielki\w+ liter\w+|wiersz)\b|заглавн|прописн|по буквам|стих|песн|наоборот|大写|小写|拼写|逐字|诗|歌|倒着"
    r"|大文字|詩|俳句|시를|노래",
    re.I,
)
_SIGNS: Final = re.compile(
    r"\b(?:encod\w+|escap\w+|entit(?:y|ies)|unicode|utf-?\d*|ascii|latin-?1|mojibake|characters?|newlines?"
    r"|line (?:breaks?|feeds?|ends?)|backslash\w*|html|json|xml|csv|regex\w*|regular expressions?|strings?|bytes?"
    r"|zero-width|invisible|control|garbled|code ?points?|numerals?|digits?|homoglyphs?|look-?alikes?|phishing"
    r"|Zeichen\w*|Umlaute?|kodier\w+|Ziffern?|caractères?|encodage|chiffres? arabes|caracteres?|codificación)\b"
    r"|\\[nturx]|&[a-z]+;|кодировк|символ|цифр|编码|乱码|转义|字符|数字|文字化け|エスケープ|인코딩",
    re.I,
)


@lru_cache(maxsize=2 * PROMPTS_AT_WORK)
def _holds(pattern: re.Pattern[str], asked: str) -> bool:
    return pattern.search(asked) is not None


def asks_for_setting(question: str) -> bool:
    """Whether capitals, letters apart, short lines or the like are asked for."""
    return _holds(_SETTING, question)


def asks_for_signs(question: str) -> bool:
    """Whether it is about characters: escapes, entities, encodings, digits."""
    return _holds(_SIGNS, question)
