"""Which clause of a sentence says its result: what stands behind its last "so" or "is", without what it only adds.

Covers English sentences of an unmarked last line. Does not cover which sentences state a result at all
(`setting_out.py`) nor which number is meant (`last_number.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from factory.verify.extraction.doubts import UNSETTLED, is_denied
from factory.verify.extraction.sentences import last_sentence

LONGEST: Final = 120
"""Characters of a clause that may be an answer by itself."""
_REASON: Final = re.compile(
    r",?\s(?:since|because)\s|\s(?:after|once|when|whereas|although|though) (?=[a-z])"
    r"|(?:,|\s[—–-])\s(?:with (?!\$?\d+ (?:\w+ )?(?:left|remaining|over|to spare))|(?:as|after|at|in|on|over|during"
    r"|within|before|discarding|ignoring|rejecting|excluding|including|counting|while|of which|of whom"
    r"|which (?!(?:is|are|was|means?|makes?|gives?|leaves?|equals?|comes|totals?|works|adds?)\b)\w+"
    r"|(?:up|down) from)\s)|\s[—–]\s(?:s?he|they|we|it|there|th[ae]t?|his|her)\s"
    r"|;\s(?:after|before|at|in|of|for|since)\s"
)
"""What may hold several numbers: "18 in all, since 9 of them cost 2 each", "20 m away, after 2 s"."""
_MORE: Final = "more|less|fewer|higher|lower|under|over|below|above|a mais|a menos|más|menos|mehr"
_GIVEN: Final = "the|th[eo]se|his|her|its|their|our|my|your|los|las|les|den|die|der|os|as"
_ASIDE: Final = re.compile(
    r",?\s(?:when|where|for|at|if|with) \$?[a-z]\$? ?="
    r"|,?\s(?:attained|achieved|reached) (?:at|when|for|if|by)\s"
    r"|\s(?:instead of|rather than|as opposed to|compared (?:to|with)) "
    rf"|(?:,|\s[—–-]) (?:(?:which is |that is )?[$€£]?\d[\d.,]*%? (?:\w+ )?(?:{_MORE})\b"
    r"|\d+ (?:minutes?|hours?|days?) (?:late|early)|which is \d[\d.,]*(?:%| percent) of "
    r"|(?:a|an|the same) (?:number|figure|value|total|count|amount|sum) (?:that|which|we|you|s?he|they)\b|having \w+ )"
    r"|(?:(?<=[$€£]\d\d)|(?<=[$€£]\d)|(?<=dollars)|(?<=euros)) for (?=\d)"
    r"|,? or (?:roughly|about|approximately|around) (?=[$€£\d])|, or (?=[$€£]?\d[\d.,]* per )"
    r"|, (?:an?|the) (?:\w+ ){1,3}(?:of|after|before|from|than) (?=[$€£]?\d)"
    r"|(?<!to)(?<!and)(?<!by)(?<!plus)(?<!minus)(?<!times)(?<!is)(?<!are)(?<!was)"
    rf"\s(?:(?:{_GIVEN})(?: \w+| (?:\w+ ){{1,2}}of)?|all|both|out of) (?=[$€£]?\d)"
)
"""What holds one more number: "5 of the 8 cars", "12 when x = 2", "5 buses to carry all 230 students"."""
_CONDITION: Final = re.compile(
    r"[，,]\s?(?:当|其中|此时|对)|,? (?:or )?(?:roughly|about|approximately|around)\s"
    r"|,?\s(?:for|where|with|as|since|because|when|if)\s(?!example|instance)"
    r"|\s(?:satisf(?:y|ies)|works?|holds?|solves?)\b"
)
_BECAUSE: Final = re.compile(r"\b(?:because|since)\s$")
ON: Final = re.compile(
    r"\b(?:so|thus|hence|therefore|leav\w+|left with|get(?! (?:there|home|to)\b)|obtain\w*|gives?"
    r"|(?<!after )(?<!by )giving|makes?|making"
    r"|(?<!in )total\w*(?!,))\b|[.!?;]\s"
)
"""Where the sentence goes on to its result."""
_LEADS: Final = re.compile(
    r"\b(?:is|are|was|were|equals?|be|becomes?|(?:converges|comes|tends|evaluates|reduces) to|namely"
    r"|(?:holds|works|true|satisfied) (?:only |exactly |precisely )?(?:when|for)"
    r"|[Ss]o|[Hh]ence|[Tt]hus|[Tt]herefore|get|gives?|giving|obtain|have|yields?|i\.e\.),?:?\s"
    r"|[:：⇒→]\s?|,\s(?=[A-Za-z]'{0,2}(?:\(\w\))? ?=)"
)


def added(line: str, numbers: list[re.Match[str]]) -> int:
    """How many of a line's numbers, from the first, stand before what its sentence only adds; all if it adds none."""
    for count in range(1, len(numbers)):
        begin, end = numbers[count - 1].end(), numbers[count].start()
        reason = _REASON.search(line, begin, end + 40)
        if (
            reason
            and reason.start() < end
            and not (ON.search(line, begin, reason.start()) or ON.search(line, reason.end()))
        ):
            return count
    count = len(numbers)
    while count > 1 and not ON.search(line, begin := numbers[count - 2].end()):
        aside = _ASIDE.search(line, begin, numbers[count - 1].start() + 40)
        if aside is None or aside.start() > numbers[count - 1].start():
            break
        count -= 1
    return count


def is_condition(gap: str) -> bool:
    """Whether what stands between two formulas makes the second one a condition: `for every`, `where`, a bracket."""
    opened = gap.count("(") + gap.count("（") > gap.count(")") + gap.count("）")
    return opened or ((_CONDITION.match(gap) or _BECAUSE.search(gap)) is not None and not ON.search(gap))


def clauses(line: str) -> Iterator[tuple[int, int]]:
    """The clauses that may be an answer: what follows the last words of a sentence that lead to one, last first."""
    begin = last_sentence(line)
    leads = [lead.end() for lead in _LEADS.finditer(line, begin)]
    for start in islice(reversed(leads), 3):
        condition = _CONDITION.search(line, start)
        end = condition.start() if condition else len(line)
        end = start + len(line[start:end].rstrip(" .!,;*"))
        settled = start < end <= start + LONGEST and not UNSETTLED.search(line, begin, start)
        if settled and not is_denied(line, start, end):
            yield start, end
