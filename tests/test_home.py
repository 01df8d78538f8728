"""A ledger on a local disk: the run folder has it all at the end, and no copy with something of its own is lost."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from factory import ledger, runs
from factory.drawing import home
from factory.errors import BadInput, FactoryError, Refused
from factory.ledger import Ledger, disks, snapshots
from tests import make
from tests.test_generate import _drawn, _generate, _run, _setting, _start, _wait_for_samples

ASKED = make.prompt()


def _draw(run: Path, folder: Path | None, *indices: int) -> list[str]:
    """What a command does that draws these samples; returns what it says."""
    said: list[str] = []
    run.mkdir(exist_ok=True)
    runs.write_run(run, {}, {})
    with home.kept(run, home.place(run, folder), said.append) as book:
        book.put_prompts([ASKED])
        for index in indices:
            book.put(make.sample(ASKED, index, f"{index} of {folder and folder.name}")).result()
    return said


def _die(run: Path, folder: Path, *indices: int) -> None:
    """Such a command, lost with the power after its samples were committed and before they were in a snapshot."""
    saved = (run / runs.LEDGER).read_bytes()
    _draw(run, folder, *indices)
    (run / runs.LEDGER).write_bytes(saved)


def _has(run: Path) -> list[int]:
    with ledger.reading(run / runs.LEDGER) as connection:
        return sorted(ledger.tokens_by_index(connection, ASKED.id))


def test_the_run_folder_holds_a_whole_ledger_without_a_log(tmp_path: Path) -> None:
    run = tmp_path / "run"
    said = _draw(run, tmp_path / "disk", 0, 1)
    assert "a snapshot in" in said[0] and "the last 60 s would be lost" in said[0]
    assert _has(run) == [0, 1]
    assert sorted(p.name for p in run.iterdir()) == [runs.LEDGER, runs.RUN]
    assert (run / runs.LEDGER).read_bytes()[18:20] == b"\1\1", "not in WAL mode"
    shutil.rmtree(tmp_path / "disk")
    _draw(run, None, 2)
    assert _has(run) == [0, 1, 2]


def test_a_local_ledger_that_is_newer_is_gone_on_from_with_and_without_the_option(tmp_path: Path) -> None:
    for folder in (tmp_path / "disk", None, tmp_path / "other"):
        run = tmp_path / f"run-{folder and folder.name}"
        _draw(run, tmp_path / "disk", 0)
        _die(run, tmp_path / "disk", 1, 2)
        assert _has(run) == [0]
        said = _draw(run, folder, 3)
        assert _has(run) == [0, 1, 2, 3]
        assert any("going on from" in line and "3 samples" in line for line in said) == (folder != tmp_path / "disk")


def test_on_another_node_the_snapshot_is_gone_on_from_and_that_is_said(tmp_path: Path) -> None:
    run = tmp_path / "run"
    _draw(run, tmp_path / "disk", 0)
    _die(run, tmp_path / "disk", 1)
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    said = _draw(run, tmp_path / "disk", 2)
    assert any("is not here: going on from its snapshot" in line and "1 samples" in line for line in said)
    assert _has(run) == [0, 2]


def test_a_ledger_with_samples_of_its_own_is_set_aside_not_overwritten(tmp_path: Path) -> None:
    run, disk = tmp_path / "run", tmp_path / "disk"
    _draw(run, disk, 0)
    _die(run, disk, 1)
    disk.rename(tmp_path / "node-a")
    _draw(run, disk, 2)  # on node b
    disk.rename(tmp_path / "node-b")
    (tmp_path / "node-a").rename(disk)
    said = _draw(run, disk, 3)  # on node a again
    assert any("set aside as" in line for line in said)
    assert _has(run) == [0, 2, 3]
    (aside,) = disk.glob("*/aside-1.sqlite")
    with ledger.reading(aside) as connection:
        assert sorted(ledger.tokens_by_index(connection, ASKED.id)) == [0, 1]


def test_an_older_local_ledger_gives_way_without_a_word_of_loss(tmp_path: Path) -> None:
    run, disk = tmp_path / "run", tmp_path / "disk"
    _draw(run, disk, 0)
    shutil.copytree(disk, tmp_path / "node-a")
    _draw(run, disk, 1)
    shutil.rmtree(disk)
    (tmp_path / "node-a").rename(disk)
    said = _draw(run, disk, 2)
    assert _has(run) == [0, 1, 2]
    assert not any("aside" in line for line in said)


@pytest.mark.slow
def test_what_a_dead_command_left_in_the_log_of_the_run_folder_moves_along(tmp_path: Path) -> None:
    run = tmp_path / "run"
    code = (
        "import os, sys; from pathlib import Path; from tests.test_home import *; run = Path(sys.argv[1])\n"
        "runs.write_run(run, {}, {})\n"
        "with home.kept(run, home.place(run, None), print) as book:\n"
        "    book.put_prompts([ASKED]); book.put(make.sample(ASKED, 7)).result(); os._exit(9)"
    )
    run.mkdir()
    assert subprocess.run([sys.executable, "-c", code, str(run)], check=False).returncode == 9
    assert (run / f"{runs.LEDGER}-wal").stat().st_size
    _draw(run, tmp_path / "disk", 8)
    assert not (run / f"{runs.LEDGER}-wal").exists()
    assert _has(run) == [7, 8]


def test_runs_share_a_folder_and_a_run_begun_again_is_another(tmp_path: Path) -> None:
    for _ in range(2):
        for name in ("a", "b"):
            _draw(tmp_path / name, tmp_path / "disk", 0)
            assert _has(tmp_path / name) == [0]
            shutil.rmtree(tmp_path / name)
    assert len(list((tmp_path / "disk").iterdir())) == 4


def test_a_second_writer_of_a_local_ledger_is_refused_and_bad_folders_are_named(tmp_path: Path) -> None:
    run, disk = tmp_path / "run", tmp_path / "disk"
    _draw(run, disk, 0)
    with runs.lock(home.place(run, disk).parent), pytest.raises(Refused, match=f"process {os.getpid()} is writing"):
        _draw(run, disk, 1)
    with pytest.raises(BadInput, match="lies in the run folder"):
        home.place(run, run / "local")
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="file: can't be used"):
        _draw(run, tmp_path / "file", 1)


def test_a_snapshot_while_the_writer_goes_on_is_one_state_and_the_writer_is_not_kept_waiting(tmp_path: Path) -> None:
    source, target = tmp_path / "l", tmp_path / "copy"
    with Ledger(source) as book:
        book.put_prompts([ASKED])
        for index in range(300):
            book.put(make.sample(ASKED, index, os.urandom(20_000).hex()))
        book.flush()
        with snapshots.Snapshots(source, target, print) as taking:
            longest = 0.0
            for index in range(300, 500):
                if index % 50 == 0:
                    worker = threading.Thread(target=taking.take)
                    worker.start()
                began = time.monotonic()
                book.put(make.sample(ASKED, index)).result()
                longest = max(longest, time.monotonic() - began)
                if index % 50 == 49:
                    worker.join()
                    with ledger.reading(target) as connection:
                        assert 300 <= ledger.totals(connection).samples <= 500
                        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert longest < 1.0
    with ledger.reading(target) as connection:
        assert ledger.totals(connection).samples == 500


def test_snapshots_come_by_themselves_while_something_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "INTERVAL", 0.05)
    with Ledger(tmp_path / "l") as book, snapshots.Snapshots(tmp_path / "l", tmp_path / "copy", print):
        book.put_prompts([ASKED])
        book.put(make.sample(ASKED, 0)).result()
        for _ in range(100):
            time.sleep(0.02)
            with ledger.reading(tmp_path / "copy") as connection:
                if ledger.totals(connection).samples:
                    break
        else:
            raise AssertionError("no snapshot came")
        time.sleep(0.2)
        before = (tmp_path / "copy").stat().st_ino
        time.sleep(0.2)
        assert (tmp_path / "copy").stat().st_ino == before, "nothing changed, nothing is copied"


def test_a_run_folder_that_takes_no_snapshot_is_said_and_fails_at_the_end_only(tmp_path: Path) -> None:
    run, disk = tmp_path / "run", tmp_path / "disk"
    _draw(run, disk, 0)
    temp = run / f".{runs.LEDGER}.new"
    with pytest.raises(FactoryError, match=f"{runs.LEDGER}"), home.kept(run, home.place(run, disk), print) as book:
        temp.mkdir()
        book.put(make.sample(ASKED, 1)).result()
    temp.rmdir()
    _draw(run, disk)
    assert _has(run) == [0, 1]


MOUNTINFO = """\
22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:40 / /home rw shared:2 - nfs4 server:/home rw,vers=4.2
31 30 0:41 / /home/me/scratch\\040disk rw - xfs /dev/sdb rw
32 22 0:42 / /data rw - fuse.sshfs me@host:/ rw
33 22 0:43 / /data rw - lustre mgs:/data rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/run", "nfs4"),
        ("/homes", None),
        ("/home/me/scratch disk/run", None),
        ("/data/run", "lustre"),
        ("/", None),
    ],
)
def test_file_systems_that_spoil_a_log_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, kind: str | None
) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTINFO)
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "mountinfo")
    assert disks.unfit(Path(path)) == kind
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "absent")
    assert disks.unfit(Path(path)) is None


