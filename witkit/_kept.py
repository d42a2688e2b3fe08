"""Files that are kept because they can be made again: written whole or not at all, and the least used dropped.

A file's name tells what it was made from, so whoever writes it writes the same. Its time of change is the time of
its last use, as near as `_FRESH`: times of access are not kept everywhere.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

_FRESH: Final = 3600.0
"""Seconds for which a file counts as just used; one that is being written is dropped after them at the earliest."""
_LEFT: Final = 0.75
"""How full a folder is after files were dropped, so that not every file that is written drops one."""
_SEAL: Final = 32  # bytes of a SHA-256


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of one kind, all in one folder: `limit` bytes in sum, looked after at one write of about `every`.

    Between two looks there may be more than `limit`. Several processes may use, write and drop the same files.
    """

    limit: int
    every: int = 1

    def keep(self, path: Path, data: bytes) -> None:
        """Write a file as `store` does, under a seal by which `find` knows it again."""
        self.store(path, sha256(data).digest() + data)

    def find(self, path: Path) -> bytes | None:
        """What `keep` wrote: None where it is not there or damaged, or where somebody else could have written it.

        What is kept may be code, or be written to somebody's sources.
        """
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
                    return None
                sealed = file.read()
        except OSError:
            return None
        data = sealed[_SEAL:]
        if sha256(data).digest() != sealed[:_SEAL]:
            return None
        self.used(path, status)
        return data

    def store(self, path: Path, data: bytes | bytearray) -> None:
        """Write a file in one step, for this user alone. A folder that cannot be written only costs time."""
        import tempfile

        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            return
        # The name is a hash: its first bytes are as good as a die, and a test can foresee them.
        if int(path.name[:8], 16) % self.every == 0:
            self._drop_least_used(path)

    def used(self, path: Path, status: os.stat_result) -> None:
        """Note that a file was used; `status` is what is known of it already."""
        if time.time() - status.st_mtime > _FRESH:
            with suppress(OSError):
                os.utime(path)

    def _drop_least_used(self, new: Path) -> None:
        files = _files(new.parent)
        total = sum(status.st_size for _, status in files)
        if total <= self.limit:
            return
        for path, status in sorted(files, key=lambda file: file[1].st_mtime):
            if total <= self.limit * _LEFT:
                return
            if path == new or (path.name.startswith(".new-") and time.time() - status.st_mtime < _FRESH):
                continue
            total -= status.st_size
            # Another process may have dropped it, or Windows may hold it open.
            with suppress(OSError):
                path.unlink()


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """The files of a folder with what is known of them, but for those that vanish meanwhile."""
    found = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                found.append((Path(entry.path), entry.stat()))
    return found
