"""The candidates of a text without any mark of an answer: its last line, and what that ends with.

Does not cover marked answers (`extract.py`) nor which of a line's numbers is meant (`last_number.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from factory.verify.extraction.candidates import (
    CONNECTOR,
    LONGEST,
    NUMBER,
    SYMBOL,
    Extracted,
    formula,
    formulas_in,
    joined,
    measured,
)
from factory.verify.extraction.clauses import clauses, is_condition
from factory.verify.extraction.doubts import UNSETTLED, is_denied, is_no_result
from factory.verify.extraction.last_number import last_number
from factory.verify.extraction.remarks import adds_nothing
from factory.verify.extraction.sentences import STOP, in_words, is_solution, is_step, last_sentence, meant, symbols

_AFTER_HAN: Final = re.compile(
    r"[\u3040-\u9fff][ ,，：:]{0,3}([ -~＝０-９]{1,60}[=＝][ -~０-９]{1,60})[。.]?$"
    r"|[为是于共有]\s?([零一二两三四五六七八九十百]{1,8}(?:分之[一二三四五六七八九十百]{1,8})?)[。.]?$"
    r"|[为是于得]\s?([-\d√π/().+*]*[√π][-\d√π/().+*]*)[。.]?$"
    r"|[为是有:：]\s?([①-⑩](?:[、,，和与 ]{0,2}[①-⑩]){0,9})[。.]?$"
    r"|(?:一共|共有|共|还剩|剩下|需要)\s?([二两三四五六七八九十百]{1,8})[\u4e00-\u9fff]{1,4}[。.]?$"
)
"""An equation at the end of a line of Chinese or Japanese, or a number in words."""
_GROUP: Final = re.compile(r"[(\[][^()\[\]]{1,200},[^()\[\]]{1,200}[)\]]")
_COUNTED: Final = re.compile(r"\d (?!is |are |at |the )[a-z]{3,15} (?:[a-z]{3,15} )?$")
"""`3 ways (1+2, 2+1, 3)`."""
_BOLD: Final = re.compile(r"\*\*([^*\n]{1,120}?)[.,:!]?\*\*")
_SUM: Final = re.compile(r"=\s?[-$€£¥\d.,]*\d(?:\s[a-z]{1,12})?\.?$")
_STEP: Final = re.compile(
    r"\W*(?:(?:let|suppose|assum\w{1,4}|try|trying|test|testing|consider)\s(?:[^,;:.]|\.(?!\s))*$|if\s(?:[^,.]"
    r"|\.(?!\s))*$|[^:]{20,}:\s*$)",
    re.IGNORECASE,
)
"""A line that only sets out: "Let x be 7", "Then we add 7 to both sides:"."""
_SURD: Final = re.compile(
    r"(?:^|[=:]|[a-z](?<!plus)(?<!minus)(?<!times)(?<!over)(?<!than)(?<! by)(?<! add)(?= ))\s?"
    r"([-+−\d./()*×· ]{0,30}[√π][-+−\d./()*×· √π]{0,30})(?<!\s)(?<!\.)(?:\s(?:square |cubic )?[a-z]{1,11})?\.?\s*$"
)
"""`the area is 2π`."""
_ITEM: Final = re.compile(r"[ \t]*\d{1,2}[.)] +(?=[^\W\d])")
"""The number of a list's item, which says nothing."""
_ROUGHLY: Final = re.compile(r"\s?\((?:about|approximately|roughly|approx\.?|≈|~)[^()=]{1,30}\)(?=[.!]?\s*$)")
_REASONED: Final = re.compile(
    r"(\W{0,3}[\d.,/]*\d(?:\s[a-z]{1,12}){0,2}),?(?:\s(?:because|since|as there)\b"
    r"|(?P<told>[.!]\s(?:that['’]s|that is|because|it['’]s)\s))",
    re.IGNORECASE,
)
"""`12 apples, since 3 * 4 = 12`, or a whole text `72. That's 8 rows of 9.`"""
_FORMULA: Final = re.compile(r"[=≈√π∞∈≠≤≥<>(\[≡^]|[A-Za-z][\d₀-₉²³]|\d[A-Za-z]|\b(?:reals?|ln|log|sin|cos|tan)\b")
_PLAIN: Final = re.compile(r"(?:(?!ln |log )[A-Za-z]+,? )+\d[\d,]*(?: [a-z]+)*[.!]?")
"""`There are 12 pens.`: words and one number, as most lines are."""
_QUANTITY: Final = re.compile(r"[-$€£\d.,]+(?:\s(?![-+*/^]\s?\d*[a-z]\b)|$)")
_CONTRAST: Final = re.compile(
    r"\b(?:but|however|though|although|unless|if|not|no|never|wrong|incorrect|false|fail\w*|mistake\w*|errors?|oops"
    r"|hmm|sorry|actually|cannot|impossible|doubt\w*|wait|instead|check|remain\w*|left|then"
    r"|next|so|now we|let|still|only|first|second|half|part|rest|step|have to|must|needs?|should|will|can|could|add"
    r"|subtract|double|multiply|divide|find|compute|calculate|other|another|more|less|twice|each|per)\b|n't|n’t",
    re.IGNORECASE,
)
"""Words of a line that goes on where the one before stopped."""