@pytest.mark.parametrize("kind", ["nfs4", "fuse.gcsfuse", "ext4"])
def test_there_the_ledger_goes_without_a_log_and_says_what_is_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    (tmp_path / "mountinfo").write_text(f"22 1 0:1 / / rw - {kind} x rw\n")
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "mountinfo")
    prompts, recorded = _setting(tmp_path)
    result = _generate(prompts, recorded, tmp_path / "run", "--samples", 2)
    assert result.exit_code == 0, result.output
    with sqlite3.connect(tmp_path / "run" / runs.LEDGER) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    said = [line for line in result.stderr.splitlines() if f"is on {kind}" in line]
    assert (mode, len(said)) == (("wal", 0) if kind == "ext4" else ("delete", 1))
    assert all("--ledger-dir LOCAL_DISK" in line for line in said)


def test_every_other_command_works_on_the_run_folder(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    run, disk = tmp_path / "run", tmp_path / "disk"
    assert _generate(prompts, recorded, run, "--samples", 2, "--ledger-dir", disk).exit_code == 0
    again = _generate(prompts, recorded, run, "--samples", 3, "--ledger-dir", disk, "--json")
    assert (again.exit_code, json.loads(again.stdout)["samples_before"]) == (0, 12)
    shutil.rmtree(disk)
    (tmp_path / "mine.toml").write_text('[[rule]]\nuse = "finished"\n')
    for words in (["filter", run, "--rules", tmp_path / "mine.toml"], ["show", run], ["status", run]):
        assert _run(*words).exit_code == 0, words
    assert _run("merge", run, "--out", tmp_path / "sft").exit_code == 0
    other = _generate(prompts, recorded, run, "--samples", 3, "--temperature", 0.1, "--ledger-dir", disk)
    assert other.exit_code == 3 and "temperature" in other.stderr


@pytest.mark.slow
def test_kill_9_loses_nothing_where_the_local_disk_is_still_there(tmp_path: Path) -> None:
    prompts, recorded = _setting(tmp_path)
    run, disk = tmp_path / "run", tmp_path / "disk"
    for _ in range(3):
        with _start(prompts, recorded, run, "--ledger-dir", str(disk), delay=0.02) as process:
            while not list(disk.glob("*/ledger.sqlite")):
                time.sleep(0.01)
            _wait_for_samples(next(disk.iterdir()), 3)
            process.send_signal(signal.SIGKILL)
    local = _drawn(next(disk.iterdir()))
    assert sum(map(len, local.values())) >= 3
    result = _generate(prompts, recorded, run, "--samples", 8, "--ledger-dir", disk, "--json")
    assert json.loads(result.stdout)["samples_before"] == sum(map(len, local.values()))
    assert all(indices == list(range(8)) for indices in _drawn(run).values())
