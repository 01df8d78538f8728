r"""Simple numeric claims in a text ("227 - 289 = 17") and whether they hold, exactly.

Covers chains of `=`, the four operations, powers, fractions, percent, LaTeX. Read with our own parser, never `eval`;
linear in the length of the text. Words inside are read in two forms only: every number counts the same (`12 apples + 5
apples = 17 apples`), or a share of a number (`15% of 200 = 30`). Does not cover claims with variables, remainders,
congruences, other bases, nor a claim that the text only supposes, asks for or takes back: those are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

from factory.verify.algebra.expressions import Tree, parse
from factory.verify.algebra.tokens import Unreadable
from factory.verify.algebra.values import exact
from factory.verify.literals.normalise import latex

LONGEST: Final = 300
"""Characters of a chain of claims; longer runs of digits and signs are tables or noise."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One `left = right`: code points in the text, and whether it holds."""

    start: int
    end: int
    holds: bool


_ONE_FOR_ONE: Final = str.maketrans("０１２３４５６７８９＋－−＊×·÷／＝（）％．", "0123456789+--***//=()%.")
_BULLET: Final = re.compile(r"\n[ \t]*[-*•](?=[ \t]+[\d$(])")
_WRAP: Final = re.compile(r"\\[()\[\]]|\*\*(?<![\w)]\*\*)(?=[^*\n]{1,40}\*\*(?!\d))|\*\*(?<=[\d%}]\*\*)(?!\s?[\d(])")
"""What only wraps a claim, two characters each: math delimiters, bold. Blanked, so that places stay."""
_TIMES: Final = re.compile(r"x(?:(?<=\dx)(?<!\b0x)|(?<=\d x)(?<!\b0 x))(?= ?\d)")
_SHARE: Final = re.compile(
    r"(?<![\w.,)%*/^+-])(?<![*/^+-] )(\d[\d.]*\\?%) of (?=\$?\d[\d,.]* ?=(?! ?\S{1,12} (?:of|per|percent)\b))"
)
"""`15% of 200 = 30`, where nothing stands beside it: of `15% of 200 + 1` nobody can say how much is meant."""
_NOUN: Final = r"(?!(?:am|pm|mod|rem|base|choose|to|or|and|of|per|times|by|is)\b)[A-Za-z]{2,15}"
_COUNTED: Final = re.compile(
    rf"(?<![\w.,/*^)])\d[\d,.]* ({_NOUN})(?: [+-] \$?\d[\d,.]* {_NOUN}){{1,8}} = \d[\d,.]* {_NOUN}(?![\w(])"
    r"(?! ?[-+*/^=]| (?:and|per|each|of|or)\b)"
)
"""`12 apples + 5 apples = 17 apples`: read where every number counts the same."""
_NAMED: Final = re.compile(r" = (?<=[A-Za-z]{2} = )\d")
"""Without it no such sum can stand there, and looking for it costs a tenth."""
_WORD: Final = re.compile(r"[A-Za-z]+")
_MAY_PRECEDE: Final = re.compile(
    r"(?:^|[\n.:;,(] ?|\b(?:so|then|is|was|are|were|have|has|had|total|get|gets) )$", re.IGNORECASE
)
_PARTED: Final = re.compile(r"(?<=[\d)}%$!])[.,;:](?=\s)|,,")
_SIGN: Final = r"[\d+\-*/^=≈(){}!%.,$ ]"
_NAMES: Final = ("frac", "dfrac", "tfrac", "times", "cdot", "div", "left", "right", "approx")
_COMMAND: Final = rf"\\(?:{'|'.join(_NAMES)}|[,!;%$])(?![a-z])"
_RUN: Final = re.compile(rf"(?=(?:{_SIGN}|{_COMMAND}){{3}})(?:{_SIGN}++|{_COMMAND})++")
"""Three or more signs and commands."""
_RUN_BACKWARDS: Final = re.compile(rf"(?:(?<![a-z])(?:{'|'.join(name[::-1] for name in _NAMES)}|[,!;%$])\\|{_SIGN})*+")
_EQUAL_SIGN: Final = re.compile("[=≈]")
_EQUALS: Final = re.compile(r"=|≈|\\approx")
_OPERATION: Final = re.compile(r"\d[^\d=]*(?:[-+*/^]|\\(?:times|cdot|div))|\\[dt]?frac|[!%]")
_OPEN_BEFORE: Final = re.compile(
    r"(?:[A-Za-z_\\^|&@#<>≤≥≡√π)\]}'′]|\b(?:log|ln|sin|cos|tan|sqrt|mod|of|base|root|by|choose|page|pages|score) )$"
    r"|(?:\d|\b)[A-Za-z] ?$",
    re.IGNORECASE,
)
_OPEN_AFTER: Final = re.compile(
    r"\s?(?:[A-Za-z](?![A-Za-z'])|[_\\^|√π≡²³]|(?:mod|remainder|rem|with (?:a )?rem|with \d+ left|and (?:a )?rem|余)"
    r"|[^.\n]{0,25}\bmod\b|\s?[A-Za-z]+,? and \d|\s?\d)"
)
_SUPPOSED: Final = re.compile(
    r"(?:(?:^|[.!?\n,]\s{0,3}|\b(?:so|but|and|then)\s)(?:is|does|do)\b|\b(?:binary|base|hex|octal|modulo)\b"
    r"|\b(?:if|suppose|assume|whether|not|unless|say|claims?|guess|try|would|could|should|than|n't)\b|若|如果|假设|是否)"
    r"[^.!?\n。]{0,12}$",
    re.IGNORECASE,
)
_TAKEN_BACK: Final = re.compile(
    r"\?|\b(?:no|wait|wrong|incorrect|not (?:right|correct|true|equal|possible)|mistake|error|oops|hmm|actually"
    r"|recheck|re-check|let me (?:re|check|verify|try|correct)|too (?:big|small|large|high|low|much)|should be"
    r"|doesn't|isn't|contradict|fails?)\b|不对|错|等等|重新|不等于|不是",
    re.IGNORECASE,
)
AHEAD: Final = 120
"""Characters after a false claim in which it may be taken back."""


