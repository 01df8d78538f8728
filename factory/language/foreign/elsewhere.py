"""Find stretches of words that are far more usual in another language than in the target's ("tot zover prima").

No list of ours names these words: what counts is how usual a word is here and there (`frequencies.py`). A stretch is
foreign where its words together are ten thousand times as usual in one other language. Names, titles, terms ("coq au
vin"), lists and identifiers are no evidence. Does not cover targets or languages without a list of frequencies.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import compress, count
from math import inf
from typing import Final, NamedTuple

from factory.language.foreign.loans import PARTICLES, loan_share
from factory.language.foreign.tokens import REACH
from factory.language.frequencies import LISTED, STRANGE, USUAL, at_home, codes, gain, strange, usualness
from factory.language.identify import detector, near
from factory.language.languages import Allowed
from factory.language.line import ENDS, Line
from factory.language.words import COMMON

_ENOUGH: Final = 4.0
_ENOUGH_FOR_TERMS: Final = 8.0
"""For a few nouns and prepositions, or a language that the prompt names ("a French dinner")."""
_KNOWN: Final = 3.5
"""Two words that are met at home as often as this may meet by chance: Turkish "su una"."""
_JOINT: Final = 3
_MOST_A_WORD: Final = 3.5
_AT_HOME: Final = -2.0
_NEITHER: Final = -0.3
_LISTED_FROM: Final = 3.3
"""What counts once a stretch is looked at: fewer words than all that are listed, so a worker's lists stay small."""
_LONGEST: Final = 200
"""Words of a cluster: it is read once for each language."""
_TERM: Final = 4
"""Words up to which a stretch may be a term."""
_OPENS: Final = re.compile(r"(?:^|[.!?:;\n>)•*\[{(-])\W*$")
_GERMAN_ARTICLES: Final = frozenset(
    ["der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer"]
)
_QUOTES: Final = frozenset('"“”„«»‘')


_UNITS: Final = "mm cm dm km kg mg ml cl dl kwh mol mod gcd lcm min max log exp sin cos tan lim tens ones"
_SIGNS: Final = frozenset(_UNITS.split())
"""Units and functions: at home wherever there is a number."""


class Stretch(NamedTuple):
    """Words `first` to before `behind`, foreign by so many powers of ten."""

    first: int
    behind: int
    code: str
    score: float


def clusters(words: Sequence[str], allowed: Allowed) -> list[tuple[int, int, int]]:
    """(first, behind last, bits) where two words or more of one other language stand near each other.

    The bits are those of the languages that two of the words have in common.
    """
    if not codes(allowed.languages):
        return []
    bits = list(map(strange(codes(near(allowed.languages))).__getitem__, words))
    found: list[tuple[int, int, int]] = []
    first = last = -1
    seen = twice = 0
    for i in compress(count(), bits):
        if first < 0 or i - last > REACH or i - first > _LONGEST or not ENDS.isdisjoint(words[last + 1 : i]):
            if twice:
                found.append((first, last + 1, twice))
            first, seen, twice = i, 0, 0
        twice |= seen & bits[i]
        seen |= bits[i]
        last = i
    return [*found, (first, last + 1, twice)] if twice else found


def pairs(words: Sequence[str], allowed: Allowed) -> list[tuple[int, int, int]]:
    """The same for a word more usual elsewhere beside one that no list of ours has: "bez pochyby"."""
    if not codes(allowed.languages):
        return []
    own, around = codes(near(allowed.languages)), near(allowed.languages)
    usual, home, known = list(map(strange(own).__getitem__, words)), at_home(own), allowed.words | ENDS
    found = {}
    for i in compress(count(), usual):
        for first, other in ((i - 1, i - 1), (i, i + 1)):
            if not 0 <= other < len(words) or (words[other] in home and words[other] != words[i]):
                continue
            pair = words[first : first + 2]
            if known.isdisjoint(pair) and not _SPOKEN.isdisjoint(pair):  # two nouns may be a term
                found[first] = usual[first] | usual[first + 1]
    return [(i, i + 2, bits) for i, bits in found.items() if detector()(" ".join(words[i : i + 2])) not in around]


def stretches(line: Line, near_by: Sequence[tuple[int, int, int]]) -> Iterator[Stretch]:
    """The foreign stretches of some clusters: for each the best in any language, when it is enough."""
    own = codes(near(line.allowed.languages))
    for first, behind, bits in near_by:
        said: set[str] = set()
        weights = [_weight(line, i, said) for i in range(first, behind)]
        best = max(
            (_best(line.words, weights, first, code, own) for i, code in enumerate(LISTED) if bits >> i & 1),
            key=lambda stretch: stretch.score,
        )
        if best.score < _enough(line, best) or _is_title(line, best):
            continue
        said_there = " ".join(line.words[best.first : best.behind])
        if not (best.behind - best.first <= 2 * _TERM and loan_share(said_there) >= 0.5):
            yield best


