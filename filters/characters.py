"""Reject characters nobody meant to write: mojibake, U+FFFD, control characters, stacked accents, escaped text,
words of two alphabets, digits of another script.

Emoji, accents, all scripts and the marks that right-to-left or Indic scripts need are fine. The score is the number of
such places.
"""

from __future__ import annotations

import re
from itertools import islice

from factory.language.faults.asked import asks_for_signs
from factory.language.text import Span, bare, without
from factory.records import Prompt, Sample, Verdict

_BROKEN = re.compile("[\ufffd\ufffe\uffff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u180e]")
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20f0]{3,}")
# UTF-8 read as Latin-1 or Windows-1252: a lead byte's letter followed by what its continuation bytes turn into.
_TAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = re.compile(
    f"[ÃÂÅÄ][\x80-\xa9\xab-\xb9\xbb-\xbf€ƒ„…†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|â€|â„¢|ï»¿|ï¿½|ð[Ÿ\x9f]|[äåæçèéêëìíîïà]{_TAIL}{_TAIL}"
    f"|(?:[ÐÑØÙ]{_TAIL}){{2}}"
    "|锟斤拷|烫烫烫|屯屯屯|(?:[РС][\u0402-\u040f\u0452-\u045f‚„…†‡€‰‹‘’“”•–—™›°±µ¶·]){2}"
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}\d?|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
# A literal line end may be followed by a capital, a CJK letter or itself; by a small letter it may be \nu or \text.
_ESCAPE = re.compile(  # every branch begins with the backslash: a search for one character is quick
    r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|(?<!\\\\)[nt](?![a-z{])|(?<!\\\\)r\\n|(?<=\\n\\)n"
    r"|(?<=[\w.,:!?]\\)n(?=[a-z]{2,} )"
    r'|"(?=\w)|(?<=[\w.,!?]\\)")'
)
_LINE_END = re.compile(
    r"(?<=[.!?:;,])\\r\\n|\\n(?:(?<=[.!?:;]\\n)|(?<=[.!?:;]\s\\n))(?=\\n|[A-Z\d*#-])|(?:\\{1,4}n){2}(?![a-z])"
)
_NO_PROSE = ("fence", "code", "math", "url")
_ASKED = ("mojibake", "entities", "escapes", "foreign_digits", "lookalikes", "invisible")
"""What may be asked about."""
_SPLIT = re.compile("(?<=[a-zA-Z])[\u200c\u200d](?=[a-zA-Z])|(?<=[a-z]) [\u200c\u200d](?=[a-z])")
_LOST = re.compile(r"(?<=[^\W\d_])\?{1,2}(?=[a-zß-ÿ])")
_LOOSE_ACCENT = re.compile(r"(?<=[A-Za-z])[¨´˜ˆ¸˚](?=[a-z])|(?<=[a-z])[¨´˜ˆ¸˚](?=\s)")
_LOOKALIKE = re.compile(
    "(?<![^\\W\\d_])(?:[a-zA-Z]+[\u0430-\u0455\u0456-\u045f\u0410-\u042f\u04bb\u0501\u051b\u051d\u13a0-\u13f4\u0561-\u0586]"
    "|[\u0430-\u0455\u0456-\u045f\u0410-\u042f\u0405-\u0408\u04bb\u0501\u051b\u051d\u13a0-\u13f4\u0561-\u0586]+[a-zA-Z])"
)
"""A word of two alphabets, as letters make it that only look alike."""
_OTHER_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\U0001d7ce-\U0001d7ff]")
_OF_DIGITS = re.compile("[\u0621-\u064a\u066e-\u06d3\u0904-\u0963\u0985-\u09e3\u0e01-\u0e4e]")
"""Digits of other scripts, and letters of those that write them."""
_MOST_DIGITS = 4
_CODE_PAGE = re.compile("(?<=[a-z])[‚ƒ„†‡ˆ‰‹˜](?=[a-z])")
_WIDE_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f]")
_MOST_INVISIBLE, _MOST_ENTITIES, _MOST_ESCAPES, _MOST_LOST = 5, 1, 2, 3
_KINDS = (
    ("stacked_accents", _STACKED, 0),
    ("mojibake", _BROKEN, 0),
    ("mojibake", _MOJIBAKE, 0),
    ("invisible", _INVISIBLE, _MOST_INVISIBLE),
    ("invisible", _SPLIT, 2),
    ("mojibake", _CODE_PAGE, 2),
)
_MOST_LOOKALIKES = 3
_SUSPECT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20f0\ufffd-\uffff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\u200b\u2060"
    "\ufeff\u00ad\u180e\u200c\u200d‚ƒ„†‡ˆ‰‹˜ÃÂÅÄâïðäåæçèéêëìíîàÐÑØÙ锟烫屯РС]"
)
"""Every fault of `_KINDS` has one of these characters: one class, searched first, for speed."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs: one broken character is enough; invisible ones, entities and escapes may be a few."""
    text = sample.text
    reason, spans = _fault(text)
    if reason in _ASKED and asks_for_signs(prompt.question):
        return Verdict.accept(score=float(len(spans)))
    if reason == "mojibake":
        spans = [span for span in spans if span[1] - span[0] < 2 or text[slice(*span)] not in prompt.question]
    if spans:
        return Verdict.reject(reason, float(len(spans)), spans[:100])
    return Verdict.accept(score=0.0)


def _fault(text: str) -> tuple[str, list[Span]]:
    if spans := _found(_CONTROL, text):
        return "control", spans
    if not text.isascii() and _SUSPECT.search(text):
        for reason, pattern, most in _KINDS:
            if len(spans := _found(pattern, text)) > most:
                return reason, spans
    if not text.isascii() and len(spans := _found(_LOOSE_ACCENT, bare(text))) > _MOST_LOST:
        return "mojibake", spans
    if not text.isascii() and len(spans := _found(_LOOKALIKE, bare(text))) > _MOST_LOOKALIKES:
        return "lookalikes", spans
    if not text.isascii() and len(spans := _found(_OTHER_DIGITS, text)) > _MOST_DIGITS and not _OF_DIGITS.search(text):
        return "foreign_digits", spans
    if not text.isascii() and len(blanks := _found(_WIDE_BLANKS, text)) >= 30 and len(blanks) * 3 > text.count(" "):
        return "blanks", blanks
    if _loses_letters(text) and len(spans := _found(_LOST, bare(text))) > _MOST_LOST:
        return "mojibake", spans
    if "&" in text and len(spans := _found(_ENTITY, bare(text))) > _MOST_ENTITIES:
        return "entities", spans
    if "\\n" in text and (spans := _found(_LINE_END, without(text, *_NO_PROSE))):
        return "escapes", spans
    if "\\" in text and len(spans := _found(_ESCAPE, without(text, *_NO_PROSE))) > _MOST_ESCAPES:
        return "escapes", spans
    return "", []


def _loses_letters(text: str) -> bool:
    """Whether question marks stand inside words, rather more often than in addresses."""
    return text.count("?") > _MOST_LOST and len(_LOST.findall(text)) > _MOST_LOST


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in islice(pattern.finditer(text), 10_000)]
