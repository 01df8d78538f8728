"""Every option of `generate` is fixed for a run, settling, or free: a new one fails here until it is classified."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from factory.cli import cli
from factory.reading.prompts import read_prompts
from tests import make

FIXED = {"model", "template", "temperature", "top_p", "max_tokens", "sampling", "chat_template_kwargs", "seed"}
FIXED |= {"adapter", "tokenizer"}
"""They change what a sample is drawn from; another value is refused by name."""
SETTLING = {"keep", "rules", "max_tokens_per_kept"}
"""They change which samples count; another value needs --resettle."""
BOTH = {"samples", "token_budget", "engine_args"}
"""`samples` is free without a quota and settles with one; a larger budget goes on, the first use of one settles; engine
arguments that shape a sample are fixed, the others free."""
FREE = {"prompts", "out", "engine", "url", "tp", "limit", "shard", "concurrency", "workers", "grace", "strict"}
FREE |= {"resettle", "pilot", "dry_run", "as_json", "ledger_dir", "unsafe_exec"}
COLUMNS = {"prompt_column", "reference_column", "task_column", "id_column", "task", "near_duplicates"}
"""How prompts are read: other readings are other prompts, which are added."""


def test_every_option_is_classified_once() -> None:
    known = {p.name for p in cli.commands["generate"].params if isinstance(p, click.Option | click.Argument)}
    classes = [FIXED, SETTLING, BOTH, FREE, COLUMNS]
    assert known == set().union(*classes)
    assert sum(map(len, classes)) == len(known)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("options")


@pytest.fixture(scope="module")
def run(folder: Path) -> list[str]:
    """A command whose run is there; whoever changes it puts it back."""
    prompts = make.jsonl(folder / "p.jsonl", [{"problem": "1 + 1?", "answer": "2"}])
    (prompt,) = read_prompts(str(prompts))
    rows = [
        {"prompt_id": prompt.id, "sample_index": i, "text": "<think>\nHm.\n</think>\n\n2", "finish_reason": "stop"}
        for i in range(4)
    ]
    (folder / "t.toml").write_text('[ask]\nmessages=[{role="user",content="Well: {{prompt}}"}]\n')
    (folder / "a.toml").write_text('[[rule]]\nuse = "finished"\n')
    (folder / "b.toml").write_text('[[rule]]\nuse = "think"\n')
    command = ["generate", str(prompts), "--engine", "replay", "--model", str(make.jsonl(folder / "r.jsonl", rows))]
    command += ["--out", str(folder / "run"), "--samples", "3", "--keep", "2", "--rules", str(folder / "a.toml")]
    assert _again(command).exit_code == 0
    return command


def _again(command: list[str], *more: str) -> Result:
    return CliRunner().invoke(cli, [*command, *more])


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--template", "t.toml"], "template.name"),
        (["--temperature", "0.3"], "sampling.temperature"),
        (["--top-p", "0.3"], "sampling.top_p"),
        (["--max-tokens", "77"], "sampling.max_tokens"),
        (["--sampling", "min_p=0.1"], "sampling.min_p"),
        (["--seed", "5"], "seed"),
        (["--model", "r2.jsonl"], "model"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_is_fixed_is_refused_by_name(run: list[str], folder: Path, more: list[str], named: str) -> None:
    (folder / "r2.jsonl").write_text((folder / "r.jsonl").read_text())
    files = {"t.toml", "r2.jsonl"}
    result = _again(run, *(str(folder / word) if word in files else word for word in more))
    assert result.exit_code == 3 and f"was drawn with {named} = " in result.output


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--keep", "1"], "keep"),
        (["--rules", "b.toml"], "rules"),
        (["--max-tokens-per-kept", "9"], "price"),
        (["--samples", "4"], "samples"),
        (["--token-budget", "9"], "price"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_settles_asks_for_resettle(run: list[str], folder: Path, more: list[str], named: str) -> None:
    more = [str(folder / word) if word.endswith(".toml") else word for word in more]
    result = _again(run, *more)
    assert result.exit_code == 3 and f"settled with {named} = " in result.output and "--resettle" in result.output


SETTLED_ANEW = [["--rules", "b.toml"], ["--max-tokens-per-kept", "9"], ["--samples", "4"], ["--token-budget", "9"]]


@pytest.mark.parametrize(
    "more",
    [["--keep", "1"], *(pytest.param(more, marks=pytest.mark.slow) for more in SETTLED_ANEW)],
    ids=lambda value: value[0],
)
def test_resettled_there_and_back(run: list[str], folder: Path, more: list[str]) -> None:
    more = [str(folder / word) if word.endswith(".toml") else word for word in more]
    assert _again(run, *more, "--resettle").exit_code == 0
    assert _again(run, "--resettle").exit_code == 0


@pytest.mark.parametrize("more", [["--concurrency", "3"], ["--workers", "2"], ["--grace", "1"], ["--limit", "1"]])
def test_what_is_free_changes_nothing(run: list[str], more: list[str]) -> None:
    result = _again(run, *more, "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["samples_drawn"] == 0
