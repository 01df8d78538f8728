"""Score answers to reasoning-gym's tasks with the family's own scorer.

The reference is JSON {"family", "config", "entry"} (see `factory/reading/gym.py`). Only a full score counts: partial
credit is common there. Some scorers run what the model or the entry says (`eval`, sympy's `parse_expr`): these run in a
jail (`programs/gym_jail.py`), and even there are only shown answers that can be no code, by a whitelist of characters
and names. Families whose scorer can't be trusted are refused by name.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from factory.verify.algebra.symbolic import TimeUp, time_limit
from factory.verify.extraction.extract import extract
from factory.verify.literals.normalise import clean, latex, strip_wrappers
from factory.verify.programs import gym_jail, jail

FULL: Final = 0.99
LONGEST: Final = 10_000
SECONDS: Final = 4.0
"""Wall clock for a scorer: sympy may take minutes over what an answer of 300 characters asks of it."""

REFUSED: Final = {
    "game_of_life_halting": "scores any text 1.0",
    "codeio": "runs the code of its own entry",
    "boxnet": "gives its own answer 0.0",
    "graph_color": "has no answer of its own to check it by",
    "propositional_logic": "has no answer of its own to check it by",
    "composite": "is no family of its own",
}
"""Families that are never scored, and why (reasoning-gym 0.1.25)."""

_NAMES: Final = "x|y|z|X|Y|Z|C|e|E|pi|sin|cos|tan|exp|log|ln|sqrt"
_SUM: Final = re.compile(r"[\d\s()+\-*/.]{1,300}")
_FORMULA: Final = re.compile(rf"(?:[\d\s()+\-*/^=,]|\.\d|\d\.|\b(?:{_NAMES})\b|(?<=\d)[xyzXYZ]){{1,300}}")
_LITERAL: Final = re.compile(r"[\w\s,\[\]'\".:-]{1,5000}")
RUNS: Final[Mapping[str, tuple[str, re.Pattern[str]]]] = {
    "countdown": ("games.countdown", _SUM),
    "puzzle24": ("games.puzzle24", _SUM),
    "polynomial_multiplication": ("algebra.polynomial_multiplication", _FORMULA),
    "simple_integration": ("algebra.simple_integration", _FORMULA),
    "intermediate_integration": ("algebra.intermediate_integration", _FORMULA),
    "binary_matrix": ("algorithmic.binary_matrix", _LITERAL),
    "number_sorting": ("algorithmic.number_sorting", _LITERAL),
    "spiral_matrix": ("algorithmic.spiral_matrix", _LITERAL),
    "string_insertion": ("algorithmic.string_insertion", _LITERAL),
    "n_queens": ("games.n_queens", _LITERAL),
    "bitwise_arithmetic": ("arithmetic.bitwise_arithmetic", _LITERAL),
}
"""Families whose scorer runs the answer, or a part of the entry, which is anybody's: its module, and the only answers
it is shown: no calls, no attributes, no towers."""

_TOWER: Final = re.compile(r"(?:\*\*|\^)\s*\(?\s*-?\d{3}|(?:\*\*|\^)[^+\-]{0,40}(?:\*\*|\^)|\d{40}|__")

_POWER: Final = re.compile(r"\)\s*(?:\*\*|\^)\s*\(?\s*-?\s*(\d{1,3})")
LARGEST_POWER: Final = 64


def score_gym(answer: str, reference: str) -> tuple[bool | None, str]:
    """Whether an answer part solves the task: (True | False, "gym"), or (None, reason).

    Reasons: `no_tests` (the reference is no entry), `refused_family`, `undecided` (the scorer raised), `too_slow`,
    `no_gym` (reasoning-gym is not installed), `no_jail` (its scorer runs what it is given, and can't be jailed here).
    `gym_unjailed` marks an answer that such a scorer saw without a jail.
    """
    try:
        value = json.loads(reference)
        family, entry, config = value["family"], value["entry"], value.get("config", {})
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, "no_tests"
    if family in REFUSED:
        return None, "refused_family"
    if not answer.strip():
        return False, "no_answer"
    texts = list(_answers(answer))
    try:
        scores = (_jailed if family in RUNS else _scores)(str(family), config, entry, texts)
    except ImportError:
        return None, "no_gym"
    except jail.NoJail:
        return None, "no_jail"
    except (TimeUp, TimeoutError):
        return None, "too_slow"
    except Exception:
        return None, "no_tests"
    by = "gym_unjailed" if family in RUNS and jail.is_unsafe() else "gym"
    if any(s is not None and s >= FULL for s in scores):
        return True, by
    return (None, "undecided") if None in scores or not scores else (False, by)


def _scores(family: str, config: Any, entry: Any, texts: Sequence[str]) -> list[float | None]:
    scorer = _scorer(family, json.dumps(config, sort_keys=True))
    with time_limit(SECONDS):
        return [_score(scorer, text, family, entry) for text in texts]


def _jailed(family: str, config: Any, entry: Any, texts: Sequence[str]) -> list[float | None]:
    """The same from a jail, in no order; 0.0 for what may not be shown."""
    module, allowed = RUNS[family]
    shown = [text for text in texts if _is_harmless(text, allowed)]
    options = {key: value for key, value in config.items() if key != "size"}
    question = {"family": family, "config": options, "entry": entry, "texts": shown}
    return [*gym_jail.scores(module, question, SECONDS), *[0.0] * (len(texts) - len(shown))]


def _is_harmless(text: str, allowed: re.Pattern[str]) -> bool:
    if not allowed.fullmatch(text):
        return False
    return allowed is _LITERAL or not (_TOWER.search(text) or _powers(text) > LARGEST_POWER)


@lru_cache(maxsize=256)
def _scorer(family: str, config: str) -> Any:
    import reasoning_gym

    options = {key: value for key, value in json.loads(config).items() if key != "size"}
    with contextlib.redirect_stdout(io.StringIO()):
        return reasoning_gym.create_dataset(family, size=1, **options)


def _answers(answer: str) -> Iterator[str]:
    """What was extracted; where nothing marks it, all of the answer part, since many answers are several lines."""
    found = list(extract(answer))
    if not found or found[0].how in ("line", "hashes"):
        yield answer.strip()[:LONGEST]
    for one in found[:2]:
        yield one.text
        yield strip_wrappers(latex(clean(one.text)))


def _score(scorer: Any, text: str, family: str, entry: Any) -> float | None:
    """The scorer's word; None where it raises, 0.0 for what it can't tell from a number."""
    if family == "complex_arithmetic" and "nan" in text.lower():
        return 0.0
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            score = scorer.score_answer(text, entry=_tuples(entry) if "arc" in family else entry)
    except Exception:
        return 0.0 if family == "prime_factorization" else None  # it raises on anything but numbers
    return float(score) if isinstance(score, int | float) else None


def _powers(text: str) -> int:
    """The product of all powers of brackets: what nested ones come to at most."""
    return math.prod(int(power) for power in _POWER.findall(text))


def _tuples(value: Any) -> Any:
    """Grids as they were drawn: JSON made lists of them, and these scorers compare tuples."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return {key: _tuples(item) for key, item in value.items()} if isinstance(value, dict) else value
