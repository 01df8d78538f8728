"""Servers of our own: which GPUs, which flags, and that nothing outlives us."""

import signal
import subprocess
import sys
import time

import pytest

from factory.engines.servers import guard, local
from factory.engines.vllm import process as vllm_process
from factory.errors import BadInput
from factory.signals import SIGNALS


@pytest.mark.parametrize(
    ("gpus", "tp", "groups"),
    [
        ("0,1,2,3", 2, ["0,1", "2,3"]),
        ("4,5,6", 2, ["4,5"]),
        ("0,1", 1, ["0", "1"]),
        ("G-a,G-b", 2, ["G-a,G-b"]),
    ],
)
def test_gpus_are_split_into_neighbours(monkeypatch: pytest.MonkeyPatch, gpus: str, tp: int, groups: list[str]) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", gpus)
    assert local.gpu_groups(local.visible_gpus(), tp) == groups


@pytest.mark.parametrize("tp", [0, 3, -1])
def test_more_gpus_than_there_are_is_bad_input(tp: int) -> None:
    with pytest.raises(BadInput, match="2 visible GPUs"):
        local.gpu_groups(["0", "1"], tp)


@pytest.mark.parametrize(
    ("name", "value", "flag"),
    [
        ("max_model_len", 512, ["--max-model-len=512"]),
        ("enforce_eager", True, ["--enforce-eager"]),
        ("enable_chunked_prefill", False, ["--no-enable-chunked-prefill"]),
        ("hf_overrides", {"a": [1]}, ['--hf-overrides={"a": [1]}']),
        ("served_model_name", ["a", "b"], ["--served-model-name", "a", "b"]),
        ("tokenizer", None, []),
        ("model", "--trust-remote-code", ["--model=--trust-remote-code"]),
    ],
)
def test_an_engine_argument_becomes_a_flag(name: str, value: object, flag: list[str]) -> None:
    made = local.command({name: value}, 8000)
    assert made[-len(flag) :] == flag if flag else not any(name in part for part in made)
    assert made[made.index("--host") + 1] == "127.0.0.1"


def test_a_server_gets_its_key_and_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTORY_API_KEY", "canary")
    made = local._environment("2,3", "local")
    assert (made["VLLM_API_KEY"], made["CUDA_VISIBLE_DEVICES"]) == ("local", "2,3")
    assert "canary" not in made.values()
    assert "canary" not in repr(local.Served((), "canary", "m"))


def _blocked(status: str) -> set[int]:
    mask = int(next(line for line in status.splitlines() if line.startswith("SigBlk")).split()[1], 16)
    return {number for number in range(1, 65) if mask >> number - 1 & 1}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_signal_that_we_drain_on_reaches_what_an_engine_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker: set[int] = set()

    def start_tracker() -> None:  # as Python's: it unblocks what it ignores
        tracker.update(signal.pthread_sigmask(signal.SIG_BLOCK, []))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT, signal.SIGTERM])

    monkeypatch.setattr(vllm_process.resource_tracker, "ensure_running", start_tracker)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with vllm_process.deaf_to_signals():
        status = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True, check=True).stdout
    assert _blocked(status) >= set(SIGNALS) == {signal.SIGINT, signal.SIGTERM, signal.SIGUSR1}
    assert signal.SIGUSR1 in tracker
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


# a server whose child ignores signals and would outlive it
DEAF = "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, {2, 15}); print('up', flush=True); time.sleep(60)"
SERVER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {DEAF!r}])"


def guarded(command: str) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-I", guard.__file__, sys.executable, "-c", command]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)


def test_what_a_server_started_ends_when_our_end_of_the_pipe_closes() -> None:
    with guarded(SERVER) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.stdin.close()
        assert process.stdout.read() == b"", "the last holder of the pipe is gone"
        assert process.wait(10) != 0


def test_what_a_server_started_ends_with_it_and_its_status_is_known() -> None:
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {DEAF!r}]); sys.exit(3)"
    began = time.monotonic()
    with guarded(orphan) as process:
        assert process.stdout is not None
        process.stdout.read()
        assert process.wait(10) == 3
    assert time.monotonic() - began < 30, "the orphan would have slept for 60 s"
