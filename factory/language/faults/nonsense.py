"""Words that no language has, and words that stand in an order no sentence has.

Known is what the frequency lists of the allowed languages hold (`frequencies.py`), so reversed, enciphered or mangled
text shows; what never meets in a sentence ("the of", "is are") shows shuffled text. Does not judge
(`filters/token_soup.py`), and knows pairs of English, German, French and Spanish only.
"""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from factory.language.faults.pairs import NEVER_AFTER
from factory.language.frequencies import at_home, codes
from factory.language.text import Span, lower
from factory.language.words import COMMON

_PAIRS: Final = (
    ("der die das ein eine einen", "und oder aber dass weil"),
    ("von mit zu", "ist sind war und oder wenn dass"),
    ("le la les un une des du", "le la les un une des du est sont et ou mais de avec pour si que qui il on"),
    ("de avec pour", "est sont et ou avec donc si"),
    ("the its my our your their an cannot would", "until upon onto nor though although because unless whose therefore"),
    ("onto until despite during whose", "of from upon onto until nor therefore than into"),
    ("of from into with by at", "cannot upon nor until onto therefore though although"),
    ("cannot", "over of a the and or into"),
    ("el la los las un una", "el la los las un una es y o pero con para si se por"),
    ("de con para", "es y o pero de con si"),
)
"""German, French, Spanish and rarer English ones, by hand."""


def _followers() -> dict[str, frozenset[str]]:
    """What doesn't stand behind a word; single letters are names ("A to B")."""
    found: dict[str, set[str]] = {}
    for before, after in _PAIRS:
        for word in before.split():
            found.setdefault(word, set()).update(other for other in after.split() if len(other) > 1)
    for line in NEVER_AFTER.replace("\n  ", " ").split("\n"):
        word, _, others = line.partition(": ")
        found.setdefault(word, set()).update(others.split())
    return {word: frozenset(others) for word, others in found.items() if len(word) > 1}


_NEVER: Final = _followers()


@lru_cache(maxsize=64)
def known(languages: frozenset[str]) -> Container[str]:
    """The words that a text in these languages may be made of, English ones and every language's function words too."""
    return frozenset(at_home(codes(languages | {"en"}))).union(*COMMON.values())


def clashes(text: str) -> list[Span]:
    """Where two words stand together, with nothing but a blank between, that can't."""
    words = lower(text).split(" ")
    hits = [at for at, (a, b) in enumerate(pairwise(words)) if a in _NEVER and b in _NEVER[a]]
    if not hits:
        return []
    starts = [0, *accumulate(len(word) + 1 for word in words)]
    return [(starts[at], starts[at + 2] - 1) for at in hits]
