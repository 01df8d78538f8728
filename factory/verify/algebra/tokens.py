"""The words of a formula: text to a list of (kind, text) pairs.

Covers spelling: digit groups, function names in plain text, letters side by side. Does not cover grammar
(`expressions.py`). Length and digits are capped.
"""

from __future__ import annotations

import re
from typing import Final

TOKENS: Final = 400
DIGITS: Final = 300


class Unreadable(Exception):
    """The text is no formula we know; says nothing about its value."""


_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d{1,3}(?:,\d{3}|_\d{3}| \d{3})+(?!\d)|\d+)(?P<dec>\.\d+)?|(?P<point>\.\d+)"
    r"|(?P<circ>\^\\circ(?![A-Za-z]))|\\(?P<command>[A-Za-z]+|[{}|])|(?P<word>[^\W\d_]+)|(?P<op>\*\*|[-+*/^_!%"
    r"|(){}\[\]]))"
)
_NAMES: Final = """sin cos tan cot sec csc arcsin arccos arctan asin acos atan sinh cosh tanh ln log lg exp
sqrt cbrt floor ceil abs"""
_GREEK: Final = """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho
sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell hbar"""
_SIGNS: Final = "α β γ δ ε ζ η θ ι κ λ μ ν ξ ρ σ τ υ φ χ ψ ω Γ Δ Θ Λ Ξ Σ Φ Ψ Ω"
_SPELT: Final = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi
chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega"""
_GREEK_SIGNS: Final = dict(zip(_SIGNS.split(), _SPELT.split(), strict=True))
_FUNCTIONS: Final = frozenset(_NAMES.split())
_LETTERS: Final = frozenset(_GREEK.split())


def tokenise(text: str) -> list[tuple[str, str]]:
    """The tokens of a normalised formula: num, letter, fun, cmd, circ or an operator. Raises Unreadable."""
    found: list[tuple[str, str]] = []
    place = 0
    if len(text) > 8 * TOKENS:
        raise Unreadable("too long")
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or len(found) > TOKENS:
            raise Unreadable(text[place : place + 1])
        place = match.end()
        found.extend(_token(match))
    return found


def _token(match: re.Match[str]) -> list[tuple[str, str]]:
    if match["number"] or match["point"]:
        digits = re.sub("[,_ ]", "", match["number"] or "0") + (match["dec"] or match["point"] or "")
        if len(digits) > DIGITS:
            raise Unreadable("too many digits")
        return [("num", digits)]
    if match["circ"]:
        return [("circ", "")]
    if command := match["command"]:
        if command in "{}|":
            return [("\\" + command, command)] if command != "|" else [("|", "|")]
        if command in _FUNCTIONS:
            return [("fun", command)]
        return [("letter", command)] if command in _LETTERS else [("cmd", command)]
    if word := match["word"]:
        return _split_word(word)
    op = match["op"].replace("**", "^")
    return [(op, op)]


def _split_word(word: str) -> list[tuple[str, str]]:
    if word in _FUNCTIONS:
        return [("fun", word)]
    if word in ("pi", "infinity", "inf", "oo"):
        return [("cmd", "pi" if word == "pi" else "infty")]
    for size in (4, 3, 2):
        if word[:size] in _FUNCTIONS and len(word) - size <= 2:
            return [("fun", word[:size]), *_split_word(word[size:])]
    if len(word) > 3 or "_" in word or max(word) > "\u03ff":
        raise Unreadable(word)
    return [("letter", _GREEK_SIGNS.get(letter, letter)) for letter in word]
