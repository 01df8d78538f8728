"""Require one well-formed thinking block: at the very start, with words in it, closed, and an answer after it.

The score is 1.0 or 0.0. Styles: `<think>` tags, gpt-oss channels and `<|begin_of_thought|>`. Does not say whether the
sample is cut off (`finished`) nor whether the answer is right (`correct`).
"""

from __future__ import annotations

import re
from typing import Literal

from factory.language.text import STYLES, Span, style_of
from factory.records import Prompt, Sample, Verdict

_BRACKETED = re.compile(r"\[/?(?:THINK|THOUGHT|REASONING)\]", re.I)
_ANY_TAG = {
    # Also what a derailed checkpoint writes: capitals, blanks, <thinking>, <think/>, <｜think｜>.
    "think": re.compile(
        r"<\s{0,3}[|｜]?\s{0,3}/?\s{0,3}[|｜]?think(?:ing)?\s{0,3}[|｜]?\s{0,3}/?>"
        r"|</?thi(?:nk?)?(?![\w>:-])|" + _BRACKETED.pattern,
        re.I,
    ),
    "thought": re.compile(r"<\|(?:begin|end)_of_(?:thought|solution)\|>"),
    "channels": re.compile(r"<\|[a-z_]{1,20}\|>"),
}
_ANSWER_TAG = re.compile(r"</?answer>", re.I)
_SAYS = re.compile(r"\w")
_DIGIT = re.compile(r"\d")


def judge(
    sample: Sample,
    prompt: Prompt,
    *,
    style: Literal["auto", "think", "thought", "channels"] = "auto",
    prefilled: bool = False,
) -> Verdict:
    """`prefilled`: the chat template writes the opener itself, so it may be missing from imported texts."""
    text = sample.text
    kind = style_of(text) if style == "auto" else style
    opener, closer = STYLES[kind]
    if prefilled and not text.lstrip().startswith(opener):
        text, shift = opener + text, len(opener)
    else:
        shift = 0
    reason, where = _fault(text, kind, opener, closer)
    if not reason:
        return Verdict.accept(score=1.0)
    start, end = (max(0, place - shift) for place in where)
    return Verdict.reject(reason, 0.0, [(start, end)] if end > start else ())


def _fault(text: str, kind: str, opener: str, closer: str) -> tuple[str, Span]:
    """The first thing that is wrong, reading from the start, and where; ("", ...) when nothing is."""
    if kind != "think":
        return _fault_of_markers(text, kind, opener, closer)
    if text.startswith(opener) and text.count("<") == 2 and not ("[" in text and _BRACKETED.search(text)):
        end = text.find(closer)  # nearly every sample: no other mark that could begin a tag
        if end >= 0:
            return _fault_of_halves(text, (len(opener), end), end + len(closer))
    tags = [(match.group(), match.span()) for match in _ANY_TAG[kind].finditer(text)]
    for tag, span in tags:
        if tag not in (opener, closer):
            return "malformed_tag", span
    if not tags:
        return "no_thinking", (0, 0)
    if tags[0][0] == closer:
        return "no_opener", tags[0][1]
    if text[: tags[0][1][0]].strip():
        return "not_at_start", (0, tags[0][1][0])
    if len(tags) == 1:
        return "unclosed", tags[0][1]
    if len(tags) > 2 or tags[1][0] != closer:
        return "extra_tag", tags[2 if len(tags) > 2 and tags[1][0] == closer else 1][1]
    return _fault_of_halves(text, (tags[0][1][1], tags[1][1][0]), tags[1][1][1])


def _fault_of_markers(text: str, kind: str, opener: str, closer: str) -> tuple[str, Span]:
    """The same for gpt-oss channels and begin/end markers, which stand in a fixed frame."""
    frames = {
        "thought": (closer, ["<|begin_of_solution|>"], "<|end_of_solution|>"),
        "channels": (closer, ["<|start|>assistant", "<|channel|>final<|message|>"], "<|return|>"),
    }
    start = text.find(opener)
    if start < 0:
        return "no_thinking", (0, 0)
    if text[:start].strip() not in ("", "<|start|>assistant"):
        return "not_at_start", (0, start)
    end = text.find(closer, start)
    if end < 0:
        return "unclosed", (start, start + len(opener))
    after = end + len(closer)
    for expected in frames[kind][1]:
        rest = text[after:].lstrip()
        if not rest.startswith(expected):
            return "no_answer" if not rest else "malformed_tag", (after, min(len(text), after + 40))
        after = len(text) - len(rest) + len(expected)
    answer = text[after:].strip().removesuffix(frames[kind][2])
    stray = _ANY_TAG[kind].search(text, start + len(opener), end) or _ANY_TAG[kind].search(answer)
    if stray:
        return "extra_tag", (start, len(text))
    return _fault_of_halves(text[: after + len(answer) + 1], (start + len(opener), end), after)


_NOTHING = re.compile(
    r"\\(?:boxed|fbox|text(?:bf|it|rm)?|mathrm|mathbf|left|right|displaystyle|quad|begin|end)\b"
    r"|(?:final )?(?:answer|result|solution)s?\b(?: is)?|答案|[^\w\\]+|_+|\\",
    re.I,
)
_LONGEST_PLACEHOLDER = 60
_PLACEHOLDER = re.compile(
    r"\W*(?:\[(?:insert|your|the|final|add|put|fill)\b[^\]\n]{0,40}\]|\{\{?[a-z_]{3,30}\}?\}|<[a-z_ ]{3,30}>|to-?do"
    r"|tbd|fixme|(?:see|as|same as)(?: stated| shown)? (?:above|before|earlier)|like (?:above|before)|(?:siehe"
    r"|wie) oben|voir (?:ci-dessus|plus haut)|véase (?:arriba|más arriba)|vedi sopra|ver acima|zie boven|zob\. wyżej"
    r"|см\. выше|(?:见|同|如)上(?:文|所述)?|上記(?:の通り|参照)|위와 같(?:음|다|습니다))\W*",
    re.I,
)
"""What stands for an answer that nobody wrote."""
_LEAST_DRAWN = 16
"""Signs of a drawing in a fence, the fence's own among them."""
_SIGNS = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")


def _says_something(answer: str) -> bool:
    """Whether more is said than a label, an empty box or dots; signs and Morse code are something."""
    if len(answer) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.fullmatch(answer):
        return False
    if _DIGIT.search(answer) or _NOTHING.sub("", answer) or _SIGNS.search(answer):
        return True
    signs = "".join(answer.split())
    if answer.lstrip().startswith("```") and len(signs) >= _LEAST_DRAWN:
        return True
    return len(signs) >= 5 and len(set(signs) - set("`*_")) >= 2 and "\\" not in signs and not _SAYS.search(answer)


def _fault_of_halves(text: str, thinking: Span, after: int) -> tuple[str, Span]:
    if not _SAYS.search(text, *thinking):
        return "empty_thinking", thinking
    answer = text[after:]
    tags = [tag.lower() for tag in _ANSWER_TAG.findall(text)]
    if tags and (tags != ["<answer>", "</answer>"] or len(_ANSWER_TAG.findall(answer)) != 2):
        return "malformed_answer_tag", (after, len(text))
    if not _says_something(_ANSWER_TAG.sub("", answer)):
        return "no_answer", (after, len(text))
    return "", (0, 0)
