r"""Reject Markdown and LaTeX that won't render: tables whose rows don't fit their head, braces and environments that
never close, commands without their argument, delimiters escaped twice, sentences set as formulas word by word, bold
words whose marks don't match.

A slip or two stays: what is counted is how many. Code is left out. The score is the number of faults.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from factory.language.first_look import first_look
from factory.language.text import Span, without
from factory.records import Prompt, Sample, Verdict

_RULE = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?\|?[ \t]*$")
_HOLLOW = re.compile(
    r"\\(?:[dt]?frac|sqrt|overline|vec|hat|bar|mathbb|mathbf)\s?\{\s*\}|\\[dt]?frac\s?\{[^{}]{0,80}\}\s?\{\s*\}"
    r"|\^\{\s*\}"
)
_TWICE = re.compile(r"\\\\[()]|\\\\\[ ?[\w\\]|\\\$(?=[^$\n]{0,80}\\[a-z]{2,}[^$\n]{0,80}\\\$)")
_WORDS = re.compile(
    r"(?:\$?\s?\\(?:text|mathrm|textrm|mbox)\{\s?[^{}\s]{1,20}\s?\}\$?[\s~,.]{0,3}(?:\\[ ,;:])?\s?){6,}"
    r"|\$(?:[a-zA-Z]{2,}[.,]?\\[ ,;:]\s?){6,}"
    r"|(?:\$(?:[a-zA-Z]\s){2,}[a-zA-Z]\$\s?){3,}|(?:(?<![\\\w])[a-zA-Z]\s?\\[;, ]\s?){10,}"
)
_FAULTS = (("empty_argument", _HOLLOW, 1), ("escaped_twice", _TWICE, 2), ("words_as_formulas", _WORDS, 1))
_MAY_BREAK = first_look(*(pattern.pattern for _, pattern, _ in _FAULTS))
_EDGE = re.compile(r"\\(begin|end)\s?\{([a-zA-Z]{1,20}\*?)\}")
_MOST_OPEN, _MOST_SIDES = 2, 1


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    text = sample.text
    if "|" in text and (rows := _misfits(text)):
        return Verdict.reject("table", float(len(rows)), rows[:100])
    if ("*" in text or "##" in text) and len(
        spans := _torn(without(text, "fence", "code", "math", "url"))
    ) > _MOST_TORN:
        return Verdict.reject("emphasis", float(len(spans)), spans[:100])
    if "\\" not in text:
        return Verdict.accept(score=0.0)
    plain = without(text, "fence", "code")
    for reason, pattern, least in _FAULTS if _MAY_BREAK(text) else ():
        spans = [match.span() for match in pattern.finditer(plain)]
        if len(spans) >= least:
            return Verdict.reject(reason, float(len(spans)), spans[:100])
    count = _left_open(plain)
    return Verdict.reject("never_closed", float(count)) if count else Verdict.accept(score=0.0)


def _torn(text: str) -> list[Span]:
    """Lines whose bold or slanted words don't end as they begin, or whose link never closes."""
    found: list[Span] = []
    at, opened = 0, ""
    for line in text.split("\n"):
        if not line.strip():
            opened = ""
        if "*" in line or "](" in line or "__" in line or "##" in line:
            marks = _EMPHASIS.findall(_ITEM.sub("", line))
            uneven = len(marks) % 2 or any(a != b for a, b in zip(marks[::2], marks[1::2], strict=False))
            uneven = uneven or _ODD_ITEM.match(line) is not None
            if (uneven and not {"***", "___"}.issuperset(marks)) or _OPEN_LINK.search(line):
                if opened and marks == [opened] and not line.startswith(opened):  # a verse in italics
                    found.pop()
                    opened = ""
                else:
                    found.append((at, at + len(line)))
                    opened = marks[-1] if len(marks) % 2 else ""
        at += len(line) + 1
    return found


_EMPHASIS = re.compile(
    r"(?<![\\*])(?:\*{1,3}|(?<!\w)__(?=\w)"
    r"|(?<=\w)__?(?!\w))(?!\*)(?<![A-Za-z0-9)\]]\*(?=[A-Za-z0-9(\[]))(?<![A-Za-z0-9)\]]\*\*(?=[A-Za-z0-9(\[-]))(?<!\s\*(?=[^\w\"“«'*]))(?<!\s\*\*(?=[\s,;)]))"
)
"""A mark of bold or slanted words, but for products, powers and what stands alone."""
_ODD_ITEM = re.compile(r"[ \t]*(?:[*+-] ){2,}|#{1,6}[^\s#].*##\Z|#{3,}\s*\Z")
_ITEM = re.compile(r"^[ \t>]*(?:[*+-]|\d{1,3}[.)])[ \t]+")
_OPEN_LINK = re.compile(r"\]\([^()\n]*\Z")
_MOST_TORN = 2


def _left_open(text: str) -> int:
    r"""How many braces, sides (`\left`) and environments have no partner, where that is more than a slip."""
    edges = Counter(match.groups() for match in _EDGE.finditer(text))
    ends = sum(abs(edges["begin", name] - edges["end", name]) for name in {name for _, name in edges})
    if ends:
        return ends
    clean = text.replace("\\\\", "").replace("\\{", "").replace("\\}", "")
    braces = abs(clean.count("{") - clean.count("}"))
    if braces > _MOST_OPEN and clean.count("\\") >= _MOST_OPEN:
        return braces
    sides = abs(len(re.findall(r"\\left(?![a-zA-Z])", text)) - len(re.findall(r"\\right(?![a-zA-Z])", text)))
    return sides if sides > _MOST_SIDES else 0


def _misfits(text: str) -> list[Span]:
    """Rows of tables with another number of cells than most, where they are two and a third of their table."""
    found = []
    for rows in _tables(text):
        cells = [_cells(text[start:end]) for start, end in rows]
        usual = Counter(cells).most_common(1)[0][0]
        odd = [row for row, count in zip(rows, cells, strict=True) if count != usual]
        if len(odd) >= 2 and len(odd) * 3 >= len(rows):
            found += odd
    return found


def _cells(line: str) -> int:
    return line.strip().strip("|").replace("\\|", "").count("|") + 1


def _tables(text: str) -> Iterator[list[Span]]:
    """Runs of at least four lines that begin as table rows and hold a rule; one stray line doesn't end a run."""
    run: list[Span] = []
    ruled, strays, at = False, 0, 0
    for line in (*text.split("\n"), "", ""):
        if line.lstrip().startswith("|") or (run and line.count("|") > 1):
            run.append((at, at + len(line)))
            ruled, strays = ruled or bool(_RULE.match(line)), 0
        elif not line.strip() or strays:
            if ruled and len(run) >= 4:
                yield run
            run, ruled, strays = [], False, 0
        else:
            strays += 1
        at += len(line) + 1
