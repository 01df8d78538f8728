"""LLaMA-Factory's, verl's and Axolotl's own dataset code on what `factory merge` writes: is the thinking trained on?

    python benchmarks/trainers.py --venvs outputs/trainers        # installs each into a venv of its own, gigabytes
    python benchmarks/trainers.py --venvs outputs/trainers --only verl

Makes samples of a known kind, filters and merges them with the shipped general rows as a user would, then lets each
trainer read the data set with the configuration that merge wrote for it, and looks at the token ids that carry loss.
What ran stands in trainers.md. Trains nothing: TRL, which runs in the tests, does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve()
TOKENIZER = HERE.parents[1] / "outputs" / "models" / "SmolLM2-135M-Instruct"
# Axolotl's own requirements want CUDA builds; these are what reading a data set imports.
AXOLOTL = """
transformers==5.16.1 datasets==4.8.4 huggingface_hub==1.17.0 pydantic==2.12.5 trl==1.9.0 peft==0.20.0 torch posthog
accelerate addict fire PyYAML requests colorama numba python-dotenv typer mistral-common sentencepiece schedulefree
optimum
"""
WANTED = {"llamafactory": ["llamafactory"], "verl": ["verl"], "axolotl": AXOLOTL.split()}
ROWS = 60
FORMS = ("messages", "jsonl", "sharegpt")
Trained = Iterator[str]
"""The text of the tokens that carry loss, a row at a time."""


def make(folder: Path) -> dict[str, Path]:
    """Data sets of 60 reasoning rows, general rows at 3:1 and a validation split, by the commands a user types."""
    samples = folder / "samples.jsonl"
    with samples.open("w") as file:
        for i in range(ROWS):
            text = f"<think>\nFirst {i}, then three more.\n</think>\n\nThe answer is \\boxed{{{i + 3}}}."
            row = {"problem": f"What is {i} + 3?", "expected_answer": str(i + 3), "response": text, "task": "math"}
            file.write(json.dumps(row) + "\n")
    factory = [sys.executable, "-m", "factory"]
    subprocess.run([*factory, "filter", samples, "--rules", "r1-zero", "--out", folder / "judged"], check=True)
    general = HERE.parents[1] / "prompts" / "general.jsonl"
    mix = ["--general", general, "--ratio", "3:1", "--validation", "0.2", "--rows-per-shard", "30"]
    made = {form: folder / form for form in FORMS}
    for form, out in made.items():
        subprocess.run([*factory, "merge", folder / "judged", *mix, "--format", form, "--out", out], check=True)
    return made


def install(trainer: str, venv: Path) -> Path:
    """The Python of a trainer's venv, made where it is not there."""
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *(["--no-deps", trainer] if trainer == "axolotl" else WANTED[trainer])], check=True)
        if trainer == "axolotl":
            subprocess.run([*pip, *WANTED[trainer]], check=True)
    return python


def read_llamafactory(tokenizer: str, scratch: str) -> Trained:
    """`trainers/llamafactory.yaml` with model and template put in."""
    import yaml
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args
    from llamafactory.model import load_tokenizer

    config = yaml.safe_load(Path("trainers/llamafactory.yaml").read_text())
    config |= {"model_name_or_path": tokenizer, "template": "chatml", "output_dir": scratch, "report_to": "none"}
    model, data, training, _, _ = get_train_args({**config, "use_cpu": True, "bf16": False})
    loaded = load_tokenizer(model)
    template = get_template_and_fix_tokenizer(loaded["tokenizer"], data)
    rows = get_dataset(template, model, data, training, stage="sft", **loaded)["train_dataset"]
    for row in rows:
        yield loaded["tokenizer"].decode([i for i in row["labels"] if i != -100])


def read_verl(tokenizer: str, scratch: str) -> Trained:
    """`trainers/verl.yaml`; verl renders each message on its own."""
    from omegaconf import OmegaConf
    from transformers import AutoTokenizer
    from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset

    loaded = AutoTokenizer.from_pretrained(tokenizer)
    config = OmegaConf.load("trainers/verl.yaml").data
    rows = MultiTurnSFTDataset(list(config.train_files), loaded, config)
    for row in (rows[i] for i in range(len(rows))):
        yield loaded.decode(row["input_ids"][row["loss_mask"].bool()])


def read_axolotl(tokenizer: str, scratch: str) -> Trained:
    """`trainers/axolotl.yaml` with the model put in."""
    import yaml
    from axolotl.loaders import load_tokenizer
    from axolotl.utils.config import validate_config
    from axolotl.utils.data import prepare_datasets
    from axolotl.utils.dict import DictDefault

    config = yaml.safe_load(Path("trainers/axolotl.yaml").read_text())
    config |= {"base_model": tokenizer, "tokenizer_config": tokenizer, "output_dir": scratch, "seed": 1}
    config |= {"dataset_prepared_path": scratch, "dataset_num_proc": 1, "micro_batch_size": 1, "learning_rate": 1e-5}
    config |= {"gradient_accumulation_steps": 1, "use_ray": False}
    cfg = validate_config(DictDefault(config))
    cfg.batch_size = 1  # what its command line would work out from the GPUs
    loaded = load_tokenizer(cfg)
    rows, *_ = prepare_datasets(cfg, loaded)
    for row in rows:
        yield loaded.decode([i for i in row["labels"] if i != -100])


def judge(trained: Iterable[str]) -> dict[str, object]:
    """What is trained on: rows, how many with the whole thought, how many with a prompt's words."""
    texts = list(trained)
    thoughts = sum("<think>\nFirst " in t and "three more.\n</think>\n\nThe answer is" in t for t in texts)
    return {"rows": len(texts), "thoughts": thoughts, "prompts": sum("What is" in t and "+ 3?" in t for t in texts)}


def main() -> None:
    """Install, make the data set, and run each trainer's part in its own venv."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venvs", type=Path, default=Path("outputs/trainers"))
    parser.add_argument("--tokenizer", default=str(TOKENIZER))
    parser.add_argument("--only", default=",".join(WANTED))
    parser.add_argument("--inside", choices=WANTED, help="run in the trainer's venv, in the data set's folder")
    given = parser.parse_args()
    if given.inside:
        with tempfile.TemporaryDirectory() as scratch:
            found = judge(globals()[f"read_{given.inside}"](given.tokenizer, scratch))
        print(json.dumps({"version": metadata.version(given.inside), **found}))
        return
    with tempfile.TemporaryDirectory() as temp:
        for form, data in make(Path(temp)).items():
            for trainer in given.only.split(","):
                if (data / "trainers" / f"{trainer}.yaml").exists():
                    python = install(trainer, given.venvs.resolve() / trainer)
                    print(f"{trainer} {form}: {look(trainer, python, data, given.tokenizer, temp)}", flush=True)


def look(trainer: str, python: Path, data: Path, tokenizer: str, home: str) -> str:
    """What a trainer said of a data set, or the last line of its fault."""
    command = [python, HERE, "--inside", trainer, "--tokenizer", tokenizer]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "HF_HOME": home}
    done = subprocess.run(command, cwd=data, env=offline, capture_output=True, text=True, check=False)
    said = done.stdout if done.returncode == 0 else done.stderr
    rows = json.loads((data / "manifest.json").read_text())["splits"]["train"]
    return f"{said.strip().splitlines()[-1] if said.strip() else 'nothing'} of {rows} train rows"


if __name__ == "__main__":
    main()
