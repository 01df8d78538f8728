"""The program in an answer to a code prompt.

Covers fenced blocks as models write them and what the prompt had given before them. Does not cover the tests
(`suites.py`) nor running anything (`code.py`).
"""

from __future__ import annotations

import ast
import re
from typing import Final

from factory.verify.programs.suites import Suite

LONGEST: Final = 100_000
"""Characters of an answer that are looked at, its end."""

_FENCE: Final = re.compile(
    r"^(?P<indent>[ \t>]{0,8})(?P<mark>```|~~~)[ \t]*(?P<language>[A-Za-z0-9+#]*)[^\n]*\n"
    r"(?P<code>.*?)(?:^[ \t>]{0,8}(?P=mark)|\Z)",
    re.DOTALL | re.MULTILINE,
)
"""A fence that is never closed holds the rest of the answer."""
_READS_INPUT: Final = re.compile(r"\binput\(|\bstdin\b|\bopen\(0|\bos\.read\(|\bfileinput\b|/dev/stdin")

_FUTURE: Final = re.compile(r"^from __future__ import [^\n]*\n", re.MULTILINE)
_GIVEN: Final = "\n".join(
    (
        "import bisect, collections, functools, heapq, itertools, math, operator, random, re, string, sys",
        *(f"from {name} import *" for name in ("collections", "heapq", "bisect", "itertools", "functools", "typing")),
        "from math import ceil, comb, factorial, floor, gcd, inf, isqrt, lcm, log, log2, perm, pi, sqrt",
        "sys.setrecursionlimit(50_000)\n",
    )
)
"""What sites whose tasks begin with `class Solution:` have imported, and answers to them do not repeat."""


def program(answer: str, suite: Suite) -> str:
    """The program in an answer, with what its prompt had given (imports, helpers, the signature). "" if none.

    The last fenced block of Python that has the wanted function, or reads its input; else the last block, else all of
    the answer. A block that says no language counts where none says Python, if it is a program.
    """
    blocks = _blocks(answer[-LONGEST:], suite.prelude)
    defines = re.compile(rf"\bdef {re.escape(suite.entry)}\b" if suite.entry else r"(?!)")
    wanted = [b for b in blocks if (defines if suite.entry else _READS_INPUT).search(b)]
    code = (wanted or blocks or [answer])[-1]
    if not blocks and not _compiles(suite.prelude + code) and not _compiles(code):
        return ""
    if suite.kind == "calls" and re.search(r"^class Solution\b", code, re.MULTILINE):
        return _before(code, _GIVEN)
    if not suite.prelude:
        return code
    if (given := list(defines.finditer(suite.prelude))) and defines.search(code):
        return suite.prelude[: given[-1].start()] + "\n" + code
    return suite.prelude + code


def _blocks(answer: str, prelude: str) -> list[str]:
    """Fenced blocks that may be the program, without the indent of their fence."""
    found = [(m["language"].lower(), _outdented(m["code"], m["indent"])) for m in _FENCE.finditer(answer)]
    named = [code for language, code in found if language in ("python", "py", "python3")]
    bare = [code for language, code in found if not language]
    return named or [code for code in bare if _does_something(code) or (prelude and _compiles(prelude + code))]


def _outdented(code: str, indent: str) -> str:
    return "\n".join(line.removeprefix(indent) for line in code.split("\n")) if indent else code


def _before(code: str, given: str) -> str:
    """The code after what is given; `from __future__` must stay first."""
    futures = _FUTURE.findall(code)
    return "".join(futures) + given + _FUTURE.sub("\n", code)


def _compiles(code: str) -> bool:
    return bool(code.strip()) and _tree(code) is not None


def _does_something(code: str) -> bool:
    """Whether a text is a program rather than its output: `3` compiles too."""
    tree = _tree(code)
    doing = (ast.Call, ast.FunctionDef, ast.Assign, ast.Return)
    return tree is not None and any(isinstance(node, doing) for node in ast.walk(tree))


def _tree(code: str) -> ast.AST | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
