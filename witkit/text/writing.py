"""What all commands that write files share: the error for a file that cannot be written, and folders for new files."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from witkit.text.diagnostic import WitkitError, error

NOT_WRITABLE = "WIT0908"


def not_writable(path: Path, refused: OSError) -> WitkitError:
    """The error for a file that the system refuses to write. It ends a command with exit code 2."""
    reason = (refused.strerror or str(refused)).lower()
    message, help = f"`{path}` cannot be written: {reason}", _WAYS_OUT.get(refused.errno, "")
    return WitkitError([error(NOT_WRITABLE, message, file=str(path), help=help)])


class NewFolders:
    """The folders that a `with` statement makes for its files. At its end, those that are still empty are removed.

    So a command that fails, or is interrupted, leaves no folders behind that it has put nothing into.
    """

    def __init__(self) -> None:
        self._made: list[Path] = []

    def make_for(self, path: Path) -> None:
        """Make the missing folders on the way to a file. Raises OSError."""
        for folder in reversed([parent for parent in path.parents if not parent.exists()]):
            # Another process may make the same folder, which is then not ours to remove.
            with suppress(FileExistsError):
                folder.mkdir()
                self._made.append(folder)

    def __enter__(self) -> NewFolders:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for folder in reversed(self._made):
            with suppress(OSError):
                folder.rmdir()


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
