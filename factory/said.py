"""What a recipe said of one sample, packed: rule processes send it, generation passes it on, the ledger keeps it.

Covers the packing, and the few facts that generation needs without unpacking. Does not cover running rules
(`judging/`) nor how a row lies on disk (`ledger/tables.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, overload

import msgpack

from factory.records import NOT_APPLICABLE, Verdict

FAULTS: Final = ("raised", "crashed", "timeout")
"""Reasons that are the rule's failure, not the sample's."""


class Said(Sequence[Verdict]):
    """Verdicts in rule order; unpacked where somebody looks at them.

    `keep` is whether every applicable verdict is true, `passed` what `correct` said (None where it couldn't tell or
    wasn't asked), `why` the first verdict against the sample as "rule: reason", None where it is kept. `digest` is of
    a kept sample's text (`judging/distinct.py`), `faults` names each rule that failed, with its reason.
    """

    __slots__ = ("body", "digest", "faults", "keep", "passed", "why")

    def __init__(
        self,
        keep: bool,
        passed: bool | None,
        why: str | None,
        digest: bytes | None,
        faults: Sequence[Sequence[str]],
        body: bytes,
    ) -> None:
        self.keep = keep
        self.passed = passed
        self.why = why
        self.digest = digest
        self.faults = faults
        self.body = body

    @property
    def fields(self) -> tuple[Any, ...]:
        """What makes an equal one: plain values, as they are sent."""
        return self.keep, self.passed, self.why, self.digest, self.faults, self.body

    def __len__(self) -> int:
        return len(unpack(self.body))

    def __iter__(self) -> Iterator[Verdict]:
        return iter(verdicts_of(self.body))

    @overload
    def __getitem__(self, place: int) -> Verdict: ...
    @overload
    def __getitem__(self, place: slice) -> list[Verdict]: ...
    def __getitem__(self, place: int | slice) -> Verdict | list[Verdict]:
        return verdicts_of(self.body)[place]


def said(verdicts: Iterable[Verdict], digest: bytes | None = None) -> Said:
    """Pack verdicts. `digest` is left out where the sample isn't kept."""
    why = passed = None
    faults, rows = [], []
    for verdict in verdicts:
        keep, reason, rule = verdict.keep, verdict.reason, verdict.rule
        rows.append((rule, keep, reason, verdict.score, verdict.spans))
        if rule == "correct":
            passed = keep
        if keep is not True and reason != NOT_APPLICABLE:
            why = why or f"{rule}: {reason}"
            if reason in FAULTS:
                faults.append((rule, reason))
    return Said(why is None, passed, why, digest if why is None else None, faults, pack(rows))


def verdicts_of(body: bytes) -> list[Verdict]:
    """The verdicts of a packed body."""
    return [
        Verdict(keep, reason, score, tuple((a, b) for a, b in spans), rule)
        for rule, keep, reason, score, spans in unpack(body)
    ]


def pack(value: object) -> bytes:
    """Plain values as msgpack; lone surrogates and NUL survive."""
    packed: bytes = msgpack.packb(value, unicode_errors="surrogatepass")
    return packed


def unpack(data: bytes) -> Any:
    """What `pack` packed; its tuples are lists."""
    return msgpack.unpackb(data, unicode_errors="surrogatepass")
