"""Score how fluently a text reads; rejects nothing unless a recipe says `least`.

One of the three rule scores that descriptions of GRPO training name (coherence, completeness, fluency). The score is
the product of three shares: words that the language knows, text outside loops, and neighbours that can stand together.
Where the language has no list of words, or the text writes another script, the first counts as whole.
"""

from __future__ import annotations

from factory.language.faults.cycles import cycles
from factory.language.faults.nonsense import clashes, known
from factory.language.frequencies import codes
from factory.language.languages import allowed_by
from factory.language.text import TOKEN, prose
from factory.records import Prompt, Sample, Verdict

_LOOP = 4
_LOOPS_FROM = 200

SCORES = True


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs. An empty text scores 0."""
    text = prose(sample.text)
    if not text.strip():
        return Verdict.accept(score=0.0)
    spans = [match.span() for match in TOKEN.finditer(text)]
    allowed = allowed_by(prompt)
    plain = [text[start:end] for start, end in spans if text[start:end].islower()]
    told = known(allowed.languages or frozenset({"en"}))
    listed = bool(codes(allowed.languages)) and len(plain) > 0
    familiar = sum(word in told or word in allowed.words for word in plain) / len(plain) if listed else 1.0
    apart = 1 - len(clashes(text)) / max(1, len(spans))
    return Verdict.accept(score=familiar * apart * (1 - _looping(sample.text)))


def _looping(text: str) -> float:
    """Share of the text in its longest loop."""
    found = cycles(text, lambda _, cycle: cycle.repeats >= _LOOP and cycle.end - cycle.start >= _LOOPS_FROM)
    return max((cycle.end - cycle.start for cycle in found), default=0) / len(text)