def _best(words: Sequence[str], weights: Sequence[float | None], first: int, code: str, own: frozenset[str]) -> Stretch:
    """The stretch with the highest sum (Kadane's algorithm)."""
    there, home = usualness(code, _LISTED_FROM), at_home(own)
    best, score, start = (0.0, first, first), 0.0, first
    for i, weight in enumerate(weights, start=first):
        if score <= 0:
            score, start = 0.0, i
        if weight is None:
            much = gain(words[i], there, home)
            weight = _NEITHER if much is None else max(2 * _AT_HOME, min(_MOST_A_WORD, much))
        score += weight
        if score > best[0]:
            best = score, start, i + 1
    return Stretch(best[1], best[2], code, best[0])


def _weight(line: Line, i: int, said: set[str]) -> float | None:
    """What a word counts whatever the language; None where its usualness decides. A word counts once ("5 cm, 4 cm")."""
    word = line.words[i]
    if word in ENDS:
        return _AT_HOME
    if word in said or word in _SIGNS:
        return 0.0
    said.add(word)
    if word in line.allowed.words or line.is_identifier(i):
        return _AT_HOME
    capital, all_capitals = line.is_capital(i), line.said(i, i + 1).isupper()
    if i and line.words[i - 1] in _GERMAN_ARTICLES and capital and not all_capitals:
        return 0.0  # German nouns are no names: "Die Antwort lautet"
    if capital and (all_capitals or not _OPENS.search(line.before(i, 20))):
        return _AT_HOME
    names = line.is_capital(i - 1) + line.is_capital(i + 1)
    if names > (word not in PARTICLES) and (word in PARTICLES or len(word) <= _JOINT):
        return 0.0  # "Sein und Zeit"
    if not _QUOTES.isdisjoint(line.joint(i)):
        return _AT_HOME
    return 0.0 if "," in line.joint(i) and "," in line.joint(i + 1) else None  # an item of a list


def _enough(line: Line, found: Stretch) -> float:
    inside, there = line.words[found.first : found.behind], usualness(found.code, USUAL)
    here = at_home(codes(near(line.allowed.languages)))
    home = {word for word in inside if (gain(word, there, here) or 0.0) < STRANGE}
    if is_term(items_of(line, found.first, found.behind), home | ENDS):
        listed = any("," in line.joint(i) for i in range(found.first + 1, found.behind))
        return inf if listed or found.behind - found.first <= _TERM else _ENOUGH_FOR_TERMS
    known = found.code != "en" and len(inside) == 2 and all(here.get(word, 0.0) >= _KNOWN for word in inside)
    return _ENOUGH_FOR_TERMS if known or found.code in codes(line.allowed.named) else _ENOUGH


def items_of(line: Line, first: int, behind: int) -> list[str]:
    """Words with an end for each comma between them."""
    items = list(line.words[first : first + 1])
    for i in range(first + 1, behind):
        items += ["\n", line.words[i]] if "," in line.joint(i) else [line.words[i]]
    return items


def is_term(words: Sequence[str], home: Container[str]) -> bool:
    """Whether the few words not at home are nouns and prepositions as far as we know: "coq au vin", "con moto"."""
    groups: list[list[str]] = [[]]
    for word in words:
        if word not in home:
            groups[-1].append(word)
        elif groups[-1]:
            groups.append([])
    if any(odd and odd[0] in _CONJUNCTIONS for odd in groups):
        return False
    short = all(len(odd) <= _TERM and _SPOKEN.isdisjoint(odd) for odd in groups)
    return short and not all(JOINTS.isdisjoint(odd) for odd in groups)


_PREPOSITIONS: Final = "au aux à con alla alle allo ai ma en in of the et ed and"
JOINTS: Final = PARTICLES.union(_PREPOSITIONS.split())
_CONJUNCTIONS: Final = frozenset(["and", "et", "ed", "ma", "of"])
_SPOKEN: Final = frozenset().union(*COMMON.values()) - JOINTS


def _is_title(line: Line, found: Stretch) -> bool:
    """Whether the stretch goes on from a capital inside a sentence: "in Cien años de soledad". German has too many."""
    before = found.first - 1
    if found.code == "de" or not line.is_capital(before) or line.joint(found.first) != " ":
        return False
    return not _OPENS.search(line.before(before, 20))
