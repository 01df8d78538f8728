"""The command line: one thin function a command, its options and their help.

Covers words to values and results to words; errors become exit codes in `errors.py`. Does not do any work itself:
each command imports its stage when it runs, so that `--help` is instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from factory import __version__
from factory.errors import Commands
from factory.options import (
    band_option,
    caps_option,
    columns_option,
    fields_option,
    json_option,
    ratio_option,
    shard_option,
    size_option,
    unsafe_option,
)

if TYPE_CHECKING:
    from pathlib import Path

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


def path(value: str) -> Path:
    """A pathlib path; click's own type would import pathlib for `--help`."""
    from pathlib import Path

    return Path(value)


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _result(data: Mapping[str, Any], lines: list[str], as_json: bool) -> None:
    import json

    for line in [json.dumps(data, ensure_ascii=False)] if as_json else lines:
        click.echo(line)


@click.group(cls=Commands, context_settings=HELP)
@click.version_option(__version__, prog_name="factory")
def cli() -> None:
    """Turn a reinforcement-learned checkpoint into the SFT data set the next model is trained on.

    \b
    factory generate prompts.jsonl --model CHECKPOINT --out outputs/run --samples 8
    factory filter outputs/run --rules r1
    factory merge outputs/run --general general.jsonl --ratio 3.53:1 --out outputs/sft
    """