def claims(text: str) -> list[Claim]:
    """The claims of a text in their order."""
    plain = text if text.isascii() else text.translate(_ONE_FOR_ONE)
    if "=" not in plain and "≈" not in plain:
        return []
    plain = _unwrapped(plain)
    found: list[tuple[Tree, Claim]] = []
    for run in _runs(plain):
        if len(run[0]) <= LONGEST:
            for start, end in _sentences(run):
                found.extend(_chain(plain, start, end))
    if all(one.holds for _, one in found):
        return [one for _, one in found]
    right = {left: n for n, (left, one) in enumerate(found) if one.holds}
    # what is worked out anew later, and rightly then, is taken back
    return [one for n, (left, one) in enumerate(found) if one.holds or right.get(left, -1) < n]


def _runs(plain: str) -> Iterator[re.Match[str]]:
    """The runs of signs and commands around each `=`: found from there, for every blank between words begins one."""
    backwards, done = plain[::-1], 0
    for mark in _EQUAL_SIGN.finditer(plain):
        if mark.start() < done:
            continue
        before = _RUN_BACKWARDS.match(backwards, len(plain) - mark.start())
        start = max(done, mark.start() - (len(before[0]) if before else 0))
        if run := _RUN.match(plain, start):
            yield run
            done = run.end()


def _unwrapped(text: str) -> str:
    """The text without what only wraps claims: bullets, calculator marks, boxes, math delimiters, bold."""
    plain = _BULLET.sub(lambda found: "\n" + " " * (len(found[0]) - 1), "\n" + text)[1:]
    plain = plain.replace("<<", ",,").replace(">>", ",,").replace("\\boxed{", "      {")
    if "%" in plain and " of " in plain:
        plain = _SHARE.sub(lambda found: f"{found[1]} *  " if _stands_alone(found) else found[0], plain)
    if _NAMED.search(plain):
        plain = _COUNTED.sub(_without_nouns, plain)
    return _TIMES.sub("*", _WRAP.sub("  ", plain))


def _without_nouns(found: re.Match[str]) -> str:
    """Numbers and signs alone where all count the same thing, blanks for words; else the text as it stands."""
    nouns = {noun.lower().removesuffix("s") for noun in _WORD.findall(found[0])}
    if len(nouns) > 1 or not _stands_alone(found):
        return found[0]
    return _WORD.sub(lambda word: " " * len(word[0]), found[0])


def _stands_alone(found: re.Match[str]) -> bool:
    """Whether a claim begins there: after `twice`, `a third of` or `200 plus` more is meant than stands in figures."""
    return _MAY_PRECEDE.search(found.string[max(0, found.start() - 8) : found.start()]) is not None


