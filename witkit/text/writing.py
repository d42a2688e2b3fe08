"""The error for a file that cannot be written, for all commands that write files."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from witkit.text.diagnostic import WitkitError, error

NOT_WRITABLE = "WIT0908"


def not_writable(path: Path, refused: OSError) -> WitkitError:
    """The error for a file that the system refuses to write. It ends a command with exit code 2."""
    reason = (refused.strerror or str(refused)).lower()
    message, help = f"`{path}` cannot be written: {reason}", _WAYS_OUT.get(refused.errno, "")
    return WitkitError([error(NOT_WRITABLE, message, file=str(path), help=help)])


# What to do next, by the reason.
_MAKE_WRITABLE: Final = "make it and its folder writable, or leave it out"
_WAYS_OUT: Final[Mapping[int | None, str]] = {
    errno.EACCES: _MAKE_WRITABLE,
    errno.EPERM: _MAKE_WRITABLE,
    errno.EROFS: "this file system is read-only: copy the files to another one",
    errno.ENOSPC: "free some space on its disk",
    errno.ENOENT: "create its folder, or choose another path",
    errno.ENOTDIR: "a part of the path is a file: choose another path",
    errno.ENAMETOOLONG: "choose a shorter path",
    errno.EISDIR: "this is a folder: choose another path",
}
