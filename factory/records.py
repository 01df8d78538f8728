r"""The records that every room relies on: `Prompt`, `Sample` and `Verdict`.

Covers their meaning, their identifiers and how a text splits into reasoning and answer.
Does not cover how they are stored (`schemas.py`, `ledger/`) or judged (`judging/`).

An example of each:

    Prompt(id="0f3a...", messages=({"role": "user", "content": "What is 4 + 5?"},), task="math", reference="9", ...)
    Sample(id="0f3a...-2", prompt_id="0f3a...", sample_index=2, text="<think>\n4 + 5 = 9\n</think>\n\n9", ...)
    Verdict(keep=True, reason="number", score=1.0, rule="correct")
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Final, Literal, NamedTuple, TypedDict

THINK_OPEN: Final = "<think>"
THINK_CLOSE: Final = "</think>"

ReferenceFrom = Literal["given", "consensus"]
FinishReason = Literal["stop", "length", "stopped_early", "unknown"]

THINK_FORCED: Final = "think_forced"
"""The `stop_reason` of a sample whose thought a token budget cut."""
NOT_APPLICABLE: Final = "not_applicable"
"""The one unknown reason that leaves a row's fate to the other rules: the rule is out of scope here."""
PROMPTS_AT_WORK: Final = 8_192
"""Prompts whose samples come mixed to a rule: a cache by prompt should hold so many. `generate` draws for no more at
a time, unless it has more slots."""


