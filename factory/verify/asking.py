"""Ask a server that judges: one JSON request, tried again when it fails, remembered, and counted.

Covers OpenAI-compatible servers and reward servers alike; a key, where one is needed, is read from FACTORY_JUDGE_KEY.
Does not cover what is asked and what a reply means (`llm.py`, the rules `rubric` and `reward`).

What was asked stands in a journal, one JSON line a question, if the command that started this process keeps one:

    {"who": "judge", "key": "9f...", "answer": "WRONG", "failures": 0, "prompt_tokens": 310, "completion_tokens": 2, "seconds": 0.4}
    {"who": "judge", "key": "9f...", "cached": true}
    {"who": "judge", "key": "41...", "failures": 3, "seconds": 8.0}

Its answers are the cache of later runs; a failure is none, so it is asked again then.
"""  # noqa: E501

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

NAME: Final = "asked.jsonl"
JOURNAL: Final = "FACTORY_ASKED"
"""The environment's name for the journal's path: rule processes inherit it."""
TRIES: Final = 3
PAUSE: Final = 0.2
"""Seconds before the second try, doubled for each one after."""
SECONDS: Final = 8.0
"""Wall clock for all tries: below the house's deadline for a rule."""
LARGEST_REPLY: Final = 1_000_000

_LOADING: Final = threading.Lock()
"""Both orders of a question are asked at once: without it each would load a cache of its own."""

Read = Callable[[Any], Any]
"""Takes a reply apart; raises ValueError, KeyError, IndexError or TypeError if it isn't what was asked for."""


class Failed(Exception):
    """No answer: unreachable, too slow, or a reply of another shape, every time it was tried."""


def ask(who: str, url: str, body: Mapping[str, Any], read: Read, seconds: float = SECONDS) -> Any:
    """What `read` makes of the server's reply, from the cache if it was asked before. Raises Failed."""
    key = hashlib.blake2b(json.dumps([url, body], sort_keys=True).encode(), digest_size=16).hexdigest()
    with _LOADING:
        known = _known(os.environ.get(JOURNAL, ""))
    if key in known:
        _note({"who": who, "key": key, "cached": True})
        return known[key]
    started, deadline = time.monotonic(), time.monotonic() + seconds
    for failures in range(TRIES):
        try:
            reply = _post(url, body, deadline - time.monotonic())
            answer = read(reply)
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
            pause = PAUSE * 2**failures
            if time.monotonic() + pause >= deadline:
                break
            time.sleep(pause)
            continue
        known[key] = answer
        took = round(time.monotonic() - started, 3)
        _note({"who": who, "key": key, "answer": answer, "failures": failures, **_tokens(reply), "seconds": took})
        return answer
    _note({"who": who, "key": key, "failures": failures + 1, "seconds": round(time.monotonic() - started, 3)})
    raise Failed(url)


def _post(url: str, body: Mapping[str, Any], seconds: float) -> Any:
    import urllib.request  # every worker would load it, and few ask a server

    if not url.startswith(("http://", "https://")) or seconds <= 0:
        raise OSError(url)
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("FACTORY_JUDGE_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - http and https only
    with urllib.request.urlopen(request, timeout=seconds) as response:  # noqa: S310
        return json.loads(response.read(LARGEST_REPLY))


def _tokens(reply: Any) -> dict[str, int]:
    usage = reply.get("usage") if isinstance(reply, dict) else None
    counted = usage if isinstance(usage, dict) else {}
    return {name: int(counted.get(name) or 0) for name in ("prompt_tokens", "completion_tokens")}


@lru_cache(maxsize=4)
def _known(journal: str) -> dict[str, Any]:
    """The answers of a journal by key; without a journal, those of this process."""
    return {line["key"]: line["answer"] for line in lines(Path(journal)) if "answer" in line} if journal else {}


def _note(line: Mapping[str, Any]) -> None:
    if journal := os.environ.get(JOURNAL):
        with suppress(OSError), Path(journal).open("a", encoding="utf-8") as file:  # a full disk costs no verdict
            file.write(json.dumps(line) + "\n")


def lines(journal: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; a torn one, written as its process was killed, is passed over."""
    with suppress(FileNotFoundError), journal.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            with suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict) and {"who", "key"} <= line.keys():
                    yield line


@contextmanager
def journal(path: Path, earlier: Path | None = None) -> Iterator[Path]:
    """Processes started inside keep their journal at `path`, which begins as a copy of `earlier`."""
    if earlier is not None and earlier.is_file():
        shutil.copyfile(earlier, path)
    before = os.environ.get(JOURNAL)
    os.environ[JOURNAL] = str(path.absolute())
    try:
        yield path
    finally:
        os.environ.pop(JOURNAL)
        if before is not None:
            os.environ[JOURNAL] = before


def costs(path: Path) -> dict[str, dict[str, float]]:
    """What each asker cost: questions answered, answers from the cache, failed tries, tokens, seconds."""
    found: dict[str, dict[str, float]] = {}
    for line in lines(path):
        sums = found.setdefault(str(line["who"]), dict.fromkeys(_SUMS, 0))
        sums["asked"] += "answer" in line
        sums["cached"] += bool(line.get("cached"))
        sums["unanswered"] += "answer" not in line and not line.get("cached")
        for name in _SUMS[3:]:
            sums[name] += line.get(name, 0)
    return found


_SUMS: Final = ("asked", "cached", "unanswered", "failures", "prompt_tokens", "completion_tokens", "seconds")


def describe(sums: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Costs as lines for a terminal."""
    return [
        f"{who}: {one['asked']:,.0f} answers for {one['prompt_tokens']:,.0f} + {one['completion_tokens']:,.0f} tokens, "
        f"{one['cached']:,.0f} from the cache, {one['unanswered']:,.0f} questions unanswered, "
        f"{one['failures']:,.0f} failed tries"
        for who, one in sorted(sums.items())
    ]
