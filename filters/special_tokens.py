"""Reject text that holds a model's own control tokens: `<|im_start|>`, `<｜User｜>`, `</s>`, `[INST]`, `<0x0A>`.

Trained on, they teach a model to end turns or to play the user. The frame of a thinking style (gpt-oss channels,
`<|begin_of_thought|>`) is allowed to the style that has it. The score is their number.
"""

from __future__ import annotations

import re
from itertools import islice

from factory.language.text import region_at, style_of
from factory.records import Prompt, Sample, Verdict

_TOKEN = re.compile(
    r"<\|[A-Za-z0-9_/ -]{1,40}\|>|<[｜|][^<>\n｜|]{1,40}[｜|]>|\[/?INST\]|<</?SYS>>|<0x[0-9A-F]{2}>|<(?:start_of_turn"
    r"|end_of_turn|bos|eos|pad|unk|mask|sep|cls|endoftext|fim_\w{1,10}|extra_id_\d+|unused\d+)>|<(?:start|begin"
    r"|end)_of_[a-z_]{2,20}>|<[a-z]{2,12}(?:▁[a-z]{2,12}){1,4}>|\[/?[A-Z]{2,12}_[A-Z_]{2,20}\]|\[gMASK\]|\[/?(?:USER"
    r"|ASSISTANT|SYSTEM|HUMAN)\]|\bim_(?:start|end)\b|\bendoftext\b|\b(?:eot|eom)_id\b|\[unused\d+\]"
    r"|(?<![\w/.<])/(?:no_)?think\b(?![\w/.>])|</s>|(?<![A-Za-z])<s>|\[(?:SEP|CLS|PAD|MASK|UNK|BOS|EOS)\]"
)
_PIECE = re.compile(r"(?:[▁Ġ][A-Za-z]{1,20}){3}|(?:Ċ|Ġ){2}|(?:\s##[a-z]{1,10}){3}")
_HINT = re.compile(
    r"im_|endof|_id\b|/think(?!>)|/no_think|\[unused|<(?!/?think>|/?answer>)|\[/?[A-Z]|\[gMASK|[▁ĠĊ]|\s##[a-z]|@@"
    r"|</w>"
)
_FRAMES = {
    "think": frozenset[str](),
    "thought": frozenset(f"<|{edge}_of_{part}|>" for edge in ("begin", "end") for part in ("thought", "solution")),
    "channels": frozenset({"<|channel|>", "<|message|>", "<|start|>", "<|end|>", "<|return|>"}),
}
_IN_CODE = ("<s>", "</s>", "[MASK]", "[PAD]", "[UNK]", "[SEP]", "[CLS]")
"""Tokens that programs may rightly name; all others poison training even inside code."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs: one is enough."""
    text = sample.text
    if not _HINT.search(text):
        return Verdict.accept(score=0.0)
    frame = _FRAMES[style_of(text)]
    asked = _TOKEN.search(prompt.question) is not None  # "What does `<|im_start|>` mean?"
    spans = [
        match.span()
        for match in islice(_TOKEN.finditer(text), 10_000)
        if match.group() not in frame
        and not ((asked or match.group() in _IN_CODE) and _is_code(text, match.start()))
        and not (asked and _is_spoken_of(text, match, prompt.question))
    ]
    if spans:
        return Verdict.reject("special_token", float(len(spans)), spans[:100])
    piece = _PIECE.search(text) or _scattered(text)
    return Verdict.reject("word_pieces", 1.0, [piece.span()]) if piece else Verdict.accept(score=0.0)


def _scattered(text: str) -> re.Match[str] | None:
    """The first of several pieces of words (`ther ##mo ##meter`) that stand here and there."""
    found = list(islice(_PIECE_OF_WORD.finditer(text), _LEAST_PIECES))
    return found[0] if len(found) == _LEAST_PIECES else None


_PIECE_OF_WORD = re.compile(
    r"(?<=[^\W\d_]) (?:##[^\W\d_]{1,12}|@@[^\W\d_]{1,12})(?!\w)|(?<=[a-z])(?:@@|</w>) (?=[a-z])"
)
_LEAST_PIECES = 4


def _is_spoken_of(text: str, token: re.Match[str], question: str) -> bool:
    """Whether a token that the question names stands amid a sentence: "the token <|im_end|> closes it"."""
    start, end = token.span()
    return token.group() in question and bool(_BEFORE.match(text, max(0, start - 2)) and _AFTER.match(text, end))


_BEFORE, _AFTER = re.compile(r"\w [<\[]"), re.compile(r" [a-z(]")


def _is_code(text: str, position: int) -> bool:
    region = region_at(text, position)
    return region is not None and region.kind in ("fence", "code")
