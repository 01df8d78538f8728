"""Keep only samples whose answer is right: exact first, algebra where needed, unknown where nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from factory import Prompt, Sample, Verdict
from factory.verify import BY_TESTS, Finding, route, verify
from factory.verify.judges import asking
from factory.verify.judges.llm import Said, ask_judge
from factory.verify.programs.code import SECONDS

ASKS = "judge"
"""The knob that names a server: with it `begin` is called for many samples before any is waited for."""

UNJAILED = {"tests_unjailed", "gym_unjailed"}
"""What says that a program or an answer ran without a jail, by the wish `--unsafe-exec`."""
EXACT = {"no_answer", "tests", "gym", "constraints", *UNJAILED}
"""Steps that an LLM judge is not asked to doubt."""


def judge(
    sample: Sample,
    prompt: Prompt,
    *,
    strict: tuple[Literal["units", "percent"], ...] = (),
    judge: str = "",
    judge_model: str = "",
    judge_wrong: bool = False,
    seconds: float = SECONDS,
) -> Verdict:
    """Hold the answer part against the prompt's reference.

    `strict`: what the reference says of units or percent the answer must say too. `judge`: the base URL of an
    OpenAI-compatible server that is asked about what stays undecided, with `judge_wrong` also about what is wrong (then
    a reason `judge_disagrees` counts where it thinks otherwise; the answer stays wrong). `seconds`: the wall clock for
    all tests of one program.

    The reason says which step decided (exact, number, word, parts, formula, sympy, choice, mention, tests, gym,
    constraints, judge), else `wrong`, `no_answer`, or why nobody could tell: `no_reference`, `undecided`,
    `conflicting`, `too_slow`, `no_tests`, `no_jail`, `no_module`, `refused_family`, `judge_error`, `judge_split`.
    `tests_unjailed`, `gym_unjailed` and `wrong_unjailed` mark what ran without a jail, by `--unsafe-exec`. The span is
    the extracted answer.
    """
    return begin(
        sample, prompt, strict=strict, judge=judge, judge_model=judge_model, judge_wrong=judge_wrong, seconds=seconds
    )()


def check_knobs(*, judge: str, judge_model: str, judge_wrong: bool, seconds: float, **_: object) -> None:
    """Raises ValueError for a judge that can't be asked, and for no time."""
    if judge:
        asking.check(judge, judge_model)
    elif judge_wrong or judge_model:
        raise ValueError("judge_model and judge_wrong say nothing without judge, the server to ask")
    if seconds <= 0:
        raise ValueError(f"seconds = {seconds} leaves no time")


def begin(
    sample: Sample,
    prompt: Prompt,
    *,
    strict: tuple[str, ...],
    judge: str,
    judge_model: str,
    judge_wrong: bool,
    seconds: float,
) -> Callable[[], Verdict]:
    """Verify, and ask the judge where it is wanted: the function waits for its word."""
    finding = verify(sample.answer, prompt, frozenset(strict), seconds)
    spans = _spans(sample, finding)
    is_open = finding.by == "undecided" and route(prompt) not in BY_TESTS
    is_doubted = judge_wrong and finding.correct is False and finding.by not in EXACT
    if not judge or not (is_open or is_doubted):
        return lambda: _verdict(finding, spans)
    said = ask_judge(judge, judge_model, prompt.question, prompt.reference or "", sample.answer)
    return lambda: _judged(finding, spans, said())


def _judged(finding: Finding, spans: list[tuple[int, int]], said: Said) -> Verdict:
    """The judge's word where nobody else could tell; where the answer is wrong it only counts as another opinion."""
    if finding.correct is None:
        return _verdict(replace(finding, correct=said[0], by=said[1]), spans)
    return Verdict.reject("judge_disagrees", 0.0, spans) if said[0] else _verdict(finding, spans)


def _verdict(finding: Finding, spans: list[tuple[int, int]]) -> Verdict:
    if finding.correct is None:
        return Verdict.unknown(finding.by, spans=spans)
    if finding.correct:
        return Verdict.accept(finding.by, 1.0, spans)
    if finding.by in UNJAILED:
        return Verdict.reject("wrong_unjailed", 0.0, spans)
    return Verdict.reject("no_answer" if finding.by == "no_answer" else "wrong", 0.0, spans)


def _spans(sample: Sample, finding: Finding) -> list[tuple[int, int]]:
    """The extracted answer in the sample's text, whose end the answer part is."""
    text = sample.text.rstrip()
    if finding.found is None or not text.endswith(sample.answer):
        return []
    shift = len(text) - len(sample.answer)
    return [(finding.found.start + shift, finding.found.end + shift)]
