"""Judge every sample with a recipe's rules: samples in, judged Parquet and a funnel out. Nothing is deleted.

Does not cover where samples come from (`origin.py`), drawing them (`generate.py`), running rules (`judging/`) or
choosing among kept ones (`merge.py`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from factory import ledger, runs, schemas, shards, suspects, terminal
from factory.errors import BadInput
from factory.judging import funnel
from factory.judging import sweep as sweeping
from factory.judging.distinct import judge_distinct
from factory.judging.faults import WATCHED, check_faults
from factory.judging.judges import Judges
from factory.judging.recipes import Recipe, load_recipe
from factory.origin import opened
from factory.reading.templates import Template, load_template_text, train
from factory.records import Judged, Prompt, Sample, Verdict
from factory.terminal import Say
from factory.verify import BY_TESTS, route
from factory.verify.consensus import majority
from factory.verify.judges import journal

ROWS_PER_PART = 100_000
AHEAD = 16
"""Prompts a worker that may wait for it: enough to never idle, few enough to hold in memory."""
TABLE = 1 << 28
"""Characters of texts and references that are written at once: test suites of megabytes stand in every row."""
ASKING_AHEAD = 128
"""The same where servers are asked, about many samples at once."""


@dataclass(frozen=True, slots=True)
class Result:
    """What `filter` did. `funnel` as in `funnel.as_json`; `routes` counts prompts by how `correct` checks them;
    `suspects` counts the prompts whose samples agree on another answer than the reference.
    """

    out: Path
    funnel: Mapping[str, Any]
    routes: Mapping[str, int]
    suspects: int
    partial: bool
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What servers that judge cost, by who asked (`journal.costs`)."""


def filter_samples(
    source: str,
    recipe_name: str,
    out: Path | None,
    *,
    columns: Mapping[str, str],
    processes: int,
    say: Say,
    consensus: float | None = None,
) -> Result:
    """Judge the samples of a run folder, or of files in any common shape, into `out` (default: RUN/judged).

    With `consensus`, a prompt without a reference is given the answer that at least this share of its samples agree on.
    Raises BadInput for what can't be read, Refused for an output that isn't ours, FactoryError when rules fault on
    more than a small share. The output appears whole or not at all. `say` takes a line for the user.
    """
    recipe, target = load_recipe(recipe_name), _target(source, out)
    counts, routes = funnel.Funnel(), Counter[str]()
    with (
        opened(source, columns, say) as origin,
        ledger.reading(origin.path) as connection,
        shards.new_folder(target, "judged") as folder,
        _journal(origin.run, folder, target) as asked,
        Judges(recipe, processes) as judges,
    ):
        total = _trials(connection, say)
        judged = _judge(connection, judges, recipe, processes, consensus)
        judged = _watched(_counted(judged, recipe, counts, routes, total), counts, judges)
        with suspects.noted(folder / suspects.NAME) as note:
            tables = _tables(map(note, judged), _template(origin.described))
            entries = shards.write_parts(folder, "judged", schemas.JUDGED, tables, ROWS_PER_PART)
        doubtful = suspects.count(folder / suspects.NAME)
        _check(counts, judges)
        costs = journal.costs(asked)
        for line in journal.describe(costs):
            say(line)
        content: dict[str, Any] = {"recipe": _describe(recipe), "run": origin.described, "partial": origin.partial}
        content |= {"routes": dict(routes), "funnel": funnel.as_json(counts), "files": entries}
        content |= {} if consensus is None else {"consensus": consensus}
        content |= {"asked": costs} if costs else {}
        shards.write_manifest(folder, "judged", content)
    return Result(
        target, content["funnel"], dict(sorted(routes.items())), doubtful, origin.partial, content.get("asked", {})
    )


def _target(source: str, out: Path | None) -> Path:
    if out is None and not runs.is_run(Path(source)):
        raise BadInput(f"{source}: give --out DIR for the judged rows (only a run folder has a default place)")
    target = out or Path(source) / runs.JUDGED
    shards.check_ours(target, "judged")
    return target


def _trials(connection: sqlite3.Connection, say: Say) -> int:
    """How many samples are judged: surplus ones are not."""
    surplus = ledger.count_surplus(connection)
    if surplus:
        say(f"{surplus:,} samples ended after their prompt had enough: left out")
    return ledger.totals(connection).samples - surplus


@contextlib.contextmanager
def _journal(run: Path | None, folder: Path, target: Path) -> Iterator[Path]:
    """The journal of what is asked: a run's own. Else it stands beside `target` while judging, so that a run that is
    stopped has paid for something, and moves into the folder at the end.
    """
    if run is not None:
        with journal.journal(run / journal.NAME) as path:
            yield path
        return
    beside = target.with_name(f".{target.name}.{journal.NAME}")
    with journal.journal(beside, target / journal.NAME):
        yield beside
    if beside.exists():
        shutil.move(beside, folder / journal.NAME)