@cli.command()
@click.argument("prompts")
@click.option("--model", required=True, help="Checkpoint folder or HF id; a served name; a recording.")
@click.option("--out", type=path, required=True, help="Run folder; an existing run goes on.")
@click.option("--samples", type=click.IntRange(1, 100_000), default=4, show_default=True, help="Samples a prompt.")
@click.option("--keep", type=click.IntRange(1), help="Stop a prompt at so many kept samples; needs --rules.")
@click.option("--rules", help="Recipe that decides what is kept; --samples is then the most that are drawn.")
@click.option("--resettle", is_flag=True, help="Settle anew under another --keep, --samples or --rules.")
@click.option("--max-tokens-per-kept", type=click.FloatRange(1), help="Give up where a kept sample would take more.")
@click.option("--token-budget", type=click.FloatRange(1), help="Completion tokens of the run; --keep spends them best.")
@click.option("--pilot", is_flag=True, help="Draw the first prompts only and forecast the whole run; they count.")
@click.option("--template", help="Shipped template by name, or a .toml file; default: the prompt as given.")
@click.option("--engine", type=click.Choice(["vllm", "server", "replay"]), default="vllm", show_default=True)
@click.option("--url", multiple=True, help="With --engine server: base URL of an OpenAI-compatible server; repeatable.")
@click.option("--tp", type=click.IntRange(1), help="GPUs a server: G/T local servers on a machine with G GPUs.")
@click.option("--max-tokens", type=click.IntRange(1), help="Longest completion in tokens.")
@click.option("--temperature", type=float, help="Default: the checkpoint's generation_config, else 0.6.")
@click.option("--top-p", type=float, help="Default: the checkpoint's generation_config, else 0.95.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Of the run; every sample's own is hashed from it."
)
@click.option("--limit", type=click.IntRange(1), help="Only the first LIMIT prompts.")
@shard_option("--shard", help="Only part I (from 0) of N, by a hash of the prompt: for job arrays.")
@click.option("--strict", is_flag=True, help="Refuse prompts whose reference its own verifier doesn't accept.")
@click.option("--near-duplicates", type=click.FloatRange(0, 1), help="Leave out prompts this alike, such as 0.8.")
@click.option("--dry-run", is_flag=True, help="Show and check the first prompts; load no weights, write nothing.")
@click.option("--concurrency", type=click.IntRange(1), default=256, show_default=True, help="Samples in flight.")
@fields_option("--sampling", "sampling", help="Any other sampling field, e.g. min_p=0.05.")
@fields_option("--engine-arg", "engine_args", help="Any vLLM engine field, e.g. tensor_parallel_size=8.")
@fields_option("--chat-template-kwarg", "chat_template_kwargs", help="E.g. enable_thinking=true.")
@click.option("--adapter", help="LoRA adapter folder.")
@click.option("--tokenizer", help="Tokenizer folder or id, where it isn't the checkpoint's.")
@click.option("--prompt-column", help="Column of the prompt, where the usual names don't fit; likewise below.")
@click.option("--reference-column", help="Column of the reference answer.")
@click.option("--task-column", help="Column of the task.")
@click.option("--id-column", help="Column of your own id.")
@click.option("--task", help="Task of all prompts, where no column says.")
@click.option("--workers", type=click.IntRange(1), help="Processes that run rules; default: all cores but one, <= 16.")
@click.option("--ledger-dir", type=path, help="Local disk for the ledger; the run folder gets a snapshot a minute.")
@click.option("--grace", type=click.FloatRange(0), default=20.0, show_default=True, help="Seconds to finish on Ctrl-C.")
@unsafe_option
@json_option
def generate(
    *,
    sampling: dict[str, Any],
    max_tokens: int | None,
    temperature: float | None,
    top_p: float | None,
    workers: int | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Draw samples from a checkpoint into a run folder. The same command again goes on.

    PROMPTS is a JSONL or Parquet file (.gz and .zst too), a folder or glob of them, or a HF dataset id.

    \b
    factory generate prompts.jsonl --model /checkpoints/step-4000 --out outputs/run --samples 8 --temperature 0.8
    """
    from factory.generate import generate
    from factory.plan import Plan
    from factory.summary import describe

    columns = {role: options.pop(f"{role}_column") for role in ("prompt", "reference", "task", "id")}
    named = {"max_tokens": max_tokens, "temperature": temperature, "top_p": top_p}
    plan = Plan(
        columns={role: name for role, name in columns.items() if name is not None},
        sampling={**sampling, **{k: v for k, v in named.items() if v is not None}},
        workers=workers or min(max(_cores() - 1, 1), 16),  # the engine wants one
        **options,
    )
    if plan.dry_run:
        from factory.preview import preview

        said = preview(plan, _say)
    else:
        said = describe(generate(plan, _say))
    _result(*said, as_json)


@cli.command("filter")
@click.argument("source")
@click.option("--rules", "recipe", help="Shipped recipe by name (r1, r1-zero), or a .toml file.")
@click.option("--explain", metavar="ID", help="Print one judged sample with its evidence marked; judges nothing.")
@click.option("--sweep", metavar="RULE.least=A,B", help="What other thresholds would keep; judges nothing.")
@click.option("--consensus", type=click.FloatRange(0.5, 1), help="Reference where there is none: what this share says.")
@click.option("--out", type=path, help="Judged folder, to write or to read; default: judged/ in the run folder.")
@columns_option("--column", "columns", help="Where files name their columns otherwise.")
@click.option("--workers", type=click.IntRange(1), help="Processes that run rules; default: one a core.")
@unsafe_option
@json_option
def filter_command(
    source: str,
    recipe: str | None,
    explain: str | None,
    sweep: str | None,
    consensus: float | None,
    out: Path | None,
    columns: dict[str, str],
    workers: int | None,
    as_json: bool,
) -> None:
    """Judge every sample with a recipe's rules and print the funnel. Nothing is deleted.

    SOURCE is a run folder, or anybody's samples: JSONL, Parquet or a HF dataset id with a prompt and a response.

    \b
    factory filter outputs/run --rules r1
    factory filter openr1.jsonl --rules r1 --out outputs/openr1
    factory filter outputs/run --sweep language_mix.least=0.9,0.95,1
    """
    from factory import filter as stage
    from factory import show

    if sum(option is not None for option in (recipe, explain, sweep)) != 1:
        raise click.UsageError("give one of --rules (judge), --explain and --sweep (read what was judged)")
    if recipe is None and (columns or consensus is not None):
        word = "--column" if columns else "--consensus"
        raise click.UsageError(
            f"--explain and --sweep read what was judged: {word} has no say there, only with --rules"
        )
    if explain is not None:
        said = show.explain(out or path(source), explain)
    elif sweep is not None:
        said = stage.sweep(out or path(source), sweep)
    else:
        processes = workers or _cores()
        result = stage.filter_samples(
            source, str(recipe), out, columns=columns, processes=processes, say=_say, consensus=consensus
        )
        said = stage.describe(result)
    _result(*said, as_json)


@cli.command("rules")
@json_option
def rules_command(as_json: bool) -> None:
    """List the shipped rules with their knobs, and the recipes.

    \b
    factory rules
    """
    from factory.judging.recipes import catalogue

    _result(*catalogue(), as_json)


@cli.command("show")
@click.argument("folder", type=path)
@click.option("--kept", type=click.IntRange(0), default=3, show_default=True, help="How many kept samples.")
@click.option("--rejected", type=click.IntRange(0), default=3, show_default=True, help="How many rejected ones.")
@json_option
def show_command(folder: Path, kept: int, rejected: int, as_json: bool) -> None:
    """Print kept and rejected samples with the reasons.

    \b
    factory show outputs/run --kept 5 --rejected 20
    """
    from factory.show import lines, pick

    rows = pick(folder, kept, rejected)
    _result({"samples": rows}, [line for row in rows for line in lines(row)], as_json)


@cli.command("status")
@click.argument("run", type=path)
@json_option
def status_command(run: Path, as_json: bool) -> None:
    """Say what a run is doing and came to: progress, cost a kept sample, waste by reason, spread of pass rates.

    Reads only, also while the run is being drawn.

    \b
    factory status outputs/run
    """
    from factory.status import status

    _result(*status(run), as_json)


@cli.command("merge")
@click.argument("judged", nargs=-1, required=True)
@click.option("--out", type=path, required=True, help="Folder of the data set; replaced whole when it is ours.")
@click.option("--general", multiple=True, help="General SFT data: file, folder, glob or HF id; repeatable.")
@ratio_option("--ratio", help="Reasoning rows to general rows, such as 3.53:1; cuts general rows.")
@click.option("--general-share", type=float, help="The same as a share of all rows, such as 0.22.")
@click.option("--cut-kept", is_flag=True, help="Where general rows are too few: cut reasoning rows instead.")
@click.option("--oversample", is_flag=True, help="Where general rows are too few: repeat them.")
@click.option("--per-prompt", type=int, help="At most so many kept samples a prompt; default: all.")
@click.option("--validation", type=float, default=0.0, show_default=True, help="Share of prompts to hold out.")
@click.option("--select", help="first (default), random, shortest, longest or best:RULE.")
@band_option("--pass-rate", help="Only prompts whose samples pass `correct` at such a rate.")
@click.option("--token-budget", type=click.IntRange(1), help="At most so many completion tokens of kept samples.")
@caps_option("--source-cap", "source_caps", help="At most N rows of a source; repeatable.")
@caps_option("--task-cap", "task_caps", help="At most N rows of a task; repeatable.")
@click.option("--decontaminate", multiple=True, help="Benchmark file whose text no row may hold; repeatable.")
@click.option(
    "--ngram", type=click.IntRange(3), default=13, show_default=True, help="Words in a row that count as held."
)
@click.option(
    "--near-duplicates", "near", type=click.FloatRange(0, 1), help="Leave out prompts this alike, such as 0.8."
)
@click.option("--format", "form", default="messages", show_default=True, help="Or jsonl, prompt-completion, sharegpt.")
@click.option("--reasoning", default="inline", show_default=True, help="Or field (a column of its own) or strip.")
@click.option("--check-template", "tokenizer", help="Tokenizer whose chat template must keep the thinking.")
@click.option("--max-length", type=click.IntRange(1), help="Tokens a row may have in the trainer's configuration.")
@click.option("--pairs", is_flag=True, help="Also write preference pairs: kept against rejected of one prompt.")
@band_option("--rl-prompts", help="Also write the prompts whose pass rate lies there.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the choice and the order.")
@click.option("--rows-per-shard", type=int, default=20_000, show_default=True)
@size_option("--shard-size", "shard_bytes", help="Shards of about this size instead, such as 500MB.")
@click.option("--push", metavar="ORG/NAME", help="Also to the Hugging Face hub; the plan must say every licence.")
@json_option
def merge_command(
    judged: tuple[str, ...],
    general: tuple[str, ...],
    out: Path,
    as_json: bool,
    **options: Any,
) -> None:
    """Blend kept samples with general data into shards that load_dataset(OUT) reads.

    JUDGED are run folders or judged folders, any number; or one plan (.toml) that names sources with their weights.

    \b
    factory merge outputs/run --general general.jsonl --ratio 3.53:1 --validation 0.02 --out outputs/sft
    factory merge mix.toml --validation 0.02 --out outputs/sft
    """
    from factory.blending.asked import read
    from factory.merge import describe, merge

    mix, handover = read(judged, general, options)
    _result(*describe(merge(mix, out, handover)), as_json)
