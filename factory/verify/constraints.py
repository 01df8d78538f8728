"""Does an answer keep to what its instructions ask of its form? Exact checks, in the format IFEval gave the field.

    {"instruction_id_list": ["length_constraints:number_words", "punctuation:no_comma"],
     "kwargs": [{"relation": "at least", "num_words": 100}, {}]}

Also `instruction_id` for the list, one such object in a list, and "json_schema" with a schema beside or instead of it
(checked by the library jsonschema). Covers the instructions below, on the answer part only; of any other, nobody can
tell: it is unknown, never wrong. Does not cover whether the answer is any good. There is no library made for this that
installs without fetching data at import (lm-eval's and Google's do), so the checks are our own; they follow IFEval's
words, not its bugs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from factory.records import PROMPTS_AT_WORK

KEYS: Final = {"instruction_id_list", "instruction_id", "json_schema"}
"""One of these in a reference says that it holds constraints."""

Knobs = Mapping[str, Any]
Check = Callable[[str, Knobs], bool]


class NotConstraints(Exception):
    """The reference holds none that can be read."""


def keeps(answer: str, reference: str) -> bool | None:
    """Whether the answer keeps to all of a reference's constraints; None if one of them is unknown to us.

    Raises NotConstraints.
    """
    verdicts = [_one(answer, name, knobs) for name, knobs in read(reference)]
    return False if False in verdicts else None if None in verdicts else True


@lru_cache(maxsize=PROMPTS_AT_WORK)
def read(reference: str) -> tuple[tuple[str, Knobs], ...]:
    """The names and knobs of a reference's constraints. Raises NotConstraints."""
    try:
        value = json.loads(reference)
        value = value[0] if isinstance(value, list) else value
        names = value.get("instruction_id_list") or value.get("instruction_id") or []
        names = [names] if isinstance(names, str) else names
        knobs = value.get("kwargs") or [{} for _ in names]
        found = [
            (str(n), {k: v for k, v in (k or {}).items() if v is not None}) for n, k in zip(names, knobs, strict=True)
        ]
        if value.get("json_schema") is not None:
            found.append(("json_schema", {"schema": value["json_schema"]}))
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise NotConstraints(str(error)) from error
    if not found:
        raise NotConstraints("no constraints")
    return tuple(found)


def _one(answer: str, name: str, knobs: Knobs) -> bool | None:
    check = CHECKS.get(name)
    if check is None:
        return None
    try:
        return bool(answer.strip()) and check(answer.strip(), knobs)
    except (KeyError, TypeError, ValueError, AttributeError, re.error, ImportError, RecursionError):
        return None  # knobs of another shape: nobody can tell


_WORD: Final = re.compile(r"\w+(?:['’-]\w+)*")
_ENDS: Final = re.compile(r"(?<=[.!?])[\"')\]]*\s+|(?<=[。！？])|\n+")
_FENCE: Final = re.compile(r"^```(?:json|JSON)?\s*\n(.*)\n```$", re.DOTALL)


def _relates(count: int, knobs: Knobs, wanted: Any) -> bool:
    """IFEval knows "at least" and "less than"; others are spelt as they are met."""
    relation = str(knobs.get("relation", "at least"))
    limit = int(wanted)
    if relation == "at least":
        return count >= limit
    if relation in ("less than", "fewer than"):
        return count < limit
    if relation == "at most":
        return count <= limit
    if relation in ("exactly", "equal to"):
        return count == limit
    raise ValueError(relation)


def _times(text: str, word: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))


def _sentences(text: str) -> list[str]:
    return [part for part in _ENDS.split(text) if any(map(str.isalnum, part))]


def _paragraphs(text: str) -> list[str]:
    """IFEval parts paragraphs by `***`; without one, by empty lines."""
    mark = r"\s?\*\*\*\s?" if "***" in text else r"\n\s*\n"
    return [part for part in re.split(mark, text) if part.strip()]


def _first_word(text: str, knobs: Knobs) -> bool:
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    if len(parts) != int(knobs["num_paragraphs"]):
        return False
    found = _WORD.search(parts[int(knobs["nth_paragraph"]) - 1])
    return found is not None and found[0].casefold() == str(knobs["first_word"]).casefold()


def _is_json(text: str) -> Any:
    fenced = _FENCE.match(text)
    return json.loads(fenced[1] if fenced else text)


def _parses(text: str, _: Knobs) -> bool:
    try:
        _is_json(text)
    except (ValueError, RecursionError):
        return False
    return True


