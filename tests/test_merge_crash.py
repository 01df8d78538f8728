"""Kill -9 between the steps of a merge: the old set or the new one, never something between."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.merging import merge
from tests.test_merge import SMALL, digests, judge

# Counts what touches the disk (open, mkdir, rename, removal) and dies before the given one.
KILLED = """
import os, signal, sys
from pathlib import Path
import pyarrow.parquet
from factory import shards
from tests.merging import merge
judged, out, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
seen = 0
def hook(event, args):
    global seen
    if event in {"open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "ctypes.dlopen", "shutil.rmtree"}:
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)
exchange = shards._rename_exchange
def dying_exchange(one, two):
    done = exchange(one, two)
    hook("os.rename", ())
    return done
shards._rename_exchange = dying_exchange
sys.addaudithook(hook)
merge([judged], [], out, seed=2, rows_per_shard=9, validation=0.3)
print(seen, flush=True)
"""


def run(judged: Path, out: Path, last: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(judged), str(out), str(last)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_kill_anywhere_leaves_the_old_set_or_the_new_one(tmp_path):
    judged, out = judge(tmp_path / "judged", SMALL), tmp_path / "sft"
    merge([judged], [], tmp_path / "new", seed=2, rows_per_shard=9, validation=0.3)
    new = digests(tmp_path / "new")
    whole = run(judged, tmp_path / "counted", 0)
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stdout)
    assert steps > 20
    outcomes = set()
    for last in {*range(1, steps, steps // 10), *range(steps - 4, steps + 1)}:
        merge([judged], [], out, seed=1)
        old = digests(out)
        assert run(judged, out, last).returncode == -9
        found = digests(out)
        assert found in (old, new)
        outcomes.add(found == new)
    # whatever the kills left behind, the same command goes through and cleans up
    merge([judged], [], out, seed=2, rows_per_shard=9, validation=0.3)
    assert digests(out) == new
    assert outcomes == {False, True}
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".sft")]
