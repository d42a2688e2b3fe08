"""Containers in a folder, with one folder per container and one file per object.

A file `key-…` has the content of the object and nothing else. `.container` is created with the container and so has
its age.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from witkit.backends.backend import Backend
from witkit.backends.drafts import UncommittedFile, flush_folder, replace
from witkit.backends.failure import Failure, Kind
from witkit.backends.folders import opened_folder
from witkit.backends.headers import Damaged, header, text_in
from witkit.backends.limits import Limits
from witkit.backends.names import file_name
from witkit.backends.paging import page
from witkit.backends.settings import FOLDER, BackendSettings, setting

from .protocol import CHUNK, Blobs, Info, closed, missing

DEFAULT_PATH = Path(".witkit") / "blobs"
"""The default for `path`, relative to the current folder."""

MARK = ".container"
REMOVED = "the container has been removed"


@dataclass(frozen=True, slots=True, repr=False)
class FilesystemSettings(BackendSettings):
    path: Path = setting(FOLDER, "The folder, created if it does not exist.", DEFAULT_PATH)


class FilesystemBlobs(Blobs):
    """One folder per container, in the folder of the settings."""

    limits = Limits()

    def __init__(self, settings: FilesystemSettings) -> None:
        self._root = opened_folder(settings.path, "blob stores")
        self._closed = False
        self.location = f"the folder {settings.path}"

    def create(self, container: str) -> None:
        folder = self._folder(container)
        with _failures("the folder of the containers has been removed"):
            folder.mkdir(exist_ok=True)
            flush_folder(self._root)
            if not (folder / MARK).exists():
                replace(self._root, folder / MARK, b"")

    def created(self, container: str) -> int:
        with _failures():
            return _seconds((self._folder(container) / MARK).stat())

    def read(self, container: str, name: str) -> FileReader:
        with _failures():
            file = self._object(container, name)
            try:
                opened = file.open("rb")
            except FileNotFoundError:
                self._expect(container)
                raise missing(name) from None
            return FileReader(opened, len(header(name)))

    def write(self, container: str, name: str) -> FileWriter:
        with _failures():
            return FileWriter(self._root, self._object(container, name), header(name))

    def info(self, container: str, name: str) -> Info | None:
        with _failures():
            try:
                found = self._object(container, name).stat()
            except FileNotFoundError:
                self._expect(container)
                return None
        return Info(found.st_size - len(header(name)), _seconds(found)) if stat.S_ISREG(found.st_mode) else None

    def names(self, container: str, after: str = "", count: int | None = None) -> list[str]:
        with _failures(), os.scandir(self._folder(container)) as entries:
            found = [text_in(Path(entry.path)) for entry in entries if entry.name != MARK]
        return page([name for name in found if name is not None], after, count)

    def delete(self, container: str, names: Sequence[str]) -> None:
        folder = self._folder(container)
        with _failures():
            for name in names:
                (folder / file_name(name)).unlink(missing_ok=True)
            flush_folder(folder)

    def check(self) -> None:
        self._folder("")
        with _failures("the folder of the containers has been removed"):
            self._root.stat()

    def close(self) -> None:
        self._closed = True

    def _folder(self, container: str) -> Path:
        if self._closed:
            raise closed()
        return self._root / file_name(container, "container-")

    def _object(self, container: str, name: str) -> Path:
        return self._folder(container) / file_name(name)

    def _expect(self, container: str) -> None:
        """Raise FileNotFoundError if the container itself is missing."""
        (self._folder(container) / MARK).stat()


class FileWriter:
    """A draft of an object. It can be committed even after the backend has been closed."""

    def __init__(self, root: Path, target: Path, beginning: bytes) -> None:
        self._target, self._draft = target, UncommittedFile(root)
        self._draft.write(beginning)

    def write(self, data: bytes) -> None:
        with _failures():
            self._draft.write(data)

    def commit(self) -> None:
        container = self._target.parent
        with _failures("what was written has been removed" if container.is_dir() else REMOVED):
            self._draft.commit(self._target)

    def discard(self) -> None:
        self._draft.discard()


class FileReader:
    """An open file, whose content is kept if others replace or delete it."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        self._left = max(0, os.fstat(file.fileno()).st_size - start)
        file.seek(start)

    @property
    def left(self) -> int:
        return self._left

    def read(self, size: int) -> bytes:
        wanted = min(size, self._left, CHUNK)
        with _failures():
            data = self._file.read(wanted)
        if wanted and not data:
            raise Failure(Kind.IO, "the object has been cut off")
        self._left -= len(data)
        return data


@contextmanager
def _failures(gone: str = REMOVED) -> Iterator[None]:
    """Turn failures of the file system into Failure. `gone` is the message for a missing file."""
    try:
        yield
    except FileNotFoundError as failure:
        raise Failure(Kind.IO, gone, str(failure)) from failure
    except OSError as failure:
        raise Failure(Kind.IO, failure.strerror or "reading or writing failed", str(failure)) from failure
    except Damaged as failure:
        raise Failure(Kind.IO, "a file of the container is damaged") from failure


def _seconds(found: os.stat_result) -> int:
    return max(0, int(found.st_mtime))


backend = Backend("One file per object, which any tool can read.", FilesystemBlobs, FilesystemSettings)
