"""Score how well the sentences hang together; rejects nothing unless a recipe says `least`.

One of the three rule scores that descriptions of GRPO training name (coherence, completeness, fluency). The score is
the share of sentences that take up a word or number of the prompt or of one of the three sentences before. It doesn't
know whether they make sense: an LLM does (`rubric`).
"""

from __future__ import annotations

import re

from factory.language.text import prose, sentences, words
from factory.language.words import COMMON
from factory.records import Prompt, Sample, Verdict

_BEFORE = 3
_EMPTY = frozenset().union(*COMMON.values())
_FORMULA = re.compile(r"\d+|\b[a-zA-Z]\b")

SCORES = True


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs. A text without sentences of words scores 0."""
    text = prose(sample.text)
    said = [_content(sample.text[start:end]) for start, end in sentences(text) if text[start:end].strip()]
    said = [content for content in said if content]
    asked = _content(prompt.question)
    linked = sum(
        not content.isdisjoint(asked.union(*said[max(0, place - _BEFORE) : place]))
        for place, content in enumerate(said)
    )
    return Verdict.accept(score=linked / len(said) if said else 0.0)


def _content(sentence: str) -> set[str]:
    """Words that aren't function words, shortened so that "eggs" takes up "egg", and numbers and variables."""
    return {word[:5] for word in words(sentence) if word not in _EMPTY} | set(_FORMULA.findall(sentence))
