"""Two steps of a real trainer on the shards: what it trains on, checked on token ids.

A tiny random Llama and a tokenizer built here, so nothing is downloaded and no weights matter.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from factory import schemas, shards
from factory.errors import FactoryError
from factory.records import Verdict
from tests.make import jsonl, prompt, sample
from tests.merging import merge

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

PLAIN = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
MASKED = (
    "{% for message in messages %}<|{{ message['role'] }}|>{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] }}<|end|>{% endgeneration %}{% else %}{{ message['content'] }}<|end|>"
    "{% endif %}\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def data_set(tmp_path: Path, more=(), **options) -> Path:
    """Shards as merge writes them: reasoning rows, general rows and `more` of them, a validation split."""
    rows = []
    for i in range(24):
        asked = prompt(f"What is {i} + 3?", str(i + 3), source="gym")
        drawn = sample(asked, 0, f"<think>\nFirst {i}, then three more.\n</think>\n\n{i + 3}")
        rows.append(schemas.judged_row(asked, drawn, [Verdict.accept()]))
    with shards.new_folder(tmp_path / "judged", "judged") as temp:
        entry = shards.write_table(temp / "part.parquet", schemas.table(rows, schemas.JUDGED))
        shards.write_manifest(temp, "judged", {"files": [entry]})
    chats = [{"prompt": f"hello {i}", "completion": "Hello!"} for i in range(8)] + list(more)
    out = tmp_path / "sft"
    merge(
        [tmp_path / "judged"],
        [jsonl(tmp_path / "chats.jsonl", chats)],
        out,
        validation=0.2,
        rows_per_shard=10,
        **options,
    )
    return out


def tiny(tmp_path: Path, template: str):
    """A random two-layer Llama and a byte-level tokenizer with this chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    specials = ["<pad>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    raw = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(specials + letters)}, merges=[]))
    raw.pre_tokenizer, raw.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, pad_token="<pad>", eos_token="<|end|>", bos_token="<pad>")
    tokenizer.add_special_tokens({"additional_special_tokens": specials[1:4]})
    tokenizer.chat_template = template
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = LlamaConfig(vocab_size=len(tokenizer), **sizes, max_position_embeddings=512, pad_token_id=0)
    return LlamaForCausalLM(config), tokenizer


def train(tmp_path: Path, train_rows, validation_rows, template: str, **options):
    """Two steps of SFTTrainer; returns it and its tokenizer."""
    from trl import SFTConfig, SFTTrainer

    model, tokenizer = tiny(tmp_path, template)
    arguments = SFTConfig(
        output_dir=str(tmp_path / "trained"),
        max_steps=2,
        per_device_train_batch_size=4,
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        report_to="none",
        save_strategy="no",
        eval_strategy="steps" if validation_rows is not None else "no",
        eval_steps=2,
        **{"max_length": 512, **options},
    )
    trainer = SFTTrainer(
        model, args=arguments, train_dataset=train_rows, eval_dataset=validation_rows, processing_class=tokenizer
    )
    result = trainer.train()
    assert result.global_step == 2 and result.training_loss == result.training_loss
    return trainer, tokenizer


def trained_text(trainer, tokenizer) -> list[str]:
    """The text of the tokens that carry loss, a string a row of the first batches."""
    texts = []
    for batch in list(trainer.get_train_dataloader())[:8]:
        for ids, labels in zip(batch["input_ids"], batch["labels"], strict=True):
            texts.append(tokenizer.decode(ids[labels != -100]))
    return texts


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(
    ("template", "options"),
    [(PLAIN, {}), (MASKED, {"assistant_only_loss": True}), (PLAIN, {"packing": True, "max_length": 128})],
    ids=["messages", "assistant-only", "packing"],
)
def test_the_thinking_is_in_the_trained_tokens(tmp_path, monkeypatch, template, options, streaming):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    data = load_dataset(str(data_set(tmp_path)), cache_dir=str(tmp_path / "cache"), streaming=streaming)
    trainer, tokenizer = train(tmp_path, data["train"], data["validation"], template, **options)
    texts = trained_text(trainer, tokenizer)
    thought = [text for text in texts if "<think>\nFirst " in text and "more.\n</think>\n\n" in text]
    assert thought, texts[:3]
    if options.get("assistant_only_loss"):
        assert not any("What is" in text for text in texts)
        assert any(text.startswith("Hello!") for text in texts)


