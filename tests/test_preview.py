"""`--dry-run`: what is asked and what is trained on are shown apart, traps are named, nothing is written."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from factory.cli import cli
from tests import make

MODEL = Path(__file__).parents[1] / "outputs" / "models" / "SmolLM2-135M-Instruct"
DROPS = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content.split('</think>')[-1] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}"
)


def _look(folder: Path, *words: object) -> Result:
    prompts = make.jsonl(folder / "p.jsonl", [{"problem": "1 + \u202e1?", "answer": "2", "id": "p-1"}])
    template = '[ask]\nmessages=[{role="user",content="SCAFFOLD {{prompt}}"}]\nprefill="<think>\\n"\n'
    (folder / "t.toml").write_text(template)
    line = ["generate", prompts, "--out", folder / "run", "--template", folder / "t.toml", "--dry-run", *words]
    return CliRunner().invoke(cli, [str(word) for word in line])


def test_asked_and_trained_on_are_shown_apart_and_nothing_is_written(tmp_path: Path) -> None:
    recorded = make.jsonl(tmp_path / "r.jsonl", [])
    result = _look(tmp_path, "--engine", "replay", "--model", recorded, "--json")
    assert result.exit_code == 0, result.output
    (shown,) = json.loads(result.stdout)["shown"]
    assert "SCAFFOLD 1 + " in shown["ask"] and shown["ask"].endswith("assistant: <think>\n")
    assert "SCAFFOLD" not in json.dumps(shown["train"])
    assert "\u202e" not in _look(tmp_path, "--engine", "replay", "--model", recorded).stdout
    assert not (tmp_path / "run").exists()


def test_bad_input_is_told_as_the_command_would(tmp_path: Path) -> None:
    result = _look(tmp_path, "--engine", "replay", "--model", "x", "--keep", 2)
    assert result.exit_code == 2 and "--keep and --rules go together" in result.output


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_real_tokenizer_renders_and_traps_are_named(tmp_path: Path) -> None:
    fine = _look(tmp_path, "--model", MODEL, "--max-tokens", 100, "--json")
    assert fine.exit_code == 0, fine.output
    (shown,) = json.loads(fine.stdout)["shown"]
    assert shown["ask"].endswith("<|im_start|>assistant\n<think>\n") and "SCAFFOLD" in shown["ask"]
    assert json.loads(fine.stdout)["warnings"] == []
    broken = tmp_path / "model"
    shutil.copytree(MODEL, broken)
    (broken / "chat_template.jinja").unlink(missing_ok=True)
    config = json.loads((broken / "tokenizer_config.json").read_text())
    (broken / "tokenizer_config.json").write_text(json.dumps({**config, "chat_template": DROPS}))
    for name in ("generation_config.json", "config.json"):
        if (broken / name).exists():
            content = json.loads((broken / name).read_text())
            (broken / name).write_text(json.dumps({**content, "eos_token_id": 0}))
    warned = _look(tmp_path, "--model", broken, "--max-tokens", 8190, "--json")
    assert warned.exit_code == 0, warned.output
    said = " / ".join(json.loads(warned.stdout)["warnings"])
    assert "drops an assistant's thought" in said and "don't fit into" in said
    (shown,) = json.loads(warned.stdout)["shown"]
    assert shown["ask"].count("<think>") == 1
