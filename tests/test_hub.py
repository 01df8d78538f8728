"""A push, with a hub made of paper: refused without licences, one commit, nothing lost when it fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from factory import merge as stage
from factory.blending.asked import read
from factory.errors import BadInput, FactoryError, Refused
from tests.make import jsonl
from tests.test_merge import SMALL, chat, judge

PLAN = """
[[source]]
path = "DIR/judged"
licence = "MIT"
[[source]]
path = "DIR/g.jsonl"
licence = "apache-2.0"
"""


class Hub:
    """Remembers what it was asked."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.calls = fault, []

    def create_repo(self, name, **options):
        self.calls.append(("create", name, options))

    def upload_folder(self, **options):
        if self.fault:
            raise self.fault
        self.calls.append(("upload", options["repo_id"], options))
        return SimpleNamespace(commit_url="https://hub.example/commit/1")


def push(tmp_path, hub, text=PLAN, name="org/data"):
    judge(tmp_path / "judged", SMALL)
    jsonl(tmp_path / "g.jsonl", [chat("a", "b")])
    (tmp_path / "mix.toml").write_text(text.replace("DIR", str(tmp_path)))
    mix, over = read([str(tmp_path / "mix.toml")], [], {"push": name})
    return stage.merge(mix, tmp_path / "sft", over, hub)


def test_a_push_is_private_and_one_commit_of_the_finished_folder(tmp_path):
    hub = Hub()
    report = push(tmp_path, hub)
    (_, _, made), (_, name, sent) = hub.calls
    assert made["private"] and made["repo_type"] == sent["repo_type"] == "dataset" and name == "org/data"
    assert sent["folder_path"] == str(tmp_path / "sft") and report.version[:12] in sent["commit_message"]
    assert "train/*" in sent["delete_patterns"] and report.pushed == "https://hub.example/commit/1"
    assert 'license:\n- "apache-2.0"\n- "mit"\n' in (tmp_path / "sft" / "README.md").read_text()


@pytest.mark.parametrize("licence", ['licence = "unknown"', 'licence = ""', ""])
def test_an_unknown_licence_stops_before_any_work(tmp_path, licence):
    hub = Hub()
    with pytest.raises(Refused, match=r"licence of .*g.jsonl"):
        push(tmp_path, hub, PLAN.replace('licence = "apache-2.0"', licence))
    assert not hub.calls and not (tmp_path / "sft").exists()


def test_a_name_that_is_no_place_is_refused(tmp_path):
    with pytest.raises(BadInput, match="should be ORG/NAME"):
        push(tmp_path, Hub(), name="data")


def test_a_push_that_fails_leaves_the_data_set_and_says_how_to_go_on(tmp_path):
    with pytest.raises(FactoryError) as caught:
        push(tmp_path, Hub(ConnectionError("no route\nto host")))
    assert "hf upload org/data" in str(caught.value) and "\n" not in str(caught.value)
    assert (tmp_path / "sft" / "manifest.json").is_file()
