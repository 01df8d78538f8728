"""Reject text that is set oddly throughout: words or sentences run together, capitals at random or in a rant, a word
or two a line, marks and emoji without measure, no marks at all, quotes or bullets nested to the margin.

Shares of the whole text decide, where `layout` looks for single places. Code, formulas and URLs are left out. The
score is the share found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from factory.language.faults.asked import asks_for_setting
from factory.language.faults.narrow_lines import same_length, short_lines
from factory.language.first_look import first_look
from factory.language.frequencies import dictionary
from factory.language.languages import allowed_by
from factory.language.scripts import LATIN
from factory.language.text import CJK, Span, bare
from factory.language.words import COMMON
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict

_FUNCTION = frozenset(word for words in COMMON.values() for word in words if len(word) > 1)
_ENGLISH = frozenset(word for word in COMMON["en"] if len(word) > 1)
_LEAST_WORDS = 15
_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "nb", "no", "fi", "hu", "et", "is", "tr", "eu"})
_LONG = re.compile(f"[{LATIN}]{{14,}}")
_RUN_ON = re.compile("[a-zß-öø-ÿ]{2}(?:[.!?][A-ZÀ-Þ]|[,;!?][a-zß-öø-ÿ])[a-zß-öø-ÿ](?![\\w]*[(@.])")
_MAY_RUN_ON = first_look(_RUN_ON.pattern, ignore_case=False)
_ENDS = re.compile("[a-zß-öø-ÿ]{2}[.,;!?](?=\\s)")
_RANT = re.compile(r"(?:(?<![A-Za-z])[A-Z]{1,20}(?![A-Za-z])[^A-Za-z\n]{1,4}){20,}")
_EMOJI = re.compile("[\U0001f300-\U0001faff☀-✏✑✒✕✙-➐➕-➰]")
_FACE = re.compile("[(（][^\\w\\s()（）]{0,4}[‿ω▽◡﹏ಠ◕ᴥ益皿ロд∀´｀][^\\s()（）]{0,5}[)）]")
_SHOUTS = re.compile(r"[!?！？]{3,}")
_TRAILS = re.compile(r"(?<![.…])(?:\.{3,5}|…{1,3})(?![.…])")
_AGAIN = re.compile(r"([。，、；,;])\1{1,}|(?<=\w)\.{6,}(?=\s|\w)|(?<=\w)([!?！？])\2{4,}")
_MARKS_AGAIN = re.compile(r"[。，、；,;]{2}|\.{6}|[!?！？]{5}")
_MOST_AGAIN = 3
_HUMPS = re.compile(r"(?:[A-Z][a-z]*+){7,}+")
_RULE = re.compile(r"^[ \t]{0,3}(?:-{3,}|\*{3,}|_{3,}|={3,}|(?:[-*_] ){2,}[-*_])[ \t]*$", re.M)
_ODD_CASE = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_UNMARKED = 150
"""Words in a row without a mark, from which on they are a wall."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    if asks_for_setting(prompt.question):
        return Verdict.accept("asked_for")
    for text, part in (
        (bare(sample.text), 1),
        (bare(sample.answer), 2),
    ):  # long thinking thins what is odd of an answer
        words = text.split()
        if len(words) < _LEAST_WORDS and len(text) < 10 * _LEAST_WORDS:
            continue
        for reason, share in _shares(text, words, prompt, part):
            if share:
                return Verdict.reject(reason, share)
        if rant := _rant(text, prompt):
            return Verdict.reject("rant", (rant[1] - rant[0]) / len(text))
    return Verdict.accept(score=0.0)


