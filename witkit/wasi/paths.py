"""Paths beneath a folder, resolved one name at a time, so that nothing leads out of it.

The kernel never sees more than one name of a guest's path, and it never follows a link: this module opens each folder
on the way with `O_NOFOLLOW`, reads links itself, and takes `..` from the folders that it came through. Whoever renames
folders or swaps one for a link meanwhile can make a path fail, but not lead out. (openat2 of Linux can do the same in
one system call; this way is the same on every POSIX system.)
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from witkit.text.values import value

MOST_BYTES: Final = 4096
"""The longest path, as in Linux. It bounds the work that one path can cause."""

_MOST_LINKS: Final = 40
NO_FOLLOW: Final[int] = getattr(os, "O_NOFOLLOW", 0)
FOLDER: Final[int] = getattr(os, "O_DIRECTORY", 0)
IS_SAFE: Final = bool(NO_FOLLOW) and {os.open, os.readlink} <= os.supports_dir_fd
"""Whether this system has what is needed. Windows does not."""

_PASSING: Final[int] = NO_FOLLOW | FOLDER | getattr(os, "O_PATH", os.O_RDONLY)
_NOT_A_FOLDER: Final = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EMLINK})
"""What systems say if a name that should be a folder is a link, or something else."""


@value(frozen=True, slots=True)
class ResolvedPath:
    """A name in an open folder. The name has no slash; it is `.` for the folder itself.

    `is_folder` says that the path ended with a slash, so that nothing but a folder will do.
    """

    folder: int
    name: bytes
    is_folder: bool = False


@contextmanager
def resolved(root: int, path: str, *, follow: bool) -> Iterator[ResolvedPath]:
    """The place that a path means beneath the folder `root`, during a `with` statement.

    A link at the end is followed if `follow` says so or a slash comes after it. Raises OSError: EPERM for what leads
    out, and what the system says about folders on the way. The name itself need not exist.
    """
    walk = _Walk(root)
    try:
        yield walk.place(path, follow)
    finally:
        walk.close()


class _Walk:
    """A way down from a folder. `_stack` are the folders that are open, the root first."""

    def __init__(self, root: int) -> None:
        self._root, self._stack = root, list[int]()
        self._links = 0

    def place(self, path: str, follow: bool) -> ResolvedPath:
        names, is_folder = _names(path.encode())
        while names:
            name = names.pop()
            if name == b".":
                continue
            if name == b"..":
                self._leave()
            elif not names and not (follow or is_folder):
                return ResolvedPath(self._last, name)
            elif (target := self._link(name, is_last=not names)) is not None:
                more, ends_as_folder = _names(target)
                is_folder = is_folder or (ends_as_folder and not names)
                names += more
            elif not names:
                return ResolvedPath(self._last, name, is_folder)
        return ResolvedPath(self._last, b".", is_folder=True)

    @property
    def _last(self) -> int:
        return self._stack[-1] if self._stack else self._root

    def _leave(self) -> None:
        if not self._stack:
            raise problem(errno.EPERM)
        os.close(self._stack.pop())

    def _link(self, name: bytes, *, is_last: bool) -> bytes | None:
        """What a name links to. None if it is not a link: then a folder on the way has been entered."""
        if not is_last:
            try:
                self._stack.append(os.open(name, _PASSING, dir_fd=self._last))
                return None
            except OSError as failure:
                if failure.errno not in _NOT_A_FOLDER:
                    raise
                refused = failure
        try:
            target = os.readlink(name, dir_fd=self._last)
        except OSError:
            if is_last:
                return None  # whatever is done with the name says what is wrong
            raise refused from None
        self._links += 1
        if self._links > _MOST_LINKS:
            raise problem(errno.ELOOP)
        return target

    def close(self) -> None:
        while self._stack:
            os.close(self._stack.pop())


def _names(path: bytes) -> tuple[list[bytes], bool]:
    """The names of a path, the first one last, and whether it can only mean a folder.

    Raises OSError for what is not a relative path.
    """
    if not path:
        raise problem(errno.ENOENT)
    if path.startswith(b"/"):
        raise problem(errno.EPERM)
    if b"\0" in path:
        raise problem(errno.EINVAL)
    if len(path) >= MOST_BYTES:
        raise problem(errno.ENAMETOOLONG)
    parts = path.split(b"/")
    # A dot at the end stays: what comes before it has to be a folder.
    names = [part for part in reversed(parts[:-1]) if part not in (b"", b".")]
    return ([parts[-1], *names] if parts[-1] else names), parts[-1] in (b"", b".", b"..")


def problem(number: int) -> OSError:
    """The exception for a number of `errno`."""
    return OSError(number, os.strerror(number))
