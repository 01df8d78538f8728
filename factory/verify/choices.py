"""Multiple choice: the options of a question, the letter of an answer.

Covers letters A to J alone, in sets ("A and C", "ACD"), and options named by their text. Does not cover what
the options' texts are worth (`compare.py` passes a function in) nor finding the answer (`extract.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK
from factory.verify.normalise import clean, latex

Options = Mapping[str, str]
LETTERS: Final = "ABCDEFGHIJ"

_MARK: Final = re.compile(r"(?:^|(?<=[\s,;:?.\\}]))(?:\(([A-J])\)|\[([A-J])\]|([A-J])[).:,])[.:]?(?=\s|[^A-Za-z\s])")
_ALONE: Final = re.compile(
    r"\W*(?:(?:option|choice|answer|选项?|答案)\s*:?\s*)?[(\[]?\s*([A-Ja-j])\s*[)\]]?\W*", re.IGNORECASE
)
_LED: Final = re.compile(
    r"\W*(?:(?:option|choice|选项?)\s*:?\s*)?(?:[(\[]([A-Ja-j])[)\]]|([A-J])\s*[).:,](?!\d))[.:]?\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)
_NAMED: Final = re.compile(r"\W*(?:option|choice|选项?)\s*:?\s*[(\[]?([A-J])(?![A-Za-z])", re.IGNORECASE)
_FIRST: Final = re.compile(
    r"\W*(?:(?:for sure|surely|definitely|clearly|obviously|certainly|the|la|el|die|der|das)\s+)?([A-J])\s*"
    r"(?:[-:,.;(]|\*\*|(?:not|non|nicht|不是)\s*\(?[A-J]\b"
    r"|because\b|since\b|as\b|is correct\b|which\b|due\b|选?项|因为|です|だ|である|입니다|이다|$)(.*)",
    re.DOTALL,
)
_SEVERAL: Final = re.compile(r"[(\[]?([A-J])[)\]]?(?:\s*(?:,|;|and|&|和|或|、|/)\s*|\s*)")


@lru_cache(maxsize=PROMPTS_AT_WORK)
def options(meta_json: str, question: str) -> Options:
    """Letter to text, empty if the question has no options.

    From the prompt's meta ("choices" or "options": a list, letter to text, or label and text lists), else from the
    question itself.
    """
    try:
        meta = json.loads(meta_json)
        given = meta.get("choices") or meta.get("options") if isinstance(meta, dict) else None
    except (ValueError, RecursionError):
        given = None
    labels = meta.get("labels") if given is not None else None
    if isinstance(given, list) and isinstance(labels, list):
        given = {"label": labels, "text": given}
    if isinstance(given, dict) and isinstance(given.get("label"), list) and isinstance(given.get("text"), list):
        given = dict(zip(given["label"], given["text"], strict=False))
    if isinstance(given, dict):
        return {str(k).strip().upper(): str(v) for k, v in given.items() if str(k).strip().upper() in LETTERS}
    if isinstance(given, list) and given:
        return {letter: _without_mark(str(text), letter) for letter, text in zip(LETTERS, given, strict=False)}
    return _in_question(question)


def _without_mark(text: str, letter: str) -> str:
    found = _MARK.match(text)
    return text[found.end() :].strip() if found and letter in found.groups() else text


def _in_question(question: str) -> dict[str, str]:
    """Options written out as A. ... B. ... in order, the last such run of the question."""
    text = latex(clean(question[-20_000:]))
    best: list[re.Match[str]] = []
    run: list[re.Match[str]] = []
    for mark in _MARK.finditer(text):
        letter = mark[1] or mark[2] or mark[3]
        if letter == "A":
            run = [mark]
        elif run and len(run) < len(LETTERS) and letter == LETTERS[len(run)]:
            run.append(mark)
        if len(run) >= 2:
            best = list(run)
    if not best:
        return {}
    ends = [mark.start() for mark in best[1:]] + [len(text)]
    texts = [text[mark.end() : end].strip() for mark, end in zip(best, ends, strict=True)]
    return {LETTERS[n]: (t.splitlines() or [""])[0].strip(" ,;$") for n, t in enumerate(texts)}


def letters(text: str) -> tuple[frozenset[str], str] | None:
    """The letters a short answer names, and the text that follows them; None if it names none.

    Lower case counts only where the letter stands alone or in brackets.
    """
    if found := _ALONE.fullmatch(text):
        return frozenset(found[1].upper()), ""
    if (several := _several(text)) is not None:
        return several, ""
    if found := _LED.match(text):
        rest = found[3].strip()
        more = _several(rest) if rest[:1].isupper() else None
        return frozenset((found[1] or found[2]).upper()) | (more or frozenset()), "" if more else rest
    if found := _NAMED.match(text):
        return frozenset(found[1].upper()), ""
    if found := _FIRST.match(text):
        return frozenset(found[1]), ""
    return None


_LABELLED: Final = re.compile(
    r"(?:\(([A-J])\)|([A-J])[.):])\s+(?!\\(?:cup|cap|setminus|subset|times|cdot|to)\b)([\w$\\(-].*)"
)


def labelled(text: str) -> tuple[str, str] | None:
    """The letter and the text of a reference that is a whole option, `(D) Alina`; None for anything else."""
    found = _LABELLED.fullmatch(text)
    return (found[1] or found[2], found[3]) if found else None


_DENIED: Final = re.compile(
    r"\b(?:not|rather than|instead of|unlike|except)\s+(?:option\s+)?\(?[A-J]\b\)?", re.IGNORECASE
)
_MENTION: Final = re.compile(
    r"\(([A-J])\)|\b(?:option|choice|answer|letter)\s+([A-J])\b"
    r"|\b(?:go with|going with|choose|pick|select)\s+([A-J])\b|选[项择]?\s*([A-J])(?![A-Za-z])|\*\*([A-J])\b"
    r"|(?-i:\b(?:[Hh]ence|[Tt]hus|[Tt]herefore|[Ss]o),?\s+\(?([A-J])\)?\s*[.!]?$)"
    r"|(?-i:\b([A-J])\s+(?:remains|is left)\b)"
    r"|(?-i:\b[Ii]t(?:'s|’s| is)\s+([A-J])\s*(?:[.,;!]|$))"
    r"|\b([A-J])\s+is\s+(?:the\s+)?(?:correct|right|best|answer|true|valid)|(?<![A-Za-z])([A-J])\s*(?:正确|项正确|是正确)",
    re.IGNORECASE,
)


def mentions(line: str) -> frozenset[str]:
    """The options a sentence speaks of: `(B)`, `option B`, `B is correct`, `选B`."""
    said = _DENIED.sub(" ", line[-2000:])
    return frozenset(next(g for g in m.groups() if g).upper() for m in _MENTION.finditer(said))


def _several(text: str) -> frozenset[str] | None:
    found, place = set(), 0
    text = text.strip(" .*$")
    while place < len(text) <= 60:
        match = _SEVERAL.match(text, place)
        if match is None or match[1] in found:
            return None
        found.add(match[1])
        place = match.end()
    return frozenset(found) if len(found) > 1 else None
