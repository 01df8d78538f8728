"""What the README and the shipped prompts say is so."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from factory.blending.mix import read_plan
from factory.cli import cli
from factory.judging.recipes import load_recipe
from factory.judging.rules import load_judge, load_module
from factory.reading.prompts import read_prompts
from factory.reading.templates import load_template
from factory.verify import verify
from tests import make

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def _commands() -> list[list[str]]:
    lines = "\n".join(_blocks("sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith("factory ")]


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_in_the_readme_is_understood(words: list[str]) -> None:
    _, name, *arguments = words
    parent = cli.make_context("factory", [name])  # click remembers the help option of the first context it meets
    context = cli.commands[name].make_context(name, arguments, parent=parent)
    assert context.params


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^make (\w+)", "\n".join(_blocks("sh")), re.M):
        assert re.search(rf"^{target}:", makefile, re.M)


def test_the_rule_and_the_recipe_in_the_readme_work(tmp_path: Path) -> None:
    (rule,) = [block for block in _blocks("python") if block.startswith("# short_answer.py")]
    (recipe,) = [block for block in _blocks("toml") if block.startswith("# mine.toml, used by `factory filter")]
    (tmp_path / "short_answer.py").write_text(rule)
    (tmp_path / "mine.toml").write_text(recipe)
    last = load_recipe(str(tmp_path / "mine.toml")).rules[-1]
    asked = make.prompt()
    judge = load_judge(last)
    assert judge(make.sample(asked, 0, "short"), asked).keep is True
    assert judge(make.sample(asked, 0, "long " * 41), asked).reason == "long_answer"


def test_the_verifier_in_the_readme_works(tmp_path: Path) -> None:
    (rule,) = [block for block in _blocks("python") if block.startswith("# palindrome.py")]
    (tmp_path / "palindrome.py").write_text(rule)
    (tmp_path / "mine.toml").write_text('[[rule]]\nuse = "palindrome"\n')
    judge = load_judge(load_recipe(str(tmp_path / "mine.toml")).rules[0])
    asked = make.prompt("A palindrome of five letters?", "5")
    texts = ("Level.", "apple", "noon")
    assert [judge(make.sample(asked, 0, text), asked).keep for text in texts] == [True, False, False]


def test_the_recipe_with_judges_in_the_readme_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "criteria.txt").write_text("Is kind.\n")
    (recipe,) = [block for block in _blocks("toml") if block.startswith("# judged.toml")]
    (tmp_path / "judged.toml").write_text(recipe)
    assert [rule.name for rule in load_recipe(str(tmp_path / "judged.toml")).rules] == ["correct", "rubric", "reward"]


def test_the_template_in_the_readme_loads(tmp_path: Path) -> None:
    (template,) = [block for block in _blocks("toml") if "[ask]" in block]
    (tmp_path / "mine.toml").write_text(template)
    assert load_template(str(tmp_path / "mine.toml")).prefill == "<think>\n"


def test_the_plan_in_the_readme_is_understood(tmp_path: Path) -> None:
    (plan,) = [block for block in _blocks("toml") if "[[source]]" in block]
    (tmp_path / "mix.toml").write_text(plan)
    mix = read_plan(tmp_path / "mix.toml")
    assert [entry.amount.number for entry in mix.entries] == [None, None, 2000] and mix.counts_tokens


def test_the_map_is_the_tree() -> None:
    (tree,) = re.findall(r"^```\n(factory/\n.*?)^```", README, re.S | re.M)
    named = re.findall(r"\S+\.py", tree) + [f"factory/{n}" for n in re.findall(r"^  (\w+)/", tree, re.M)]
    modules = {p.name for p in (ROOT / "factory").glob("*.py")} - {"__init__.py", "__main__.py"}
    minor = {"errors.py", "progress.py", "shipped.py", "options.py", "schemas.py", "shards.py", "driver.py"}
    assert modules - minor <= set(named)
    assert set(named) & modules == {n for n in named if n.endswith(".py")}
    rooms = {f"factory/{p.parent.name}" for p in (ROOT / "factory").glob("*/__init__.py")}
    assert rooms == {n for n in named if not n.endswith(".py")}


def test_every_shipped_rule_is_used_by_a_recipe_or_only_scores() -> None:
    used = set()
    for path in (ROOT / "filters").glob("*.toml"):
        used |= {entry["use"] for entry in tomllib.loads(path.read_text())["rule"]}
    scoring = {p.stem for p in (ROOT / "filters").glob("*.py") if getattr(load_module(p), "SCORES", False)}
    asking = {"rubric", "reward"}  # servers, which only the user knows
    assert {p.stem for p in (ROOT / "filters").glob("*.py")} - used <= scoring | asking


def test_the_shipped_prompts_can_be_asked_and_their_references_pass_their_own_verifier() -> None:
    prompts = list(read_prompts(str(ROOT / "prompts" / "arithmetic.jsonl")))
    assert len({p.id for p in prompts}) == len(prompts) >= 50
    for prompt in prompts:
        assert prompt.reference is not None
        assert verify(f"The answer is \\boxed{{{prompt.reference}}}.", prompt).correct is True


@pytest.mark.parametrize("path", sorted((ROOT / "prompts").glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_template_loads_and_says_what_it_is(path: Path) -> None:
    assert load_template(path.stem).description


def test_the_general_set_is_what_it_says() -> None:
    rows = [json.loads(line) for line in (ROOT / "prompts" / "general.jsonl").read_text().splitlines()]
    assert 60 <= len(rows) <= 100
    assert {"writing", "factual_qa", "self_cognition", "greeting"} <= {row["task"] for row in rows}
    assert all("<think>" not in row["messages"][-1]["content"] for row in rows if row["task"] == "greeting")
    assert sum(row["lang"] == "zh" for row in rows) >= 15
