"""Configurations of usual SFT trainers, written beside the shards in `trainers/`; run from the data set's folder.

Each names the columns, the files and a maximum length that the longest row fits: trainers' defaults (often 1,024
tokens) cut reasoning without a word. Model, batch sizes and learning rate are the user's; `MODEL` stands where one must
be put. Does not cover running them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from factory.blending.formats import SHAREGPT, Format

FOLDER: Final = "trainers"
BYTES_A_TOKEN: Final = 2
"""Fewer than any usual text has (English 4, Chinese 3 or more, formulas near 2): an estimated length fits."""


def fitting_length(longest_tokens: int | None, longest_bytes: int) -> int:
    """Tokens that hold the longest row, a multiple of 1,024; from its UTF-8 bytes where nobody counted tokens."""
    tokens = longest_tokens or longest_bytes / BYTES_A_TOKEN
    return int(-(-tokens // 1024) * 1024) or 1024


def render(
    name: str, form: Format, splits: Mapping[str, Sequence[str]], max_length: int, *, counted: bool
) -> dict[str, str]:
    """Files by their path in the data set's folder; none for a trainer that can't read the format.

    Tools stand in columns of JSON, which verl (pandas) and LLaMA-Factory (datasets up to 4.0) don't open.

    `name` is that folder's, `splits` the shards' paths in it by split. Models are written beside it: the folder is
    replaced whole by the next merge.
    """
    how = "counted with the tokenizer" if counted else f"estimated at {BYTES_A_TOKEN} bytes a token"
    head = f"# max length {max_length}: {how}. Run from the data set's folder; put your model for MODEL.\n"
    validation = "validation" in splits
    files = {}
    if form.name != "sharegpt":
        files["trl.yaml"] = head + _trl(form, max_length, validation=validation)
    if form.name in {"messages", "jsonl"}:
        files["axolotl.yaml"] = head + _axolotl(form, max_length, validation=validation)
    if form.name == "messages" and not form.tools:
        files["verl.yaml"] = head + _verl(splits, max_length)
    if form.name != "prompt-completion" and form.reasoning != "field" and not form.tools:
        files["dataset_info.json"] = _llamafactory_info(form, splits)
        files["llamafactory.yaml"] = head + _llamafactory(max_length, validation=validation)
    return {f"{FOLDER}/{file}": text.replace("NAME", name) for file, text in files.items()}


def _trl(form: Format, max_length: int, *, validation: bool) -> str:
    """`trl sft --config`. Its `assistant_only_loss` needs a template with {% generation %}."""
    loss = (
        "" if form.name == "prompt-completion" else "# loss on the whole conversation: set assistant_only_loss: true\n"
    )
    return (
        "# trl sft --config trainers/trl.yaml\n"
        f"{loss}model_name_or_path: MODEL\ndataset_name: ../NAME\ndataset_train_split: train\n"
        + ("dataset_test_split: validation\neval_strategy: epoch\n" if validation else "")
        + f"max_length: {max_length}\noutput_dir: ../NAME-model\nnum_train_epochs: 2\n"
    )


def _axolotl(form: Format, max_length: int, *, validation: bool) -> str:
    kind = "json" if form.suffix == "jsonl" else "parquet"

    def entry(split: str) -> str:
        return (
            f"  - path: {split}\n    split: {split}\n    ds_type: {kind}\n    type: chat_template\n"
            "    field_messages: messages\n"
            "    message_property_mappings:\n      role: role\n      content: content\n"
            "    roles_to_train: [assistant]\n"
        )

    return (
        "# axolotl train trainers/axolotl.yaml\nbase_model: MODEL\nchat_template: tokenizer_default\n"
        f"datasets:\n{entry('train')}" + (f"test_datasets:\n{entry('validation')}" if validation else "")
        + f"sequence_len: {max_length}\nexcess_length_strategy: raise\noutput_dir: ../NAME-model\nnum_epochs: 2\n"
    )  # fmt: skip


def _verl(splits: Mapping[str, Sequence[str]], max_length: int) -> str:
    """The values of verl's SFT trainer; it renders each message on its own."""
    names = {"train": "train_files", "validation": "val_files"}
    files = "".join(f"  {names[split]}: {json.dumps(paths)}\n" for split, paths in splits.items())
    return (
        f"# python -m verl.trainer.sft_trainer, with these values\ndata:\n{files}  messages_key: messages\n"
        f"  max_length: {max_length}\n  truncation: error\nmodel:\n  path: MODEL\n"
    )


def _llamafactory_info(form: Format, splits: Mapping[str, Sequence[str]]) -> str:
    sharegpt = form.name == "sharegpt"
    roles = {role: SHAREGPT[role] if sharegpt else role for role in ("user", "assistant", "system")}
    tags = {"role_tag": "from" if sharegpt else "role", "content_tag": "value" if sharegpt else "content"}
    tags |= {f"{role}_tag": name for role, name in roles.items()}
    column = "conversations" if sharegpt else "messages"
    entries: dict[str, Any] = {
        split: {
            "file_name": f"../{split}",
            "formatting": "sharegpt",
            "columns": {"messages": column},
            "tags": tags,
        }
        for split in splits
    }
    return json.dumps(entries, indent=2) + "\n"


def _llamafactory(max_length: int, *, validation: bool) -> str:
    """The template is the model family's; `none` would be silent about it, so it is left to be put."""
    return (
        "# llamafactory-cli train trainers/llamafactory.yaml; template: the one of the model's family\n"
        "stage: sft\ndo_train: true\nmodel_name_or_path: MODEL\ntemplate: TEMPLATE\n"
        "dataset_dir: trainers\ndataset: train\n"
        + ("eval_dataset: validation\n" if validation else "")
        + f"cutoff_len: {max_length}\noutput_dir: ../NAME-model\nnum_train_epochs: 2\n"
    )