def _shares(text: str, words: list[str], prompt: Prompt, part: int) -> Iterator[tuple[str, float]]:
    """What of the text is set oddly, kind by kind; of a part of it less is enough."""
    yield "run_on", _run_on(text, 6 // part)
    yield "glued_words", _glued(text, words, prompt) or _humps(text)
    yield "odd_case", _odd_case(words)
    yield "emoji", _emoji(text, words, prompt)
    yield "exclamations", _often(_SHOUTS, text, words, 6 // part, 12 * part) if _MAY_SHOUT.search(text) else 0.0
    yield "trailing_off", _often(_TRAILS, text, words, 12 // part, 6 * part) if _MAY_TRAIL.search(text) else 0.0
    yield "marks_again", _marks_again(text)
    yield "same_length", same_length(text)
    yield "set_apart", _set_apart(text, words)
    yield "foreign_marks", _foreign_marks(text)
    yield "rules", _rules(text)
    yield "no_marks", _unmarked(text) if part == 1 else _unmarked_answer(text)
    yield "indented", float(part > 1 and _indented(text))
    yield "short_lines", float(short_lines(text, 2) or short_lines(text, 4))


def _indented(text: str) -> bool:
    """Whether all of at least three lines of some words stand far from the margin."""
    full = [line for line in text.expandtabs().split("\n") if line.strip()] if " " * _FAR in text else []
    return len(full) > _TWO and all(line.startswith(" " * _FAR) and len(line.split()) > _FEW for line in full[1:])


_FAR, _TWO, _FEW = 16, 2, 3
_MAY_SHOUT, _MAY_TRAIL = re.compile(r"!!!|\?\?\?|！！！"), re.compile(r"\.\.\.|…")


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _has_emoji(asked: str) -> bool:
    return "emoji" in asked.lower() or _EMOJI.search(asked) is not None


def _often(pattern: re.Pattern[str], text: str, words: list[str], least: int, every: int) -> float:
    """How many matches a word there are, where they are at least `least` and one in `every` words; else 0."""
    count = len(pattern.findall(text))
    return count / len(words) if count >= least and count * every >= len(words) else 0.0


def _marks_again(text: str) -> float:
    """How often a mark stands three times and more, where no sentence has it so."""
    count = len(_AGAIN.findall(text)) if _MARKS_AGAIN.search(text) else 0
    return float(count) if count > _MOST_AGAIN else 0.0


def _emoji(text: str, words: list[str], prompt: Prompt) -> float:
    if text.isascii() or _has_emoji(prompt.question):
        return 0.0
    return _often(_EMOJI, text, words, 8, 10) or _often(_FACE, text, words, 3, 60)


def _run_on(text: str, least: int) -> float:
    """Share of the marks inside sentences and at their ends that no blank follows, when it is half of them or more."""
    if not _MAY_RUN_ON(text):
        return 0.0
    count = len(_RUN_ON.findall(text))
    return count / (count + len(ends)) if count >= least and count >= len(ends := _ENDS.findall(text)) else 0.0


def _glued(text: str, words: list[str], prompt: Prompt) -> float:
    """Share of long words that no list has, in languages that don't build long ones."""
    long = _LONG.findall(text)
    if len(long) < 4 or len(long) * 14 < len(words):
        return 0.0
    languages = allowed_by(prompt).languages or frozenset({"en"})
    if languages & _COMPOUNDING or not languages <= {"en", "fr", "es", "it", "pt"}:
        return 0.0
    told = dictionary(languages | {"en"})
    odd = sum(word.lower() not in told and not _ODD_CASE.search(word) for word in long)
    return odd / len(words) if odd >= 4 and odd * 14 >= len(words) else 0.0


_BETWEEN = frozenset("|/→>•·♪☆★~\\_#&@;:-")


def _foreign_marks(text: str) -> float:
    """How many full stops and commas of Chinese stand behind Latin letters."""
    if text.isascii():
        return 0.0
    count = len(_WIDE_MARK.findall(text))
    few = count < 4 or count < len(_ENDS.findall(text)) or len(CJK.findall(text)) > 4 * count  # terms in Chinese
    return 0.0 if few else float(count)


_WIDE_MARK = re.compile(f"(?<=[{LATIN}])[。，；：！？](?=[\\s{LATIN}]|\\Z)")


def _set_apart(text: str, words: list[str]) -> float:
    """Share of function words that a sign touches or follows: "the/sum/of", "(the) (sum) (of)", "the | sum | of"."""
    sign, times = max(((sign, text.count(f" {sign} ")) for sign in _BETWEEN), key=lambda pair: pair[1])
    if times < 15 and sum(map(_FUNCTION.__contains__, words)) * 10 >= 3 * len(words):
        return 0.0
    if "\n|" in text:
        text = "\n".join(line for line in text.split("\n") if not line.startswith("|"))
    words = text.lower().split() or [""]
    plain = sum(map(_FUNCTION.__contains__, words))
    if times >= 15 and times * 4 >= len(words):
        after = sum(a in _FUNCTION and b == sign for a, b in pairwise(words))
        return after / len(words) if after >= 8 and after * 2 >= plain else 0.0
    if plain * 8 >= len(words):
        return 0.0
    joined = _WORD.findall(text.lower())
    common = sum(map(_FUNCTION.__contains__, joined)) if len(_FUNCTION.intersection(joined)) > 4 else 0
    return common / len(joined) if common >= 12 and common * 5 >= len(joined) and plain * 4 < common else 0.0


_WORD = re.compile(r"[^\W\d_]+")


def _humps(text: str) -> float:
    """Share of the text in sentences written as one name: "TheSumOfTheseTwoIsNine"."""
    for match in _HUMPS.finditer(text):
        words = re.findall("[A-Z][a-z]*", match.group())
        if sum(len(word) > 1 and word.lower() in _ENGLISH for word in words) * 4 >= len(words):
            return len(match.group()) / len(text)
    return 0.0


def _odd_case(words: list[str]) -> float:
    """Share of words with capitals inside, or of function words inside a sentence that begin with one."""
    if sum(map(str.islower, words)) * 5 > 4 * len(words):
        return 0.0
    words = [word for word in words if any(map(str.isalpha, word))]
    loud = {b for a, b in pairwise(words) if len(b) > 1 and b.isupper() and b.lower() in _ENGLISH and not a.isupper()}
    if len(loud) >= _LOUD and len(loud) * 10 >= len(words):
        return len(loud) / len(words)
    plain = [word.strip(".,;:!?") for word in words if len(word) > 2 and word != word.lower()]
    odd = sum(not word.isupper() and word.isalpha() and not word.istitle() for word in plain)
    if odd * 4 >= len(words) and (odd >= 12 or odd * 2 >= len(words) > 15):
        return odd / len(words)
    if len(plain) * 2 < len(words):
        return 0.0
    inside = [b for a, b in pairwise(words) if a[-1].isalpha() and b.lower() in _ENGLISH]
    titles = sum(word.istitle() for word in inside)
    return titles / len(words) if titles >= 10 and titles * 5 >= 3 * len(inside) else 0.0


_LOUD = 5


def _rant(text: str, prompt: Prompt) -> Span | None:
    """A run of 20 words in capitals that reads as sentences."""
    if text.count("E") * 12 < 20 or not (match := _RANT.search(text)):
        return None
    words = re.findall("[A-Z]+", match.group())
    said = sum(word.lower() in _ENGLISH for word in words)
    return match.span() if said * 6 >= len(words) and match.group()[:60] not in prompt.question else None


def _rules(text: str) -> float:
    """Share of the lines that are rules, when they are many."""
    if text.count("---") + text.count("***") + text.count("___") + text.count("===") < _MANY:
        return 0.0
    count = len(_RULE.findall(text))
    full = sum(1 for line in text.split("\n") if line.strip())
    return count / full if count >= _MANY and count * 3 >= full else 0.0


_MANY = 8


def _unmarked(text: str) -> float:
    """Share of the text in a stretch of many words without any mark, set in lines of prose."""
    third = _UNMARKED  # a word is three letters and more: a wall spans two such steps and more
    if all(_MARKS.search(text, at, at + third) for at in range(0, len(text) - third, third)):
        return 0.0
    return max((len(piece) / len(text) for piece in _MARKS.split(text) if _is_wall(piece, _UNMARKED)), default=0.0)


def _is_wall(piece: str, least: int) -> bool:
    """Whether so many words stand in lines of prose, function words among them."""
    words = piece.lower().split() if len(piece) > 3 * least else []
    lines = 1 + sum(1 for line in piece.split("\n") if line.strip())
    common = sum(map(_FUNCTION.__contains__, words))
    return len(words) >= least and len(words) >= 10 * lines and common * 4 >= len(words)


def _unmarked_answer(answer: str) -> float:
    """1.0 where an answer of thirty words and more, most of them different, has no mark at all."""
    if _STOPS.search(answer):
        return 0.0
    return float(_is_wall(answer, _WHOLE) and len(set(answer.split())) * 2 >= len(answer.split()))


_MARKS = re.compile(r"[^\w\s'’]|\d")
_WHOLE, _STOPS = 30, re.compile("[.,;:!?|=。，：；！？]")
