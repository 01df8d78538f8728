"""Putting a finished data set on the Hugging Face hub, in one commit, private until somebody opens it.

A source whose licence nobody stated stops a push before any work: what may be published is for people to say. Does not
cover tokens and endpoints, which huggingface_hub finds by itself.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from factory.blending.mix import Mix
from factory.errors import BadInput, FactoryError, Refused

NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
UNKNOWN: Final = {"", "unknown", "other", "none", "?"}


def check(name: str | None, asked: Mix) -> None:
    """Refuse a push that could not be answered for. Raises BadInput and Refused."""
    if name is None:
        return
    if not NAME.fullmatch(name):
        raise BadInput(f"--push {name}: should be ORG/NAME")
    without = [entry.paths[0] for entry in asked.entries if entry.licence.strip().lower() in UNKNOWN]
    if without:
        raise Refused(
            f"--push {name}: nobody said the licence of {', '.join(without)}; give a plan in which each [[source]] has "
            'licence = "..." (an SPDX name such as apache-2.0), or leave out --push'
        )


def push(folder: Path, name: str, version: str, api: Any = None) -> str:
    """Upload a finished folder; returns its address. Raises FactoryError; the folder stays as it is."""
    try:
        if api is None:
            from huggingface_hub import HfApi

            api = HfApi()
        api.create_repo(name, repo_type="dataset", private=True, exist_ok=True)
        # what an earlier version had and this one hasn't must go, or two versions are loaded as one
        stale = ["train/*", "validation/*", "pairs/*", "rl/*", "trainers/*"]
        done = api.upload_folder(
            repo_id=name,
            repo_type="dataset",
            folder_path=str(folder),
            commit_message=f"version {version[:12]}",
            delete_patterns=stale,
        )
    except Exception as error:  # whatever hub and network come up with
        reason = (str(error).splitlines() or [""])[0][:300]
        raise FactoryError(
            f"--push {name}: {type(error).__name__}: {reason}; the data set is whole in {folder}: "
            f"hf upload {name} {folder} --repo-type dataset"
        ) from error
    return str(getattr(done, "commit_url", name))