def last_line(text: str) -> Iterator[Extracted]:
    """Without any mark: the last line as a whole, its last formula, what follows its last `=`, its last number."""
    end = len(text.rstrip())
    start = text.rfind("\n", 0, end) + 1
    if text[start:end].strip() in ("$$", "\\]", "```"):
        start = max(text.rfind(mark, max(0, start - LONGEST), start) for mark in ("$$", "\\[", "```"))
        start = start if start >= 0 else text.rfind("\n", 0, end) + 1
    while start and (adds_nothing(text[start:end]) or not any(map(str.isalnum, text[start:end]))):
        end = len(text[:start].rstrip())
        start = text.rfind("\n", 0, end) + 1
    if start and text.startswith(("- ", "• "), start):
        start += 2  # a bullet: whoever means a negative number leaves no space
    if start and (item := _ITEM.match(text, start, end)) and _ITEM.match(text, text.rfind("\n", 0, start - 1) + 1):
        start = item.end()
    if (reasoned := _REASONED.match(text, start, end)) and not (start and reasoned["told"]):
        end = reasoned.end(1)
    end = _said_last(text, start, end)
    line = text[max(start, end - LONGEST) : end]
    start = end - len(line)
    if not line.strip() or line.endswith("=") or (_STEP.match(line) and any(map(str.isdigit, line))):
        return iter(())
    whole = Extracted(line.strip(), "line", start, end)
    return chain(
        _opening(text, start), (whole,), _clauses(line, start), _parts_of(line, start), _before(text, start, line)
    )


def _said_last(text: str, start: int, end: int) -> int:
    """Where a line ends without the remarks and goodbyes it closes with."""
    if text.find(". ", start, end) < 0 and text.find("! ", start, end) < 0:
        return end
    stops = list(STOP.finditer(text, start, end))
    for stop in reversed(stops):
        if not adds_nothing(text[stop.end() : end]):
            break
        end = stop.start()
    return end


def _opening(text: str, start: int) -> Iterator[Extracted]:
    """The number a text opens with and explains in words alone: `12`, and why."""
    end = text.find("\n", 0, 60)
    if 0 < end < start and not any(map(str.isdigit, text[end:])):
        number = NUMBER.search(text, 0, end)
        if number and not any(map(str.isalnum, text[: number.start()] + text[number.end() : end])):
            yield Extracted(number[0].strip(), "number", number.start(), number.end())


