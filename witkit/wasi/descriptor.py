"""The resource `descriptor` of `wasi:filesystem/types`: an open file or folder."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from witkit.interfaces.wasi.types import (
    Advice,
    DescriptorFlags,
    DescriptorStat,
    DescriptorType,
    DirectoryEntry,
    ErrorCode,
    MetadataHashValue,
    NewTimestamp,
    NewTimestamp_NoChange,
    NewTimestamp_Timestamp,
    OpenFlags,
    PathFlags,
)
from witkit.interfaces.wasi.wall_clock import Datetime

from . import opening
from .file_errors import full, refused, reported
from .open_files import MOST, AppendingSink, FileSink, FileSource, OpenFile
from .paths import ResolvedPath, problem, resolved
from .resources import Resource
from .room import Room
from .streams import InputStream, OutputStream
from .waits import Waits

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_SECOND = 1_000_000_000
_KINDS = {
    stat.S_IFBLK: DescriptorType.BLOCK_DEVICE,
    stat.S_IFCHR: DescriptorType.CHARACTER_DEVICE,
    stat.S_IFDIR: DescriptorType.DIRECTORY,
    stat.S_IFIFO: DescriptorType.FIFO,
    stat.S_IFLNK: DescriptorType.SYMBOLIC_LINK,
    stat.S_IFREG: DescriptorType.REGULAR_FILE,
    stat.S_IFSOCK: DescriptorType.SOCKET,
}
_ADVICE = {
    Advice.NORMAL: "POSIX_FADV_NORMAL",
    Advice.SEQUENTIAL: "POSIX_FADV_SEQUENTIAL",
    Advice.RANDOM: "POSIX_FADV_RANDOM",
    Advice.WILL_NEED: "POSIX_FADV_WILLNEED",
    Advice.DONT_NEED: "POSIX_FADV_DONTNEED",
    Advice.NO_REUSE: "POSIX_FADV_NOREUSE",
}


class Descriptor(Resource):
    """An open file or folder, with a place in the guest's room. `may_change` says whether the grant allows changes;
    `flags` what it was opened for."""

    def __init__(self, waits: Waits, room: Room, number: int, flags: DescriptorFlags, *, may_change: bool) -> None:
        super().__init__()
        self._waits, self._room, self._file = waits, room, OpenFile(number, room)
        self._flags, self._may_change = flags, may_change
        self._is_folder = stat.S_ISDIR(os.fstat(number).st_mode)

    def release(self) -> None:
        self._file.release()

    def read_via_stream(self, offset: int, /) -> InputStream:
        if self._is_folder:
            raise refused(ErrorCode.IS_DIRECTORY)
        return InputStream(self._waits, FileSource(self._file.shared(), offset))

    def write_via_stream(self, offset: int, /) -> OutputStream:
        self._of_file()
        self._check_may_change()
        return OutputStream(self._waits, FileSink(self._file.shared(), offset))

    def append_via_stream(self) -> OutputStream:
        self._of_file()
        self._check_may_change()
        return OutputStream(self._waits, AppendingSink(self._file.shared()))

    def advise(self, offset: int, length: int, advice: Advice, /) -> None:
        number = self._of_file()
        if hasattr(os, "posix_fadvise"):
            with reported():
                os.posix_fadvise(number, offset, length, getattr(os, _ADVICE[advice]))

    def sync_data(self) -> None:
        with reported():
            # macOS has no such call.
            getattr(os, "fdatasync", os.fsync)(self._file.number)

    def sync(self) -> None:
        with reported():
            os.fsync(self._file.number)

    def get_flags(self) -> DescriptorFlags:
        return self._flags

    def get_type(self) -> DescriptorType:
        return kind(os.fstat(self._file.number).st_mode)

    def set_size(self, size: int, /) -> None:
        number = self._of_file()
        self._check_may_change()
        with reported():
            os.ftruncate(number, size)

    def set_times(self, access: NewTimestamp, modification: NewTimestamp, /) -> None:
        self._check_may_change()
        number = self._file.number
        with reported():
            os.utime(number, ns=_times(access, modification, os.fstat(number)))

    def read(self, length: int, offset: int, /) -> tuple[bytes, bool]:
        number = self._of_file()
        with reported():
            data = os.pread(number, min(length, MOST), offset)
        return data, not data

    def write(self, buffer: bytes, offset: int, /) -> int:
        number = self._of_file()
        self._check_may_change()
        with reported():
            return os.pwrite(number, buffer, offset)

    def stat(self) -> DescriptorStat:
        return _described(os.fstat(self._file.number))

    def is_same_object(self, other: Descriptor, /) -> bool:
        one, two = os.fstat(self._file.number), os.fstat(other._file.number)
        return (one.st_dev, one.st_ino) == (two.st_dev, two.st_ino)

    def metadata_hash(self) -> MetadataHashValue:
        return _hash(os.fstat(self._file.number))

    def read_directory(self) -> DirectoryEntryStream:
        folder = self._of_folder()
        with self._room.taken(full), reported():
            return DirectoryEntryStream(self._room, list(_listed(folder)))

    def create_directory_at(self, path: str, /) -> None:
        with self._changed(path) as place:
            os.mkdir(place.name, 0o777, dir_fd=place.folder)

    def stat_at(self, path_flags: PathFlags, path: str, /) -> DescriptorStat:
        with self._found(path_flags, path) as place:
            return _described(opening.status(place))

    def set_times_at(
        self, path_flags: PathFlags, path: str, access: NewTimestamp, modification: NewTimestamp, /
    ) -> None:
        self._check_may_change_folder()
        with self._found(path_flags, path) as place:
            times = _times(access, modification, opening.status(place))
            os.utime(place.name, ns=times, follow_symlinks=False, dir_fd=place.folder)

    def link_at(self, path_flags: PathFlags, path: str, other: Descriptor, new_path: str, /) -> None:
        if PathFlags.SYMLINK_FOLLOW in path_flags:
            raise refused(ErrorCode.INVALID)
        with self._changed(path, links=True) as old, other._changed(new_path, links=True) as new:
            opening.link(old, new)

    def open_at(self, path_flags: PathFlags, path: str, open_flags: OpenFlags, flags: DescriptorFlags, /) -> Descriptor:
        folder = self._of_folder()
        wanted = opening.wanted(open_flags, flags, may_change=self._may_change)
        follow = PathFlags.SYMLINK_FOLLOW in path_flags and not wanted & os.O_EXCL
        with self._room.taken(full), reported(), resolved(folder, path, follow=follow) as place:
            number = opening.opened(place, wanted)
        allowed = opening.usable(
            number, wanted, flags if self._may_change else flags & ~DescriptorFlags.MUTATE_DIRECTORY
        )
        return Descriptor(self._waits, self._room, number, allowed, may_change=self._may_change)

    def readlink_at(self, path: str, /) -> str:
        with self._found(PathFlags(0), path) as place:
            if place.is_folder:
                opening.status(place)
            target = os.readlink(place.name, dir_fd=place.folder)
        if target.startswith(b"/"):
            raise refused(ErrorCode.NOT_PERMITTED)  # it says where things are on this machine
        return _text(target)

    def remove_directory_at(self, path: str, /) -> None:
        with self._changed(path) as place:
            os.rmdir(place.name, dir_fd=place.folder)

    def rename_at(self, path: str, other: Descriptor, new_path: str, /) -> None:
        with self._changed(path) as old, other._changed(new_path) as new:
            opening.rename(old, new)

    def symlink_at(self, target: str, path: str, /) -> None:
        self._check_may_change_folder()
        with reported():
            content = opening.content(target)
        with self._changed(path, links=True) as place:
            opening.symlink(content, place)

    def unlink_file_at(self, path: str, /) -> None:
        with self._changed(path, links=True) as place:
            opening.unlink(place)

    def metadata_hash_at(self, path_flags: PathFlags, path: str, /) -> MetadataHashValue:
        with self._found(path_flags, path) as place:
            return _hash(opening.status(place))

    @contextmanager
    def _found(self, path_flags: PathFlags, path: str) -> Iterator[ResolvedPath]:
        """Where a path leads."""
        folder = self._of_folder()
        with reported(), resolved(folder, path, follow=PathFlags.SYMLINK_FOLLOW in path_flags) as place:
            yield place

    @contextmanager
    def _changed(self, path: str, *, links: bool = False) -> Iterator[ResolvedPath]:
        """Where a path leads whose name will be changed.

        A link before a slash at the end is followed if `links` says so; otherwise it counts as what is not a folder.
        """
        self._check_may_change_folder()
        plain = path if links else path.rstrip("/") or path
        with reported(), resolved(self._of_folder(), plain, follow=False) as place:
            yield ResolvedPath(place.folder, place.name, is_folder=place.is_folder or plain != path)

    def _of_file(self) -> int:
        if self._is_folder:
            raise refused(ErrorCode.BAD_DESCRIPTOR)
        return self._file.number

    def _of_folder(self) -> int:
        if not self._is_folder:
            raise refused(ErrorCode.NOT_DIRECTORY)
        return self._file.number

    def _check_may_change(self) -> None:
        if not self._may_change:
            raise refused(ErrorCode.NOT_PERMITTED)

    def _check_may_change_folder(self) -> None:
        self._of_folder()
        self._check_may_change()


class DirectoryEntryStream(Resource):
    """The resource `directory-entry-stream`. It has a place in the guest's room."""

    def __init__(self, room: Room, entries: list[tuple[DescriptorType, bytes]]) -> None:
        super().__init__()
        self._room, self._entries = room, iter(entries)

    def release(self) -> None:
        self._entries = iter(())
        self._room.give()

    def read_directory_entry(self) -> DirectoryEntry | None:
        found = next(self._entries, None)
        return None if found is None else DirectoryEntry(found[0], _text(found[1]))


