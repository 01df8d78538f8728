"""Inputs that lie elsewhere: copied here through fsspec (s3, gs, hf, https, ...) before they are read.

A merge reads its inputs more than once, and a copy reads as fast as any file. Does not cover credentials: each file
system finds its own.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from factory.errors import BadInput


def is_remote(path: str) -> bool:
    """Whether this names a place on another file system."""
    return "://" in path


def fetch(url: str, into: Path) -> Path:
    """Copy a file, a folder or what a glob matches; returns the local file or folder. Raises BadInput."""
    import fsspec

    try:
        system, root = fsspec.core.url_to_fs(url)
        if "*" in root:
            base, files = root.partition("*")[0].rpartition("/")[0], system.glob(root)
        elif system.isdir(root):
            base, files = root, system.find(root)
        else:
            base, files = root.rpartition("/")[0], [root]
        for file in files:
            system.get_file(file, str(_place(file, base, into)))
    except BadInput:
        raise
    except Exception as error:  # whatever network, credentials and a missing file system come up with
        raise BadInput(f"{url}: can't be read: {type(error).__name__}: {str(error)[:200]}".splitlines()[0]) from error
    if not files:
        raise BadInput(f"{url}: nothing is there")
    return into if len(files) > 1 or system.isdir(root) else into / PurePosixPath(files[0]).name


def _place(file: str, base: str, into: Path) -> Path:
    relative = PurePosixPath(file.removeprefix(base).lstrip("/"))
    if ".." in relative.parts:
        raise BadInput(f"{file}: a name with '..' in it")
    place = into / relative
    place.parent.mkdir(parents=True, exist_ok=True)
    return place
