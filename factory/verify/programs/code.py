"""Does a program pass its tests? Program and tests run in two jails, with plain data between them.

The verdict never comes from a process the program runs in: an early exit, a forged marker, an always-equal object or a
patched builtin can change what the program answers, not what is expected of it. Does not cover starting jails
(`jail.py`), the formats of tests (`suites.py`) nor the program in an answer (`program.py`). Programs that return
generators or objects stay `undecided`, and so does what is too large to pass.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import time
from functools import lru_cache
from typing import Any, Final

from factory.verify.programs import jail
from factory.verify.programs.frames import Over, await_start, read_frame
from factory.verify.programs.inside.plain import LARGEST, OUTPUT, NotPlain, decode, encode, write_frame
from factory.verify.programs.program import program
from factory.verify.programs.suites import NoSuite, Suite, read_suite

SECONDS: Final = 7.0
"""Wall clock for all tests of one program: below the house's deadline for a rule."""


_NOT_HERE: Final = re.compile(
    r"^\s*(?:import|from)\s+(?:numpy|scipy|pandas|sympy|networkx|sortedcontainers|numba|gmpy2|torch|sklearn)\b",
    re.MULTILINE,
)
"""Libraries that answers count on where they were learned; a jail holds Python alone."""


def run_code(answer: str, reference: str, seconds: float = SECONDS) -> tuple[bool | None, str]:
    """Whether the program in an answer passes the reference's tests, and why.

    (True, "tests"), (False, "tests" | "no_answer"), or (None, ...) with `no_tests`, `no_jail`, `too_slow`, `no_module`
    (it needs a library that is not in the jail) or `undecided` (the program returns what can't pass between jails, or
    the tests fail by themselves). `tests_unjailed` marks a program that ran free.
    """
    try:
        suite = read_suite(reference)
    except NoSuite:
        return None, "no_tests"
    code = program(answer, suite)
    if not code:
        return False, "no_answer"
    return _run(code, reference, seconds)


@lru_cache(maxsize=32)  # equal programs come from one prompt's samples; some references are large
def _run(code: str, reference: str, seconds: float) -> tuple[bool | None, str]:
    if jail.why_not() and not jail.is_unsafe():
        return None, "no_jail"
    suite = read_suite(reference)
    run = {"code": _with_tests, "inputs": _with_inputs, "calls": _with_calls}[suite.kind]
    try:
        outcome = run(code, suite, time.monotonic() + seconds, seconds)
    except TimeoutError:
        return None, "too_slow"
    except (jail.NoJail, BlockingIOError, MemoryError):
        return None, "no_jail"
    except (Over, NotPlain, BrokenPipeError):
        outcome = False
    if outcome is False and _NOT_HERE.search(code):
        return None, "no_module"
    return outcome, "undecided" if outcome is None else "tests_unjailed" if jail.is_unsafe() else "tests"


def _with_tests(code: str, suite: Suite, deadline: float, seconds: float) -> bool | None:
    """Two jails, their pipes crossed; the tests' own jail says how it went."""
    asks, asked = os.pipe()
    replies, replied = os.pipe()
    result, told = os.pipe()
    tests = {"setup": suite.setup, "tests": suite.tests, "names": list(suite.names)}
    try:
        with (
            jail.start("serve_calls", {"program": code}, stdin=asks, stdout=replied, stderr=subprocess.DEVNULL),
            jail.start("run_tests", tests, stdin=replies, stdout=asked, stderr=told),
        ):
            for fd in (asks, asked, replies, replied, told):
                os.close(fd)
            asks = asked = replies = replied = told = -1
            await_start(result, deadline)
            outcome = read_frame(result, deadline).get("outcome")
            if outcome == "no_jail":
                raise jail.NoJail("the program's jail didn't start")
    finally:
        for fd in (asks, asked, replies, replied, told, result):
            if fd >= 0:
                os.close(fd)
    return None if outcome == "unsupported" else outcome == "passed"


def _with_inputs(code: str, suite: Suite, deadline: float, seconds: float) -> bool | None:
    """One jail, a fork for each input; outputs are compared here."""
    inputs = [given for given, _ in suite.cases]
    if any(len(given) > LARGEST or len(wanted) > OUTPUT for given, wanted in suite.cases):
        return None
    source, out = os.pipe()
    payload = {"program": code, "inputs": inputs, "seconds": seconds}
    with os.fdopen(source, "rb", 0) as replies:
        try:
            started = jail.start("run_inputs", payload, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
            with started:
                os.close(out)
                out = -1
                await_start(replies.fileno(), deadline)
                for _, wanted in suite.cases:
                    reply = read_frame(replies.fileno(), deadline)
                    if reply.get("how") == "timeout":
                        raise TimeoutError
                    if reply.get("how") != "ended" or not _same_output(wanted, reply.get("output")):
                        return False
        finally:
            if out >= 0:
                os.close(out)
    return True


def _with_calls(code: str, suite: Suite, deadline: float, seconds: float) -> bool | None:
    """One jail that answers calls; results are compared here."""
    asks, asked = os.pipe()
    replies, replied = os.pipe()
    try:
        with jail.start("serve_calls", {"program": code}, stdin=asks, stdout=replied, stderr=subprocess.DEVNULL):
            os.close(asks)
            os.close(replied)
            asks = replied = -1
            await_start(replies, deadline)
            if "ready" not in read_frame(replies, deadline):
                return False
            for args, wanted in suite.cases:
                if not _asked(asked, suite.entry, args):
                    return None
                reply = read_frame(replies, deadline)
                if "not_plain" in reply:
                    return None
                if "result" not in reply or not _same_result(wanted, decode(reply["result"])):
                    return False
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Over from error
    finally:
        for fd in (asks, asked, replies, replied):
            if fd >= 0:
                os.close(fd)
    return True


def _asked(out: int, name: str, args: Any) -> bool:
    """Put one call to the program; False where the test's own arguments can't pass."""
    try:
        given = encode(args if isinstance(args, list) else [args])
        write_frame(out, {"name": name, "args": given, "kwargs": encode({})})
    except NotPlain:
        return False
    return True


def _same_output(wanted: str, output: Any) -> bool:
    """Equal words, however they are set in lines; numbers with a point may differ in the sixth digit."""
    if not isinstance(output, str):
        return False
    mine, theirs = wanted.split(), output.split()
    return len(mine) == len(theirs) and all(map(_same_word, mine, theirs))


def _same_word(wanted: str, given: str) -> bool:
    if wanted == given:
        return True
    if "." not in wanted or len(wanted) > 40 or len(given) > 40:
        return False
    try:
        return math.isclose(float(wanted), float(given), rel_tol=1e-6, abs_tol=1e-9)
    except ValueError:
        return False


def _same_result(wanted: Any, given: Any) -> bool:
    """Equal values; a tuple is as good as a list, and APPS wraps some results in a list of one."""
    wanted, given = _listed(wanted), _listed(given)
    return _same_value(wanted, given) or _same_value(wanted, [given])


def _same_value(wanted: Any, given: Any) -> bool:
    """Equal, but for the last digits of numbers with a point."""
    if isinstance(wanted, list) and isinstance(given, list):
        return len(wanted) == len(given) and all(map(_same_value, wanted, given))
    floats = isinstance(wanted, float) and isinstance(given, int | float)
    return wanted == given or (floats and math.isclose(wanted, given, rel_tol=1e-6, abs_tol=1e-9))


def _listed(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_listed(item) for item in value]
    return {str(k): _listed(v) for k, v in value.items()} if isinstance(value, dict) else value
