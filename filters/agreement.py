"""Reject a sample whose answer says something else than its thinking concluded.

Both conclusions are found by the verifier's extractor and held against each other by its comparison; where either can't
be found or compared, the verdict is unknown to nobody's harm: the sample is accepted as `not_compared`. But a number
that the answer sets in bold or in a box should stand somewhere in the thinking, in one form or another, and nothing
should be turned round (`language/faults/opposites.py`): yes and no, an option, a day, a name, a sign; and what was
found should be said. Qwen3's report (section 4.1) drops such samples. Does not say whether the answer is right
(`correct`).
"""

from __future__ import annotations

import re
from itertools import islice

from factory.language.faults.opposites import turned_round
from factory.language.text import Span, sentences, thinking_span
from factory.records import Prompt, Sample, Verdict
from factory.verify.comparison.compare import decide
from factory.verify.extraction.boxes import boxes
from factory.verify.extraction.extract import after_cue, extract

_TAIL = 4_000
"""Characters at the end of the thinking in which its conclusion stands."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    start, end = thinking_span(sample.text)
    begin = max(start, end - _TAIL)
    concluded = _conclusion(sample.text[begin:end])
    said = [found.text for found in islice(extract(sample.answer), 5)]
    if concluded and said:
        text, place = concluded
        decisions = [decide(text, answer).correct for answer in said]
        if True in decisions or text in sample.answer:
            return Verdict.accept(score=1.0)
        looked_again = len(_content(text)) > _LONG_PHRASE or _stands(
            said[0], sample.text[begin + place + len(text) : end]
        )
        if not looked_again and (decisions[0] is False or _is_absent(text, sample.answer)):
            return Verdict.reject("disagrees", 0.0, [(begin + place, begin + place + len(text))])
    if len(sample.answer) <= _TAIL and turned_round(sample.text[begin:end], sample.answer, prompt.question):
        return Verdict.reject("turned_round", 0.0)
    if other := _other_number(sample) or _other_unit(sample):
        return Verdict.reject("disagrees", 0.0, [(start + other[0], start + other[1])])
    if _is_unfounded(sample, prompt):
        return Verdict.reject("unfounded", 0.0)
    if _is_left_out(sample, prompt.question):
        return Verdict.reject("left_out", 0.0)
    return Verdict.accept("not_compared")


def _conclusion(thinking: str) -> tuple[str, int] | None:
    """The last box of the thinking, else what its last answer cue names, and where."""
    if spans := boxes(thinking):
        start, end = spans[-1]
        return thinking[start:end], start
    cued = after_cue(thinking)
    asked = cued and re.search("[?？]", thinking[cued[0].start : cued[0].end + 3])  # and then looked at again
    return (cued[0].text, cued[0].start) if cued and not asked else None


_NUMBER = re.compile(
    r"\\[dt]?frac\{(\d{1,12})\}\{(\d{1,12})\}|(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,15})?(?:\s?/\s?(\d{1,12}))?"
)
_SET_OFF = re.compile(r"\\boxed\{((?:[^{}]|\{[^{}]*\}){1,60})\}|\*\*([^*\n]{1,40})\*\*")
_ONE_NUMBER = re.compile(
    r"[^\d.,/%^\\]{0,4}"
    + f"(?:{_NUMBER.pattern})"
    + r"(?:\s?\\?%)?(?:\\[,; ]|[\s~])?(?:\\text\{)?[^\d/=<>^_\\]{0,20}(?:(?<=[a-z])/[^\W\d_]{1,4})?\}?\.?"
)
_LEAST_NUMBERS, _LONG_PHRASE = 3, 3
_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_WORDS = {word: float(n) for n, word in enumerate(_TO_TWENTY.split())}


def _stands(said: str, text: str) -> bool:
    """Whether a result, or its number, stands in a text."""
    what = number.group() if (number := _NUMBER.search(said)) else said
    return re.search(rf"(?<![\da-zA-Z.]){re.escape(what)}(?![\da-zA-Z])", text) is not None


def _is_absent(concluded: str, answer: str) -> bool:
    """Whether the thinking concluded one number and the answer, which holds numbers, has none that is the same."""
    match = _ONE_NUMBER.fullmatch(concluded.strip(" $.*"))
    said = _values(answer)
    return bool(match and said) and not any(_same(value, other) for value in _values(concluded) for other in said)


def _is_unfounded(sample: Sample, prompt: Prompt) -> bool:
    """Whether the one number that the answer sets off stands nowhere in thinking or prompt, though numbers do."""
    set_off = {(a or b).strip(" $.:") for a, b in _SET_OFF.findall(sample.answer)}
    numbers = [text for text in set_off if _ONE_NUMBER.fullmatch(text)]
    if len(numbers) != 1 or len(set_off) > 2:
        return False
    if numbers[0] in sample.reasoning:
        return False
    known = _values(sample.reasoning)
    if len(known) < _LEAST_NUMBERS:
        return False
    known |= _values(prompt.question) | {n for word, n in _WORDS.items() if word in sample.reasoning.lower()}
    return not any(_same(value, other) for value in _values(numbers[0], parts=False) for other in known)


def _is_left_out(sample: Sample, question: str) -> bool:
    """Whether an answer of some words has no number that was found, where one is asked for, or no name of those."""
    answer, said = sample.answer, sentences(sample.reasoning)
    if not said or answer.count(" ") < _SOME_WORDS or "```" in answer:
        return False
    weighed = {words.lower().strip(" .,!") for words in _QUOTED.findall(sample.reasoning)}
    weighed = {words for words in weighed if words not in question.lower()}
    if (
        len(weighed) > 1
        and _NAMES.search(question)
        and not _YES_OR_NO.match(question)
        and not any(words in answer.lower() for words in weighed)
    ):
        return True
    if (
        _WHEN.search(question)
        and not _QUOTED.search(question)
        and _YEAR.search(sample.reasoning)
        and not _SOME_TIME.search(answer)
    ):
        return True
    given = _values(question)
    if len(given) <= 1 and not _HOW_MANY.search(question):
        return False
    found = _values(_MOVES.sub("", sample.reasoning))
    if not _values(_MOVES.sub("", sample.reasoning[said[-2:][0][0] :])) - given:
        return False
    stated = _values(answer) | {n for word, n in _WORDS.items() if word in answer.lower()}
    if any(value > _SMALL and value not in given for value in stated):
        return False
    return not any(_same(value, other) for value in found - given for other in stated)


_WHEN = re.compile(
    r"\b(?:when (?:was|were|did)|(?:what|which) year|wann|in welchem Jahr|quand|en quelle année|cuándo|en qué año"
    r"|quando)\b|когда|в каком году|哪一?年|何年",
    re.I,
)
_HOW_MANY = re.compile(
    r"\bhow many\b|\bwie viele\b|\bcombien d|\bcuánt[oa]s\b|\bquant[ei]\b|сколько|多少|几[个只条种]|いくつ", re.I
)
_YEAR = re.compile(r"(?<![\d.,])(?:1\d{3}|20\d\d)(?![\d.,]*\d)")
_SOME_TIME = re.compile(r"\d{3}|centur|Jahrhundert|siècle|siglo|secolo|\bвек|世纪|世紀|\bago\b", re.I)
_QUOTED = re.compile(r"[\"“„«「『]([^\"”“»」』\n]{4,60})[\"”“»」』]")
_NAMES = re.compile(
    r"\b(?:names?|titles?|translate|slogan|synonyms?|phrases?|captions?|mottos?|headlines?|übersetz\w*|Titel|Namen"
    r"|tradui\w*|titre|nom|traduc\w*|traduzca|título|nombre)\b|перевед|назван|翻译|名字|标题|訳",
    re.I,
)
_MOVES = re.compile(r"[A-Za-z]+\d+")
_YES_OR_NO = re.compile(r"(?:is|are|was|were|does|do|did|can) ", re.I)
_SOME_WORDS, _SMALL = 15, 10
"""Of what is no move on a board; small numbers stand in any text."""


def _other_number(sample: Sample) -> Span | None:
    """Where the last sentence of the thinking says one number and the answer, in like words, sets off another."""
    begins = [match.end() for match in _SENTENCE.finditer(sample.reasoning.rstrip(" \n.!。"))]
    last = sample.reasoning[begins[-1] if begins else 0 :]
    numbers = [match.group() for match in _NUMBER.finditer(last)]
    if len(numbers) != 1 or _CHECKS.search(last) or not _ENDS_ON.search(last) or last.count(" ") > _SHORT:
        return None
    said = next((line for line in _SENTENCE.split(sample.answer) if line and _SET_OFF.search(line)), "")
    set_off = [(a or b).strip(" $.:") for a, b in _SET_OFF.findall(sample.answer)]
    if len(set_off) != 1 or not _ONE_NUMBER.fullmatch(set_off[0]) or not _content(last) & _content(said):
        return None
    stated, answered = _values(numbers[0], parts=False), _values(sample.answer)
    if f"= {set_off[0]}" in sample.reasoning or any(_same(a, b) or round(a) == b for a in stated for b in answered):
        return None
    units = {_unit(match) for text in (last, set_off[0]) for match in _UNIT.finditer(text)}
    if len(units) > 1:  # converted, and `_other_unit` looks at units
        return None
    return len(sample.reasoning) - len(last), len(sample.reasoning)


_UNIT = re.compile(
    r"(\d[\d.,]*)(?:\s|~|\\[,; ]|\\text\{)*(km/h|m/s|km|cm|mm|m|kg|g|mg|ml|l|h|min|s|hours?|minutes?|seconds?|days?"
    r"|weeks?|years?|met(?:er|re)s?|kilomet(?:er|re)s?|centimet(?:er|re)s?|Stunden?|Minuten?|Tage?|heures?|jours?"
    r"|horas?|minutos?|€|\$|£|%|°C|°F|°)(²|³|\^2|\^3)?(?![\w²³^]"
    r"| (?:p(?:er|ro|ar|or)\b|persegi|carr|cuadr|quadr|squared|cub))"
)
_SHORT_UNITS = {
    name: short
    for short, names in {
        "h": "hour heure hora stunde stunden",
        "min": "minute minuten minuto",
        "s": "second",
        "day": "tag tage jour",
        "m": "meter metre",
        "km": "kilometer kilometre",
        "cm": "centimeter centimetre",
    }.items()
    for name in names.split()
}


def _other_unit(sample: Sample) -> Span | None:
    """Where the thinking gives the result in one unit, and the answer the same number in another."""
    set_off = {(a or b) for a, b in _SET_OFF.findall(sample.answer)}
    said = [match for text in set_off for match in [_UNIT.search(text)] if match]
    if len(said) != 1:
        return None
    thought = [match for match in _UNIT.finditer(sample.reasoning) if match[1].rstrip(".,") == said[0][1].rstrip(".,")]
    units = {_unit(match) for match in thought}
    return thought[-1].span() if units and _unit(said[0]) not in units else None


def _unit(match: re.Match[str]) -> str:
    name = match[2].lower().removesuffix("s") if len(match[2]) > 1 and "/" not in match[2] else match[2]
    return _SHORT_UNITS.get(name, name) + (match[3] or "").replace("^2", "²").replace("^3", "³")


_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n+")
_ENDS_ON = re.compile(r"\d[^\d\s]{0,3}(?:\s\S+){0,3}\s*\Z")
_SHORT = 10
_CHECKS = re.compile(
    r"[=≈]|check|verif|prob|prüf|control|comprob|confirm|провер|验|检|確認|than |less|more|round|about", re.I
)


def _content(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text.lower())) - {
        "that",
        "this",
        "answer",
        "with",
        "there",
        "also",
    }


def _values(text: str, *, parts: bool = True) -> set[float]:
    """The numbers of a text as floats, fractions divided, and also in parts."""
    found = set()
    for top, bottom, whole, decimals, under in _NUMBER.findall(text):
        number = float((top or whole).replace(",", "") + (decimals or ""))
        divisor = float(bottom or under or 0)
        found |= {number / divisor} if divisor else {number}
        found |= {number, divisor} if divisor and parts else set()
    return found


def _same(value: float, other: float) -> bool:
    """Whether two numbers are the same but for rounding, or as a percentage."""
    return any(abs(value - form) <= 0.006 * max(abs(value), abs(form)) for form in _forms(other))


def _forms(number: float) -> tuple[float, ...]:
    """A number, as a percentage, in the next unit, and with a stop for thousands."""
    return number, number * 100, number / 100, number * 1000, number / 1000