def describe(result: Result) -> tuple[dict[str, Any], list[str]]:
    """A result as plain data and as lines for a terminal."""
    data = {"out": str(result.out), "partial": result.partial, "routes": result.routes, "funnel": result.funnel}
    data |= {"suspects": result.suspects, "asked": result.asked}
    lines = funnel.lines(result.funnel)
    if result.routes:
        routes = ", ".join(f"{route} {count:,}" for route, count in result.routes.items())
        lines.append(f"prompts by how correct checks them: {routes}")
    lines += suspects.lines(result.out, result.suspects)
    return data, [*lines, f"judged rows in {result.out}"]


def sweep(folder: Path, text: str) -> tuple[dict[str, Any], list[str]]:
    """What other thresholds of a rule would keep of judged rows. Raises BadInput."""
    asked = sweeping.parse(text)
    files = shards.parts(runs.judged_folder(folder), "judged")
    rows = (r for batch in shards.batches(files, ("prompt_id", "verdicts")) for r in batch.to_pylist())
    total, found = sweeping.kept(((row["prompt_id"], schemas.verdicts_of(row)) for row in rows), asked)
    return sweeping.describe(asked, total, found)


def _judge(
    connection: sqlite3.Connection, judges: Judges, recipe: Recipe, processes: int, consensus: float | None
) -> Iterator[Judged]:
    """Prompts in id order with their samples' verdicts; the judges work a little ahead."""
    waiting: deque[tuple[Prompt, list[Sample], Callable[[], list[list[Verdict]]]]] = deque()

    def finish() -> Judged:
        prompt, samples, verdicts = waiting.popleft()
        given = ledger.verdicts_by_index(connection, prompt.id, "")
        both = [[*given.get(s.sample_index, []), *v] for s, v in zip(samples, verdicts(), strict=True)]
        return prompt, samples, judge_distinct(samples, both)

    ahead = processes * (ASKING_AHEAD if any(rule.asks for rule in recipe.rules) else AHEAD)
    for prompt, samples in ledger.prompts_with_samples(connection):
        known = ledger.verdicts_by_index(connection, prompt.id, recipe.digest)
        if consensus is not None and prompt.reference is None and route(prompt) not in BY_TESTS:
            # what was said of a sample without a reference doesn't hold with one
            prompt, known = _agreed(prompt, samples, consensus), {}
        waiting.append((prompt, samples, judges.submit(prompt, samples, known)))
        if len(waiting) >= ahead:
            yield finish()
    while waiting:
        yield finish()


def _agreed(prompt: Prompt, samples: list[Sample], share: float) -> Prompt:
    """The prompt with what its samples agree on as its reference, where they do."""
    answer = majority([sample.answer for sample in samples], share)
    return prompt if answer is None else dataclasses.replace(prompt, reference=answer, reference_from="consensus")


def _counted(
    judged: Iterator[Judged], recipe: Recipe, counts: funnel.Funnel, routes: Counter[str], total: int
) -> Iterator[Judged]:
    checks = any(rule.name == "correct" for rule in recipe.rules)
    with terminal.bar("judging", "samples", total) as bar:
        for prompt, samples, verdicts in judged:
            kept = [counts.add(v, s.completion_tokens or 0) for s, v in zip(samples, verdicts, strict=True)]
            counts.add_prompt(sum(kept))
            if checks:
                routes[route(prompt)] += 1
            bar.update(len(samples))
            bar.set_postfix(kept=counts.kept, refresh=False)
            yield prompt, samples, verdicts


def _watched(judged: Iterator[Judged], counts: funnel.Funnel, judges: Judges) -> Iterator[Judged]:
    """Stop a long job early where a rule keeps failing. Raises FactoryError."""
    for each in judged:
        if counts.samples >= WATCHED:
            _check(counts, judges)
        yield each


def _check(counts: funnel.Funnel, judges: Judges) -> None:
    for name, count in counts.rules.items():
        if count.faults:
            check_faults(name, count.faults, counts.samples, judges.errors)


def _tables(judged: Iterator[Judged], template: Template | None) -> Iterator[pa.Table]:
    rows: list[dict[str, Any]] = []
    size = 0
    for prompt, samples, verdicts in judged:
        messages = train(template, prompt) if template else prompt.messages
        for sample, found in zip(samples, verdicts, strict=True):
            rows.append(schemas.judged_row(prompt, sample, found, messages))
            size += len(sample.text) + len(prompt.reference or "")
            if len(rows) >= shards.ROW_GROUP or size >= TABLE:
                yield schemas.table(rows, schemas.JUDGED)
                rows, size = [], 0
    if rows:
        yield schemas.table(rows, schemas.JUDGED)


def _template(described: Mapping[str, Any]) -> Template | None:
    """The template a run was drawn with: what its rows are trained on is part of it."""
    text = described.get("fixed", {}).get("template", {}).get("text")
    return load_template_text(text) if text else None


def _describe(recipe: Recipe) -> dict[str, Any]:
    rules = [{"rule": rule.name, **rule.knobs, **rule.contents()} for rule in recipe.rules]
    described = {"name": recipe.name, "description": recipe.description, "digest": recipe.digest, "rules": rules}
    return described | ({"select": dict(recipe.select)} if recipe.select else {})