def _sentences(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """A run of digits and signs cut where a comma or a point ends a claim: `48/2 = 24, 48 + 24 = 72`."""
    start = run.start()
    for mark in _PARTED.finditer(run[0]):
        yield start, run.start() + mark.start()
        start = run.start() + mark.end()
    yield start, run.end()


def _chain(text: str, begin: int, stop: int) -> Iterator[tuple[Tree, Claim]]:
    """The claims between two places: each side of an `=` against the next, with the tree of its left side."""
    run = text[begin:stop]
    if "=" not in run and "≈" not in run and "\\approx" not in run:
        return
    marks = list(_EQUALS.finditer(run))
    if not _OPERATION.search(run):
        return
    bounds = [0, *(place for mark in marks for place in mark.span()), len(run)]
    sides = [(begin + bounds[n], begin + bounds[n + 1]) for n in range(0, len(bounds), 2)]
    trees = [_read(text[start:end]) for start, end in sides]
    lead = begin + len(run) - len(run.lstrip(" $"))
    if text[lead : lead + 1] in tuple("+*/^)!%}") or _OPEN_BEFORE.search(text[max(0, lead - 8) : lead]):
        trees[0] = None
    if _OPEN_AFTER.match(text[stop : stop + 40]):
        trees[-1] = None
    for (left, right), (one, other), mark in zip(pairwise(trees), pairwise(sides), marks, strict=True):
        if left is None or right is None or (left[0] == "n" and right[0] == "n"):
            continue
        holds = _holds(text[slice(*one)], text[slice(*other)], mark[0] != "=")
        if holds is None or (not holds and _is_not_meant(text, one[0], other[1])):
            continue
        yield left, Claim(max(one[0], lead), other[1], holds)


@lru_cache(maxsize=4_096)
def _read(side: str) -> Tree | None:
    """The tree of a side that has a number; the same ones come again within a text, and in a prompt's samples."""
    side = latex(side.replace("$", " ").replace("\\%", "%")).strip().rstrip(".,").strip()
    try:
        return parse(side) if any(c.isdigit() for c in side) else None
    except Unreadable:
        return None


@lru_cache(maxsize=4_096)
def _holds(left_text: str, right_text: str, is_rough: bool) -> bool | None:
    """Whether two readable sides are equal; a decimal on the right may be rounded or cut off. None if out of reach."""
    left, right = _read(left_text), _read(right_text)
    if left is None or right is None:
        return None
    one, other = exact(left), exact(right)
    if one is None or other is None:
        return None
    if (changed := _by_percent(left, left_text)) is not None and exact(changed) == other:
        return True
    if one == other or (right[0] != "n" and _first(right) == one):
        return True  # 10 - 3 = 7 - 2 = 5: a running total
    if right[0] == "/" and right[2] == ("n", Fraction(100)) and "%" not in left_text:
        other = min(other, other * 100, key=lambda value: abs(one - value))  # 100 / 3 = 33.3 %
    if one == other:
        return True
    decimals = right_text.strip(" $.,").partition(".")[2]
    places = sum(c.isdigit() for c in decimals)
    if is_rough:
        return abs(one - other) <= abs(one) / 20 + Fraction(1, 10**places)
    return places > 0 and _is_rounded(one, other, Fraction(1, 10**places))


def _is_rounded(exactly: Fraction, said: Fraction, unit: Fraction) -> bool:
    """Whether a decimal is rounded or cut off at its last place; upwards only where that changes it by little."""
    gap = abs(exactly - said)
    return gap <= unit / 2 or (gap < unit and (abs(said) < abs(exactly) or gap * 50 <= abs(exactly)))


def _by_percent(tree: Tree, text: str) -> Tree | None:
    """`100 - 25%` as people mean it: less a quarter of that."""
    if tree[0] not in ("+", "-") or text.count("%") != 1 or tree[2][0] != "/" or tree[2][2] != ("n", _HUNDRED):
        return None
    return ("*", tree[1], (tree[0], ("n", Fraction(1)), tree[2]))


_HUNDRED: Final = Fraction(100)


def _first(tree: Tree) -> Fraction | None:
    """The leftmost number of a formula."""
    while tree[0] in ("+", "-", "*", "/"):
        tree = tree[1]
    return tree[1] if tree[0] == "n" else None


def _is_not_meant(text: str, start: int, end: int) -> bool:
    """Whether the words around a false claim suppose it, ask for it or take it back."""
    return bool(_SUPPOSED.search(text[max(0, start - 40) : start]) or _TAKEN_BACK.search(text[end : end + AHEAD]))
