"""What is listed before anything is drawn: shares that fit together, and references that can be verified against."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from factory import ledger, runs, shards
from factory.cli import cli
from factory.drawing import listing, relisting
from factory.errors import BadInput
from factory.ledger import Ledger
from factory.options import shard
from factory.plan import Plan
from factory.reading.prompts import read_prompts
from factory.reading.templates import load_template
from factory.verify.sound import fault
from tests import make

PROMPTS, SAMPLES, PARTS = 30, 6, 3
RECIPE = '[[rule]]\nuse = "finished"\n[[rule]]\nuse = "correct"\n'


def _run(*words: object) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result


def _setting(folder: Path) -> tuple[Path, Path, Path]:
    asked = [{"problem": f"1 + {i}?", "answer": str(1 + i)} for i in range(PROMPTS)]
    prompts = make.jsonl(folder / "prompts.jsonl", asked)
    rows = [
        {
            "prompt_id": prompt.id,
            "sample_index": index,
            "text": f"<think>\nDraw {index}.\n</think>\n\n\\boxed{{{number + 1 if (index + number) % 3 else 0}}}",
            "finish_reason": "stop",
            "completion_tokens": 9,
        }
        for number, prompt in enumerate(read_prompts(str(prompts)))
        for index in range(SAMPLES)
    ]
    (folder / "mine.toml").write_text(RECIPE)
    return prompts, make.jsonl(folder / "recorded.jsonl", rows), folder / "mine.toml"


def _shards(out: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(out.glob("*/*.parquet"))]


@pytest.mark.slow
@pytest.mark.parametrize("keep", [(), ("--keep", 2)], ids=["samples", "keep"])
def test_parts_of_a_run_give_the_rows_of_the_whole(tmp_path: Path, keep: tuple[object, ...]) -> None:
    prompts, recorded, recipe = _setting(tmp_path)
    rules = ("--rules", recipe) if keep else ()
    draw = ("--engine", "replay", "--model", recorded, "--samples", SAMPLES, *keep, *rules, "--concurrency", 4)
    parts = [tmp_path / f"part-{i}" for i in range(PARTS)]
    for part, run in [(None, tmp_path / "whole"), *enumerate(parts)]:
        share = () if part is None else ("--shard", f"{part}/{PARTS}")
        _run("generate", prompts, "--out", run, *draw, *share)
        _run("filter", run, "--rules", recipe, "--workers", 1)
    merged = []
    for name, folders in [("one", [tmp_path / "whole"]), ("many", parts)]:
        _run("merge", *folders, "--out", tmp_path / name)
        merged.append(_shards(tmp_path / name))
    assert merged[0] == merged[1] and merged[0]
    listed = []
    for run in parts:
        with ledger.reading(run / runs.LEDGER) as connection:
            listed.append({prompt.id for prompt in ledger.all_prompts(connection)})
    assert all(listed) and sum(map(len, listed)) == PROMPTS == len(set.union(*listed))
    assert sum(len(b) for b in shards.batches(shards.parts(parts[0] / "judged", "judged"))) > 0


def test_prompts_that_nearly_repeat_another_are_left_out_on_request_in_every_shard_alike(tmp_path: Path) -> None:
    pytest.importorskip("rensa")
    told = "A farmer counts {} sheep in the north field and as many goats in the barn before supper, how many are there"
    other = "In {} days a snail climbs a wall"
    asked = [text.format(n) for n in (10, 20, 30) for text in (told + "?", told + "!", other)]
    rows = [{"problem": text, "answer": "9"} for text in [*asked, asked[0]]]
    prompts = make.jsonl(tmp_path / "p.jsonl", rows)
    rows = [
        {"prompt_id": p.id, "sample_index": 0, "text": "9", "completion_tokens": 1} for p in read_prompts(str(prompts))
    ]
    recorded = make.jsonl(tmp_path / "r.jsonl", rows)
    words = ("generate", prompts, "--engine", "replay", "--model", recorded, "--samples", 1)
    near, listed = ("--near-duplicates", 0.7), []
    for run, more in [("all", ()), ("near", near), ("a", (*near, "--shard", "0/2")), ("b", (*near, "--shard", "1/2"))]:
        result = _run(*words, "--out", tmp_path / run, *more)
        with ledger.reading(tmp_path / run / runs.LEDGER) as connection:
            listed.append({prompt.id for prompt in ledger.all_prompts(connection)})
    whole, once, one, other = listed
    assert len(whole) == 10 and once < whole
    assert one | other == once and not one & other
    assert "3 of 9 prompts left out, which nearly repeat another one" in result.stderr


@pytest.mark.parametrize("text", ["3", "3/3", "-1/3", "a/b", "1/0", "/", "1/2/3"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="should be I/N"):
        shard("--shard", text)


SUITE = json.dumps({"test_list": ["assert f(1) == 2"]})
ENTRY = json.dumps({"family": "gcd", "entry": {"question": "?", "answer": "1"}})


@pytest.mark.parametrize(
    ("reference", "task", "said"),
    [
        ("9", "math", None),
        ("\\frac{1}{2}", "math", None),
        ("(1, 2]", "math", None),
        ("Paris", "", None),
        (None, "math", None),
        (SUITE, "code", None),
        (ENTRY, "gym", None),
        ("\\frac{1}{", "math", "its own verifier doesn't accept it"),
        ("7" * 5000, "math", "longer than"),
        ("assert f(1) == 2", "code", "no tests can be read"),
        ('{"family": "gcd"}', "gym", "not a gym entry"),
    ],
)
def test_unsound_references_are_told(reference: str | None, task: str, said: str | None) -> None:
    found = fault(make.prompt("Q?", reference, task))
    assert (found is None) if said is None else (found is not None and said in found)


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 2)])
def test_an_unsound_reference_is_named_with_its_row_and_refused_on_request(
    tmp_path: Path, strict: tuple[str, ...], code: int
) -> None:
    asked: list[dict[str, Any]] = [{"problem": f"{i}?", "answer": "9", "id": f"p-{i}"} for i in range(3)]
    asked[1]["answer"] = "\\frac{1}{"
    prompts = make.jsonl(tmp_path / "prompts.jsonl", asked)
    rows = [
        {"prompt_id": p.id, "sample_index": 0, "text": "9", "finish_reason": "stop"} for p in read_prompts(str(prompts))
    ]
    words = ["generate", prompts, "--engine", "replay", "--model", make.jsonl(tmp_path / "r.jsonl", rows)]
    words += ["--samples", 1, "--out", tmp_path / "run", *strict]
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == code
    assert "prompts.jsonl: prompt 2 (id p-1): reference '\\\\frac{1}{': its own verifier" in result.output
    assert (tmp_path / "run").exists() == (not strict)


def test_a_listing_is_read_once_until_anything_it_hangs_on_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    prompts = make.jsonl(
        tmp_path / "p.jsonl", [{"problem": f"{n} + 1?", "answer": "?" if n else "1"} for n in range(5)]
    )
    (tmp_path / "run").mkdir()
    reads = []
    monkeypatch.setattr(listing, "read_prompts", lambda *given, **more: reads.append(0) or read_prompts(*given, **more))

    def command(number: int, **options: Any) -> tuple[int, list[str], list[str], int]:
        said: list[str] = []
        before, scratch = len(reads), tmp_path / f"listed{number}"
        plan = Plan(str(prompts), "", tmp_path / "run", 1, **options)
        count = listing.list_prompts(plan, load_template(None), scratch, said.append)
        with Ledger(tmp_path / "run" / runs.LEDGER) as book:
            relisting.adopt(book, scratch)
        with ledger.reading(scratch) as connection:
            return count, said, [p.question for p in ledger.all_prompts(connection)], len(reads) - before

    first = command(0)
    assert first[3] == 1
    assert any("warning" in line for line in first[1])
    assert command(1) == (*first[:3], 0)
    assert command(2, limit=3)[2:] == (["0 + 1?", "1 + 1?", "2 + 1?"], 1)
    assert command(3, limit=3)[2:] == (["0 + 1?", "1 + 1?", "2 + 1?"], 0)
    prompts.write_text("".join(reversed(prompts.read_text().splitlines(keepends=True))))
    for number in (4, 5):  # they stand in another order in the run: never taken from there
        assert command(number)[2:] == (first[2][::-1], 1)
