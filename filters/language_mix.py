r"""Reject text that wanders into another language than its prompt's.

One foreign span is enough, whatever its share. The prompt is read along: its scripts and words are allowed, and a
question about translation or words allows the languages it names. Code, URLs and formulas may hold what they like;
comments and LaTeX `\text{}` may not, but for a few English words. The score is the share of words in the target
language, as in DeepSeek-R1's language reward (section 2.3.2); the spans are the foreign parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from factory.language.foreign.foreign import foreign_words
from factory.language.foreign.labels import labels
from factory.language.foreign.neighbours import neighbours, next_door
from factory.language.foreign.terms import latin_sentences
from factory.language.frequencies import USUAL, at_home, codes
from factory.language.identify import ROMANCE, cousins, eldc_says, near
from factory.language.languages import Allowed, allowed_by, with_target
from factory.language.letters import is_cited
from factory.language.main_language import main_language
from factory.language.scripts import LATIN, RANGES, all_but, count_words, script_runs, scripts_of
from factory.language.text import TOKEN, Span, bare, lower, prose, region_at
from factory.language.words import CUES
from factory.records import Prompt, Sample, Verdict

_MOST_SPANS = 1_000
_GREEK_WORD = re.compile(r"[άέήίόύώς]|^(?:και|του|της|για|που|αυτ|ειν|μια|τον|την|των|στο|στη)")
_SYMBOLS = {"Ш", "ш", "א", "ב", "ツ", "シ", "の", "ー", "々", "〇"}
"""Letters used as signs: Tate-Shafarevich group, cardinals, a shrug."""
_GLYPHS = re.compile("[аеорсухіјѕԁԛԝһАВЕКМНОРСТХІЈЅУ]+|[οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]+")
"""Letters drawn like Latin ones (Unicode confusables)."""
_GREEK_OR_CYRILLIC = re.compile("[\u0370-\u052f]")
_CYRILLIC = re.compile(f"[{RANGES['Cyrillic']}]")
_LATIN_LETTER = re.compile(f"[{LATIN}]")
_LATIN_IN_CYRILLIC = re.compile(
    "(?<=[а-яё]{2})[aceopxyABCEHKMOPTX]+(?![A-Za-z])|(?<![A-Za-z])[aceopxyABCEHKMOPTX]+(?=[а-яё]{2})"
)
_LATIN_IN_GREEK = re.compile(
    r"(?<![^\W\d_])(?=[^\W\d_]{5})[Α-ΡΣ-Ϋά-ώ]+([aovupiktxywABEHIKMNOPTXYZ]{1,2})[ά-ώ]{2,}(?![^\W\d_])"
    r"|(?<![^\W\d_])([aovupiktxywABEHIKMNOPTXYZ]{1,2})[ά-ώ]{4,}(?![^\W\d_])"
)
"""In a word of five letters: a formula is shorter."""


def judge(sample: Sample, prompt: Prompt, *, target: str = "prompt") -> Verdict:
    """`target`: a language code, or "prompt" for the prompt's own language."""
    allowed = allowed_by(prompt, target)
    text = sample.text
    if allowed.target is None:
        allowed = with_target(allowed, main_language(bare(text)))
    glyphs = list(islice(_homoglyphs(text, allowed), _MOST_SPANS))
    if glyphs:
        return Verdict.reject("homoglyphs", _share(text, glyphs), glyphs)
    foreign = list(islice(_foreign_scripts(text, allowed), _MOST_SPANS))
    if foreign:
        return Verdict.reject("foreign_script", _share(text, foreign), foreign)
    words = _foreign_words(text, allowed)
    if words and (other := _other_reading(text, allowed)):
        words = _foreign_words(text, other)
    if words:
        return Verdict.reject("foreign_words", _share(text, words), words[:_MOST_SPANS])
    return Verdict.accept(score=1.0)


def _other_reading(text: str, allowed: Allowed) -> Allowed | None:
    """A short prompt read in the answer's language, where a title made it seem another's: "Clean code nedir?"."""
    if len(allowed.words) > _SHORT_PROMPT or not allowed.target:
        return None
    home = at_home(codes(near(allowed.languages)))
    main = main_language(bare(text))
    if main is None or main in allowed.languages:
        return None
    there = at_home(codes(frozenset({main})))
    odd = any(len(word) > 1 and word not in home and there.get(word, 0.0) >= USUAL for word in allowed.words)
    if not odd and there and main in cousins(allowed.languages) & ROMANCE:  # "Por que aparece no SSH?" may be of either
        here = at_home(codes(frozenset({allowed.target})))
        odd = sum(there.get(word, 0.0) - here.get(word, 0.0) for word in allowed.words) >= 0
    return with_target(allowed, main) if odd else None


