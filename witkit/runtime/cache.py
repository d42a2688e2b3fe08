"""Compiled components on disk, so that a component is compiled once on a machine.

A cached file is machine code that runs as it is read: the folder belongs to the user alone (mode 0700),
and one that belongs to somebody else is not used.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from witkit._kept import Shelf

_SHELF: Final = Shelf(limit=1 << 30)


class Cache:
    """Files named by what they were compiled from and for."""

    def __init__(self, root: Path | None) -> None:
        self.root = root

    def path(self, content: bytes, engine: str) -> Path | None:
        """Where the compiled form of `content` for an engine is or will be; None without a cache."""
        if self.root is None:
            return None
        key = hashlib.sha256(content)
        key.update(engine.encode())
        return self.root / "components" / f"{key.hexdigest()}.cwasm"

    def use(self, path: Path) -> bool:
        """Whether there is such a file and only this user could have written it. It counts as used then."""
        try:
            found, parent = path.stat(), path.parent.stat()
        except OSError:
            return False
        if hasattr(os, "getuid") and (not found.st_uid == parent.st_uid == os.getuid() or parent.st_mode & 0o022):
            return False
        _SHELF.used(path, found)
        return True

    def store(self, path: Path, data: bytes | bytearray) -> None:
        """Write the file in one step. A cache that cannot be written is as good as none."""
        _SHELF.store(path, data)
