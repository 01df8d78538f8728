"""Sentences that speak of a number and state it as no result: what is given, asked, supposed, or only done next.

Covers English sentences of an unmarked last line. Does not cover denials and bounds (`doubts.py`) nor marked answers.
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.extraction.sentences import STOP, last_sentence

_FRAME: Final = re.compile(
    r"\W*(?:(?:first|second|third)(?:ly)?,|next,|to (?:begin|start)(?: with)?,|in the \w{4,8} step\b"
    r"|(?:given|recall|note|notice|observe|remember|let|consider|suppose|assume|imagine)\b"
    r"|the (?:question|problem|task|exercise|puzzle) (?:asks|says|states|tells|wants|gives)\b"
    r"|but\b.{1,40}\b(?:started|began)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that only sets out."""
_WORK: Final = re.compile(
    r"\b(?:we|i)(?:['’]ll)? (?:(?:will|then|must|can|should|now|also|just|already|are|were|could) ){0,3}"
    r"(?:add(?:ed)?|mention(?:ed)?|subtract(?:ed)?|divided?|multipl(?:y|ied)|know|knew|recall|note|noted"
    r"|consider(?:ed)?|told|given"
    r"|assumed?|supposed?|let|set|tr(?:y|ied)|check(?:ed)?|plug(?:ged)?|substituted?"
    r"|(?:need|have|want)(?:ed)? to (?:find|determine|figure|compute|calculate|work out|check|solve|know|look|add"
    r"|subtract|multiply|divide|show|prove)"
    r"|used? the fact)\b",
    re.IGNORECASE,
)
"""What whoever answers does or knows."""
_RESULT: Final = re.compile(
    r"\b(?:get\w*|got|giv(?:es|ing)|obtain\w*|yield\w*|so|thus|hence|therefore|result\w*|leav\w+|mak\w+|equals?|totals?"
    r"|means?|which is|that is|is|finds?|found)\b|=",
    re.IGNORECASE,
)
"""What leads on from there to a result: "We add 5 and 7 to get 12"."""
_LEADS_TO: Final = re.compile(
    r"\b(?:might|may|could)(?: well| also| perhaps)? (?:be|have)\b[^.,;]{0,20}$|\bno longer\b[^.,;]{0,20}$"
    r"|^\W*(?:if|suppose|assuming)\b[^,;]*$|, (?:of which|of whom|including) $"
    r"|(?<![\w)])[a-z](?:²|³|\^\{?\d\}?) ?= ?[$*]{0,3}$"
    r"|(?:(?<![\w.])\d+ ?\*? ?[abcknpqrtuvwxyz]|(?<![\w)])\d*[a-z] ?[-+] ?\d+) ?= ?[$*]{0,3}$",
    re.IGNORECASE,
)
"""Before a number that nobody states: `it might be`, `he no longer has`, `if there were`, `3x =`."""
_FOLLOWS: Final = re.compile(
    r"[$*)]{0,3} (?:\w+ ){0,2}?(?:equations?|unknowns?|variables|formulas?|constraints|conditions|cases to|steps to)\b"
    r"|[^.]{0,40}\b(?:contradict(?:s|ion)\b|which is (?:impossible|absurd|wrong)\b)",
    re.IGNORECASE,
)
"""After a number that counts what the work is done with, or that is led to absurdity."""


_WRONG: Final = re.compile(
    r"\b(?:this|that|it)(?: is|['’]s| was| seems| looks| must be| can(?:no|['’])t be) (?:wrong|incorrect|false"
    r"|impossible|a mistake|right)\b"
    r"(?<! is right)(?<!'s right)(?<!was right)(?<!seems right)(?<!looks right)"
    r"|\b(?:isn['’]t|is not|wasn['’]t) (?:right|correct)\b",
    re.IGNORECASE,
)
"""A later sentence that takes the number back."""


def states_none(line: str, start: int, end: int) -> bool:
    """Whether the sentence around the number at start..end doesn't state it as a result."""
    begin = last_sentence(line[:start])
    stop = STOP.search(line, end)
    if line[end : stop.start() if stop else len(line)].rstrip(" *$").endswith("?"):
        return True
    if stop and _WRONG.search(line, stop.end()):
        return True
    before = line[begin:start]
    if _LEADS_TO.search(before) or _FOLLOWS.match(line, end):
        return True
    frame = _FRAME.match(before) or _WORK.search(before)
    return frame is not None and _RESULT.search(before, frame.end()) is None