_SHORT_PROMPT = 10


def doomed(text: str, prompt: Prompt, *, target: str = "prompt") -> Verdict | None:
    """Foreign letters in a finished line of a growing text stay foreign: nothing that follows makes code of them."""
    allowed = allowed_by(prompt, target)
    finished = text[: text.rfind("\n") + 1]
    if allowed.target is None:
        return None
    span = next(_foreign_scripts(finished, allowed), None)
    return Verdict.reject("foreign_script", None, [span]) if span else None


def _foreign_words(text: str, allowed: Allowed) -> list[Span]:
    """What the script doesn't tell."""
    if allowed.target is None:
        return []
    if "Latin" in scripts_of(allowed.target):
        found = foreign_words(prose(text), allowed) or next_door(prose(text), allowed)
    else:
        found = sorted(neighbours(prose(text), allowed) + latin_sentences(prose(text), allowed))
    found = found or list(labels(bare(text), allowed))
    return [span for span in found if not _is_english_note(text, *span, allowed.languages)]


_SENTENCE, _PHRASE = 8, 4


def _is_english_note(text: str, start: int, end: int, languages: frozenset[str]) -> bool:
    """Whether a span is part of a comment or of text in LaTeX that holds a few English words, as in every language."""
    region = region_at(text, start)
    if region is None or end > region.end or "en" in languages:
        return False
    line = text[text.rfind("\n", region.start, start) + 1 : end]
    words = TOKEN.findall(lower(re.split(r"#|//|/\*|\{|--", line)[-1]))
    if region.kind == "math" and not CUES["always"].isdisjoint(words[:-1]):
        return False  # "which gives", "since x > 0"
    return 0 < len(words) < (_SENTENCE if region.kind == "fence" else _PHRASE) and eldc_says(" ".join(words)) == "en"


def _homoglyphs(text: str, allowed: Allowed) -> Iterator[Span]:
    """Letters of another alphabet, drawn alike, inside a word."""
    if text.isascii() or not _GREEK_OR_CYRILLIC.search(text):
        return
    if allowed.target == "el":
        for match in _LATIN_IN_GREEK.finditer(bare(text)):
            yield match.span(match.lastindex or 1)
        return
    if allowed.target in ("ru", "uk", "bg", "sr"):
        for match in _LATIN_IN_CYRILLIC.finditer(text):
            yield match.span()
        return
    for match in _GLYPHS.finditer(text):
        start, end = match.span()
        around = text[max(0, start - 1) : start] + text[end : end + 1]
        if _LATIN_LETTER.search(around) and not _CYRILLIC.search(around) and _in_latin_word(text, start, end):
            yield start, end


def _in_latin_word(text: str, start: int, end: int) -> bool:
    """Whether the Latin letters around number two or more: a variable beside a Greek capital is a formula."""
    before = _LATIN_LETTER.findall(text[max(0, start - 2) : start].rpartition(" ")[2])
    after = _LATIN_LETTER.findall(text[end : end + 2].partition(" ")[0])
    return len(before) + len(after) >= 2


def _foreign_scripts(text: str, allowed: Allowed) -> Iterator[Span]:
    """Runs of letters of a script that isn't allowed, outside code and URLs but in their comments."""
    if text.isascii():
        return
    cited: set[str] = set()
    for match in all_but(allowed.scripts).finditer(text):
        for script, start, end in script_runs(text, *match.span()):
            if text[start:end] in cited:
                continue
            if not _is_exempt(text, script, start, end, allowed):
                yield start, end
            elif end - start > 1:
                cited.add(text[start:end])


def _is_exempt(text: str, script: str, start: int, end: int, allowed: Allowed) -> bool:
    run = text[start:end]
    if run in _SYMBOLS or (script == "Greek" and not _is_greek_word(run)):
        return True
    region = region_at(text, start)
    if region and region.kind != "math" and prose(text)[start] == " ":
        return True
    return is_cited(text, script, start, end, allowed)


def _is_greek_word(run: str) -> bool:
    """Formulas run Greek letters together; words have four lower-case ones, or three of a usual word or an accent."""
    lower = sum(c.islower() for c in run)
    return lower >= 4 or (lower == 3 and bool(_GREEK_WORD.search(run)))


def _share(text: str, foreign: list[Span]) -> float:
    """Share of the words that stand outside the foreign spans; a Chinese or Japanese character is a word."""
    inside = sum(count_words(text[start:end]) for start, end in foreign)
    total = max(inside, count_words(prose(text)))
    return 1 - inside / total if total else 1.0
