"""Reject a sample whose answer says something else than its thinking concluded.

Both conclusions are found by the verifier's extractor and held against each other by its comparison; where either
can't be found or compared, the verdict is unknown to nobody's harm: the sample is accepted as `not_compared`.
Qwen3's report (section 4.1) drops such samples. Does not say whether the answer is right (`correct`).
"""

from __future__ import annotations

from itertools import islice

from factory.language.text import thinking_span
from factory.records import Prompt, Sample, Verdict
from factory.verify.boxes import boxes
from factory.verify.compare import decide
from factory.verify.extract import after_cue, extract

_TAIL = 4_000
"""Characters at the end of the thinking in which its conclusion stands."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    start, end = thinking_span(sample.text)
    begin = max(start, end - _TAIL)
    concluded = _conclusion(sample.text[begin:end])
    said = [found.text for found in islice(extract(sample.answer), 5)]
    if concluded is None or not said:
        return Verdict.accept("not_compared")
    text, place = concluded
    decisions = [decide(text, answer).correct for answer in said]
    if True in decisions or text in sample.answer:
        return Verdict.accept(score=1.0)
    if decisions[0] is None:
        return Verdict.accept("not_compared")
    return Verdict.reject("disagrees", 0.0, [(begin + place, begin + place + len(text))])


def _conclusion(thinking: str) -> tuple[str, int] | None:
    """The last box of the thinking, else what its last answer cue names, and where."""
    if spans := boxes(thinking):
        start, end = spans[-1]
        return thinking[start:end], start
    cued = after_cue(thinking)
    return (cued[0].text, cued[0].start) if cued else None
