r"""Anybody's samples, read as prompts, samples and the verdicts that came with them.

    {"problem": "4 + 5?", "response": "<think>...</think>9", "answer": "9"}     one sample a row
    {"problem": "4 + 5?", "generations": ["...", "..."], "answer": "9",         OpenR1: a row of several samples
     "finish_reasons": ["stop", "length"], "correctness_math_verify": [true, false]}
    {"input": "user\n4 + 5?\nassistant\n", "output": "...", "gts": "9", "score": 1.0}   a verl rollout dump
    {"messages": [{"role": "user", ...}, {"role": "assistant", ...}]}           the last assistant turn

`answer` is the model's only beside `reasoning` with no response column, else it is the reference; a source in which
both readings are possible stops until `--column` says which. Rows with equal turns, reference and task are samples of
one prompt. Does not cover which columns those are (`sample_columns.py`), judging (`filter.py`) nor run folders
(`ledger/`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from factory.errors import BadInput
from factory.reading.columns import TURN_COLUMNS, Columns, lookup, read_turns, wanted
from factory.reading.prompts import Mapper, Occurrences, Reading, make_prompt, without_answer
from factory.reading.row import Row
from factory.reading.rows import read_rows
from factory.reading.sample_columns import SAMPLE_ROLES, Owners, check_owner, decide, last_turn
from factory.reading.wrapped import unwrap
from factory.records import (
    THINK_CLOSE,
    THINK_OPEN,
    FinishReason,
    Prompt,
    Sample,
    Verdict,
    join_thinking,
    restore_opener,
    sample_id,
    split_thinking,
)

IMPORTED: Final = "imported"
"""The name under which a score that came with a sample stands among the verdicts."""
FINISHED: Final[Mapping[str, FinishReason]] = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "length": "length",
    "max_tokens": "length",
    "max_length": "length",
}
SWITCHES: Final = ("on", "off")
"""Llama-Nemotron's `reasoning` column says whether thinking was switched on; it holds no thought."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One text of a row, whole in `response` or in two halves; `place` of `count` where the row holds a list."""

    response: str | None
    reasoning: str | None
    place: int = 0
    count: int = 1


def read_samples(
    source: str,
    *,
    columns: Mapping[str, str] | None = None,
    reading: Reading | None = None,
) -> Iterator[tuple[Prompt, Sample, tuple[Verdict, ...]]]:
    """Samples in the source's order, each with its prompt and what an earlier judge said of it.

    `columns` maps a role (`SAMPLE_ROLES`) to a column, an empty name switches the role off. A missing finish_reason
    is `unknown`. Raises BadInput: at once for a missing source, when it is reached for a bad row, for columns that
    can be read in two ways and for a source without samples.
    """
    overrides = dict(columns or {})
    reading = Reading() if reading is None else reading
    reading.source = source
    return _samples(read_rows(source, wanted(overrides, SAMPLE_ROLES)), overrides, reading)


def _samples(
    rows: Iterator[Row], overrides: Mapping[str, str], reading: Reading
) -> Iterator[tuple[Prompt, Sample, tuple[Verdict, ...]]]:
    mapper = Mapper(reading, lambda row, first: decide(row, overrides, first))
    owners: Owners = set()
    earlier = Occurrences()
    for row in rows:
        reading.rows += 1
        columns = mapper.columns(row)
        check_owner(row, columns, owners)
        prompt, prefill = _prompt(row, columns, reading)
        for drawn in _drawn(row, columns):
            text = _text(drawn, prefill, reading)
            if text is None:
                reading.without_response += 1
                continue
            reading.samples += 1
            finished = _at(row, _value(columns, row, "finish_reason"), drawn.place, drawn.count)
            yield prompt, _sample(prompt, earlier.count(prompt.id), text, finished), _verdicts(row, columns, drawn)
    if not reading.samples:
        raise BadInput(f"{reading.source}: holds no samples ({reading.rows:,} rows)")


