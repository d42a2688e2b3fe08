"""Key-value stores in a folder, with one folder per store and one file per key.

A file `key-…` has the value and nothing else, so that any tool can read it. A key that is too long for a file name has
a file `long-…`, which begins with the key (see `witkit.backends.headers`).

A value is written to a temporary file, flushed to disk and moved over the old one; then the folder is flushed. Readers
see the old value or the new one, and after a crash of the machine the one that was acknowledged.
"""

from __future__ import annotations

import os
from pathlib import Path

from witkit.backends.base import Opened, Settings, path, reject_unknown_settings
from witkit.backends.drafts import flush_folder, replace
from witkit.backends.folders import opened_folder
from witkit.backends.headers import Damaged, header, text_in
from witkit.backends.names import file_name
from witkit.interfaces.keyvalue import keyvalue as kv

from .storage import Closed, Stores

DEFAULT_PATH = Path(".witkit") / "key-value"
"""The default for `path`, relative to the current folder."""


class Filesystem:
    """One folder per store, in `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._closed = False

    def create(self, store: str) -> None:
        folder = self._folder(store)
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            flush_folder(self._root)

    def get(self, store: str, key: str) -> bytes | None:
        folder = self._folder(store)
        try:
            content = (folder / file_name(key)).read_bytes()
        except FileNotFoundError:
            folder.stat()  # Fails if the whole store is gone, which is not the same as a missing key.
            return None
        beginning = header(key)
        if not content.startswith(beginning):
            raise Damaged
        return content[len(beginning) :]

    def set(self, store: str, key: str, value: bytes) -> None:
        replace(self._root, self._folder(store) / file_name(key), header(key) + value)

    def keys(self, store: str) -> list[str]:
        with os.scandir(self._folder(store)) as entries:
            found = [text_in(Path(entry.path)) for entry in entries]
        return [key for key in found if key]

    def delete(self, store: str, key: str) -> None:
        folder = self._folder(store)
        try:
            (folder / file_name(key)).unlink()
        except FileNotFoundError:
            folder.stat()
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


class FilesystemBackend:
    """Setting `path`: the folder, created if it does not exist, by default `.witkit/key-value`."""

    default_path = DEFAULT_PATH

    def open(self, settings: Settings) -> Opened:
        reject_unknown_settings(settings, "path")
        place = path(settings, DEFAULT_PATH, "folder")
        return Opened(Stores(Filesystem(opened_folder(place, "key-value stores"))), f"the folder {place}")

    def close(self, opened: Opened) -> None:
        opened.implementation.storage.close()


backend = FilesystemBackend()