def _fits_schema(text: str, knobs: Knobs) -> bool:
    """By a schema that is sound by itself: what it names elsewhere is not fetched. Raises ValueError for any other."""
    import jsonschema  # type: ignore[import-untyped]
    import referencing

    schema = json.loads(knobs["schema"]) if isinstance(knobs["schema"], str) else knobs["schema"]
    try:
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        return _parses(text, {}) and bool(validator(schema, registry=referencing.Registry()).is_valid(_is_json(text)))
    except (jsonschema.SchemaError, referencing.exceptions.Unresolvable, re.error) as error:
        raise ValueError("no schema to check by") from error


def _in_language(text: str, knobs: Knobs) -> bool:
    from factory.language.main_language import main_language

    found = main_language(text)
    if found is None:
        raise ValueError("too little to tell")
    return found == str(knobs["language"]).split("-")[0]


def _two_answers(text: str, _: Knobs) -> bool:
    parts = [part.strip() for part in text.split("******")]
    return len(parts) == 2 and all(parts) and parts[0] != parts[1]


def _postscript(text: str, knobs: Knobs) -> bool:
    mark = str(knobs.get("postscript_marker", "P.S.")).casefold().replace(".", r"\.\s?")
    return re.search(rf"(?:^|\n)\s*{mark}.*", text.casefold()) is not None


CHECKS: Final[dict[str, Check]] = {
    "keywords:existence": lambda t, k: all(_times(t, str(w)) for w in k["keywords"]),
    "keywords:forbidden_words": lambda t, k: not any(_times(t, str(w)) for w in k["forbidden_words"]),
    "keywords:frequency": lambda t, k: _relates(_times(t, str(k["keyword"])), k, k["frequency"]),
    "keywords:letter_frequency": lambda t, k: _relates(
        t.casefold().count(str(k["letter"]).casefold()), {"relation": k["let_relation"]}, k["let_frequency"]
    ),
    "length_constraints:number_words": lambda t, k: _relates(len(_WORD.findall(t)), k, k["num_words"]),
    "length_constraints:number_sentences": lambda t, k: _relates(len(_sentences(t)), k, k["num_sentences"]),
    "length_constraints:number_paragraphs": lambda t, k: len(_paragraphs(t)) == int(k["num_paragraphs"]),
    "length_constraints:nth_paragraph_first_word": _first_word,
    "language:response_language": _in_language,
    "detectable_format:json_format": _parses,
    "detectable_format:number_bullet_lists": lambda t, k: (
        len(re.findall(r"^\s*(?:\*(?!\*)|-(?!-))\s*\S", t, re.MULTILINE)) == int(k["num_bullets"])
    ),
    "detectable_format:number_highlighted_sections": lambda t, k: (
        len(re.findall(r"\*\*[^\n*]+\*\*|(?<!\*)\*[^\n*]+\*(?!\*)", t)) >= int(k["num_highlights"])
    ),
    "detectable_format:multiple_sections": lambda t, k: (
        len(re.findall(rf"\s?{re.escape(str(k['section_spliter']))}\s?\d+", t)) >= int(k["num_sections"])
    ),
    "detectable_format:title": lambda t, _: re.search(r"<<[^\n<>]*\S[^\n<>]*>>", t) is not None,
    "detectable_format:constrained_response": lambda t, _: (
        t in ("My answer is yes.", "My answer is no.", "My answer is maybe.")
    ),
    "detectable_content:number_placeholders": lambda t, k: (
        len(re.findall(r"\[[^\[\]\n]+\]", t)) >= int(k["num_placeholders"])
    ),
    "detectable_content:postscript": _postscript,
    "change_case:english_capital": lambda t, _: t.isupper(),
    "change_case:english_lowercase": lambda t, _: t.islower(),
    "change_case:capital_word_frequency": lambda t, k: _relates(
        sum(w.isupper() for w in _WORD.findall(t)), {"relation": k["capital_relation"]}, k["capital_frequency"]
    ),
    "startend:end_checker": lambda t, k: t.strip('" ').casefold().endswith(str(k["end_phrase"]).strip().casefold()),
    "startend:quotation": lambda t, _: len(t) > 1 and t[0] == t[-1] == '"',
    "combination:two_responses": _two_answers,
    "combination:repeat_prompt": lambda t, k: t.casefold().startswith(str(k["prompt_to_repeat"]).strip().casefold()),
    "punctuation:no_comma": lambda t, _: not set(t) & set(",，、"),
    "json_schema": _fits_schema,
}
"""What is known, by IFEval's names."""
