"""The command line's manners: instant help, an example a command, one line an error, clean JSON."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from factory.cli import cli
from tests import make

HEAVY = ["vllm", "torch", "datasets", "pandas", "pyarrow", "numpy", "asyncio", "tqdm", "multiprocessing", "pathlib"]


def test_help_imports_nothing_heavy() -> None:
    code = f"""
import sys
from factory.cli import cli
cli(["--help"], standalone_mode=False)
print("heavy:", *[name for name in {HEAVY} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "generate" in done.stdout
    assert done.stdout.endswith("heavy:\n")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_has_help_an_example_and_h(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "-h"])
    assert result.exit_code == 0
    assert f"factory {name} " in result.output or f"factory {name}\n" in result.output
    for option in cli.commands[name].params:
        if isinstance(option, click.Option) and option.name not in ("help",):
            assert option.help or option.show_default, f"{name} {option.opts} has no help"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_speaks_json(name: str) -> None:
    assert any("--json" in option.opts for option in cli.commands[name].params)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["genrate"], 2, "No such command"),
        (["merge", "--out", "o"], 2, "Missing argument"),
        (["merge", "absent", "--out", "o"], 2, "absent"),
        (["merge", "absent", "--out", "o", "--ratio", "3"], 2, "REASONING:GENERAL"),
        (["merge", "absent", "--out", "o", "--ratio", "0:1"], 2, "REASONING:GENERAL"),
        (["show", "absent"], 2, "absent"),
        (["filter", "x"], 2, "--rules"),
        (["generate", "x", "--out", "o"], 2, "--model"),
    ],
)
def test_errors_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == code
    assert error in result.stderr
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    prompts = make.jsonl(tmp_path / "prompts.jsonl", [{"problem": "1 + 1?", "answer": "2"}])
    recorded = make.jsonl(tmp_path / "recorded.jsonl", [])
    words = ["generate", prompts, "--engine", "replay", "--model", recorded, "--out", prompts / "run"]
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == f"Error: {prompts / 'run'}: Not a directory"
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_factory_boy_over_us_is_said(tmp_path: Path) -> None:
    import factory

    package = tmp_path / "factory"
    package.mkdir()
    for name in ("__init__.py", "__main__.py"):
        (package / name).write_text((Path(factory.__file__).parent / name).read_text())
    (package / "declarations.py").write_text("")
    done = subprocess.run([sys.executable, "-m", "factory"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "factory_boy" in done.stderr
