"""Is this a checkpoint that can be sampled from? What sets its distribution apart from another's?

Covers folders in the Hugging Face layout and hub ids: a check before anything is loaded, the small JSON files beside
the weights, and a fingerprint. Does not cover loading (`vllm/engine.py`) nor what a trainer's own sharded formats are
and how they are converted (`conversions.py`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from factory.engines.conversions import conversion
from factory.errors import BadInput

HUB_ID: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
PICKLED: Final = (".bin", ".pt", ".pth", ".ckpt")
TOKENIZER_FILES: Final = (
    "tokenizer.json",
    "tokenizer.model",
    "tekken.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
    "special_tokens_map.json",
)
UNIMPORTANT: Final = {"_name_or_path", "name_or_path", "transformers_version", "_commit_hash", "is_local"}
"""Keys of config files that change without the model changing."""

HEADER_LIMIT: Final = 100_000_000
"""Bytes a safetensors header may have (the format's own limit)."""
BLOCKS: Final = 64
BLOCK: Final = 4096


def check_checkpoint(model: str, *, pickle: bool = False) -> None:
    """Refuse what can't be loaded, before anything is. `pickle` allows weights that may run code when loaded.

    A name that is no folder but may be a hub id passes; the hub is asked when its files are read. Raises BadInput,
    with the trainer's own command where the folder holds shards of one.
    """
    path = Path(model)
    if path.is_file():
        raise BadInput(f"--model {model}: is a file; give the checkpoint's folder (config.json, *.safetensors)")
    if not path.is_dir():
        # a mistyped path looks like a hub id; its first part then exists here
        if HUB_ID.fullmatch(model) and not Path(path.parts[0]).exists():
            return
        raise BadInput(f"--model {model}: no such folder")
    names = {p.name for p in path.iterdir()}
    weights = sorted(n for n in names if n.endswith(".safetensors") and not n.startswith("adapter_"))
    if "config.json" in names and weights:
        _check_whole(path, weights)
        return
    if pickle and "config.json" in names and _pickled(names):
        return
    raise BadInput(f"--model {model}: {conversion(path) or _why_not(names, weights)}")


def read_json(model: str, name: str, *, revision: str | None = None) -> dict[str, Any]:
    """A JSON file of the checkpoint, such as generation_config.json; empty where it has none.

    Raises BadInput when the file is broken or the hub can't give it.
    """
    path = _file(model, name, revision)
    if path is None:
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: not readable as JSON: {error}") from error
    if not isinstance(content, dict):
        raise BadInput(f"{path}: should be a JSON object")
    return content


def context_length(model: str, *, revision: str | None = None) -> int | None:
    """The longest sequence in tokens by config.json, None where it does not say."""
    config = read_json(model, "config.json", revision=revision)
    inner = config.get("text_config")
    for part in (config, inner if isinstance(inner, dict) else {}):
        length = part.get("max_position_embeddings")
        if isinstance(length, int) and length > 0:
            return length
    return None


def fingerprint(model: str, *, revision: str | None = None) -> dict[str, str]:
    """What changes a sample's distribution, as short hashes: weights, config, tokenizer, chat_template.

    Works for a checkpoint, an adapter and a tokenizer folder; what a folder lacks is left out. A hub id gives its
    commit. Weights are not read whole (hundreds of GB would take minutes): of each file the name, the size, the
    safetensors header (every tensor's name, type, shape and place) and 64 blocks of 4 KB spread evenly. Training
    changes nearly every number, so another step never shares them all; a few edited numbers may go unseen.
    """
    path = Path(model)
    if not path.is_dir():
        found = _file(model, "config.json", revision)
        return {"commit": found.parent.name} if found else {}
    names = sorted(p.name for p in path.iterdir())
    weights = [n for n in names if n.endswith(".safetensors")] or list(_pickled(names))
    settings = read_json(model, "tokenizer_config.json")
    parts: dict[str, Iterable[bytes]] = {
        "weights": (piece for n in weights for piece in _sampled(path / n)),
        "config": _settled(path, ("config.json", "adapter_config.json", "generation_config.json")),
        "tokenizer": [*_settled(path, ("tokenizer_config.json",)), *_whole(path, TOKENIZER_FILES)],
        "chat_template": [
            *_whole(path, ("chat_template.jinja", "chat_template.json")),
            *([json.dumps(settings["chat_template"]).encode()] if settings.get("chat_template") else []),
        ],
    }
    digests = {name: _digest(pieces) for name, pieces in parts.items()}
    return {name: digest for name, digest in digests.items() if digest}


def _why_not(names: set[str], weights: list[str]) -> str:
    if "adapter_config.json" in names:
        return "is an adapter; give the checkpoint it was trained on as --model and this folder as --adapter"
    if weights:
        return "has weights but no config.json; copy it (and the tokenizer) from the model that was trained"
    if "config.json" in names and _pickled(names):
        return (
            "has pickled weights only, which may run code when loaded; save them as safetensors, or trust them with "
            "--engine-arg load_format=pt"
        )
    if "config.json" in names:
        return "has a config.json but no weights (*.safetensors)"
    return "is not a checkpoint folder (config.json and *.safetensors)"


def _pickled(names: Iterable[str]) -> tuple[str, ...]:
    """Pickled weights; a trainer's argument and optimizer files are none."""
    others = ("optimizer", "scheduler", "training_args", "rng_state", "scaler", "random_states")
    return tuple(sorted(n for n in names if n.endswith(PICKLED) and not n.startswith(others)))


def _check_whole(path: Path, weights: list[str]) -> None:
    """Raise BadInput when a file the index names is missing or a file is cut short: copies break off."""
    index = read_json(str(path), "model.safetensors.index.json").get("weight_map", {})
    named = set(index.values()) if isinstance(index, Mapping) else set()
    if missing := sorted(named - set(weights)):
        raise BadInput(f"{path}: lacks {missing[0]}, which its index names ({len(missing)} of {len(named)} missing)")
    for name in sorted(named & set(weights)) or weights:
        header = _header(path / name)
        try:
            tensors = [v for k, v in json.loads(header[8:]).items() if k != "__metadata__"]
            end = max((int(t["data_offsets"][1]) for t in tensors), default=0)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise BadInput(f"{path / name}: not a safetensors file, or cut short") from error
        if (path / name).stat().st_size < len(header) + end:
            raise BadInput(f"{path / name}: cut short; copy it again")


def _header(path: Path) -> bytes:
    """The 8 bytes of length and the JSON header of a safetensors file."""
    with path.open("rb") as file:
        length = file.read(8)
        return length + file.read(min(int.from_bytes(length, "little"), HEADER_LIMIT))


def _sampled(path: Path) -> Iterable[bytes]:
    size = path.stat().st_size
    yield f"{path.name}\0{size}\0".encode()
    if path.suffix == ".safetensors":
        yield _header(path)
    with path.open("rb") as file:
        for number in range(BLOCKS):
            file.seek(max(0, size - BLOCK) * number // (BLOCKS - 1))
            yield file.read(BLOCK)


def _whole(path: Path, names: Iterable[str]) -> list[bytes]:
    return [n.encode() + b"\0" + (path / n).read_bytes() for n in names if (path / n).is_file()]


def _settled(path: Path, names: Iterable[str]) -> list[bytes]:
    """JSON files as bytes, without what changes with the library that wrote them, and without the chat template."""
    pieces = []
    for name in names:
        content = read_json(str(path), name)
        kept = {k: v for k, v in content.items() if k not in UNIMPORTANT and k != "chat_template"}
        if kept:
            pieces.append(name.encode() + json.dumps(kept, sort_keys=True).encode())
    return pieces


def _digest(pieces: Iterable[bytes]) -> str:
    seal, empty = hashlib.blake2b(digest_size=16), True
    for piece in pieces:
        seal.update(len(piece).to_bytes(8, "little") + piece)
        empty = False
    return "" if empty else seal.hexdigest()


def _file(model: str, name: str, revision: str | None) -> Path | None:
    """A file of a folder, or of a hub repository (fetched, or from the hub's cache when offline)."""
    path = Path(model)
    if path.is_dir():
        return path / name if (path / name).is_file() else None
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(hf_hub_download(model, name, revision=revision))
    except LocalEntryNotFoundError as error:
        raise BadInput(f"--model {model}: no such folder, and the hub can't be reached for {name}") from error
    except EntryNotFoundError:
        return None
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BadInput(f"--model {model}: the hub says: {first}") from error