@pytest.mark.parametrize("form", ["prompt-completion", "jsonl"])
def test_other_formats_train_too(tmp_path, monkeypatch, form):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    data = load_dataset(str(data_set(tmp_path, form=form)), cache_dir=str(tmp_path / "cache"))
    trainer, tokenizer = train(tmp_path, data["train"], data["validation"], PLAIN)
    texts = trained_text(trainer, tokenizer)
    assert any("<think>\nFirst " in text and "more.\n</think>\n\n" in text for text in texts)
    # the prompt carries loss only where the format can't tell it apart
    assert any("What is" in text for text in texts) == (form == "jsonl")


CALLED = MASKED.replace(
    "{% generation %}",
    "{% generation %}{% for call in message.tool_calls %}<call>{{ call.function.name }} "
    "{{ call.function.arguments | tojson }}</call>{% endfor %}",
).replace("{% for message", "{{ tools | tojson if tools else '' }}{% for message", 1)


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("form", ["messages", "jsonl"])
def test_tool_calls_are_trained_on_and_what_tools_say_is_not(tmp_path, monkeypatch, form, streaming):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    talks = [
        {
            "messages": [
                {"role": "user", "content": f"How warm is it in town {i}?"},
                {
                    "role": "assistant",
                    "content": "<think>\nI must look.\n</think>\n\n",
                    "tool_calls": [{"type": "function", "function": {"name": "warm", "arguments": {"town": i}}}],
                },
                {"role": "tool", "content": f"{i} degrees"},
                {"role": "assistant", "content": "As I said."},
            ],
            "tools": [{"type": "function", "function": {"name": "warm", "parameters": {"type": "object"}}}],
        }
        for i in range(9)
    ]
    out = data_set(tmp_path, talks, form=form)
    data = load_dataset(str(out), cache_dir=str(tmp_path / "cache"), streaming=streaming)
    trainer, tokenizer = train(tmp_path, data["train"], None, CALLED, assistant_only_loss=True)
    texts = trained_text(trainer, tokenizer)
    assert any('<call>warm {"town": ' in text and "I must look." in text and "As I said." in text for text in texts)
    assert not any("degrees" in text or "How warm" in text for text in texts)
    assert any("<think>\nFirst " in text for text in texts)


def test_the_shipped_configuration_runs(tmp_path, monkeypatch):
    """`trl sft --config trainers/trl.yaml` from the data set's folder, on a tiny model."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    out = data_set(tmp_path)
    model, tokenizer = tiny(tmp_path, PLAIN)
    for saved in (model, tokenizer):
        saved.save_pretrained(tmp_path / "model")
    small = ["--max_steps", "2", "--use_cpu", "true", "--bf16", "false", "--gradient_checkpointing", "false"]
    small += ["--model_name_or_path", str(tmp_path / "model"), "--output_dir", str(tmp_path / "trained")]
    command = [str(Path(sys.executable).parent / "trl"), "sft", "--config", "trainers/trl.yaml", *small]
    done = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "trained" / "model.safetensors").is_file()


def test_the_check_agrees_with_the_trainer(tmp_path, monkeypatch):
    """A published template that drops the thinking: the check stops the merge, and TRL trains without a word."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import trl
    from datasets import load_dataset

    template = (Path(trl.__file__).parent / "chat_templates" / "deepseek_r1_distill.jinja").read_text()
    _, tokenizer = tiny(tmp_path, template)
    tokenizer.save_pretrained(tmp_path / "tokenizer")
    with pytest.raises(FactoryError, match="the reasoning is not in the rendered text"):
        data_set(tmp_path, tokenizer=str(tmp_path / "tokenizer"))
    data = load_dataset(str(data_set(tmp_path)), cache_dir=str(tmp_path / "cache"))
    trainer, tokenizer = train(tmp_path, data["train"], None, template)
    assert not any("First" in text for text in trained_text(trainer, tokenizer))
