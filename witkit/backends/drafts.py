"""Files that appear whole or not at all: written beside their place, flushed to disk, then moved into it.

A draft that failed once can only be discarded, whatever is written to it afterwards: the bytes that are missing would
leave a hole. Its writer holds a lock on the file, so that no other process takes it for one of a dead writer.
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
"""Seconds after which a file that nobody has locked belongs to a writer that died."""


class Draft:
    """The new content of a file, below the folder `root` until it is committed.

    What is neither committed nor discarded vanishes with the object, or with the process.
    """

    def __init__(self, root: Path) -> None:
        """Raises OSError where no file can be made."""
        self._place = root / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(8)}"
        self._file = self._place.open("xb")
        self._discard = weakref.finalize(self, _discard, self._file, self._place)
        _lock(self._file)

    def write(self, data: bytes) -> None:
        """Append. Raises OSError; the draft is discarded then."""
        try:
            self._file.write(data)
        except BaseException:
            self.discard()
            raise

    def commit(self, target: Path) -> None:
        """Make this the content of `target`, durably. Raises OSError; the old content is there then, or the new one.

        A draft whose file somebody has replaced counts as removed.

        The new one is there only where its folder could not be flushed, so that a crash may bring the old one back.
        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            if os.name == "nt":  # which moves no open file, and removes none either
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
    """Give a file this content, durably, and so that a reader sees the old content or the new one."""
    draft = Draft(root)
    draft.write(content)
    draft.commit(file)


def flush_folder(folder: Path) -> None:
    """Have the folder's names on disk. Windows has no such call and needs none: its moves are journalled."""
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
        # One that is gone, or cannot be opened or removed, is another user's.
        with suppress(OSError):
            if now - place.stat().st_mtime > ABANDONED_AFTER and _is_abandoned(place):
                place.unlink()


def _is_abandoned(place: Path) -> bool:
    """Whether no process holds the draft's lock. Windows removes no file that is open, and needs no lock."""
    if os.name == "nt":
        return True
    with place.open("rb") as file:
        return _lock(file)


def _lock(file: BinaryIO) -> bool:
    """Whether the file is locked now, until it is closed; false where somebody else has it, or locks are not known."""
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