class Message(TypedDict):
    """One turn of a conversation; `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question put to the checkpoint.

    `messages` are the turns as they were given (never a rendered template); the last one is a user turn.
    `reference` is the text an answer is held against: plain for math, choices and words, JSON for tests and
    gym entries, None where there is none. `source_id` is the user's own id; `meta` is JSON that no room reads
    except the verifier it is meant for.
    """

    id: str
    messages: tuple[Message, ...]
    source: str = ""
    source_id: str | None = None
    task: str = ""
    reference: str | None = None
    reference_from: ReferenceFrom = "given"
    meta: str = "{}"

    @property
    def question(self) -> str:
        """The text of the last user turn."""
        return self.messages[-1]["content"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer drawn for a prompt.

    `text` is canonical (see `join_thinking`) and is what a model is trained on; `reasoning` and `answer` are its
    two halves. Token counts are the engine's and None where nobody counted. `finish_reason` is `unknown` for
    imported samples that do not say. `started` and `ended` are seconds since the epoch; they never reach shards.
    """

    id: str
    prompt_id: str
    sample_index: int
    text: str
    reasoning: str
    answer: str
    finish_reason: FinishReason = "unknown"
    stop_reason: str | None = None
    seed: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    engine: str = ""
    started: float | None = None
    ended: float | None = None


class Verdict(NamedTuple):
    """What one rule says of one sample. (Two are made a rule and sample: a frozen dataclass takes twice as long.)

    `keep` is None when the rule cannot tell (`undecided`, `timeout`, `raised`, `skipped`, `no_reference`,
    `not_applicable`): unknown is not wrong and is counted apart. `reason` is a code that is counted, not prose.
    `score` is what was measured. `spans` are (start, end) code points of `Sample.text` that show why.
    A rule leaves `rule` empty: the house fills it in.
    """

    keep: bool | None
    reason: str = ""
    score: float | None = None
    spans: tuple[tuple[int, int], ...] = ()
    rule: str = ""

    @classmethod
    def accept(cls, reason: str = "", score: float | None = None, spans: Iterable[tuple[int, int]] = ()) -> Verdict:
        """The sample has the property this rule checks."""
        return cls(True, reason, score, tuple(spans))

    @classmethod
    def reject(cls, reason: str, score: float | None = None, spans: Iterable[tuple[int, int]] = ()) -> Verdict:
        """The sample lacks it; `reason` names what is wrong."""
        return cls(False, reason, score, tuple(spans))

    @classmethod
    def unknown(cls, reason: str, score: float | None = None, spans: Iterable[tuple[int, int]] = ()) -> Verdict:
        """The rule cannot tell."""
        return cls(None, reason, score, tuple(spans))


Judged = tuple[Prompt, list[Sample], list[list[Verdict]]]
"""A prompt, its samples in index order, and the verdicts of each in rule order."""


def is_kept(verdicts: Iterable[Verdict]) -> bool:
    """A row is kept when every applicable verdict is true."""
    return first_against(verdicts) is None


def passed(verdicts: Iterable[Verdict]) -> bool | None:
    """What `correct` says of a sample; None where it couldn't tell or wasn't asked."""
    return next((v.keep for v in verdicts if v.rule == "correct"), None)


def first_against(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The first verdict that stands in a sample's way, unknown ones included; None where it is kept."""
    return next((v for v in verdicts if v.keep is not True and v.reason != NOT_APPLICABLE), None)


def prompt_hash(messages: Sequence[Message], reference: str | None, task: str) -> str:
    """32 hex digits of what makes two prompts the same prompt; see `prompt_id` for wanted duplicates."""
    turns = [[m["role"], m["content"]] for m in messages]
    return _digest([turns, reference, task])


def prompt_id(digest: str, occurrence: int) -> str:
    """The id of the `occurrence`-th (from 0) prompt with this `prompt_hash` in reading order."""
    return digest if occurrence == 0 else f"{digest}.{occurrence}"


def sample_id(prompt: str, sample_index: int) -> str:
    """The id of a prompt's sample: stable whatever the order of drawing."""
    return f"{prompt}-{sample_index}"


def sample_seed(run_seed: int, prompt: str, sample_index: int) -> int:
    """A seed below 2**53 (JSON numbers survive any server), hashed so that neighbours never collide."""
    # what `_digest` makes of the three; an encoder for lists costs more than all the rest
    data = f"[{run_seed},{encode_basestring(prompt)},{sample_index}]".encode("utf-8", "surrogatepass")
    return int(hashlib.blake2b(data, digest_size=16).hexdigest()[:14], 16) & (2**53 - 1)


def content_hash(messages: Sequence[Message], text: str) -> bytes:
    """16 bytes of a training row: equal rows, equal hash.

    Over roles and lengths, then the UTF-8 bytes of all contents: those of a row lie together in Arrow too, and rows
    are long, so nothing is escaped.
    """
    contents = [t.encode("utf-8", "surrogatepass") for t in (*(m["content"] for m in messages), text)]
    return content_digest([m["role"] for m in messages], [len(c) for c in contents], b"".join(contents))


def content_digest(roles: Sequence[str], lengths: Sequence[int], contents: bytes | memoryview) -> bytes:
    """`content_hash` of contents that are joined already; `lengths` in bytes, one more than `roles`."""
    head = f"{','.join(roles)} {','.join(map(str, lengths))} ".encode("utf-8", "surrogatepass")
    seal = hashlib.blake2b(head, digest_size=16)
    seal.update(contents)
    return seal.digest()


def split_thinking(text: str) -> tuple[str, str]:
    """Reasoning and answer of a canonical text, both stripped.

    The answer is what follows the last `</think>`; an unclosed thought has no answer; a text without
    any tag has no reasoning.
    """
    before, closed, after = text.rpartition(THINK_CLOSE)
    if closed:
        return before.removeprefix(THINK_OPEN).strip(), after.strip()
    if THINK_OPEN in text:
        return text.partition(THINK_OPEN)[2].strip(), ""
    return "", text.strip()


def join_thinking(reasoning: str, answer: str) -> str:
    """The canonical text of a reasoning and an answer that arrived apart."""
    return f"{THINK_OPEN}\n{reasoning.strip()}\n{THINK_CLOSE}\n\n{answer.strip()}"


def restore_opener(text: str) -> str:
    """The canonical text of an output whose `<think>` the template had already written."""
    reasoning, closed, answer = text.rpartition(THINK_CLOSE)
    return join_thinking(reasoning, answer) if closed else f"{THINK_OPEN}\n{text.lstrip()}"


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _digest(value: object) -> str:
    # surrogatepass: lone surrogates are hostile but must still have an id
    data = _json(value).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()
