"""What a checkpoint may say, through the whole way: drawn, judged, merged, loaded, and nowhere changed."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from factory import runs, shards
from factory.cli import cli
from factory.reading.prompts import read_prompts
from tests import make

TEXTS = {
    "empty": "",
    "spaces": " \n\t ",
    "NUL": "a\x00b",
    "lone surrogates": "a\ud800b\udc00",
    "line separators": "a\u2028b\u2029c\x85d\r\ne\x0b\x0c",
    "escape and bidi": "\x1b[31m\u202e\u200b\ufeff",
    "tags": "</think></think><think><|im_end|>",
    "JSON": '{"a": "\\ud800"}\n[1, 2]',
    "no end": "<think>\nnever ends",
    "only thinking": "<think>\nHm.\n</think>\n\n",
}
RECIPE = '[[rule]]\nuse = "finished"\n'


def _run(*words: object) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output[-2000:]
    return result


def _whole_way(folder: Path, texts: dict[str, str], recipe: str) -> tuple[Path, Path]:
    """A run of one prompt a text, filtered and merged."""
    asked = make.jsonl(folder / "p.jsonl", [{"problem": f"{name}\u2028\x00?", "answer": "9"} for name in texts])
    rows = [
        {"prompt_id": prompt.id, "sample_index": 0, "text": text, "finish_reason": "stop", "stop_reason": text[:9]}
        for prompt, text in zip(read_prompts(str(asked)), texts.values(), strict=True)
    ]
    recorded, run = make.jsonl(folder / "r.jsonl", rows), folder / "run"
    (folder / "mine.toml").write_text(recipe)
    generate = ["generate", asked, "--engine", "replay", "--model", recorded, "--out", run, "--samples", 1]
    _run(*generate)
    assert "nothing to draw" in _run(*generate).stdout
    _run("filter", run, "--rules", folder / "mine.toml")
    _run("show", run, "--kept", 20, "--rejected", 20)
    _run("merge", run, "--out", folder / "sft")
    return run, folder / "sft"


def _judged(run: Path) -> dict[str, str]:
    rows = [row for batch in shards.batches(shards.parts(run / runs.JUDGED, "judged")) for row in batch.to_pylist()]
    return {row["messages"][0]["content"]: row["text"] for row in rows}


def test_what_parquet_can_hold_arrives_as_it_was_said(tmp_path: Path) -> None:
    run, sft = _whole_way(tmp_path, TEXTS, RECIPE)
    found = _judged(run)
    assert len(found) == len(TEXTS)
    for name, text in TEXTS.items():
        # UTF-8 has no lone surrogates: there, and only there, a text is changed
        expected = text if name != "lone surrogates" else found[f"{name}\u2028\x00?"]
        assert found[f"{name}\u2028\x00?"] == expected
    assert found["lone surrogates\u2028\x00?"].startswith("a") and found["lone surrogates\u2028\x00?"].count("b") == 1
    rows = [row for path in sft.glob("train/*.parquet") for row in pq.read_table(path).to_pylist()]
    said = {row["messages"][0]["content"]: row["messages"][-1]["content"] for row in rows}
    assert said["NUL\u2028\x00?"] == "a\x00b"
    assert said["line separators\u2028\x00?"] == TEXTS["line separators"]
    json.dumps(rows).encode()


@pytest.mark.slow
def test_ten_megabytes_go_the_whole_way(tmp_path: Path) -> None:
    text = f"<think>\n{'Well, 4 + 5. ' * 800_000}\n</think>\n\n\\boxed{{9}}"
    assert len(text) > 10_000_000
    run, sft = _whole_way(tmp_path, {"long": text}, RECIPE)
    assert _judged(run)["long\u2028\x00?"] == text
    (path,) = sft.glob("train/*.parquet")
    assert pq.read_table(path).to_pylist()[0]["messages"][-1]["content"] == text


@pytest.mark.slow
def test_every_rule_of_the_paper_ends_on_them(tmp_path: Path) -> None:
    from factory.shipped import shipped

    long = {"long": "<think>\n" + "Well, 4 + 5. " * 800_000, "one line": "x" * 10_000_000}
    long["right"] = "<think>\n4 plus 5 makes 9.\n</think>\n\nThe answer is \\boxed{9}."  # merge wants one kept row
    run, _ = _whole_way(tmp_path, {**TEXTS, **long}, (shipped("filters") / "r1.toml").read_text())
    assert len(_judged(run)) == len(TEXTS) + 3
