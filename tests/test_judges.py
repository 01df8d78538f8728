"""What needs no answer while samples are drawn is left out then, and speaks in `filter`, in its place."""

import json
from pathlib import Path

from click.testing import CliRunner

from factory import ledger, runs, schemas, shards
from factory.cli import cli
from factory.judging.judges import Judges
from factory.judging.recipes import load_recipe
from factory.reading.prompts import read_prompts
from factory.records import Verdict
from tests import make
from tests.judge_server import server

SCORING = "from factory import Verdict\nSCORES = True\ndef judge(sample, prompt):\n    return Verdict.{}\n"


def _recipe(folder: Path, says: str = "accept(score=float(len(sample.text)))", more: str = "") -> Path:
    (folder / "long.py").write_text(SCORING.format(says))
    path = folder / "mine.toml"
    path.write_text(f'[[rule]]\nuse = "finished"\n[[rule]]\nuse = "long"\n{more}[[rule]]\nuse = "correct"\n')
    return path


def _run(*words: object) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_only_scores_is_asked_by_filter_alone_and_stands_in_its_place(tmp_path: Path) -> None:
    prompts = make.jsonl(tmp_path / "p.jsonl", [{"problem": "1 + 1?", "answer": "2"}])
    (prompt,) = read_prompts(str(prompts))
    text = {0: "\\boxed{2}", 1: "No: \\boxed{3}"}
    rows = [{"prompt_id": prompt.id, "sample_index": i, "text": t, "finish_reason": "stop"} for i, t in text.items()]
    recipe, run = _recipe(tmp_path), tmp_path / "run"
    draw = ["--engine", "replay", "--model", make.jsonl(tmp_path / "r.jsonl", rows), "--rules", recipe]
    _run("generate", prompts, "--out", run, *draw, "--keep", 2, "--samples", 2)
    with ledger.reading(run / runs.LEDGER) as connection:
        drawn = ledger.verdicts_by_index(connection, prompt.id, load_recipe(str(recipe)).digest)
    assert [[v.rule for v in drawn[index]] for index in text] == [["finished", "correct"]] * 2
    funnel = json.loads(_run("filter", run, "--rules", recipe, "--json"))["funnel"]
    assert list(funnel["rules"]) == ["finished", "long", "correct", "distinct"]
    (batch,) = shards.batches(shards.parts(run / "judged", "judged"))
    found = [[(v.rule, v.keep, v.score) for v in schemas.verdicts_of(row)][1] for row in batch.to_pylist()]
    assert found == [("long", True, float(len(t))) for t in text.values()]


def test_after_a_no_drawing_asks_correct_alone_and_filter_asks_the_rest(tmp_path: Path) -> None:
    prompts = make.jsonl(tmp_path / "p.jsonl", [{"problem": "1 + 1?", "answer": "2"}])
    (prompt,) = read_prompts(str(prompts))
    cut, fine = "<think>\nno end \\boxed{2}", "<think>\none and one\n</think>\n\nSo \\boxed{2}"
    rows = [
        {"prompt_id": prompt.id, "sample_index": 0, "text": cut, "finish_reason": "length"},
        {"prompt_id": prompt.id, "sample_index": 1, "text": fine, "finish_reason": "stop"},
    ]
    names = ["finished", "think", "correct", "repetition"]
    recipe, run = tmp_path / "mine.toml", tmp_path / "run"
    recipe.write_text("".join(f'[[rule]]\nuse = "{name}"\n' for name in names))
    draw = ["--engine", "replay", "--model", make.jsonl(tmp_path / "r.jsonl", rows), "--rules", recipe]
    _run("generate", prompts, "--out", run, *draw, "--keep", 2, "--samples", 2)
    with ledger.reading(run / runs.LEDGER) as connection:
        drawn = ledger.verdicts_by_index(connection, prompt.id, load_recipe(str(recipe)).digest)
    assert [[v.rule for v in drawn[index]] for index in (0, 1)] == [["finished", "correct"], names]
    _run("filter", run, "--rules", recipe)
    (batch,) = shards.batches(shards.parts(run / "judged", "judged"))
    judged = [schemas.verdicts_of(row)[: len(names)] for row in batch.to_pylist()]
    assert [[v.rule for v in verdicts] for verdicts in judged] == [names, names]
    asked = [make.sample(prompt, row["sample_index"], row["text"], finish_reason=row["finish_reason"]) for row in rows]
    with Judges(load_recipe(str(recipe)), 1) as judges:
        assert judged == judges.submit(prompt, asked, {})()


def test_with_a_threshold_it_decides_and_is_asked_at_once(tmp_path: Path) -> None:
    recipe = load_recipe(str(_recipe(tmp_path, more="least = 5\n")))
    assert [rule.name for rule in recipe.that_settle()] == ["finished", "long", "correct"]


def test_one_that_rejects_after_all_is_a_fault_of_the_rule(tmp_path: Path) -> None:
    asked = make.prompt()
    with Judges(load_recipe(str(_recipe(tmp_path, 'reject("short")'))), 1) as judges:
        (verdicts,) = judges.submit(asked, [make.sample(asked)], {})()
        assert [(v.rule, v.keep, v.reason) for v in verdicts][1] == ("long", None, "raised")
        assert "says SCORES" in judges.errors["long"]


def test_known_verdicts_stay_and_only_what_is_missing_is_asked(tmp_path: Path) -> None:
    asked = make.prompt()
    known = {1: [Verdict(False, "cut_off", rule="finished"), Verdict(True, rule="correct")]}
    with Judges(load_recipe(str(_recipe(tmp_path))), 1) as judges:
        fresh, old = judges.submit(asked, [make.sample(asked, 0), make.sample(asked, 1)], known)()
    assert [v.rule for v in fresh] == [v.rule for v in old] == ["finished", "long", "correct"]
    assert (old[0], old[2]) == tuple(known[1])


def test_where_a_server_failed_filter_asks_again(tmp_path: Path) -> None:
    prompts = make.jsonl(tmp_path / "p.jsonl", [{"problem": "Who found radium?", "answer": "Marie Curie"}])
    (prompt,) = read_prompts(str(prompts))
    rows = [{"prompt_id": prompt.id, "sample_index": 0, "text": "Maria Sklodowska", "finish_reason": "stop"}]
    recipe, run, words = tmp_path / "mine.toml", tmp_path / "run", iter([None] * 6)
    draw = ["--engine", "replay", "--model", make.jsonl(tmp_path / "r.jsonl", rows), "--rules", recipe]
    with server(lambda _: next(words, "CORRECT")) as (url, _):
        recipe.write_text(f'[[rule]]\nuse = "correct"\njudge = "{url}"\njudge_model = "m"\n')
        _run("generate", prompts, "--out", run, *draw, "--keep", 1, "--samples", 1)
        with ledger.reading(run / runs.LEDGER) as connection:
            drawn = ledger.verdicts_by_index(connection, prompt.id, load_recipe(str(recipe)).digest)
        assert [v.reason for v in drawn[0]] == ["judge_error"]
        funnel = json.loads(_run("filter", run, "--rules", recipe, "--json"))["funnel"]
    assert funnel["kept"] == 1
