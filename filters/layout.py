"""Reject text set so that nobody can read it: words glued or spaced out letter by letter, one word a line, stuttered
words, shouting, a mark or an emoji after every word, ornamental alphabets, walls of symbols, encoded blobs, pages of
blank lines or empty rows.

Code, formulas and URLs are left out; grids, rules of dashes, tables, lists of words and long numbers stay. The score is
the number of such places.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise

from factory.language.faults.asked import asks_for_setting
from factory.language.first_look import first_look
from factory.language.scripts import LATIN
from factory.language.text import CJK, Span, bare, regions
from factory.records import Prompt, Sample, Verdict

_ORNAMENTS = (
    "\U0001d400-\U0001d7cb\U0001f110-\U0001f189Ⓐ-ⓩＡ-Ｚａ-ｚ"  # bold and the like, circled, wide
    "\u02b0-\u02b8\u02e0-\u02e4\u1d00-\u1dbf\u2071\u207f\u2090-\u209c\u249c-\u24b5\u2801-\u28ff"  # raised, Braille
)
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_FIVE = [run for row in _KEYS for keys in (row, row[::-1]) for i in range(len(keys) - 4) for run in [keys[i : i + 5]]]
"""Five keys in a row of a keyboard."""
_PATTERNS = {
    "spaced_letters": re.compile(f"(?:(?<![{LATIN}])[{LATIN}] {{1,3}}){{25,}}"),
    "blank_lines": re.compile(r"\n(?:[ \t]{0,80}\n){25,}"),
    "symbols": re.compile("[←-⯿\U0001f000-\U0001faff\ufe0f\u200d ]{80,}|[!?！？]{40,}"),
    "punctuation": re.compile(r"[^\w\s]{40,}"),
    "joined_words": re.compile(
        f"(?<![{LATIN}])[{LATIN}]++(?:[.…,;:!?*~|_+&-]{{1,3}}+[{LATIN}\\d]++){{14,}}+"
        f"|(?:%[0-9A-F]{{2}}[^\\s%]{{0,40}}+){{10,}}+"
    ),
    "ornamental_letters": re.compile(f"(?:[{_ORNAMENTS}][ .,;:!?*\\-'’]{{0,3}}+){{15,}}+"),
    "underlined_letters": re.compile("(?:\\w[\u0332-\u0338\u0305\u035f]){8,}+"),
    "keyboard": re.compile(f"(?:(?:{'|'.join(_FIVE)})\\w*+[^\\n]{{0,60}}?){{5}}", re.I),
    "no_stops": re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{150,}+"),
    "letters_apart": re.compile(f"(?:(?<![{LATIN}])[{LATIN}](?:[-.·][{LATIN}]){{1,20}}+[^{LATIN}]{{1,8}}+){{6,}}+"),
}
_MAY_BE_ODD = first_look(
    *(pattern.pattern for name, pattern in _PATTERNS.items() if name != "keyboard"), "|".join(_FIVE)
)
_NOT_ASCII = ("ornamental_letters", "underlined_letters", "no_stops")
_RULES = frozenset("|-:+=._*~#^<>/\\—─━│┃┼├┤·…")
"""What rules, leaders and table borders are made of, up to three kinds at a time."""
_LETTERS = re.compile(f"[{LATIN}]")
_LEET = re.compile(r"(?<!\S)[a-z@$!013457]{0,12}(?:[a-z][@$!013457]+[a-z]|[@$!7530][a-z]{2})[a-z@$!013457]{0,12}", re.I)
_STUTTER = re.compile(f"(?<![{LATIN}])([{LATIN}])-(?:\\1-)?\\1[{LATIN}]", re.I)
_HAS_LEET = re.compile(r"[a-z][@$!013457][a-z]", re.I)
_ALPHABET = 22
_STAMMERS = 12
_EMPTY_ROWS = 20
_EMPTY_ROW = re.compile(r"^[ \t]*+(?:\(?(?:\d{1,4}|[a-zA-Z])[.):][ \t]*+|[-*•+][ \t]*+|(?:\|[ \t]*+)++)\n", re.M)


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    if asks_for_setting(prompt.question):
        return Verdict.accept("asked_for")
    text = bare(sample.text)
    plain = text.isascii()
    for reason, pattern in _PATTERNS.items() if _MAY_BE_ODD(sample.text) else ():
        if plain and reason in _NOT_ASCII:
            continue
        if reason == "keyboard" and not list(filter(text.lower().__contains__, _FIVE)):
            continue
        searched = sample.text if reason == "blank_lines" else text  # blanked code is no blank page
        spans = [span for span in _found(pattern, searched) if _counts(reason, searched[slice(*span)])]
        spans = [span for span in spans if searched[slice(*span)] not in prompt.question]
        if spans:
            return Verdict.reject(reason, float(len(spans)), spans[:100])
    reason = _as_a_whole(sample.text, text) or _as_a_whole(sample.answer, bare(sample.answer))
    return Verdict.reject(reason, 1.0) if reason else Verdict.accept(score=0.0)


def _counts(reason: str, found: str) -> bool:
    if reason == "punctuation":
        return len(set(found)) > 3 or not _RULES.issuperset(found)
    if reason == "spaced_letters":
        return len(set(found.lower())) < _ALPHABET  # which spells nothing
    return reason != "symbols" or len("".join(found.split())) >= 40


def _as_a_whole(original: str, text: str) -> str:
    """What is wrong with the words taken together, or ""."""
    words = text.split()
    if len(words) >= 20:
        pairs = sum(a == b and len(a) > 1 and a.isalpha() for a, b in pairwise(words))
        if pairs * 4 >= len(words):
            return "stutter"
        if text.count("-") >= _STAMMERS and len(_STUTTER.findall(text)) * 8 >= len(words):
            return "stutter"
        if _HAS_LEET.search(text) and len(_LEET.findall(text)) * 6 >= len(words):
            return "digits_for_letters"
    if not text.isascii() and _is_turned(text):
        return "ornamental_letters"
    if (
        not text.isascii()
        and (apart := len(_APART.findall(text))) >= _MANY_APART
        and apart * 4 >= len(CJK.findall(text))
    ):
        return "spaced_letters"
    if _shouts(text):
        return "shouting"
    if _headings(text):
        return "headings"
    if _steps_jump(original):
        return "steps"
    if _empty_rows(text):
        return "empty_rows"
    urls = [r for r in regions(original) if r.kind == "url"]
    return "urls" if len(urls) >= 30 and sum(r.end - r.start for r in urls) > 0.7 * len(original) else ""


_APART = re.compile("[\u3041-\u30ff\u4e00-\u9fff] (?=[\u3041-\u30ff\u4e00-\u9fff])")
_MANY_APART = 20


def _is_turned(text: str) -> bool:
    """Whether many letters are those that look like others upside down."""
    count = len(_TURNED.findall(text))
    return count >= _MANY_TURNED and count * 5 >= len(_LETTERS.findall(text))


_TURNED = re.compile("[\u0250-\u02af]")
_MANY_TURNED = 30


def _headings(text: str) -> bool:
    """Whether most of many lines are headings."""
    count = text.count("\n#") + text.startswith("#")
    full = [line for line in text.split("\n") if line.strip()] if count >= _ALL_HEADINGS else []
    if full and count == len(full) and min(line.count(" ") for line in full) >= _ALL_HEADINGS:
        return True
    return count >= _HEADINGS and count * 10 > 6 * sum(1 for line in text.split("\n") if line.strip())


_HEADINGS, _ALL_HEADINGS = 8, 3


def _steps_jump(text: str) -> bool:
    """Whether numbered steps at the beginnings of lines come in no order."""
    numbers = [int(number) for number in _STEP.findall(text)] if len(text) > _STEPS_FROM else []
    return sum(b not in (a, a + 1, 1) for a, b in pairwise(numbers)) >= _MOST_JUMPS


_STEP = re.compile(
    r"^\W{0,6}(?:Step|Schritt|Étape|Paso|Passo|Шаг|Krok|Stap|第|Adım)\s?(\d{1,2})(?!\w)(?!\.\d)", re.M | re.I
)
_STEPS_FROM, _MOST_JUMPS = 40, 2


def _empty_rows(text: str) -> bool:
    """Many list items or table rows in a row that hold nothing, or hardly a heading or item that holds something."""
    row = count = 0
    for match in _EMPTY_ROW.finditer(text):
        count = count + 1 if match.start() == row else 1
        row = match.end()
        if count >= _EMPTY_ROWS:
            return True
    bare_marks = len(_ONLY_MARKS.findall(text))
    return bare_marks >= _MARKS_ALONE and bare_marks * 2 > sum(1 for line in text.split("\n") if line.strip())


_MARKS_ALONE = 8
_ONLY_MARKS = re.compile(r"^[ \t]*+(?:#{1,6}|\d{1,3}[.)]|[-*+•](?: [-*+•])*)[ \t]*+$", re.M)
"""A heading or an item without a word: eight of them, and more than there are other lines."""


def _shouts(text: str) -> bool:
    """Whether more than four in five letters of at least 150 are capitals, of more kinds than a strand of DNA has."""
    if sum(map(text.count, "etaoins")) > sum(map(text.count, "ETAOINS")):  # settles nearly every text, quickly
        return False
    letters = _LETTERS.findall(text)
    capitals = sum(map(str.isupper, letters))
    return len(letters) >= 150 and len(set(letters)) > 10 and capitals > 0.8 * len(letters)


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in islice(pattern.finditer(text), 1_000)]
