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
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from factory.errors import one_line
from factory.judging.distinct import digest
from factory.judging.feeder import TURN
from factory.judging.process import PROGRESS
from factory.judging.rules import MEMORY, Begin, Judge, Rule, apply_rule, load_begin, load_judge
from factory.judging.watch import Doomed, load_doomed
from factory.records import Prompt, Sample, Verdict, is_kept
from factory.said import pack, said
from factory.signals import SIGNALS

PR_SET_PDEATHSIG = 1  # prctl(2)
GROUP = 8
"""Samples judged rule by rule: `language/text.py` keeps the parts of as many texts."""
SERVERS = 60.0
"""Seconds a rule may wait for servers, beyond the house's deadline: questions have a deadline of their own."""
Call = Callable[[Sample, Prompt], Any]
"""A rule's `judge`, or its `begin` where it asks servers."""
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
    judges: Sequence[Call]
    watching: Sequence[Doomed | None]
    until_no: bool
    progress: mmap.mmap

    def at(self, place: int, rule: int, patience: float = 0.0) -> None:
        """Say which sample is at which rule from now on, or from so many seconds on."""
        PROGRESS.pack_into(self.progress, 0, place, rule, time.monotonic() + patience)

    def idle(self) -> None:
        """Say that none is."""
        PROGRESS.pack_into(self.progress, 0, 0, -1, 0.0)


def load(rules: Sequence[Rule], until_no: bool, progress: mmap.mmap) -> Bench:
    """The rules' own functions. Raises whatever a rule file raises when it is executed."""
    judges: list[Call] = [load_begin(rule) or load_judge(rule) for rule in rules]
    watching = [load_doomed(rule) for rule in rules]
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
    """Judge samples in turn; answers leave together where rules are quick, at once where they aren't.

    Where servers are asked, all samples are begun before any is waited for.
    """
    done: list[Judging] = []
    began = time.monotonic()
    for start in range(0, len(asked), GROUP):
        group = [
            Judging(start + place, Prompt(*about), Sample(*fields), known)
            for place, (about, fields, known) in enumerate(asked[start : start + GROUP])
        ]
        judge_group(bench, group, excused)
        done += group
        if time.monotonic() - began > TURN and not any(each.waits for each in done):
            link.send_bytes(pack([each.answer() for each in done]))
            done, began = [], time.monotonic()
    await_servers(bench, done)
    if done or not asked:
        link.send_bytes(pack([each.answer() for each in done]))


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
    waits: dict[int, Callable[[], Verdict]] = field(default_factory=dict)
    """Places among the verdicts that wait for servers, and what waits; by then a verdict stands there that is none."""

    def ask(self, rule: Rule, judge: Judge) -> Verdict:
        """One verdict; a rule's fault is data, not our crash."""
        return self._ask(rule, lambda: apply_rule(rule, judge, self.sample, self.prompt))

    def begin(self, rule: Rule, begin: Begin) -> Verdict:
        """Have a server asked, where the rule applies: what stands for the verdict until it is there."""
        if not rule.applies_to(self.prompt):
            return self.ask(rule, lambda *_: Verdict(None))

        def started() -> Verdict:
            self.waits[len(self.verdicts)] = begin(self.sample, self.prompt)
            return Verdict(None, rule=rule.name)

        return self._ask(rule, started)

    def finish(self, place: int, rule: Rule) -> None:
        """Wait for a verdict that a server gives."""
        wait = self.waits.pop(place)
        self.verdicts[place] = self.ask(rule, lambda *_: wait())

    def _ask(self, rule: Rule, verdict: Callable[[], Verdict]) -> Verdict:
        try:
            return verdict()
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
                bench.at(each.place, number, rule.patience)
                verdict = each.begin(rule, judge) if rule.asks else each.ask(rule, judge)
            each.verdicts.append(verdict)
            each.refused = bench.until_no and (each.refused or not (rule.asks or is_kept([verdict])))
        if bench.until_no and rule.asks:
            await_servers(bench, group)
            for each in group:
                each.refused = not is_kept(each.verdicts)
    bench.idle()


def await_servers(bench: Bench, asked: Sequence[Judging]) -> None:
    """Wait for what servers say; a question that was put later has its answer by then, or soon after."""
    numbers = {rule.name: number for number, rule in enumerate(bench.rules)}
    for each in asked:
        for place in list(each.waits):
            number = numbers[each.verdicts[place].rule]
            bench.at(each.place, number, SERVERS)
            each.finish(place, bench.rules[number])
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
    return one_line(f"{type(error).__name__}: {error}".removesuffix(": "))


if __name__ == "__main__":
    main()
