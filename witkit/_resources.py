"""The folders for data and for caches. Data is inside the wheel, or at the top of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).resolve().parent
_DATA: Final = ("grammars", "templates", "wit")


def data_folder(name: str) -> Path:
    """The folder `grammars`, `templates` or `wit` of this installation."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def cache_folder() -> Path:
    """The folder for caches: `WITKIT_CACHE_DIR`, or else `witkit` in the user's cache folder."""
    if own := os.environ.get("WITKIT_CACHE_DIR"):
        return Path(own)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "witkit"
    try:
        return Path.home() / ".cache" / "witkit"
    except RuntimeError:
        # A user without a home folder, as in some containers: nothing can be written below this path or cached.
        return Path(os.devnull) / "witkit"


def marks_of_code(*names: str) -> bytes:
    """What changes when a file of one of these packages of witkit does, or a file of a folder for data."""
    folders = [data_folder(name) if name in _DATA else _PACKAGE / name for name in names]
    return repr(sorted(mark for folder in folders for mark in _marks(folder))).encode()


def _marks(folder: str | Path) -> Iterator[tuple[str, int, int]]:
    # `Path.rglob` takes several times as long, and every command for authors comes here.
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _marks(entry.path) if entry.name != "__pycache__" else ()
        else:
            status = entry.stat()
            yield entry.path, status.st_mtime_ns, status.st_size
