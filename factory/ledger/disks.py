"""Which file system a path lies on, and whether SQLite's write-ahead log is safe there.

The log needs a memory map that every process sees alike; file systems that reach over a network or through user space
don't keep that promise, and a reader on another machine then sees, or makes, a damaged ledger. Known ones are listed;
what is unknown, or not Linux, counts as fit. Does not cover what is done about it (`tables.py`, `drawing/home.py`).
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Final

MOUNTS = Path("/proc/self/mountinfo")
UNFIT: Final = frozenset(
    [
        *("nfs", "nfs4", "lustre", "gpfs", "beegfs", "ceph", "cifs", "smb3", "smbfs", "afs", "9p", "virtiofs"),
        *("glusterfs", "panfs", "wekafs", "pvfs2", "orangefs", "gfs2", "ocfs2", "acfs", "vboxsf"),
    ]
)
"""Beside these everything through FUSE: sshfs, gcsfuse, s3fs, JuiceFS, ..."""


def unfit(path: Path) -> str | None:
    """The type of the file system that a path lies on, or will, if write-ahead logs are not safe there."""
    kind = file_system(path)
    return kind if kind in UNFIT or kind.split(".")[0] in ("fuse", "fuseblk") else None


def file_system(path: Path) -> str:
    """The type of the file system that a path lies on, or will; "" where nothing says."""
    where, found, depth = path.resolve(), "", -1
    with contextlib.suppress(OSError):
        for line in MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            place, kind = _mount(line)
            # of two mounts at one place the later lies on top
            if kind and len(place.parts) >= depth and where.is_relative_to(place):
                found, depth = kind, len(place.parts)
    return found


def _mount(line: str) -> tuple[Path, str]:
    """Where a line of mountinfo mounts which type: `36 35 98:0 / /mnt/a\\040b rw - nfs4 host:/x rw`."""
    head, _, tail = line.partition(" - ")
    fields = head.split(" ")
    if len(fields) < 5 or not tail:
        return Path("/"), ""
    place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
    return Path(place), tail.split(" ")[0]