def _emphasised(line: str, begin: int) -> Iterator[tuple[int, int]]:
    """The only bold words of a sentence that settles something: `members of the **Federalist** camp`."""
    bold = list(_BOLD.finditer(line, begin)) if "**" in line else []
    if len(bold) != 1 or not any(map(str.isalpha, bold[0][1])):
        return
    start, end = bold[0].span(1)
    is_open = UNSETTLED.search(line, begin, start) or UNSETTLED.search(line, end)
    if not (is_open or is_denied(line, start, end) or is_no_result(line, start, end)):
        yield start, end


def _clauses(line: str, start: int) -> Iterator[Extracted]:
    """The clauses that may be a formula by themselves; plain numbers come with what is known of numbers."""
    is_plain = _PLAIN.fullmatch(line) is not None
    if is_plain and " than " not in line:
        return
    begin = last_sentence(line)
    for a, b in chain(symbols(line), _emphasised(line, begin)):
        yield Extracted(line[a:b], "clause", start + a, start + b)
    if is_plain or "$" in line[begin:] or not _FORMULA.search(line, begin):
        return
    for begin, end in clauses(line):
        clause = line[begin:end]
        if _FORMULA.search(clause) and not _QUANTITY.match(clause):
            yield Extracted(clause, "clause", start + begin, start + end)


def _parts_of(line: str, start: int) -> Iterator[Extracted]:
    formulas = [m for m in formulas_in(line) if not is_denied(line, m.start(), m.end())]
    if formulas:
        line, formulas = meant(line, formulas)
    while len(formulas) > 1 and is_condition(line[formulas[-2].end() : formulas[-1].start()]):
        gap = line[formulas[-2].end() : formulas[-1].start()]
        if CONNECTOR.fullmatch(gap) or is_solution(line, formulas[-1].start()):
            break
        formulas.pop()  # `$2n$ for every $n$`
    if formulas and SYMBOL.fullmatch(formula(formulas[-1])) and NUMBER.search(line, formulas[-1].end()):
        formulas = []  # `the value of $x$ is 5`
    if formulas and not _says_more(line[formulas[-1].end() :]):
        run = [formulas.pop()]
        while formulas and CONNECTOR.fullmatch(line[formulas[-1].end() : run[0].start()]):
            if is_step(formula(formulas[-1]), formula(run[0])):
                break
            run.insert(0, formulas.pop())
        yield measured(line, joined(line, run), "math", start, run[0].start(), run[-1].end())
    elif (
        "," in line
        and not in_words(line)
        and (groups := list(_GROUP.finditer(line)))
        and not NUMBER.search(line, groups[-1].end())
    ):
        yield Extracted(groups[-1][0], "group", start + groups[-1].start(), start + groups[-1].end())
        if _COUNTED.search(line, 0, groups[-1].start()):
            yield from last_number(line[: groups[-1].start()], start)
        return
    if not line.isascii() and (found := _AFTER_HAN.search(line)):
        group = found.lastindex or 1
        yield Extracted(found[group].strip(), "math", start + found.start(group), start + found.end(group))
    if ("π" in line or "√" in line) and (surd := _SURD.search(_ROUGHLY.sub("", line))):
        yield Extracted(surd[1].strip(), "math", start + surd.start(1), start + surd.end(1))
        return
    yield from last_number(line, start)


def _says_more(rest: str) -> bool:
    """Whether a later sentence, which is no goodbye, states a number of its own."""
    sentences = STOP.split(rest[:LONGEST])[1:]
    return any(NUMBER.search(one) for one in sentences if not adds_nothing(one))


def _before(text: str, start: int, line: str) -> Iterator[Extracted]:
    """The sum in the line before, where the last one only rounds the text off: `36 + 28 = 64`."""
    end = len(text[:start].rstrip())
    if not end or any(map(str.isdigit, line)) or not line.isascii() or set(line) & set("$\\=") or len(line) > 80:
        return
    begin = max(text.rfind("\n", 0, end) + 1, end - 200)
    if _SUM.search(text, begin, end) and not _CONTRAST.search(line):
        yield from last_number(text[begin:end], begin)
