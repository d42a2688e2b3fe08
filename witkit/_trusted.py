"""Open folders that only this user and root can change, so that nobody can swap them after the check.

The content of caches is executed: machine code, bytecode, pickles. A path does not say who can write to its target, and
the target can change between the check and the use. So each folder of a path is opened relative to the one before
it, its owner and mode are read from the open descriptor, and files are opened relative to the last one.

Windows has neither descriptors of folders nor owners in this sense: there, the path below the user's profile is used.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

_POSIX: Final = hasattr(os, "geteuid")
_STEP: Final = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
# Passing through a folder does not need the permission to list it.
_PASS: Final = _STEP | (getattr(os, "O_PATH", 0) or getattr(os, "O_SEARCH", 0))
_FILE: Final = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    # A pipe or a terminal in place of the file does not block, and is then rejected.
    | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
)  # fmt: skip
_LINKS: Final = 40  # as many as Linux follows


class TrustedFolder:
    """An open folder, with operations on the files in it by name."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path, self._descriptor = path, descriptor

    def _at(self, name: str) -> tuple[str, dict[str, Any]]:
        if self._descriptor is None:
            return str(self._path / name), {}
        return name, {"dir_fd": self._descriptor}

    def read(self, name: str) -> int | None:
        """A descriptor for reading a regular file that only this user and root can write, or None for anything else.

        Raises OSError if there is no such file.
        """
        path, at = self._at(name)
        opened = os.open(path, os.O_RDONLY | _FILE, **at)
        status = os.fstat(opened)
        if stat.S_ISREG(status.st_mode) and _is_trusted(status):
            return opened
        os.close(opened)
        return None

    def create(self, name: str) -> int:
        """A descriptor for writing a new file that only this user can access."""
        path, at = self._at(name)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE, 0o600, **at)

    def rename(self, old: str, new: str) -> None:
        """Rename a file, replacing any file with the new name."""
        if self._descriptor is None:
            (self._path / old).replace(self._path / new)
        else:
            os.replace(old, new, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Remove a file."""
        path, at = self._at(name)
        os.unlink(path, **at)

    def files(self) -> list[tuple[str, os.stat_result]]:
        """The names and status of all entries, except for those that vanish meanwhile."""
        found = []
        with os.scandir(self._path if self._descriptor is None else self._descriptor) as entries:
            for entry in entries:
                with suppress(OSError):
                    found.append((entry.name, entry.stat(follow_symlinks=False)))
        return found


@contextmanager
def trusted_folder(path: Path, *, make: bool = False) -> Iterator[TrustedFolder]:
    """Open a folder. With `make`, it and its missing parents are created, accessible to this user only.

    Raises OSError if it cannot be opened, and PermissionError if somebody else can change it or the path to it.
    """
    path = path.absolute()
    if not _POSIX:
        if make:
            path.mkdir(parents=True, exist_ok=True)
        yield TrustedFolder(path, None)
        return
    descriptor = _walk(path, make)
    try:
        yield TrustedFolder(path, descriptor)
    finally:
        os.close(descriptor)


def _walk(path: Path, make: bool) -> int:
    """A descriptor of the folder, after a check of each folder on the path to it."""
    here, parts, links = os.open(path.anchor, _PASS), list(path.parts[:0:-1]), 0
    try:
        while parts:
            name = parts.pop()
            try:
                following = _step(here, name, make, _PASS if parts else _STEP)
            except OSError as error:
                # A link, or not a folder at all. Only links of root and of this user are followed.
                links += 1
                if error.errno not in (errno.ENOTDIR, errno.ELOOP) or links > _LINKS:
                    raise
                target = Path(_link(here, name))
                parts += target.parts[:0:-1] if target.is_absolute() else target.parts[::-1]
                following = os.open(target.anchor, _PASS) if target.is_absolute() else os.dup(here)
            os.close(here)
            here = following
            _check(here, last=not parts)
        return here
    except BaseException:
        os.close(here)
        raise


def _step(here: int, name: str, make: bool, flags: int) -> int:
    try:
        return os.open(name, flags, dir_fd=here)
    except FileNotFoundError:
        if not make:
            raise
    with suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=here)
    return os.open(name, flags, dir_fd=here)


def _link(here: int, name: str) -> str:
    """The target of a link. In a folder that others can write to, a link can change its owner after the check."""
    if not _is_trusted(os.fstat(here)) or os.stat(name, dir_fd=here, follow_symlinks=False).st_uid not in _owners():
        raise PermissionError(f"somebody else can change `{name}`")
    return os.readlink(name, dir_fd=here)


def _check(folder: int, *, last: bool) -> None:
    """Raise PermissionError if anyone but this user and root can replace the entries of a folder."""
    status = os.fstat(folder)
    # In a sticky folder, such as `/tmp`, only the owner of an entry can replace it: the next check looks at that owner.
    if not (_is_trusted(status) or (not last and status.st_mode & stat.S_ISVTX and status.st_uid in _owners())):
        raise PermissionError("somebody else can change the folder")


def _is_trusted(status: os.stat_result) -> bool:
    """Whether only this user and root can change a file or the entries of a folder."""
    if not _POSIX:
        return True
    if status.st_uid not in _owners() or status.st_mode & stat.S_IWOTH:
        return False
    return not status.st_mode & stat.S_IWGRP or _is_own_group(status.st_gid, os.geteuid())


def _owners() -> tuple[int, int]:
    return 0, os.geteuid()


@cache
def _is_own_group(group: int, user: int) -> bool:
    """Whether a group is the user's private group, with no other members."""
    try:
        import grp
        import pwd

        name, found = pwd.getpwuid(user).pw_name, grp.getgrgid(group)
    except (ImportError, KeyError):
        return False
    return found.gr_name == name and not set(found.gr_mem) - {name}
