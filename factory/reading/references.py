r"""What an answer is held against, read from the shapes data sets keep it in.

    answer "... #### 72" (gsm8k)            "72"
    solution (MATH, NuminaMath)             its last \boxed, or the whole where it is one short line
    test + entry_point (HumanEval)          JSON {"prompt", "test", "entry_point"}
    test_list (MBPP)                        JSON {"test_list", "test_setup_code", "test_imports"}
    input_output (APPS, TACO)               its JSON: {"inputs", "outputs", "fn_name"}
    public_test_cases (LiveCodeBench)       JSON {"public_test_cases", "private_test_cases", "metadata", "starter_code"}
    tests (DeepCoder)                       its JSON: a list of cases, or one of the others
    verification_info (SYNTHETIC-1)         its JSON, or what Python writes for it; a lone {"ground_truth": "5"} is "5"
    answer 2 beside choices (MMLU)          "C"

JSON is compact with sorted keys, so equal references are equal texts. Choices and starter code go to `meta`; they
are not added to the prompt. Does not cover judging (`verify/`) nor which column is read (`columns.py`).
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from factory.errors import BadInput
from factory.reading.columns import Columns, from_json
from factory.reading.row import Row

SHORT: Final = 200
"""Characters of a reference that is still an answer rather than a worked solution or an essay."""
TASKS: Final = {
    "math": "math",
    "maths": "math",
    "mathematics": "math",
    "verifiable_math": "math",
    "code": "code",
    "coding": "code",
    "programming": "code",
    "verifiable_code": "code",
}
"""Usual names of the two tasks that recipes scope by; any other name stays as it is."""
TEST_KEYS: Final = {"test", "test_list", "test_cases", "inputs", "public_test_cases"}
_BOX: Final = re.compile(r"\\(?:boxed|fbox)\s*\{|\\.|[{}]", re.DOTALL)


def read_reference(columns: Columns, row: Row) -> str | None:
    """The reference of a row; None where it has nothing a verifier could use. Raises BadInput for binary data."""
    for name, value in columns.values(row, "reference"):
        reader = _READERS.get(name.rpartition(".")[2].lower(), _plain)
        text = reader(row, value)
        if text is None and "reference" in columns.given:
            text = _plain(row, value)  # named by the user: rather whole than not at all
        if text:
            return text
    return None


def read_task(columns: Columns, row: Row, reference: str | None) -> str:
    """The task a column names, else what the reference's shape suggests (`task_of`)."""
    for _, value in columns.values(row, "task"):
        if isinstance(value, str) and len(value) <= SHORT:
            return TASKS.get(value.strip().lower(), value.strip())
    return task_of(reference)


def task_of(reference: str | None) -> str:
    """`code` for tests, `gym` for a gym entry, `math` for a short plain text, else nothing."""
    if not reference:
        return ""
    parsed = from_json(reference)
    if isinstance(parsed, list) and parsed and isinstance(parsed[0], dict) and {"input", "output"} <= parsed[0].keys():
        return "code"
    if isinstance(parsed, dict):
        return "code" if TEST_KEYS & parsed.keys() else "gym" if "family" in parsed else ""
    return "math" if len(reference) <= SHORT and "\n" not in reference else ""


def read_meta(columns: Columns, row: Row) -> str:
    """JSON of what a verifier may want beside the reference: `choices` (texts), `labels`, `starter_code`."""
    meta: dict[str, Any] = {}
    for _, value in columns.values(row, "choices"):
        if isinstance(value, Mapping):  # ARC: {"text": [...], "label": [...]}
            meta["choices"], meta["labels"] = value.get("text"), value.get("label")
        else:
            meta["choices"] = from_json(value) if isinstance(value, str) else value
        break
    if row.values.get("starter_code"):
        meta["starter_code"] = row.values["starter_code"]
    return to_json(meta) if meta else "{}"


def to_json(value: Any) -> str:
    """Compact JSON with sorted keys."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)


def last_box(text: str) -> str | None:
    r"""The content of the last complete `\boxed{}` or `\fbox{}`, in one linear pass; escaped braces don't count."""
    opened: list[int | None] = []
    best: tuple[int, int] | None = None
    for token in _BOX.finditer(text):
        if token[0] == "{":
            opened.append(None)
        elif token[0] == "}":
            start = opened.pop() if opened else None
            if start is not None and (best is None or start > best[0]):
                best = (start, token.start())
        elif len(token[0]) > 2:
            opened.append(token.end())
    return text[best[0] : best[1]].strip() if best else None


def _plain(row: Row, value: Any) -> str | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bytes):
        raise BadInput(f"{row.where}: the reference is binary; name another column (--reference-column)")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, Mapping | list):
        return to_json(value)
    return None if value is None else str(value).strip()


def _answer(row: Row, value: Any) -> str | None:
    choices = row.values.get("choices") or row.values.get("options")
    is_index = isinstance(value, int) and not isinstance(value, bool)
    if is_index and isinstance(choices, list) and 0 <= value < min(len(choices), 26):
        return chr(ord("A") + value)
    text = _plain(row, value)
    _, mark, last = f"\n{text or ''}".rpartition("\n####")
    return last.strip() if mark and "\n" not in last.strip() else text


def _solution(_: Row, value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.strip()
    return last_box(text) or (text if len(text) <= SHORT and "\n" not in text else None)


def _tests(first: str, *others: str, needs: str | None = None) -> Callable[[Row, Any], str | None]:
    """A reader of tests spread over columns: JSON with the columns' own names."""

    def read(row: Row, value: Any) -> str | None:
        if needs is not None and not row.values.get(needs):
            return None
        found = {name: row.values[name] for name in others if row.values.get(name)}
        return to_json({first: from_json(value) if isinstance(value, str) else value, **found})

    return read


def _json(_: Row, value: Any) -> str | None:
    value = _from_repr(from_json(value)) if isinstance(value, str) else value
    if isinstance(value, Mapping) and list(value) == ["ground_truth"] and isinstance(value["ground_truth"], str):
        return value["ground_truth"].strip()
    return to_json(value) if isinstance(value, Mapping | list) else None


def _from_repr(value: Any) -> Any:
    """What Python's `repr` of a dict holds, for a text that is one."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{'", "[{'")):
        return value
    try:
        return ast.literal_eval(value.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return value


_READERS: Final[Mapping[str, Callable[[Row, Any], str | None]]] = {
    "answer": _answer,
    "solution": _solution,
    "test": _tests("test", "entry_point", "prompt", needs="entry_point"),
    "test_list": _tests("test_list", "test_setup_code", "test_imports"),
    "public_test_cases": _tests("public_test_cases", "private_test_cases", "metadata", "starter_code"),
    "input_output": _json,
    "test_case": _json,
    "tests": _json,
    "verification_info": _json,
}
