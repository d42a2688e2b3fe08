"""Files that appear whole or not at all: written to a draft, flushed to disk, then moved to their place.

After one failure a draft can only be discarded, because some of its bytes are missing. The writer holds a lock on the
draft, so that no other process takes it for that of a dead writer.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

TEMPORARY = ".tmp-"
ABANDONED_AFTER = 3600.0
"""The age in seconds at which an unlocked draft must belong to a writer that died."""


class UncommittedFile:
    """The new content of a file, below the folder `root` until it is committed.

    If it is neither committed nor discarded, it is removed with the object, or with the process.
    """

    def __init__(self, root: Path, *, private: bool = False) -> None:
        """Create the draft, which nobody else can read if it is private. Raises OSError."""
        self._place = root / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(8)}"
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        self._file = os.fdopen(os.open(self._place, flags, 0o600 if private else 0o666), "wb")
        self._discard = weakref.finalize(self, _discard, self._file, self._place)
        _lock(self._file)

    def write(self, data: bytes) -> None:
        """Append. Raises OSError, and then discards the draft."""
        try:
            self._file.write(data)
        except BaseException:
            self.discard()
            raise

    def commit(self, target: Path) -> None:
        """Make this the content of `target`, durably. Raises OSError.

        After an error, `target` usually has its old content. It has the new one only if the folder could not be
        flushed, so that a crash may bring back the old one. A draft whose file somebody has replaced counts as removed.

        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            if os.name == "nt":  # Windows cannot move or remove an open file.
                self._file.close()
            elif not os.path.samestat(os.fstat(self._file.fileno()), self._place.lstat()):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self._place))
            self._place.replace(target)
        except BaseException:
            self.discard()
            raise
        self._discard.detach()
        self._file.close()
        flush_folder(target.parent)

    def discard(self) -> None:
        """Remove what was written."""
        self._discard()


def replace(root: Path, file: Path, content: bytes) -> None:
    """Replace the content of a file durably. Readers see the old content or the new one."""
    draft = UncommittedFile(root)
    draft.write(content)
    draft.commit(file)


def flush_folder(folder: Path) -> None:
    """Flush the entries of a folder to disk. Windows does not have this call, but it journals moves."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(root: Path) -> None:
    """Remove the drafts of dead writers."""
    now = time.time()
    for place in root.glob(f"{TEMPORARY}*"):
        # If a draft is gone, or cannot be opened or removed, another process or user takes care of it.
        with suppress(OSError):
            if now - place.stat().st_mtime > ABANDONED_AFTER and _is_abandoned(place):
                place.unlink()


def _is_abandoned(place: Path) -> bool:
    """Whether no process holds the draft's lock. Windows does not remove open files and needs no lock."""
    if os.name == "nt":
        return True
    with place.open("rb") as file:
        return _lock(file)


def _lock(file: BinaryIO) -> bool:
    """Lock the file until it is closed. False if somebody else has it locked, or if there are no locks."""
    if os.name == "nt":
        return False
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _discard(file: BinaryIO, place: Path) -> None:
    with suppress(OSError):
        file.close()
    with suppress(OSError):
        place.unlink()
