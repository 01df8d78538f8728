"""Kill -9 between the steps of a merge: the old set or the new one, never something between."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from factory import shards
from tests.merging import merge
from tests.test_merge import SMALL, digests, judge

STEPS = {"open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "ctypes.dlopen", "shutil.rmtree"}
"""What changes the disk, as Python's audit hooks name it; of `open`, what is opened to be written."""
NEW = {"seed": 2, "rows_per_shard": 9, "validation": 0.3}


def die_at(last: int) -> list[int]:
    """From now on count steps, and die before the given one; the two sides of the exchange are steps too."""
    seen = [0]

    def step(event: str, told: tuple) -> None:
        if event in STEPS and not (event == "open" and not told[2] & (os.O_WRONLY | os.O_RDWR)):
            seen[0] += 1
            if seen[0] == last:
                os.kill(os.getpid(), signal.SIGKILL)

    exchange = shards._rename_exchange

    def counted(one: Path, two: Path) -> bool:
        step("os.rename", ())
        done = exchange(one, two)
        step("os.rename", ())
        return done

    shards._rename_exchange = counted
    sys.addaudithook(step)
    return seen


def every_kill(folder: Path) -> None:
    """Die in a child of this process at every step in turn; print how often the old set was found, and the new one."""
    judged, out, old = folder / "judged", folder / "sft", digests(folder / "old")
    merge([judged], [], folder / "new", **NEW)  # again, so that no child has to import anything
    new = digests(folder / "new")
    found, last = {"old": 0, "new": 0}, 0
    while True:
        last += 1
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(folder / "old", out)
        child = os.fork()
        if not child:
            die_at(last)
            merge([judged], [], out, **NEW)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        left = digests(out)
        assert left in (old, new), f"step {last}"
        found["new" if left == new else "old"] += 1
        if os.WIFEXITED(status):  # there were no more steps to die at
            assert os.WEXITSTATUS(status) == 0 and left == new
            break
    sys.stdout.write(f"{found['old']} {found['new']}\n")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # forks
def test_a_kill_before_every_step_leaves_the_old_set_or_the_new_one(tmp_path):
    judged = judge(tmp_path / "judged", SMALL)
    merge([judged], [], tmp_path / "old", seed=1)
    merge([judged], [], tmp_path / "new", **NEW)
    command = [
        sys.executable,
        "-c",
        "import sys; from pathlib import Path; from tests.test_merge_crash import every_kill",
    ]
    command[-1] += "; every_kill(Path(sys.argv[1]))"
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    old, new = map(int, done.stdout.split())
    assert old > 20 and new > 2, (old, new)
    # whatever the kills left behind, the same command goes through and cleans up
    merge([judged], [], tmp_path / "sft", **NEW)
    assert digests(tmp_path / "sft") == digests(tmp_path / "new")
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".sft")]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_kills_would_find_a_merge_that_writes_in_place(tmp_path, monkeypatch):
    """The test above can fail: without the temporary folder some kill leaves half a set."""
    judged = judge(tmp_path / "judged", SMALL)
    merge([judged], [], tmp_path / "old", seed=1)
    merge([judged], [], tmp_path / "new", **NEW)
    monkeypatch.setattr(shards, "_exchange", lambda temp, out: (shutil.rmtree(out), temp.rename(out)))
    with pytest.raises(AssertionError, match="step"):
        every_kill(tmp_path)
