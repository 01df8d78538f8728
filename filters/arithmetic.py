"""Score the share of numeric claims in the thinking that hold: right answers reached by wrong steps poison too."""

from __future__ import annotations

from factory import Prompt, Sample, Verdict
from factory.verify.claims import claims

SCORES = True  # without least or most it rejects nothing, so generation needn't wait for it


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """Check every `a op b = c` of the thinking exactly.

    The score is the share that holds, None where nothing is claimed; the spans are the false ones. It rejects nothing
    by itself: `least = 1.0` in a recipe does, as in `strict`. Of 289 good texts in tests/data/arithmetic.jsonl it
    doubted ten when it first read them (3.5 %), and of 34 with a wrong step it caught 21; since then none, and 32.
    """
    found = claims(sample.reasoning)
    if not found:
        return Verdict.accept("no_claims")
    shift = max(0, sample.text.find(sample.reasoning))
    false = [(one.start + shift, one.end + shift) for one in found if not one.holds]
    return Verdict.accept("false_claims" if false else "", 1 - len(false) / len(found), false)
