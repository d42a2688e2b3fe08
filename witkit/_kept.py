"""A cache on disk. Files are written whole or not at all; those unused for longest are dropped.

A file's name is a hash of what it was made from, so every process writes the same content. Its modification time is
the time of its last use, within `_FRESH` seconds, because some file systems do not record access times.

Cached files are executed, or written to users' sources. So a file is read only if nobody else could have written it
(`_trusted`) and if it is unchanged: each file ends with a seal, a hash of its name and content.

A seal finds what a crash has left half written, and takes long to check for large files. `all_opened` checks seals once
for each start of the machine, as long as the system says that the files are the same.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from witkit._trusted import TrustedFolder, trusted_folder

_FRESH: Final = 3600.0
"""Seconds for which a file counts as just used. Abandoned temporary files are kept at least this long."""
_LEFT: Final = 0.75
"""How full a folder may be after files were dropped, so that not every write has to drop files."""
SEAL: Final = 32
"""The length of a seal in bytes: SHA-256, which most processors compute in hardware."""
_NEW: Final = ".new-"
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class DiskCache:
    """The files of one kind, in one folder. About one write in `every` drops files if they exceed `limit` bytes.

    Between two checks there may be more than `limit` bytes. Several processes may read, write and drop the same files.
    If the folder cannot be written, or others can write to it, nothing is cached.
    """

    limit: int
    every: int = 1

    def get(self, path: Path) -> bytes | None:
        """What `put` wrote, or None if it is missing, damaged, or could have been written by somebody else."""
        with _opened(path) as file:
            if file is None:
                return None
            try:
                sealed = file.read()
            except OSError:
                return None
            content = sealed[:-SEAL]
            if _seal(path, content) != sealed[-SEAL:]:
                return None
            _touch(file, path)
            return content

    @contextmanager
    def opened(self, path: Path) -> Iterator[BinaryIO | None]:
        """The path of the file if `get` would return its content. The file has `SEAL` more bytes than that.

        The check maps the file instead of reading it: of machine code, only the pages that run are needed in memory.
        """
        with _opened(path) as file:
            if file is None or not _is_whole(file, path):
                yield None
            else:
                _touch(file, path)
                yield file

    @contextmanager
    def all_opened(self, paths: Sequence[Path], note: Path) -> Iterator[list[BinaryIO | None]]:
        """As `opened`, for files of one folder. In one more file there, `note`, it is noted that they were whole."""
        with ExitStack() as stack:
            files = _all_opened(paths, stack)
            noted = self.get(note)
            if noted is None or noted != _marks(files):
                files = [
                    file if file and _is_whole(file, path) else None for file, path in zip(files, paths, strict=True)
                ]
            for file, path in zip(files, paths, strict=True):
                if file is not None:
                    _touch(file, path)
            # Touching a file changes its marks.
            marks = _marks(files)
            if marks is not None and marks != noted:
                self.put(note, marks)
            yield files

    def put(self, path: Path, data: bytes | bytearray) -> None:
        """Write a file in one step, for this user alone."""
        with suppress(OSError), trusted_folder(path.parent, make=True) as folder:
            _write(folder, path, data)
            # The name is a hash: its first digits are evenly distributed, and tests can predict them.
            if int(path.name[:8], 16) % self.every == 0:
                self._drop_least_used(folder, path.name)

    def _drop_least_used(self, folder: TrustedFolder, new: str) -> None:
        files = folder.files()
        total = sum(status.st_size for _, status in files)
        if total <= self.limit:
            return
        for name, status in sorted(files, key=lambda file: file[1].st_mtime):
            if total <= self.limit * _LEFT:
                return
            if name == new or (name.startswith(_NEW) and time.time() - status.st_mtime < _FRESH):
                continue
            total -= status.st_size
            # Another process may have dropped it, or Windows may hold it open.
            with suppress(OSError):
                folder.remove(name)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO | None]:
    """A file that nobody else could have written, open for reading, or None."""
    try:
        with trusted_folder(path.parent) as folder:
            descriptor = folder.read(path.name)
    except OSError:
        descriptor = None
    if descriptor is None:
        yield None
        return
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _all_opened(paths: Sequence[Path], stack: ExitStack) -> list[BinaryIO | None]:
    """The same for several files of one folder, which the stack closes."""
    files: list[BinaryIO | None] = [None] * len(paths)
    with suppress(OSError), trusted_folder(paths[0].parent if paths else Path()) as folder:
        for number, path in enumerate(paths):
            with suppress(OSError):
                descriptor = folder.read(path.name)
                if descriptor is not None:
                    files[number] = stack.enter_context(os.fdopen(descriptor, "rb"))
    return files


def _write(folder: TrustedFolder, path: Path, data: bytes | bytearray) -> None:
    temporary = _NEW + os.urandom(8).hex()
    descriptor = folder.create(temporary)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.write(_seal(path, data))
        folder.rename(temporary, path.name)
    except BaseException:
        with suppress(OSError):
            folder.remove(temporary)
        raise


def _seal(path: Path, data: bytes | bytearray | memoryview) -> bytes:
    """The seal covers the name, too: a file in place of another one is as wrong as a damaged one."""
    seal = sha256(f"{path.parent.name}/{path.name}\0".encode())
    seal.update(data)
    return seal.digest()


def _is_whole(file: BinaryIO, path: Path) -> bool:
    """Whether a file is unchanged since it was written."""
    import mmap

    try:
        with (
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
            memoryview(content) as view,
            view[:-SEAL] as data,
        ):
            return _seal(path, data) == content[-SEAL:]
    except (OSError, ValueError):  # an empty file cannot be mapped
        return False


def _marks(files: Sequence[BinaryIO | None]) -> bytes | None:
    """What changes when one of the files does, or when the machine is started; None if one is missing, or if the
    system does not say."""
    boot = _boot()
    if boot is None:
        return None
    marks = [boot]
    for file in files:
        if file is None:
            return None
        status = os.fstat(file.fileno())
        # A program can set the time of a modification, but not that of the last change of any kind.
        marks.append(f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}")
    return "\n".join(marks).encode()


@cache
def _boot() -> str | None:
    """What is another one each time the machine is started, if the system has such a thing."""
    try:
        return _BOOT.read_text().strip() or None
    except OSError:
        return None


def _touch(file: BinaryIO, path: Path) -> None:
    """Note that a file was used."""
    if time.time() - os.fstat(file.fileno()).st_mtime > _FRESH:
        with suppress(OSError):
            os.utime(file.fileno() if os.utime in os.supports_fd else path)