def _prompt(row: Row, columns: Columns, reading: Reading) -> tuple[Prompt, str]:
    """The prompt of a row, and the beginning of the answer where its wrapping held one."""
    turns = read_turns(columns, row)
    asked, prefill = without_answer(turns, row), ""
    is_sample = columns.roles["response"] and columns.roles["response"][0].lower() in TURN_COLUMNS
    reading.cut += turns[-1]["role"] == "assistant" and not is_sample
    if len(asked) == 1:
        column = next(name for name, _ in columns.values(row, "prompt"))
        inner = unwrap(asked[0]["content"], bare=column.lower() == "input")
        if inner is not None:
            asked, prefill = without_answer(inner[0], row), inner[1]
    prompt = make_prompt(asked, columns, row)
    reading.without_reference += prompt.reference is None
    return prompt, prefill


def _drawn(row: Row, columns: Columns) -> Iterator[Drawn]:
    """The texts of a row; a list of texts is taken apart."""
    thought = _value(columns, row, "reasoning")
    thought = None if thought in SWITCHES else thought
    value = _value(columns, row, "answer" if columns.roles["answer"] else "response")
    turn = None if columns.roles["answer"] else last_turn(row, columns.roles["response"][0])
    if turn is not None:
        halves = (turn.get(name) for name in SAMPLE_ROLES["reasoning"])
        inner = next((half for half in halves if half), thought)
        yield Drawn(_string(row, turn.get("content", turn.get("value"))), _string(row, inner))
    elif isinstance(value, list) and value and isinstance(value[-1], Mapping):
        yield Drawn(None, None)  # turns that end with the user: nothing was drawn
    elif isinstance(value, list):
        for place, text in enumerate(value):
            yield Drawn(_string(row, text), _string(row, _at(row, thought, place, len(value))), place, len(value))
    else:
        yield Drawn(_string(row, value), _string(row, thought))


def _text(drawn: Drawn, prefill: str, reading: Reading) -> str | None:
    """The canonical text (see `records`), None where nothing was drawn.

    A thought without an answer stays open, as if it had been cut there. `</think>` without an opener means that a
    template had written the opener.
    """
    thought = (drawn.reasoning or "").strip().removeprefix(THINK_OPEN).removesuffix(THINK_CLOSE)
    response = drawn.response
    if thought and not response:
        return f"{THINK_OPEN}\n{thought.strip()}"
    if response is None:
        return None
    if thought and THINK_CLOSE not in response:
        return join_thinking(thought, response)
    if THINK_OPEN not in response and (THINK_CLOSE in response or THINK_OPEN in prefill):
        reading.reopened += 1
        return restore_opener(response)
    return response


def _sample(prompt: Prompt, index: int, text: str, finished: Any) -> Sample:
    reasoning, answer = split_thinking(text)
    return Sample(
        id=sample_id(prompt.id, index),
        prompt_id=prompt.id,
        sample_index=index,
        text=text,
        reasoning=reasoning,
        answer=answer,
        finish_reason=FINISHED.get(finished.lower(), "unknown") if isinstance(finished, str) else "unknown",
        engine="imported",
    )


def _verdicts(row: Row, columns: Columns, drawn: Drawn) -> tuple[Verdict, ...]:
    """One verdict `imported`: true where any score reaches 1 or says true (a judge may rescue what a parser missed)."""
    best: float | None = None
    for name in columns.roles["score"]:
        mark = _at(row, lookup(row.values, name), drawn.place, drawn.count)
        if isinstance(mark, bool | int | float) and not math.isnan(mark):
            best = float(mark) if best is None else max(best, float(mark))
        elif mark is not None and "score" in columns.given:
            raise BadInput(f"{row.where}: column {name!r} should hold numbers or true/false for the score")
    if best is None:
        return ()
    return (Verdict(True, "", best, rule=IMPORTED) if best >= 1 else Verdict(False, "low_score", best, rule=IMPORTED),)


def _value(columns: Columns, row: Row, role: str) -> Any:
    """What the first of a role's columns that isn't null holds; an empty text is something."""
    values = (lookup(row.values, name) for name in columns.roles[role])
    return next((value for value in values if value is not None), None)


def _at(row: Row, value: Any, place: int, count: int) -> Any:
    """What goes with one text of several: its entry of a list as long; a single value goes with a single text."""
    if not isinstance(value, list):
        return value if count == 1 else None
    if not value:
        return None
    if len(value) != count:
        raise BadInput(f"{row.where}: a list of {len(value)} entries stands beside {count} samples")
    return value[place]


def _string(row: Row, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{row.where}: the sample should be text, is {type(value).__name__}; name its column (--column)")
    return value
