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
from multiprocessing.connection import Connection
from typing import Any

from factory.judging.distinct import digest
from factory.judging.feeder import TURN
from factory.judging.process import PROGRESS
from factory.judging.rules import Judge, Rule, apply_rule, load_judge
from factory.judging.watch import Doomed, load_doomed
from factory.records import Prompt, Sample, Verdict, is_kept
from factory.said import pack, said

MEMORY = 8 * 2**30
"""Bytes of address space: what a runaway rule may take before it fails by itself."""
PR_SET_PDEATHSIG = 1  # prctl(2)


def main() -> None:
    """Serve until the other side closes."""
    link, memory = Connection(int(sys.argv[1])), int(sys.argv[2])
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with mmap.mmap(memory, mmap.PAGESIZE) as progress:
        try:
            serve(link, progress)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            os._exit(0)


def serve(link: Connection, progress: mmap.mmap) -> None:
    """Converse: of samples to judge, or of a text to look at. Raises EOFError when the other side has no more."""
    PROGRESS.pack_into(progress, 0, 0, -1, time.monotonic())
    rules, until_no = pickle.loads(link.recv_bytes())  # noqa: S301 - our own parent wrote it
    judges = [load_judge(rule) for rule in rules]
    watching = [load_doomed(rule) for rule in rules]
    PROGRESS.pack_into(progress, 0, 0, -1, 0.0)
    while True:
        prompt, asked, excused = pickle.loads(link.recv_bytes())  # noqa: S301
        if prompt is None:
            judge_all(link, rules, judges, asked, excused, progress, until_no=until_no)
            continue
        doomed, errors = look_at(rules, watching, prompt, asked, excused, progress)
        link.send_bytes(pack((doomed, errors)))


def judge_all(
    link: Connection,
    rules: Sequence[Rule],
    judges: Sequence[Judge],
    asked: Sequence[tuple[tuple[Any, ...], tuple[Any, ...], Collection[str]]],
    excused: Mapping[tuple[str, int], str],
    progress: mmap.mmap,
    *,
    until_no: bool,
) -> None:
    """Judge samples in turn; answers leave together where rules are quick, at once where they aren't."""
    answers: list[Any] = []
    began = time.monotonic()
    for place, (about, fields, known) in enumerate(asked):
        prompt, sample = Prompt(*about), Sample(*fields)
        verdicts, errors = judge_sample(
            rules, judges, prompt, sample, excused, progress, place, known=known, until_no=until_no
        )
        found = said(verdicts, digest(sample.text) if is_kept(verdicts) else None)
        answers.append((found.fields, errors))
        if time.monotonic() - began > TURN:
            link.send_bytes(pack(answers))
            answers, began = [], time.monotonic()
    if answers or not asked:
        link.send_bytes(pack(answers))


def judge_sample(
    rules: Sequence[Rule],
    judges: Sequence[Judge],
    prompt: Prompt,
    sample: Sample,
    excused: Mapping[tuple[str, int], str],
    progress: mmap.mmap,
    place: int = 0,
    *,
    known: Collection[str] = (),
    until_no: bool = False,
) -> tuple[list[Verdict], dict[str, str]]:
    """The verdicts on one sample of the rules that aren't `known`, and the messages of those that raised.

    With `until_no`, once one speaks against the sample, only `correct` is still asked.
    """
    verdicts: list[Verdict] = []
    errors: dict[str, str] = {}
    refused = False
    for number, (rule, judge) in enumerate(zip(rules, judges, strict=True)):
        if rule.name in known or (refused and rule.name != "correct"):
            continue
        if fault := excused.get((sample.id, number)):
            verdicts.append(Verdict(None, fault, rule=rule.name))
            continue
        PROGRESS.pack_into(progress, 0, place, number, time.monotonic())
        try:
            verdicts.append(apply_rule(rule, judge, sample, prompt))
        except (Exception, SystemExit) as error:  # a rule's fault is data, not our crash
            verdicts.append(Verdict(None, "raised", rule=rule.name))
            errors[rule.name] = f"{type(error).__name__}: {error}"[:500]
        refused = until_no and (refused or not is_kept(verdicts[-1:]))
    PROGRESS.pack_into(progress, 0, 0, -1, 0.0)
    return verdicts, errors


def look_at(
    rules: Sequence[Rule],
    watching: Sequence[Doomed | None],
    prompt: Prompt,
    text: str,
    excused: Sequence[int],
    progress: mmap.mmap,
) -> tuple[str | None, dict[str, str]]:
    """The first rule in scope that dooms a growing text, as "rule:reason", and the messages of those that raised."""
    errors: dict[str, str] = {}
    for number, (rule, doomed) in enumerate(zip(rules, watching, strict=True)):
        if doomed is None or number in excused or not rule.applies_to(prompt):
            continue
        PROGRESS.pack_into(progress, 0, 0, number, time.monotonic())
        try:
            verdict = doomed(text, prompt)
            found = None if verdict is None or verdict.keep is not False else f"{rule.name}:{verdict.reason}"
        except (Exception, SystemExit) as error:
            found = None
            errors[rule.name] = f"{type(error).__name__}: {error}"[:500]
        PROGRESS.pack_into(progress, 0, 0, -1, 0.0)
        if found is not None:
            return found, errors
    return None, errors


if __name__ == "__main__":
    main()
