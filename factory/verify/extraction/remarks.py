"""Sentences behind an answer that add nothing to it: goodbyes, checks, remarks.

Covers English, goodbyes also in Chinese. A remark that goes on to another result ("so", "but", "instead") is none. Does
not cover remarks inside the answer's own sentence (`clauses.py`).
"""

from __future__ import annotations

import re
from typing import Final

_GOODBYE: Final = re.compile(
    r"[^\w\n]*(?:let me know|i hope|hope (?:this|that)|feel free|if you (?:have|need|want)|please (?:let|feel)"
    r"|is there any|(?:would|do) you (?:like|want)|(?:shall|should) i\b"
    r"|(?:this|that|which) (?:solves|completes|concludes|answers|proves)|q\.?e\.?d|thanks?\b|thank you"
    r"|希望|如果.{0,10}(?:问题|疑问))[^\n]*",
    re.IGNORECASE,
)
_REMARK: Final = re.compile(
    r"[^\w\n]*(?:(?:to |let's |let us |quick |sanity |as a )?(?:double-?)?(?:check(?:ing)?|verif(?:y|ying|ication))\b"
    r"|indeed\b"
    r"|(?:note|notice|remember) that\b|note:|explanation:|(?:substitut|plugg)ing\b"
    r"|(?:this|that|it|which) (?:makes sense|matches|agrees|checks out|is consistent|can be (?:checked|verified)"
    r"|is (?:a )?(?:reasonable|plausible)|seems (?:reasonable|right|plausible))\b"
    r"|(?:you|we|one) can (?:check|verify|confirm)\b"
    r"|(?:this|that|it) is (?:about |exactly |only )?[$€£]?\d[\d.,]*%? (?:\w+ )?(?:more|less|fewer|higher"
    r"|lower) than\b)"
    r"[^\n]*",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(
    r"\b(?:but|however|though|wrong|incorrect|not|no|never|should|instead|actually|so|thus|therefore|hence|wait|hmm"
    r"|mistakes?|fail\w*|errors?|answer|must|corrected|correction|leav\w+|left|giv(?:es|ing)|yield\w*|gets?|remain\w*|total\w*|result\w*"
    r"|contradict\w*"
    r"|need\w*|final\w*|also|too|then|forgot|missed|boxed|let me|wanted|asked|question|subtract|add|still|yet)\b"
    r"|n['’]t\b|≠|\?|✗|❌",
    re.IGNORECASE,
)
"""Words of a sentence that may take back what it remarks upon, or say the result itself."""


def adds_nothing(text: str) -> bool:
    """Whether a line or a sentence only closes a conversation, or checks or comments on what was said before it."""
    return _GOODBYE.fullmatch(text) is not None or _is_remark(text)


def _is_remark(sentence: str) -> bool:
    return _REMARK.fullmatch(sentence) is not None and not _GOES_ON.search(sentence)
