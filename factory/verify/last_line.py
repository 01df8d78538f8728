"""The candidates of a text without any mark of an answer: its last line, and what that ends with.

Does not cover marked answers (`extract.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from factory.verify.candidates import CONNECTOR, LONGEST, MATH, NUMBER, Extracted, formula
from factory.verify.doubts import gives_none, is_denied, is_goodbye, is_no_result

_AFTER_HAN: Final = re.compile(r"[\u3040-\u9fff][ ,，：:]{0,3}([ -~＝０-９]{1,60}[=＝][ -~０-９]{1,60})[。.]?$")
"""An equation at the end of a line of Chinese or Japanese."""
_OPERATORS: Final = tuple("<>≤≥≠^*/+_")
_RELATED: Final = re.compile(r"\\(?:n?mid|equiv|cdot|times|n?eq?|leq?|geq?|pm|in|approx|sqrt|binom)(?![A-Za-z])")
_STOP: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_TO: Final = re.compile(r"(?<![\d.,])\d{1,6} to $")
"""`5 to 2`: a ratio, if the reference is one."""
_GROUP: Final = re.compile(r"[(\[][^()\[\]]{1,200},[^()\[\]]{1,200}[)\]]")


def _is_part(line: str, number: re.Match[str]) -> bool:
    before, after = line[: number.start()].rstrip(), line[number.end() :].lstrip()
    if "**" in before and before.count("**") % 2 and re.search(r"(?:^|\s)\*\*$", before):  # bold begins here
        before, after = before.removesuffix("**").rstrip(), after.removeprefix("**")
    return (
        before.endswith(_OPERATORS)
        or after.startswith(_OPERATORS)
        or (after[:1] == "\\" and _RELATED.match(after) is not None)
    )


def last_line(text: str) -> Iterator[Extracted]:
    """Without any mark: the last line as a whole, its last formula, what follows its last `=`, its last number."""
    end = len(text.rstrip())
    start = text.rfind("\n", 0, end) + 1
    if text[start:end].strip() in ("$$", "\\]", "```"):
        start = max(text.rfind(mark, max(0, start - LONGEST), start) for mark in ("$$", "\\[", "```"))
        start = start if start >= 0 else text.rfind("\n", 0, end) + 1
    while start and (is_goodbye(text[start:end]) or not any(map(str.isalnum, text[start:end]))):
        end = len(text[:start].rstrip())
        start = text.rfind("\n", 0, end) + 1
    line = text[max(start, end - LONGEST) : end]
    start = end - len(line)
    if not line.strip():
        return iter(())
    return chain((Extracted(line.strip(), "line", start, end),), _parts_of(line, start))


def _parts_of(line: str, start: int) -> Iterator[Extracted]:
    marked = "$" in line or "\\" in line
    formulas = [m for m in MATH.finditer(line) if not is_denied(line, m.start(), m.end())] if marked else []
    if formulas and not _says_more(line[formulas[-1].end() :]):
        run = [formulas.pop()]
        while formulas and CONNECTOR.fullmatch(line[formulas[-1].end() : run[0].start()]):
            run.insert(0, formulas.pop())
        joined = ", ".join(map(formula, run))
        yield Extracted(joined, "math", start + run[0].start(), start + run[-1].end())
    elif "," in line and (groups := list(_GROUP.finditer(line))):
        yield Extracted(groups[-1][0], "group", start + groups[-1].start(), start + groups[-1].end())
        return
    if not line.isascii() and (equation := _AFTER_HAN.search(line)):
        yield Extracted(equation[1].strip(), "math", start + equation.start(1), start + equation.end(1))
    yield from _last_number(line, start)


def _says_more(rest: str) -> bool:
    """Whether a later sentence, which is no goodbye, states a number of its own."""
    sentences = _STOP.split(rest[:LONGEST])[1:]
    return any(NUMBER.search(one) for one in sentences if not is_goodbye(one))


def _depth(text: str) -> int:
    return sum(text.count(char) for char in "([{") - sum(text.count(char) for char in ")]}")


_ASIDE: Final = re.compile(r"\([^()]*[A-Za-z=+*/][^()]*\)")


def _last_number(line: str, start: int) -> Iterator[Extracted]:
    """The last number that a line states: not in an aside, not denied, no bound, no part of a formula."""
    numbers = list(NUMBER.finditer(line))
    if gives_none(line) or (len(numbers) > 1 and not line.strip(" 0123456789.,")):
        return  # a row of numbers has no last word
    if "**" in line:  # what is set in bold is meant
        numbers = [m for m in numbers if line[: m.start()].endswith("**") and "**" in line[m.end() :]] or numbers
    asides = [m.span() for m in _ASIDE.finditer(line)] if "(" in line else []
    outside = [m for m in numbers if not any(a < m.start() < b for a, b in asides)] if asides else numbers
    brackets = "(" in line or "[" in line or "{" in line
    for match in reversed(outside or numbers):
        if _is_part(line, match) or (outside and brackets and _depth(line[: match.start()]) > 0):
            return  # of a formula or a relation that nobody could read
        if is_no_result(line, match.start(), match.end()):
            return
        if not is_denied(line, match.start(), match.end()):
            if ratio := _TO.search(line, 0, match.start()):
                yield Extracted(ratio[0] + match[0].strip(), "number", start + ratio.start(), start + match.end())
            yield Extracted(match[0].strip(), "number", start + match.start(), start + match.end())
            return
