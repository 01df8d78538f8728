"""Write one answer in one way: Unicode, LaTeX spelling, delimiters and trailing punctuation.

Covers spelling only: what it returns means what it was given. Does not cover values (`numbers.py`), letters
(`comparison/choices.py`) or finding the answer in a text (`extraction/extract.py`). Everything is linear in the length
of the text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SUPERSCRIPTS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"
_SUBSCRIPTS: Final = "₀₁₂₃₄₅₆₇₈₉"
_SYMBOLS: Final = {
    "−": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "﹣": "-", "－": "-",
    "×": "*", "✕": "*", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "•": "*", "÷": "/", "∕": "/", "⁄": "/",
    "≤": "\\le ", "⩽": "\\le ", "≥": "\\ge ", "⩾": "\\ge ", "≠": "\\ne ", "≈": "\\approx ", "∞": "\\infty ",
    "π": "\\pi ", "√": "\\sqrt ",  "±": "\\pm ", "∪": "\\cup ", "∩": "\\cap ", "∈": "\\in ", "∅": "\\emptyset ",
    "≡": "\\equiv ", "∛": "\\sqrt[3] ", "∜": "\\sqrt[4] ",
    "°": "^\\circ ", "º": "^\\circ ", "℃": "^\\circ C", "∠": "\\angle ", "→": "\\to ", "ℝ": "\\mathbb{R}",
    "،": ",", "؟": "?", "।": ".",
    "、": ",", "。": ".", "，": ",", "′": "'", "’": "'", "‘": "'", "“": '"', "”": '"', "「": '"', "」": '"',
    "½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4", "⅕": " 1/5", "⅖": " 2/5", "⅗": " 3/5",
    "⅘": " 4/5", "⅙": " 1/6", "⅚": " 5/6", "⅛": " 1/8", "⅜": " 3/8", "⅝": " 5/8", "⅞": " 7/8",
    "¥": "¥", "￥": "¥", "\t": " ", "\r": "\n", "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
_TABLE: Final = str.maketrans(_SYMBOLS)
_INVISIBLE: Final = {"Cc", "Cf", "Cs", "Co"}
"""Unicode categories that never carry a value: controls, zero-width and bidi marks, surrogates, private use."""

_RAISED: Final = re.compile(f"[{_SUPERSCRIPTS}]+")
_LOWERED: Final = re.compile(f"[{_SUBSCRIPTS}]+")
_PLAIN: Final = str.maketrans(_SUPERSCRIPTS + _SUBSCRIPTS, "0123456789+-n" + "0123456789")
_CIRCLED: Final = re.compile("(?<=[①-⑳])(?=[①-⑳])")
"""`①③` is no thirteen."""
_MIXED: Final = re.compile(r"(?<=\d)\s?又\s?(?=\d)")
"""`1又1/2` is 1 1/2."""


def clean(text: str) -> str:
    """One spelling of the characters: NFKC, no invisible ones, ASCII operators; newlines stay."""
    if text.isascii() and text.isprintable():
        return text
    text = _RAISED.sub(lambda m: "^{" + m[0].translate(_PLAIN) + "}", text)
    text = _LOWERED.sub(lambda m: "_{" + m[0].translate(_PLAIN) + "}", text)
    text = unicodedata.normalize("NFKC", _CIRCLED.sub(";", text).translate(_TABLE)).translate(_TABLE)
    if "又" in text:
        text = _MIXED.sub(" ", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _INVISIBLE)


_DROPPED: Final = re.compile(
    r"\\(?:left|right|big|Big|bigg|Bigg|bigl|bigr|Bigl|Bigr|biggl|biggr|Biggl|Biggr|middle|limits|displaystyle"
    r"|textstyle|mathstrut|hfill|boldsymbol|rm|bf|it|centering)(?![A-Za-z])\.?"
)
_SPACES: Final = re.compile(r"(?<!\\)\\(?:quad(?![A-Za-z])|qquad(?![A-Za-z])|thinspace|,|;|:|!| |>|\n)|~|&(?=\s*=)")
_SIDE_BY_SIDE: Final = re.compile(
    r"(?<![,;\\\s])\s*\\q?quad(?![A-Za-z])\s*(?=[A-Za-z](?:_\{?\w\}?)?\s*=)"
    r"|(?<=[)\]])\s*\\q?quad(?![A-Za-z])\s*(?=[(\[])"
)
"""`x = 1 \\quad y = 2`, `(1, 2) \\quad (3, 4)`."""
_NAMED: Final = re.compile(
    r"\\(?:text|textbf|textit|textrm|textsf|texttt|textnormal|mathrm|mathbf|mathit|mathsf|mathcal|mathtt|mbox|hbox"
    r"|emph|ce"
    r"|operatorname\*?|underline|bm|mathop|boxed|fbox|math)\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
)
_REWRITES: Final = [
    (re.compile(r"\{([^{}]{1,200})\\over(?![A-Za-z])([^{}]{1,200})\}"), r"{\\frac{\1}{\2}}"),
    (re.compile(r"\\[dtc]frac(?![A-Za-z])"), r"\\frac"),
    (re.compile(r"\\[dt]binom(?![A-Za-z])"), r"\\binom"),
    (re.compile(r"\\(?:cdot|times|ast)(?![A-Za-z])"), "*"),
    (re.compile(r"\\div(?![A-Za-z])"), "/"),
    (re.compile(r"\\(?:leq|leqq|leqslant)(?![A-Za-z])"), r"\\le"),
    (re.compile(r"\\(?:geq|geqq|geqslant)(?![A-Za-z])"), r"\\ge"),
    (re.compile(r"\\(?:lor|vee)(?![A-Za-z])"), " or "),
    (re.compile(r"\\(?:land|wedge)(?![A-Za-z])"), " and "),
    (re.compile(r"\\neqq?(?![A-Za-z])|(?<=\s)!=|\\not\s*="), r"\\ne "),
    (re.compile(r"\\lt(?![A-Za-z])"), "<"),
    (re.compile(r"\\gt(?![A-Za-z])"), ">"),
    (re.compile(r"\\(?:lbrace)(?![A-Za-z])"), r"\\{"),
    (re.compile(r"\\(?:rbrace)(?![A-Za-z])"), r"\\}"),
    (re.compile(r"\\(?:lvert|rvert|vert|mid)(?![A-Za-z])"), "|"),
    (re.compile(r"\\langle(?![A-Za-z])"), "("),
    (re.compile(r"\\rangle(?![A-Za-z])"), ")"),
    (re.compile(r"\\(?:text)?color\s*\{[^{}]*\}"), ""),
    (re.compile(r"\\mathbb\s*([A-Z])(?![A-Za-z])"), r"\\mathbb{\1}"),
    (re.compile(r"\\(?:varnothing)(?![A-Za-z])"), r"\\emptyset"),
    (re.compile(r"\\(?:ldots|dots|cdots)(?![A-Za-z])"), "..."),
    (re.compile(r"\^\s*\{?\s*\\(?:circ|degree)(?![A-Za-z])\s*\}?|\\degree(?![A-Za-z])"), r"^\\circ "),
    (re.compile(r"\\([%#&_])"), r"\1"),
    (re.compile(r"(?<=\d)\\(?:text|mathrm)\{([A-F]{1,8})\}(?=\d)"), r"\1"),
    (re.compile(r"(?<=\d) ?\{ ?([,:]) ?\} ?(?=\d)"), r"\1"),
    (re.compile(r"(?<=\d)\\[,!:; ]\s?(?=\d{3}(?!\d))"), "_"),
    (re.compile(r"\\!\s?"), ""),
]
_GOES_ON: Final = re.compile(r"\d\s?\.\.\.$")
_FIRST: Final = 4
"""How many of the rewrites, the last ones, come before anything else is read."""
_ESCAPED_TWICE: Final = re.compile(
    r"(?<!\\)\\\\(?=(?:[dt]?frac|sqrt|left|right|text|boxed|pi|cdot|times|infty|cup|pm|le|ge|mathbb|mathrm"
    r"|theta)(?![a-z]))"
)
"""`\\\\frac` as JSON that was escaped twice leaves it; a matrix keeps its line ends."""
_OPENERS: Final = frozenset(["$", "\\", "*", "`", '"', "_"])
_WRAPPERS: Final = [
    ("$$", "$$"),
    ("$", "$"),
    (r"\(", r"\)"),
    (r"\[", r"\]"),
    ("**", "**"),
    ("*", "*"),
    ("__", "__"),
    ("`", "`"),
    ('"', '"'),
]


def latex(text: str) -> str:
    r"""One spelling of LaTeX: no sizing or font commands, `\frac`, `*`, `\le`; `\text{m}` becomes ` m `.

    Thin spaces between digit groups become `_` (as in Python's literals), so `10\,000` stays one number.
    """
    if "\\" in text or "{" in text or "!=" in text:
        text = re.sub(r"\\\$", "$", text)
        if "\\\\" in text and "\\begin" not in text:
            text = _ESCAPED_TWICE.sub(r"\\", text)
        for pattern, spelling in _REWRITES[-_FIRST:]:
            text = pattern.sub(spelling, text)
        text = _DROPPED.sub("", text)
        for _ in range(4):  # fonts nest a few deep at most; deeper ones stay and are told apart later
            text, changed = _NAMED.subn(r" \1 ", text)
            if not changed:
                break
        for pattern, spelling in _REWRITES[:-_FIRST]:
            text = pattern.sub(spelling, text)
        if "quad" in text:
            text = _SIDE_BY_SIDE.sub(", ", text)
        text = _SPACES.sub(" ", text)
    return text


def strip_wrappers(text: str) -> str:
    """Without surrounding math delimiters, emphasis, quotes, and trailing punctuation."""
    before = None
    while text != before:
        before = text
        text = text.strip()
        if not (text.endswith("...") and _GOES_ON.search(text)):
            text = text.rstrip(".,;:?").strip()
        for opener, closer in _WRAPPERS if text[:1] in _OPENERS else ():
            inside = text[len(opener) : len(text) - len(closer)]
            wrapped = text.startswith(opener) and text.endswith(closer) and len(text) > len(opener + closer)
            if wrapped and opener not in inside and closer not in inside:
                text = inside
        if text.endswith("\\") and not text.endswith("\\\\"):
            text = text[:-1]
    return text


_FORMULA_INSIDE: Final = re.compile(r"^([^$]*)\$([^$]*)\$(?!\d)")
_GAPS: Final = re.compile(r"\s+")
_LOOSE: Final = re.compile(r"(?<![A-Za-z0-9_.]) | (?![A-Za-z0-9_.\\])")


def normalise(text: str) -> str:
    """The spelling in which answers are compared and cached."""
    if text.isalnum() and text.isascii():
        return text  # most answers, and most of the time
    text = strip_wrappers(_GAPS.sub(" ", latex(clean(text))))
    if "\\(" in text and text.count("\\(") == text.count("\\)"):  # `\(a\) or \(b\)`
        text = text.replace("\\(", "").replace("\\)", "").strip()
    if text[:1] == "=" and text[1:2] != "=":  # the left side was said before
        text = text[1:].lstrip("> ")
    return _FORMULA_INSIDE.sub(r"\1\2", text) if text.count("$") == 2 else text


def key(text: str) -> str:
    """What equal answers share: `normalise` without the spaces that part no words or digits."""
    text = normalise(text)
    return text if text.isalnum() else _LOOSE.sub("", text)
