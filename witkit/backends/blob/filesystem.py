"""Containers in a folder, with one folder per container and one file per object.

A file `key-…` has the content of the object and nothing else. `.container` is created with the container and so has
its age.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar, Self

from witkit.abi import Err
from witkit.backends.base import Opened, Settings, path, reject_unknown_settings
from witkit.backends.drafts import Draft, flush_folder, replace
from witkit.backends.folders import opened_folder
from witkit.backends.headers import Damaged, header, text_in
from witkit.backends.names import file_name
from witkit.interfaces.blob_store import blob_store as api

from .streams import WriteStream

DEFAULT_PATH = Path(".witkit") / "blobs"
"""The default for `path`, relative to the current folder."""

CHUNK = 1 << 20
"""The most bytes that one `read` returns. The component asks for a number, but the host has to hold the bytes."""

MARK = ".container"
REMOVED = "the container has been removed"


class Container:
    """`resource container`: a folder. `Containers` creates a subclass for each root."""

    _root: ClassVar[Path]
    _closed: ClassVar[bool] = False

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._place = name, folder

    @classmethod
    def _check(cls) -> None:
        if cls._closed:
            raise Err(api.Error_UnexpectedError("the blob store has been closed"))

    @property
    def _folder(self) -> Path:
        """The folder. Raises the interface's error once the backend is closed."""
        self._check()
        return self._place

    @classmethod
    def open(cls, name: str) -> Self:
        """The container of this name, created if there is none."""
        cls._check()
        with _failures("the folder of the containers has been removed"):
            folder = cls._root / file_name(name, "container-")
            folder.mkdir(exist_ok=True)
            flush_folder(cls._root)
            if not (folder / MARK).exists():
                replace(cls._root, folder / MARK, b"")
            return cls(name, folder)

    def name(self) -> str:
        """The name it was opened with."""
        return self._name

    def info(self) -> api.ContainerMetadata:
        """Its name, and when it was created."""
        with _failures():
            return api.ContainerMetadata(self._name, _seconds((self._folder / MARK).stat()))

    def read_object(self, name: str) -> ReadStream:
        """A stream over the current content of the object."""
        with self._wanting(name) as file:
            return ReadStream(file.open("rb"), len(header(name)))

    def write_object(self, name: str) -> WriteStream:
        """A stream that stores the object when it ends."""
        with _failures():
            return WriteStream(Writing(self._root, self._folder / file_name(name), header(name)))

    def list_objects(self) -> list[str]:
        """The names, in ascending order of their code points."""
        with _failures(), os.scandir(self._folder) as entries:
            names = [text_in(Path(entry.path)) for entry in entries if entry.name != MARK]
        return sorted(name for name in names if name is not None)

    def delete_object(self, name: str) -> None:
        """Remove the object if it exists."""
        self.delete_objects([name])

    def delete_objects(self, names: list[str]) -> None:
        """Remove those objects that exist."""
        with _failures():
            for name in names:
                (self._folder / file_name(name)).unlink(missing_ok=True)
            flush_folder(self._folder)

    def has_object(self, name: str) -> bool:
        """Whether the object exists."""
        with _failures():
            try:
                return stat.S_ISREG((self._folder / file_name(name)).stat().st_mode)
            except FileNotFoundError:
                (self._folder / MARK).stat()
                return False

    def object_info(self, name: str) -> api.ObjectMetadata:
        """Size and age of the object."""
        with self._wanting(name) as file:
            found = file.stat()
        return api.ObjectMetadata(name, self._name, _seconds(found), found.st_size - len(header(name)))

    def clear(self) -> None:
        """Remove all objects."""
        self.delete_objects(self.list_objects())

    @contextmanager
    def _wanting(self, name: str) -> Iterator[Path]:
        """The file of an object that must exist. The error says whether the object or its container is missing."""
        with _failures(f"there is no object `{name}`"):
            try:
                yield self._folder / file_name(name)
            except FileNotFoundError:
                with _failures():
                    (self._folder / MARK).stat()
                raise


class Writing:
    """A draft of an object, which a write stream writes to."""

    def __init__(self, root: Path, target: Path, beginning: bytes) -> None:
        self._target, self._draft = target, Draft(root)
        self._draft.write(beginning)

    def write(self, data: bytes) -> None:
        """Append. Raises the interface's error."""
        with _failures():
            self._draft.write(data)

    def commit(self) -> None:
        """Store the object durably. Raises the interface's error."""
        container = self._target.parent
        missing = "what was written has been removed" if container.is_dir() else REMOVED
        with _failures(missing):
            self._draft.commit(self._target)

    def discard(self) -> None:
        """Discard what was written."""
        self._draft.discard()


class ReadStream:
    """`resource read-stream`: an open file, whose content is kept if others replace or delete it."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        self._left = max(0, os.fstat(file.fileno()).st_size - start)
        file.seek(start)

    def read(self, size: int) -> bytes | None:
        """The next bytes, or None at the end."""
        if not self._left:
            return None
        with _failures():
            data = self._file.read(min(size, self._left, CHUNK))
        if size and not data:
            raise Err(api.Error_UnexpectedError("the object has been cut off"))
        self._left -= len(data)
        return data

    def available(self) -> int:
        """The number of bytes that are left."""
        return self._left


class Containers:
    """`interface blob-store` over one folder: the implementation for the import."""

    def __init__(self, root: Path) -> None:
        self._bound: type[Container] = type("Container", (Container,), {"_root": root, "__doc__": Container.__doc__})

    def close(self) -> None:
        """Containers cannot be used any more; open streams can be used to their end."""
        self._bound._closed = True

    @property
    def Container(self) -> type[Container]:
        """The class of containers in this folder."""
        return self._bound

    @property
    def WriteStream(self) -> type[WriteStream]:
        """The class of write streams."""
        return WriteStream

    @property
    def ReadStream(self) -> type[ReadStream]:
        """The class of read streams."""
        return ReadStream


class FilesystemBackend:
    """Setting `path`: the folder, created if it does not exist, by default `.witkit/blobs`."""

    default_path = DEFAULT_PATH

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "path")
        place = path(settings, DEFAULT_PATH, "folder")
        return Opened(Containers(opened_folder(place, "blob stores")), f"the folder {place}")

    def close(self, opened: Opened) -> None:
        opened.implementation.close()


@contextmanager
def _failures(missing: str = REMOVED) -> Iterator[None]:
    """Turn failures into the interface's error. `missing` is the message for a missing file.

    Messages do not name files of the host.
    """
    try:
        yield
    except FileNotFoundError as failure:
        raise Err(api.Error_UnexpectedError(missing)) from failure
    except OSError as failure:
        raise Err(api.Error_UnexpectedError(failure.strerror or "reading or writing failed")) from failure
    except Damaged as failure:
        raise Err(api.Error_UnexpectedError("a file of the container is damaged")) from failure
    except UnicodeEncodeError as failure:
        raise Err(api.Error_UnexpectedError("a name has a lone surrogate")) from failure


def _seconds(found: os.stat_result) -> int:
    return max(0, int(found.st_mtime))


backend = FilesystemBackend()
