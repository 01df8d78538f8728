"""A recipe is checked and bound before any work; every mistake is one line that names it."""

import json
import resource
from pathlib import Path

import pytest

from factory.errors import BadInput
from factory.judging import recipes
from factory.judging.recipes import catalogue, load_recipe
from factory.judging.rules import apply_rule, load_judge, load_module
from factory.records import Verdict
from factory.shipped import shipped
from tests import make

RULE = '''
"""Require long texts."""
from dataclasses import dataclass
from typing import Literal
from factory import Verdict

@dataclass
class Seen:  # breaks where the module isn't in sys.modules while it runs
    length: int

def judge(sample, prompt, *, least_words: int = 1, mode: Literal["a", "b"] = "a", words: list[str] | None = None):
    return Verdict.accept("", Seen(len(sample.text.split()) - least_words).length)
'''


def _recipe(folder: Path, text: str) -> str:
    (folder / "my_rule.py").write_text(RULE)
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


def test_a_rule_beside_the_recipe_is_bound_to_its_knobs_and_scope(tmp_path: Path) -> None:
    recipe = load_recipe(
        _recipe(
            tmp_path,
            'description = "d"\n[[rule]]\nuse = "my_rule"\nleast_words = 3\nwords = ["x"]\nmost = 9.5\n'
            'tasks = ["math"]\nsources = ["s"]\nexcept_tasks = []',
        )
    )
    (rule,) = recipe.rules
    assert (recipe.name, recipe.description, rule.most, rule.least) == ("mine", "d", 9.5, None)
    assert rule.applies_to(make.prompt(source="s"))
    assert not rule.applies_to(make.prompt(source="other"))
    assert not rule.applies_to(make.prompt(task="code", source="s"))
    asked = make.prompt()
    assert load_judge(rule)(make.sample(asked, 0, "a b c d"), asked).score == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "at least one"),
        ("rule = 3", "at least one"),
        ("[[rule]]\nuse = 3", "lacks use"),
        ("[[rule]]\nuse = 'my_rul'", "did you mean 'my_rule'"),
        ("[[rule]]\nuse = '../my_rule'", "no rule named"),
        ("[[rule]]\nuse = '/etc/passwd'", "no rule named"),
        ("[[rule]]\nuse = 'my_rule'\nleast_word = 3", "did you mean 'least_words'"),
        ("[[rule]]\nuse = 'my_rule'\nleast_words = 'many'", "should be int"),
        ("[[rule]]\nuse = 'my_rule'\nleast_words = true", "should be int"),
        ("[[rule]]\nuse = 'my_rule'\nmode = 'c'", "should be"),
        ("[[rule]]\nuse = 'my_rule'\nwords = [1]", "should be"),
        ("[[rule]]\nuse = 'my_rule'\nleast = 'x'", "least should be a number"),
        ("[[rule]]\nuse = 'my_rule'\ntasks = 'math'", "tasks should be a list"),
        ("[[rule]]\nuse = 'my_rule'\n[[rule]]\nuse = 'my_rule'", "stands there twice"),
        ("[[rules]]\nuse = 'my_rule'", "did you mean 'rule'"),
        ("[[rule]\nuse = 'my_rule'", "not a readable TOML"),
        ("[[rule]]\nuse = 'broken'", "ZeroDivisionError"),
        ("[[rule]]\nuse = 'empty'", "no function judge"),
        ("[[rule]]\nuse = 'leaves'", "SystemExit while loading the file"),
        ("[[rule]]\nuse = 'narrow'", "should have a function judge.*too many positional arguments"),
        ("[[rule]]\nuse = 'misspelt'", "should have a function judge.*'Smaple' is not defined"),
        ("[select]\nper_promt = 3\n[[rule]]\nuse = 'my_rule'", "unknown key 'per_promt'.*did you mean 'per_prompt'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "broken.py").write_text("1 / 0")
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "leaves.py").write_text("raise SystemExit(3)")
    (tmp_path / "narrow.py").write_text("def judge(sample): ...")
    (tmp_path / "misspelt.py").write_text("def judge(sample: 'Smaple', prompt): ...")
    with pytest.raises(BadInput, match=error) as caught:
        load_recipe(_recipe(tmp_path, text))
    assert "\n" not in caught.value.message
    assert "mine.toml" in caught.value.message


