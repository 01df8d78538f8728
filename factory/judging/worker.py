"""What a rule process does: load the rules, judge and look at what comes down the socket, send verdicts up.

Run as `python -m factory.judging.worker SOCKET_FD MEMORY_FD` by `feeder.py`, which describes the conversation.
Does not cover deadlines: this side only says what it is doing, the other side kills.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from factory.judging.distinct import digest
from factory.judging.feeder import TURN
from factory.judging.process import PROGRESS
from factory.judging.rules import Judge, Rule, apply_rule, load_judge
from factory.judging.watch import Doomed, load_doomed
from factory.records import Prompt, Sample, Verdict, is_kept
from factory.said import pack, said
from factory.signals import SIGNALS

MEMORY = 8 * 2**30
"""Bytes of address space: what a runaway rule may take before it fails by itself."""
PR_SET_PDEATHSIG = 1  # prctl(2)
GROUP = 8
"""Samples judged rule by rule: `language/text.py` keeps the parts of as many texts."""
Asked = tuple[tuple[Any, ...], tuple[Any, ...], Collection[str]]
"""A prompt's fields, a sample's fields, and the rules of which it has a verdict."""
Excused = Mapping[tuple[str, int], str]
"""The fault that stands for a rule's verdict on a sample, by the sample's id and the rule's place."""


def main() -> None:
    """Serve until the other side closes."""
    link, memory = Connection(int(sys.argv[1])), int(sys.argv[2])
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for number in SIGNALS:
        signal.signal(number, _deaf)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with mmap.mmap(memory, mmap.PAGESIZE) as progress:
        try:
            serve(link, progress)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            os._exit(0)


def _deaf(*_: object) -> None:
    """A batch system signals all processes of a job: the main one drains, and needs verdicts until it has.

    A handler rather than SIG_IGN, which programs that a rule starts would inherit.
    """


@dataclass(frozen=True, slots=True)
class Bench:
    """A recipe's rules, loaded, and where this process says what it is doing."""

    rules: Sequence[Rule]
    judges: Sequence[Judge]
    watching: Sequence[Doomed | None]
    until_no: bool
    progress: mmap.mmap

    def at(self, place: int, rule: int) -> None:
        """Say which sample is at which rule from now on."""
        PROGRESS.pack_into(self.progress, 0, place, rule, time.monotonic())

    def idle(self) -> None:
        """Say that none is."""
        PROGRESS.pack_into(self.progress, 0, 0, -1, 0.0)


def load(rules: Sequence[Rule], until_no: bool, progress: mmap.mmap) -> Bench:
    """The rules' own functions. Raises whatever a rule file raises when it is executed."""
    judges, watching = [load_judge(rule) for rule in rules], [load_doomed(rule) for rule in rules]
    return Bench(rules, judges, watching, until_no, progress)


def serve(link: Connection, progress: mmap.mmap) -> None:
    """Converse: of samples to judge, or of a text to look at. Raises EOFError when the other side has no more."""
    PROGRESS.pack_into(progress, 0, 0, -1, time.monotonic())
    rules, until_no = pickle.loads(link.recv_bytes())  # noqa: S301 - our own parent wrote it
    bench = load(rules, until_no, progress)
    bench.idle()
    while True:
        prompt, asked, excused = pickle.loads(link.recv_bytes())  # noqa: S301
        if prompt is None:
            judge_all(link, bench, asked, excused)
        else:
            link.send_bytes(pack(look_at(bench, prompt, asked, excused)))


def judge_all(link: Connection, bench: Bench, asked: Sequence[Asked], excused: Excused) -> None:
    """Judge samples in turn; answers leave together where rules are quick, at once where they aren't."""
    answers: list[Any] = []
    began = time.monotonic()
    for start in range(0, len(asked), GROUP):
        group = [
            Judging(start + place, Prompt(*about), Sample(*fields), known)
            for place, (about, fields, known) in enumerate(asked[start : start + GROUP])
        ]
        judge_group(bench, group, excused)
        answers += [each.answer() for each in group]
        if time.monotonic() - began > TURN:
            link.send_bytes(pack(answers))
            answers, began = [], time.monotonic()
    if answers or not asked:
        link.send_bytes(pack(answers))


@dataclass(slots=True)
class Judging:
    """A sample at its place in the conversation, and what was said of it so far; `known` rules aren't asked."""

    place: int
    prompt: Prompt
    sample: Sample
    known: Collection[str]
    verdicts: list[Verdict] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    """The messages of the rules that raised."""
    refused: bool = False

    def ask(self, rule: Rule, judge: Judge) -> Verdict:
        """One verdict; a rule's fault is data, not our crash."""
        try:
            return apply_rule(rule, judge, self.sample, self.prompt)
        except (Exception, SystemExit) as error:
            self.errors[rule.name] = _message(error)
            return Verdict(None, "raised", rule=rule.name)

    def answer(self) -> tuple[Any, ...]:
        """What is sent."""
        found = said(self.verdicts, digest(self.sample.text) if is_kept(self.verdicts) else None)
        return found.fields, self.errors


def judge_group(bench: Bench, group: Sequence[Judging], excused: Excused) -> None:
    """Ask each rule in turn about all the samples: one rule's code and tables stay warm, which saves a sixth.

    With `until_no`, once one speaks against a sample, only `correct` is still asked about it.
    """
    for number, (rule, judge) in enumerate(zip(bench.rules, bench.judges, strict=True)):
        for each in group:
            if rule.name in each.known or (each.refused and rule.name != "correct"):
                continue
            if fault := excused.get((each.sample.id, number)):
                verdict = Verdict(None, fault, rule=rule.name)
            else:
                bench.at(each.place, number)
                verdict = each.ask(rule, judge)
            each.verdicts.append(verdict)
            each.refused = bench.until_no and (each.refused or not is_kept([verdict]))
    bench.idle()


def look_at(bench: Bench, prompt: Prompt, text: str, excused: Sequence[int]) -> tuple[str | None, dict[str, str]]:
    """The first rule in scope that dooms a growing text, as "rule:reason", and the messages of those that raised."""
    errors: dict[str, str] = {}
    for number, (rule, doomed) in enumerate(zip(bench.rules, bench.watching, strict=True)):
        if doomed is None or number in excused or not rule.applies_to(prompt):
            continue
        bench.at(0, number)
        try:
            verdict = doomed(text, prompt)
            found = None if verdict is None or verdict.keep is not False else f"{rule.name}:{verdict.reason}"
        except (Exception, SystemExit) as error:
            found = None
            errors[rule.name] = _message(error)
        bench.idle()
        if found is not None:
            return found, errors
    return None, errors


def _message(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


if __name__ == "__main__":
    main()
