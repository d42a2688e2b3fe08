"""Key-value stores in a folder: a folder a store, a file a key.

A file `key-…` holds the value and nothing else, so that values can be read with any tool. A key too long for
a file name is in a file `long-…`, which begins with the key: its length in 8 bytes, big-endian, and its UTF-8 bytes.

A value is written to a temporary file, flushed to disk, moved over the old one, and the folder is flushed too:
a reader sees the old value or the new one, and after a crash of the machine the one that was acknowledged.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from witkit.interfaces.keyvalue import keyvalue as kv
from witkit.providers.base import Opened, Settings, only, path
from witkit.providers.folders import flush_folder, opened_folder, replace
from witkit.providers.names import LONG, file_name, text_of

from .storage import Closed, Stores

PLACE = Path(".witkit") / "key-value"
"""The folder where no `path` is set, in the current one."""

_LENGTH = struct.Struct(">Q")


class Damaged(Exception):
    """A file begins with something else than its key."""


class Filesystem:
    """A folder a store, below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._closed = False

    def create(self, store: str) -> None:
        folder = self._folder(store)
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            flush_folder(self._root)

    def get(self, store: str, key: str) -> bytes | None:
        name = file_name(key)
        try:
            content = (self._folder(store) / name).read_bytes()
        except FileNotFoundError:
            return None
        return _after_key(content, key) if name.startswith(LONG) else content

    def set(self, store: str, key: str, value: bytes) -> None:
        name = file_name(key)
        content = _key_header(key) + value if name.startswith(LONG) else value
        replace(self._root, self._folder(store) / name, content)

    def keys(self, store: str) -> list[str]:
        with os.scandir(self._folder(store)) as entries:
            found = [_key_in(Path(entry.path)) for entry in entries]
        return [key for key in found if key is not None]

    def delete(self, store: str, key: str) -> None:
        folder = self._folder(store)
        try:
            (folder / file_name(key)).unlink()
        except FileNotFoundError:
            return
        flush_folder(folder)

    def case_of(self, failure: Exception) -> kv.KeyvalueError | None:
        if isinstance(failure, OSError):
            return kv.KeyvalueError_IoError(failure.strerror or "reading or writing failed")
        if isinstance(failure, Damaged):
            return kv.KeyvalueError_IoError("a file of the store is damaged")
        return None

    def close(self) -> None:
        self._closed = True

    def _folder(self, store: str) -> Path:
        if self._closed:
            raise Closed
        return self._root / file_name(store, "store-")


def _key_in(file: Path) -> str | None:
    """The key whose value a file holds; None for a file that is not a store's, or is gone by now."""
    if not file.name.startswith(LONG):
        return text_of(file.name)
    try:
        with file.open("rb") as opened:
            (length,) = _LENGTH.unpack(opened.read(_LENGTH.size))
            return opened.read(length).decode()
    except FileNotFoundError:
        return None
    except (struct.error, UnicodeDecodeError) as wrong:
        raise Damaged from wrong


def _after_key(content: bytes, key: str) -> bytes:
    """The value in a `long-…` file."""
    header = _key_header(key)
    if not content.startswith(header):
        raise Damaged
    return content[len(header) :]


def _key_header(key: str) -> bytes:
    spelled = key.encode()
    return _LENGTH.pack(len(spelled)) + spelled


class FilesystemProvider:
    """Setting `path`: the folder, made where it is missing; `.witkit/key-value` in the current one by default."""

    def open(self, settings: Settings) -> Opened:
        only(settings, "path")
        place = path(settings, PLACE, "folder")
        return Opened(Stores(Filesystem(opened_folder(place, "key-value stores"))), f"the folder {place}")

    def close(self, opened: Opened) -> None:
        opened.implementation.storage.close()


provider = FilesystemProvider()
