"""Reject characters nobody meant to write: mojibake, U+FFFD, control characters, stacked accents, escaped text.

Emoji, accents, all scripts and the marks that right-to-left or Indic scripts need are fine. The score is the number of
such places.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise

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
_LINE_END = re.compile(r"\\n(?:(?<=[.!?:;]\\n)|(?<=[.!?:;]\s\\n))(?=\\n|[A-Z\d*#-])|\\n(?<!\\\\n)\\n")
_NO_PROSE = ("fence", "code", "math", "url")
_SPLIT = re.compile("(?<=[a-zA-Z])[\u200c\u200d](?=[a-zA-Z])|(?<=[a-z]) [\u200c\u200d](?=[a-z])")
_LOST = re.compile(r"(?<=[a-zß-ÿ])\?(?=[a-zß-ÿ])")
_CODE_PAGE = re.compile("(?<=[a-z])[‚ƒ„†‡ˆ‰‹˜](?=[a-z])")
_WIDE_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f]")
_MOST_INVISIBLE, _MOST_ENTITIES, _MOST_ESCAPES, _MOST_LOST = 5, 1, 2, 4
_KINDS = (
    ("stacked_accents", _STACKED, 0),
    ("mojibake", _BROKEN, 0),
    ("mojibake", _MOJIBAKE, 0),
    ("invisible", _INVISIBLE, _MOST_INVISIBLE),
    ("invisible", _SPLIT, 2),
    ("mojibake", _CODE_PAGE, 2),
)
_SUSPECT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20f0\ufffd-\uffff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\u200b\u2060"
    "\ufeff\u00ad\u180e\u200c\u200d‚ƒ„†‡ˆ‰‹˜ÃÂÅÄâïðäåæçèéêëìíîàÐÑØÙ锟烫屯РС]"
)
"""Every fault of `_KINDS` has one of these characters: one class, searched first, for speed."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs: one broken character is enough; invisible ones, entities and escapes may be a few."""
    text = sample.text
    reason, spans = _fault(text)
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
    pieces = text.split("?")
    return (
        len(pieces) > _MOST_LOST and sum(a[-1:].islower() and b[:1].islower() for a, b in pairwise(pieces)) > _MOST_LOST
    )


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in islice(pattern.finditer(text), 10_000)]
