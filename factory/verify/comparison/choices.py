"""Multiple choice: the options of a question, the letter of an answer.

Covers letters A to J alone, in sets ("A and C", "ACD"), and options named by their text. Does not cover what
the options' texts are worth (`compare.py` passes a function in) nor finding the answer (`extraction/extract.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from factory.records import PROMPTS_AT_WORK
from factory.verify.extraction.doubts import UNSETTLED, gives_none
from factory.verify.literals.normalise import clean, latex

Options = Mapping[str, str]
LETTERS: Final = "ABCDEFGHIJ"

_MARK: Final = re.compile(r"(?:^|(?<=[\s,;:?.\\}]))(?:\(([A-J])\)|\[([A-J])\]|([A-J])[).:,])[.:]?(?=\s|[^A-Za-z\s])")
_ALONE: Final = re.compile(
    r"\W*(?:(?:option|choice|answer|letter|opción|opzione|opção|letra|lettera|lettre|letra|antwort|réponse|respuesta"
    r"|вариант|选项?|答案)\s*:?\s*)?[(\[]?\s*([A-Ja-j])\s*[)\]]?\W*",
    re.IGNORECASE,
)
_LED: Final = re.compile(
    r"\W*(?:(?:option|choice|选项?)\s*:?\s*)?(?:[(\[]([A-Ja-j])[)\]]|([A-J])\s*[).:,](?!\d))[.:]?\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)
_LETTER: Final = r"((?-i:[A-J])|[b-hj]|a(?=\s*(?:[.,;:!)*\]]|is\b|$)))(?![A-Za-z])"
"""In lower case `a` is an article wherever a word follows: "a choice a person makes"."""
_ARROW: Final = re.compile(r"(?:\\to|\\Rightarrow|[=-]>)[\s*($]{0,5}([A-J])[\s*)$.!]*$")
"""`..., D goes too far. → B`"""
_NAMED: Final = re.compile(rf"\W*(?:option|choice|选项?)\s*:?\s*[(\[]?{_LETTER}", re.IGNORECASE)
_REFUSED: Final = re.compile(
    r"[)\].:*\s]*(?:错|是错|不正确|不对|不成立|不符)|[)\].:*\s]*\b(?:(?:is|was|seems|looks)\s"
    r"(?:not|wrong|incorrect|false|out|ruled|eliminated|tempting|impossible|unlikely)\b"
    r"|(?:is|was|does|could|did|has)n['’]t\b|can(?:['’]t|not)\b|(?:can|could|may|might|or)\s|does\snot\b|fails?\b"
    r"|would\s(?!be (?:the )?(?:right|correct|best|answer|valid|true)\b)"
    r"|(?:says|states|claims|suggests|describes|mentions)\b(?!.{0,300}\b(?:correct|right|true|answer|match)))",
    re.DOTALL,
)
"""What follows a letter that is spoken of and not chosen."""
_CHANGED: Final = re.compile(
    r"\W*[A-J]\b[)\]]?[\s.,;:!-]*(?:(?:no[,;]?\s+)?(?:wait|actually|oops|sorry|hmm|maybe|perhaps)\b"
    r"|no[,;]?\s+\(?[A-J]\b)",
    re.IGNORECASE,
)
"""`A, no, B`."""
_FIRST: Final = re.compile(
    r"\W*(?:(?:for sure|surely|definitely|clearly|obviously|certainly|the|la|el|die|der|das|a|o|il|le)\s+)?"
    r"(?:(?:(?i:antwort|option|opción|opzione|opção|letra|lettera|lettre|letter|réponse|respuesta|risposta"
    r"|вариант))\s+)?([A-J])\s*"
    r"(?:[-:,.;](?!>)|\((?![a-z]+\)\s[a-z])|\*\*|(?:not|non|nicht|不是)\s*\(?[A-J]\b"
    r"|(?:because|since|as|weil|denn|porque|car|parce|perché|poiché|pois|потому|так как)\b"
    r"|is correct\b(?!\s(?:only\s)?(?:if|when|unless)\b)|which\b|due\b"
    r"|选?项|因为|です|だ|である|입니다|이다|$)(.*)",
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
    if ("\\to" in text or ">" in text) and (led_to := _ARROW.search(text)):
        return frozenset(led_to[1]), ""
    if found := _ALONE.fullmatch(text):
        return frozenset(found[1].upper()), ""
    if (several := _several(text)) is not None:
        return several, ""
    if _CHANGED.match(text):
        return None
    if found := _LED.match(text):
        if _REFUSED.match(text, found.start(3)):
            return None
        rest, letter = found[3].strip(), (found[1] or found[2]).upper()
        if any("".join(mark.groups(default="")) == chr(ord(letter) + 1) for mark in _MARK.finditer(rest)):
            return None  # the options one after another
        more = _several(rest) if rest[:1].isupper() else None
        return frozenset(letter) | (more or frozenset()), "" if more else rest
    if (found := _NAMED.match(text)) and _REFUSED.match(text, found.end()) is None:
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
    r"(?:\b(?:not|rather than|instead of|unlike|except)|n['’]t be|\bcannot be)\s+(?:option\s+)?\(?[A-J]\b\)?"
    r"|不选\s?[A-J]",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"\b(?:consider|look at|check|test|try|eliminat|exclud|rul(?:e|ing) out|reject|discard)(?:e?d|ing|e)?\s+"
    r"(?:option\s+)?\(?[A-J]\b\)?|\b(?:if|whether|unless|suppose|assuming)\s[^.,;]{0,80}|[^.!?]{0,200}\?"
    r"|\b(?:people|students|many|others|they|tempted to)\s(?:\w+\s){0,3}?(?:choose|pick|select|go with)\s+[A-J]\b"
    r"|\b(?:distractor|trap|mistake|wrong|incorrect|false|tempting)\b[^.,;]{0,20}\b(?:is|are|was):?\s[^.,;]{1,40}",
    re.IGNORECASE,
)
"""Steps on the way to a choice, conditions, questions, what others choose."""
_MENTION: Final = re.compile(
    rf"\(([A-J])\)|\b(?:option|choice|answer|letter),?\s+(?:[-–—]\s)?{_LETTER}"
    r"|\b(?:correct|right|best|true) (?:letter|response|statement|one|option|choice"
    r"|answer)\b[^.;?!]{0,40} is:? \(?((?-i:[A-J]))\b"
    rf"|\b(?:go with|going with|choose|pick|select)\s+{_LETTER}(?!\s(?:such|so that|with)\b)"
    r"|(?<!不)(?<!不能)(?<!排除)选[项择]?\s*([A-J])(?![A-Za-z])(?!\s?(?:错|不|是错|项?不|与|中|可以?排除))"
    r"|(?-i:\*\*([A-J])\b(?!\s[a-z]))"
    r"|(?-i:\b(?:[Hh]ence|[Tt]hus|[Tt]herefore|[Ss]o)[,:]?\s+\(?([A-J])\)?\s*[.!]?$)"
    r"|(?-i:^[^A-J]{0,3}(?:[A-Z][a-z]+ )?[^A-J.]{0,40}(?:\.\.\.|[,:…]) ([A-J])[.!]?$)"
    r"|(?-i:\b([A-J])\s+(?:remains|is left|is the (?:only )?one|it is)\b)"
    r"|(?-i:\b[Ww]hat (?:survives|remains|is left|fits|holds) is ([A-J])\b)"
    r"|(?-i:\b(?:must|has to|should|can only) be ([A-J])\b)"
    r"|(?-i:\bis:? ([A-J])\) )"
    r"|(?-i:\b(?:left with|leaves(?: us)?(?: with| only)?) (?:option )?([A-J])\b(?! (?:out|aside|behind)\b))"
    r"|(?-i:\b(?:[Ii]t|[Tt]hat)(?:'s|’s| is)\s+([A-J])\s*(?:[.,;!]|$))"
    r"|\b((?-i:[A-J]))\b\)?(?:\s\([^()]{1,60}\))?\s+(?:fits|works|matches|is|must be)\s+"
    r"(?:the\s+)?(?:correct|right|best|answer|true|valid)\b"
    r"(?!\s+(?!(?:answer|option|choice|one|because|since|as|and|here|for|among|given|so|due|based|response"
    r"|statement)\b)[a-z])"
    r"|(?<![A-Za-z])([A-J])\s*(?:正确|项正确|是正确)",
    re.IGNORECASE,
)


def mentions(line: str) -> frozenset[str]:
    """The options a sentence speaks of: `(B)`, `option B`, `B is correct`, `选B`."""
    if gives_none(line[-2000:]):
        return frozenset()
    denied = {found[0].rstrip(")")[-1] for found in _DENIED.finditer(line[-2000:])}
    said = _ASIDE.sub(" ", _DENIED.sub(" ", line[-2000:]))
    *before, last = _SO.split(said)
    if before and len(letters := _mentioned(last) - denied) == 1:
        return letters
    return _mentioned(said) - denied


_ALL_TRUE: Final = re.compile(
    r"(?:\b(?<!not )(?:true|correct|right|valid) (?:ones|statements|claims|options|answers|choices) are:? "
    r"|^\W*(?:All )?(?:[Tt]rue|[Cc]orrect|[Rr]ight|[Vv]alid)(?: [a-z]+)?:\W{1,4})"
    r"([A-J][^a-z.;]*(?:and [A-J])?)[.!*]*$"
)


def names_all(line: str, reference: str) -> bool | None:
    """Whether a sentence calls just the letters of a reference the right ones: `the true ones are A, B and D`."""
    wanted = _several(reference)
    found = _ALL_TRUE.search(line) if wanted else None
    if found and UNSETTLED.search(line, max(0, line.rfind(". ", 0, found.start())), found.start()):
        return None
    return None if found is None else _several(found[1]) == wanted


def _mentioned(said: str) -> frozenset[str]:
    meant = (m for m in _MENTION.finditer(said) if _REFUSED.match(said, m.end()) is None)
    return frozenset(next(g for g in m.groups() if g).upper() for m in meant)


_SO: Final = re.compile(r"\b(?:[Ss]o|[Hh]ence|[Tt]hus|[Tt]herefore|[Cc]onsequently)\b")
_OPENING: Final = re.compile(r"\s*(?:\*\*)?(?:\(([A-J])\)|([A-J])(?=[).:*\n]|\s*$))[^\n]{0,200}(?:\n|$)")
_STANDING: Final = re.compile(r"\([A-J]\)|\b[AI][).:]|\b[B-HJ]\b")


def opening(text: str) -> str | None:
    """The letter a text begins with, if no other is ever spoken of after it."""
    if (found := _OPENING.match(text)) is None:
        return None
    letter = found[1] or found[2]
    if _REFUSED.match(text, found.end(found.lastindex or 0)):
        return None
    others = (other[0].strip("().:") for other in _STANDING.finditer(text, found.end(found.lastindex or 0)))
    return letter if all(other == letter for other in others) else None


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
