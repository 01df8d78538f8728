"""Reject walls of text: a paragraph longer than people read.

LaTeX, code, URLs and bare numbers don't count as words, so a wall of formulas or a long list of values stays.
The score is the length of the longest paragraph as a share of what is allowed.
"""

from __future__ import annotations

import re

from factory.language.text import CJK, lines, prose
from factory.records import Prompt, Sample, Verdict

_WORD = re.compile(r"[^\W\d_]\S*")


def judge(sample: Sample, prompt: Prompt, *, words: int = 450, characters: int = 900) -> Verdict:
    """`words`: most in a paragraph; `characters`: most of Chinese or Japanese. A line end ends a paragraph.

    About a printed page each: a choice of ours, DeepSeek-R1 names none.
    """
    text = prose(sample.text)
    longest, spans = 0.0, []
    for start, end in lines(text):
        if end - start <= min(words, characters):
            continue
        line = text[start:end]
        han = 0 if line.isascii() else len(CJK.findall(line))
        # A run of Chinese without blanks is one match of _WORD: what CJK counts is not counted again.
        size = han / characters + len(_WORD.findall(CJK.sub(" ", line) if han else line)) / words
        longest = max(longest, size)
        if size > 1:
            spans.append((start, end))
    return Verdict.reject("long_paragraph", longest, spans) if spans else Verdict.accept(score=longest)