def test_unknown_recipes_name_the_near_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="did you mean 'r1-zero'"):
        load_recipe("r1zero")
    with pytest.raises(BadInput, match="no such recipe file"):
        load_recipe(str(tmp_path / "absent.toml"))


@pytest.mark.parametrize("path", sorted(shipped("filters").glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_recipe_loads(path: Path) -> None:
    recipe = load_recipe(path.stem)
    assert recipe.description
    assert recipe.rules


def test_the_digest_follows_the_recipe_and_the_rule_file(tmp_path: Path) -> None:
    name = _recipe(tmp_path, "[[rule]]\nuse = 'my_rule'")
    digests = {load_recipe(name).digest, load_recipe(name).digest}
    with (tmp_path / "my_rule.py").open("a") as file:
        file.write("# changed\n")
    digests.add(load_recipe(name).digest)
    with (tmp_path / "mine.toml").open("a") as file:
        file.write("\nleast = 1\n")
    digests.add(load_recipe(name).digest)
    assert len(digests) == 3


def test_every_shipped_rule_is_listed_with_its_first_line_and_knobs() -> None:
    data, lines = catalogue()
    for path in shipped("filters").glob("*.py"):
        assert data["rules"][path.stem]["about"], f"{path} does not say what it is"
        assert any(path.stem in line for line in lines)
    assert json.loads(json.dumps(data))["rules"]["reward"]["needed"] == ["model", "url"]
    assert any(line.split() == ["url", "must", "be", "given"] for line in lines)


def test_the_digest_follows_the_files_that_knobs_name(tmp_path: Path) -> None:
    patterns = tmp_path / "mine.txt"
    patterns.write_text("as an AI\n")
    name = _recipe(tmp_path, f"[[rule]]\nuse = 'deny'\npatterns = '{patterns}'")
    before = load_recipe(name).digest
    patterns.write_text("as an AI\nknowledge cutoff\n")
    assert load_recipe(name).digest != before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("while True: pass", r"rule 1 \(endless\): is not loaded after 0.05 s"),
        ("bytearray(10**9)", r"rule 1 \(endless\): MemoryError while loading"),
    ],
)
def test_a_file_that_never_ends_loading_or_eats_memory_is_refused_by_name(tmp_path, monkeypatch, body, said):
    monkeypatch.setattr(recipes, "LOADING", 0.05)
    monkeypatch.setattr(recipes, "MEMORY", 10**8)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    (tmp_path / "endless.py").write_text(f"{body}\ndef judge(sample, prompt): ...\n")
    (tmp_path / "mine.toml").write_text("[[rule]]\nuse = 'endless'")
    with pytest.raises(BadInput, match=said):
        load_recipe(str(tmp_path / "mine.toml"))
    assert resource.getrlimit(resource.RLIMIT_AS) == limits


def _patterns(rule):
    """The word a rule rejects."""
    asked = make.prompt()
    judge = load_judge(rule)
    return [word for word in ("aaa", "bbb") if judge(make.sample(asked, 0, f"see {word} there"), asked).keep is False]


def test_a_file_is_found_beside_the_recipe_then_in_the_current_folder(tmp_path, monkeypatch):
    here, recipes = tmp_path / "here", tmp_path / "recipes"
    here.mkdir()
    recipes.mkdir()
    monkeypatch.chdir(here)
    (recipes / "mine.toml").write_text("[[rule]]\nuse = 'deny'\npatterns = 'words.txt'")
    (here / "words.txt").write_text("bbb\n")
    (rule,) = load_recipe("../recipes/mine.toml").rules
    assert (_patterns(rule), rule.knobs) == (["bbb"], {"patterns": "words.txt"})
    (recipes / "words.txt").write_text("aaa\n")
    (other,) = load_recipe("../recipes/mine.toml").rules
    assert _patterns(other) == ["aaa"]
    assert other.contents()["contents"]["patterns"] != rule.contents()["contents"]["patterns"]


