"""Score how much of the expected form is there; rejects nothing unless a recipe says `least`.

One of the three rule scores that descriptions of GRPO training name (coherence, completeness, fluency). The score is
the share of five parts: the thinking opens at the start, it closes, it holds words, an answer follows, and the answer
came to its end.
"""

from __future__ import annotations

import re

from factory.language.text import STYLES, style_of, thinking_span
from factory.records import Prompt, Sample, Verdict

_SAYS = re.compile(r"\w")
_ENDED = re.compile(r"[.!?。！？)\]}\"'”»`*|$\d]$|(?:^|\n)[^\n]{1,60}$")

SCORES = True


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    text = sample.text
    opener, closer = STYLES[style_of(text)]
    start, end = thinking_span(text)
    closed = closer in text
    answer = text.rpartition(closer)[2].strip() if closed else ""
    parts = (
        text.lstrip().startswith(opener),
        closed,
        bool(_SAYS.search(text, start, end)),
        bool(_SAYS.search(answer)),
        sample.finish_reason == "stop" or (sample.finish_reason == "unknown" and bool(_ENDED.search(answer))),
    )
    return Verdict.accept(score=sum(parts) / len(parts))
