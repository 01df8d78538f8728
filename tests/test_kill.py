"""Twenty kills at random moments: nothing acknowledged is lost or doubled, and the shards are the same bytes."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "kill.py"


@pytest.mark.slow
@pytest.mark.parametrize("words", [["20"], ["10", "--ledger-dir"]], ids=["in the run folder", "on a local disk"])
def test_kill_9_at_random_moments(words: list[str]) -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), *words, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