def test_a_file_the_recipe_does_not_name_is_the_rules_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "identity.txt").write_text("aaa\n")
    (tmp_path / "mine.toml").write_text("[[rule]]\nuse = 'deny'\n[[rule]]\nuse = 'my_rule'")
    (tmp_path / "my_rule.py").write_text(RULE)
    deny, mine = load_recipe("mine.toml").rules
    assert (_patterns(deny), mine.files) == ([], {})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('use = "deny"\npatterns = "gone.txt"', "gone.txt: no such file of patterns"),
        ('use = "deny"\npatterns = "bad.txt"', "line 2: not an RE2 pattern: missing"),
        ('use = "deny"\npatterns = "binary.txt"', "binary.txt: not UTF-8 text"),
        ('use = "deny"\npatterns = "large.txt"', "large.txt: 20 patterns are too many"),
        ('use = "rubric"\nurl = "http://h"\nmodel = "m"\ncriteria = "gone.txt"', "gone.txt: No such file"),
        ('use = "rubric"\nurl = "http://h"\nmodel = "m"\ncriteria = "empty.txt"', "holds no criteria"),
        ('use = "reward"\nurl = "host:8000"\nmodel = "m"', "'host:8000' is no address"),
        ('use = "correct"\njudge = "http://h"', "no model is named"),
        ('use = "correct"\njudge_model = "m"', "nothing without judge"),
        ('use = "correct"\nseconds = 0', "leaves no time"),
    ],
)
def test_files_that_knobs_name_are_read_before_any_work(tmp_path, monkeypatch, rule, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.txt").write_text("fine\n(open\n")
    (tmp_path / "empty.txt").write_text("# none\n")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "large.txt").write_text("".join(f"{chr(97 + n) * 99}\n" for n in range(20)))
    deny = load_module(shipped("filters") / "deny.py")
    monkeypatch.setattr(deny, "MEMORY", 20_000)
    deny._patterns.cache_clear()
    (tmp_path / "mine.toml").write_text(f"[[rule]]\n{rule}\n")
    with pytest.raises(BadInput, match=f"mine.toml: rule 1 .*{said}"):
        load_recipe("mine.toml")


@pytest.mark.parametrize(("more", "settles"), [("", False), ("least = 0.5\n", True)])
def test_a_reward_settles_nothing_unless_a_threshold_says_so(tmp_path, more, settles):
    (tmp_path / "mine.toml").write_text(f'[[rule]]\nuse = "reward"\nurl = "http://127.0.0.1:9"\nmodel = "m"\n{more}')
    (rule,) = load_recipe(str(tmp_path / "mine.toml")).rules
    asked = make.prompt()
    found = apply_rule(rule, lambda *_: Verdict.unknown("reward_error"), make.sample(asked), asked)
    assert (rule.settles, found.reason) == (settles, "reward_error")


def test_what_a_rule_file_prints_is_not_our_output(tmp_path, capsys):
    (tmp_path / "chatty.py").write_text("print('loaded')\ndef judge(sample, prompt): ...\n")
    (tmp_path / "mine.toml").write_text('[[rule]]\nuse = "chatty"\n')
    load_recipe(str(tmp_path / "mine.toml"))
    assert capsys.readouterr() == ("", "loaded\n")


def test_a_rule_that_may_take_longer_is_waited_for(tmp_path):
    (tmp_path / "mine.toml").write_text('[[rule]]\nuse = "correct"\nseconds = 60.0\n[[rule]]\nuse = "think"\n')
    assert [rule.patience for rule in load_recipe(str(tmp_path / "mine.toml")).rules] == [53.0, 0.0]
