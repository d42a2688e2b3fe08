"""What is done with a name in an open folder. None of this follows a link."""

from __future__ import annotations

import errno
import os
import stat
import time

from witkit.interfaces.wasi.types import DescriptorFlags, ErrorCode, OpenFlags

from .file_errors import refused
from .paths import FOLDER, MOST_BYTES, NO_FOLLOW, ResolvedPath, problem

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_SYNC = DescriptorFlags.FILE_INTEGRITY_SYNC | DescriptorFlags.DATA_INTEGRITY_SYNC | DescriptorFlags.REQUESTED_WRITE_SYNC
_NEVER_WAIT: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_CHANGING = OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.TRUNCATE


def wanted(open_flags: OpenFlags, flags: DescriptorFlags, *, may_change: bool) -> int:
    """The flags of `open`. Raises the interface's error for what the grant does not allow, or what has no sense.

    It never waits for the other end of a pipe, and no terminal gets control of this process.
    """
    if flags & _SYNC:
        raise refused(ErrorCode.UNSUPPORTED)
    if OpenFlags.DIRECTORY in open_flags and open_flags & _CHANGING:
        raise refused(ErrorCode.INVALID)
    writes = bool(DescriptorFlags.WRITE in flags or open_flags & (OpenFlags.CREATE | OpenFlags.TRUNCATE))
    if writes and not may_change:
        raise refused(ErrorCode.NOT_PERMITTED)
    reads = DescriptorFlags.READ in flags or DescriptorFlags.WRITE not in flags
    access = os.O_RDWR if reads and writes else os.O_WRONLY if writes else os.O_RDONLY
    found = access | NO_FOLLOW | _NEVER_WAIT
    for flag, bit in (
        (OpenFlags.CREATE, os.O_CREAT),
        (OpenFlags.DIRECTORY, FOLDER),
        (OpenFlags.TRUNCATE, os.O_TRUNC),
    ):
        found |= bit if flag in open_flags else 0
    if OpenFlags.CREATE in open_flags and OpenFlags.EXCLUSIVE in open_flags:
        found |= os.O_EXCL
    return found


def opened(place: ResolvedPath, flags: int) -> int:
    """Open a file or folder, and give its descriptor."""
    if place.is_folder:
        if flags & os.O_CREAT:
            raise problem(errno.EEXIST if flags & os.O_EXCL and place.name == b"." else errno.EISDIR)
        flags |= FOLDER
    try:
        return os.open(place.name, flags, 0o666, dir_fd=place.folder)
    except NotADirectoryError:
        # A link that is not followed is one first of all; systems differ here.
        if stat.S_ISLNK(os.stat(place.name, dir_fd=place.folder, follow_symlinks=False).st_mode):
            raise problem(errno.ELOOP) from None
        raise


def usable(number: int, opened_for: int, flags: DescriptorFlags) -> DescriptorFlags:
    """What a descriptor can be used for, by the flags of `open`. A folder shows what was asked for."""
    if stat.S_ISDIR(os.fstat(number).st_mode):
        return DescriptorFlags.READ | (flags & DescriptorFlags.MUTATE_DIRECTORY)
    access = opened_for & (os.O_RDWR | os.O_WRONLY)
    reads = DescriptorFlags(0) if access == os.O_WRONLY else DescriptorFlags.READ
    return reads | (DescriptorFlags.WRITE if access else DescriptorFlags(0))


def status(place: ResolvedPath) -> os.stat_result:
    """What is known about a name."""
    found = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    if place.is_folder and not stat.S_ISDIR(found.st_mode):
        raise problem(errno.ENOTDIR)
    return found


def link(old: ResolvedPath, new: ResolvedPath) -> None:
    """Give a file another name."""
    status(old)
    _check_new(new)
    os.link(old.name, new.name, src_dir_fd=old.folder, dst_dir_fd=new.folder, follow_symlinks=False)


def rename(old: ResolvedPath, new: ResolvedPath) -> None:
    """Rename a file or a folder. A path with a slash at its end has to be a folder's."""
    needs_folder = any(place.is_folder and place.name != b"." for place in (old, new))
    if needs_folder and not stat.S_ISDIR(os.stat(old.name, dir_fd=old.folder, follow_symlinks=False).st_mode):
        raise problem(errno.ENOTDIR)
    os.rename(old.name, new.name, src_dir_fd=old.folder, dst_dir_fd=new.folder)


def content(target: str) -> bytes:
    """What a new link contains. An absolute path is refused, because others than the guest might follow it."""
    found = target.encode()
    if not found:
        raise problem(errno.ENOENT)
    if found.startswith(b"/"):
        raise problem(errno.EPERM)
    if b"\0" in found:
        raise problem(errno.EINVAL)
    if len(found) >= MOST_BYTES:
        raise problem(errno.ENAMETOOLONG)
    return found


def symlink(target: bytes, place: ResolvedPath) -> None:
    """Create a link."""
    _check_new(place)
    os.symlink(target, place.name, dir_fd=place.folder)


def unlink(place: ResolvedPath) -> None:
    """Remove the name of a file. Systems differ in what they say about a folder."""
    found = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    if stat.S_ISDIR(found.st_mode):
        raise problem(errno.EISDIR)
    if place.is_folder:
        raise problem(errno.ENOTDIR)
    os.unlink(place.name, dir_fd=place.folder)


def _check_new(place: ResolvedPath) -> None:
    """Refuse to create what is not a folder at a path that only a folder can have."""
    if place.is_folder:
        status(place)
        raise problem(errno.EEXIST)


def now() -> int:
    """The time in nanoseconds since 1970."""
    return time.time_ns()
