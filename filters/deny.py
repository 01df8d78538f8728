"""Reject text that matches a pattern of a list, by default `identity.txt`: other models' names, "as an AI", cutoffs.

A line of the file is an RE2 pattern (linear time, no look-around or back references); blank lines and lines that start
with `#` are skipped. Thinking and answer are read; what the prompt itself says is allowed.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from factory.errors import BadInput
from factory.records import Prompt, Sample, Verdict

FILES = ("patterns",)


def judge(sample: Sample, prompt: Prompt, *, patterns: str = "identity.txt") -> Verdict:
    """`patterns`: a file beside the recipe, in the current folder or beside this rule."""
    asked = "\n".join(message["content"] for message in prompt.messages).lower()
    text = sample.text.encode("utf-8", "replace").decode()  # a lone surrogate becomes one "?"
    any_of_them, each = _patterns(patterns)
    if not any_of_them.search(text):
        return Verdict.accept(score=0.0)
    about = _ABOUT.search(asked) is not None
    spans = [
        match.span()
        for pattern in each
        if (match := pattern.search(text))
        and match.group().lower().rstrip(" .,") not in asked
        and not (about and not _FIRST_PERSON.search(match.group()))
    ]
    return Verdict.reject("denied", float(len(spans)), sorted(spans)) if spans else Verdict.accept(score=0.0)


def check_knobs(*, patterns: str) -> None:
    """Read the patterns before any work. Raises BadInput."""
    _patterns(patterns)


_ABOUT = re.compile(
    r"\b(?:ai|artificial intelligence|gpt\S*|chatgpt|llms?|language models?|neural networks?|chatbots?|openai"
    r"|anthropic|deepseek|claude|gemini|llama|qwen|alan turing|machine learning)\b|人工智能|语言模型"
)
_FIRST_PERSON = re.compile(r"\b(?:I|my|me)\b|我")
"""Where the question is of such models, only what the sample says of itself counts."""


MEMORY = 256 << 20
"""Bytes that the patterns may take: tens of thousands of words."""


@cache
def _patterns(name: str) -> tuple[Any, list[Any]]:
    """All patterns as one, for a single pass over clean texts, and each. Raises BadInput."""
    re2 = importlib.import_module("re2")  # google-re2, without type stubs
    path = Path(name) if Path(name).is_file() else Path(__file__).parent / name
    if not path.is_file():
        raise BadInput(f"{name}: no such file of patterns")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MEMORY
    found = []
    for number, line in enumerate(_lines(path), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(re2.compile(line.strip(), options))
            except re2.error as error:
                raise BadInput(f"{path}, line {number}: not an RE2 pattern: {_said(error)}") from error
    try:
        return re2.compile("|".join(f"(?:{pattern.pattern})" for pattern in found), options), found
    except re2.error as error:
        raise BadInput(f"{path}: {len(found):,} patterns are too many for one pass: {_said(error)}") from error


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text: {error}") from error


def _said(error: Exception) -> str:
    """RE2 speaks in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
