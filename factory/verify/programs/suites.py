r"""The tests of a code prompt, read from the formats data sets keep them in.

    HumanEval      {"prompt", "test", "entry_point"}
    MBPP           {"test_list", "test_setup_code"?, "test_imports"?}
    APPS, TACO     {"inputs", "outputs", "fn_name"?}
    LiveCodeBench  {"public_test_cases", "private_test_cases"?, "metadata"?}   lists of {"input", "output", "testtype"}
    SYNTHETIC-1    {"test_cases"}   lists of {"type", "input", "output", "fn_name"?}
    DeepCoder      such a list by itself, or one of the others

Any of them may stand as text inside the text, JSON or (SYNTHETIC-1) as Python writes it; LiveCodeBench packs its
private tests, which are unpacked without running its pickle. Does not cover the program in an answer (`program.py`)
nor running anything (`code.py`).
"""

from __future__ import annotations

import ast
import base64
import contextlib
import json
import pickletools
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

LARGEST: Final = 64_000_000
"""Bytes of packed tests when they are unpacked, so that nothing small can become all of the memory."""


class NoSuite(Exception):
    """The reference holds no tests that can be read."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests of one kind: `code` (run apart from the program), `inputs` (stdin) or `calls` (one function).

    For `code`: `setup` is run before `tests`; `names` are the program's functions the tests are handed.
    `prelude` is what the prompt had given before the program. `cases` are (input, expected output) pairs.
    """

    kind: str
    tests: str = ""
    setup: str = ""
    names: tuple[str, ...] = ()
    prelude: str = ""
    entry: str = ""
    cases: tuple[tuple[Any, Any], ...] = ()


@lru_cache(maxsize=4)  # all samples of a prompt ask in turn, and some suites are large
def read_suite(reference: str) -> Suite:
    """The tests in a reference. Raises NoSuite."""
    try:
        value = _unwrapped(reference)
        if isinstance(value, dict) and value.get("verification_info"):
            value = _unwrapped(value["verification_info"])
        if isinstance(value, list):
            value = {"test_cases": value}
        if not isinstance(value, dict):
            raise NoSuite("not a JSON object")
        return _read(value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoSuite(str(error)) from error


def _unwrapped(value: Any) -> Any:
    """What a text holds, also a text within a text."""
    for _ in range(3):
        if not isinstance(value, str):
            break
        value = _parsed(value)
    return value


def _parsed(text: str) -> Any:
    """JSON, or what Python's `repr` makes of a dict. Raises ValueError."""
    try:
        return json.loads(text)
    except ValueError:
        if not text.lstrip().startswith(("{'", "[{'")):
            raise
    try:
        return ast.literal_eval(text.strip())
    except (SyntaxError, MemoryError) as error:
        raise ValueError("neither JSON nor a Python literal") from error


def _read(value: dict[str, Any]) -> Suite:
    if "test" in value and "entry_point" in value:
        entry, prompt = str(value["entry_point"]), str(value.get("prompt", ""))
        tests = f"{value['test']}\n\ncheck({entry})\n"
        return Suite("code", tests, setup=prompt, names=(entry,), prelude=prompt, entry=entry)
    if "test_list" in value:
        setup = "\n".join([*map(str, value.get("test_imports") or []), str(value.get("test_setup_code") or "")])
        return Suite("code", "\n".join(map(str, value["test_list"])), setup=setup)
    if "inputs" in value:
        pairs = list(zip(_listed(value["inputs"]), _listed(value["outputs"]), strict=True))
        return _cases(pairs, str(value.get("fn_name") or ""))
    lists = [value.get("test_cases"), value.get("public_test_cases"), value.get("private_test_cases")]
    cases = [case for one in lists for case in _listed(one)]
    metadata = _unwrapped(value.get("metadata") or {})
    name = metadata.get("func_name") if isinstance(metadata, dict) else None
    name = name or next((case["fn_name"] for case in cases if case.get("fn_name")), "")
    if not name and any(case.get("testtype") == "functional" for case in cases):
        name = _named(str(value.get("starter_code")))
    return _cases([_pair(case) for case in cases], str(name))


def _named(starter_code: str) -> str:
    found = _DEFINED.findall(starter_code)
    if not found:
        raise NoSuite("calls of a function without a name")
    return str(found[-1])


def _listed(value: Any) -> list[Any]:
    """A list of cases, given as such, as JSON text or packed. Raises ValueError."""
    if isinstance(value, str) and value.strip():
        value = _unwrapped(value if value.lstrip().startswith(("[", '"')) else _unpacked(value))
    if value and not isinstance(value, list):
        raise NoSuite(f"cases should be a list, are {type(value).__name__}")
    return value or []


def _unpacked(text: str) -> str:
    """LiveCodeBench's private tests: a pickled text, compressed, in base64. The pickle is read, not run."""
    packed = zlib.decompressobj()
    try:
        data = packed.decompress(base64.b64decode(text, validate=True), LARGEST)
        said = [(code.name, value) for code, value, _ in pickletools.genops(data)]
    except (ValueError, zlib.error) as error:
        raise NoSuite("packed tests that can't be unpacked") from error
    texts = [value for name, value in said if name in _TEXT]
    if packed.unconsumed_tail or len(texts) != 1 or {name for name, _ in said} - _TEXT - _AROUND_TEXT:
        raise NoSuite("packed tests that are no text, or too large")
    return str(texts[0])


_DEFINED: Final = re.compile(r"\bdef (\w+)")
_TEXT: Final = {"UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"}
_AROUND_TEXT: Final = {"PROTO", "FRAME", "MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT", "STOP"}


def _pair(case: dict[str, Any]) -> tuple[Any, Any]:
    """A case's input and output; SYNTHETIC-1 may keep a call's arguments as the text of their list."""
    given, wanted = case["input"], case["output"]
    if case.get("type") != "function_call" or not isinstance(given, str):
        return given, wanted
    with contextlib.suppress(ValueError):  # a text as it stands
        wanted = _parsed(wanted) if isinstance(wanted, str) else wanted
    return _parsed(given), wanted


def _cases(pairs: list[tuple[Any, Any]], name: str) -> Suite:
    """Cases for one function, where it has a name; as text they are arguments in JSON, one a line."""
    if not pairs:
        raise NoSuite("no test cases")
    if not name:
        return Suite("inputs", cases=tuple((_text(given), _text(wanted)) for given, wanted in pairs))
    if all(isinstance(given, str) for given, _ in pairs):
        pairs = [(_arguments(given), _value(wanted)) for given, wanted in pairs]
    return Suite("calls", entry=name, names=(name,), cases=tuple(pairs))


def _arguments(text: str) -> list[Any]:
    return [_value(line) for line in text.splitlines() if line.strip()]


def _value(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) else text


def _text(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
