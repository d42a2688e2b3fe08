"""Compiled components on disk, so that a component is compiled once on a machine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from witkit._kept import SEAL, DiskCache
from witkit.runtime.digests import digest

_GIB: Final = 1
"""The limit for compiled components, unless `WITKIT_CACHE_GIB` is another whole number."""
_DESCRIPTORS: Final = Path("/proc/self/fd")


class Cache:
    """Files named by what they were compiled from and for."""

    def __init__(self, root: Path | None) -> None:
        self.root = root

    def path(self, content: bytes, engine: str) -> Path | None:
        """The file for the compiled form of `content`, whether it exists or not; None without a cache."""
        return self.place(digest(content), engine, "cwasm")

    def place(self, digest: bytes, made: str, kind: str) -> Path | None:
        """The file of a kind for what has the digest; `made` names everything else that decides what is in it."""
        if self.root is None:
            return None
        return self.root / "components" / f"{hashlib.sha256(digest + made.encode()).hexdigest()}.{kind}"

    @contextmanager
    def opened(self, path: Path) -> Iterator[BinaryIO | None]:
        """The compiled form as an open file, if there is one that can be trusted."""
        with _cache().opened(path) as file:
            yield file

    def all_opened(self, paths: Sequence[Path], note: Path) -> AbstractContextManager[list[BinaryIO | None]]:
        """Several compiled forms, of which it is noted in the file `note` that they are whole."""
        return _cache().all_opened(paths, note)

    def get(self, path: Path) -> bytes | None:
        """What was kept, if it can be trusted."""
        return _cache().get(path)

    def store(self, path: Path, data: bytes | bytearray) -> None:
        """Keep a compiled form, or what else is made of a component."""
        _cache().put(path, data)


def _cache() -> DiskCache:
    own = os.environ.get("WITKIT_CACHE_GIB", "")
    return DiskCache(limit=(int(own) if own.isdecimal() else _GIB) << 30)


def sources(file: BinaryIO) -> Iterator[str | bytes]:
    """What to load an open file from: a path to this very file, if the system has one, then its bytes.

    The file that was checked must be the file that is mapped, whatever its own path leads to by now. Code cannot be
    mapped from a file system without the right to run what is on it.
    """
    if _DESCRIPTORS.is_dir():
        yield str(_DESCRIPTORS / str(file.fileno()))
    yield file.read()[:-SEAL]