def kind(mode: int) -> DescriptorType:
    """What a file is."""
    return _KINDS.get(stat.S_IFMT(mode), DescriptorType.UNKNOWN)


def _listed(folder: int) -> Iterator[tuple[DescriptorType, bytes]]:
    """The names in a folder, with what each one is. Those that vanish meanwhile are left out."""
    for name in os.listdir(folder):
        try:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue
        yield kind(found.st_mode), os.fsencode(name)


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        raise refused(ErrorCode.ILLEGAL_BYTE_SEQUENCE) from None


def _described(found: os.stat_result) -> DescriptorStat:
    times = (Datetime(*divmod(each, _SECOND)) if each >= 0 else None for each in (
        found.st_atime_ns, found.st_mtime_ns, found.st_ctime_ns
    ))  # fmt: skip
    return DescriptorStat(kind(found.st_mode), found.st_nlink, found.st_size, *times)


def _times(access: NewTimestamp, modification: NewTimestamp, now: os.stat_result) -> tuple[int, int]:
    return _time(access, now.st_atime_ns), _time(modification, now.st_mtime_ns)


def _time(wanted: NewTimestamp, before: int) -> int:
    """Nanoseconds since 1970."""
    if isinstance(wanted, NewTimestamp_NoChange):
        return before
    if isinstance(wanted, NewTimestamp_Timestamp):
        time = wanted.value.seconds * _SECOND + wanted.value.nanoseconds
        if time >= 1 << 63:
            raise problem(errno.EOVERFLOW)
        return time
    return opening.now()


def _hash(found: os.stat_result) -> MetadataHashValue:
    """A hash of what a file is, not of what it holds, as in wasmtime. It does not show the inode."""
    made = blake2b(f"{found.st_dev} {found.st_ino}".encode(), digest_size=16).digest()
    return MetadataHashValue(int.from_bytes(made[:8], "little"), int.from_bytes(made[8:], "little"))
