"""Key-value stores in a folder, with one folder per store and one file per key.

A file `key-…` has the value and nothing else, so that any tool can read it. A key that is too long for a file name has
a file `long-…`, which begins with the key (see `witkit.backends.headers`).

A value is written to a temporary file, flushed to disk and moved over the old one; then the folder is flushed. Readers
see the old value or the new one, and after a crash of the machine the one that was acknowledged. Writers of one folder
take turns with a lock on the file `.lock`, so that `swap` is one step (on Windows only within a process).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from witkit.backends.backend import Backend
from witkit.backends.drafts import flush_folder, replace
from witkit.backends.failure import Failure, Kind
from witkit.backends.folders import opened_folder
from witkit.backends.headers import Damaged, header, text_in
from witkit.backends.limits import Limits
from witkit.backends.names import file_name
from witkit.backends.paging import page
from witkit.backends.settings import FOLDER, BackendSettings, setting

from .protocol import KeyValue, closed

DEFAULT_PATH = Path(".witkit") / "key-value"
"""The default for `path`, relative to the current folder."""


@dataclass(frozen=True, slots=True, repr=False)
class FilesystemSettings(BackendSettings):
    path: Path = setting(FOLDER, "The folder, created if it does not exist.", DEFAULT_PATH)


class FilesystemStores(KeyValue):
    """One folder per store, in the folder of the settings."""

    limits = Limits()

    def __init__(self, settings: FilesystemSettings) -> None:
        self._root = opened_folder(settings.path, "key-value stores")
        self._lock = Lock()
        self._closed = False
        self.location = f"the folder {settings.path}"

    def create(self, store: str) -> None:
        folder = self._folder(store)
        with _failures():
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
                flush_folder(self._root)

    def get(self, store: str, key: str) -> bytes | None:
        folder = self._folder(store)
        with _failures():
            return _content(folder, key)

    def set(self, store: str, key: str, value: bytes) -> None:
        with _failures(), self._turn():
            replace(self._root, self._folder(store) / file_name(key), header(key) + value)

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        with _failures(), os.scandir(self._folder(store)) as entries:
            found = [text_in(Path(entry.path)) for entry in entries]
        return page([key for key in found if key], after, count)

    def delete(self, store: str, key: str) -> None:
        folder = self._folder(store)
        with _failures(), self._turn():
            try:
                (folder / file_name(key)).unlink()
            except FileNotFoundError:
                folder.stat()
                return
            flush_folder(folder)

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        folder = self._folder(store)
        with _failures(), self._turn():
            if _content(folder, key) != old:
                return False
            replace(self._root, folder / file_name(key), header(key) + new)
            return True

    def check(self) -> None:
        self._folder("")
        with _failures():
            self._root.stat()

    def close(self) -> None:
        self._closed = True

    def _folder(self, store: str) -> Path:
        if self._closed:
            raise closed()
        return self._root / file_name(store, "store-")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Keep other writers of the folder waiting."""
        with self._lock:
            if os.name == "nt":
                yield
                return
            import fcntl

            with (self._root / ".lock").open("ab") as file:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX)
                yield


def _content(folder: Path, key: str) -> bytes | None:
    try:
        content = (folder / file_name(key)).read_bytes()
    except FileNotFoundError:
        folder.stat()  # Fails if the whole store is gone, which is not the same as a missing key.
        return None
    beginning = header(key)
    if not content.startswith(beginning):
        raise Damaged
    return content[len(beginning) :]


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        raise Failure(Kind.IO, failure.strerror or "reading or writing failed", str(failure)) from failure
    except Damaged as failure:
        raise Failure(Kind.IO, "a file of the store is damaged") from failure


backend = Backend("One file per key, which any tool can read.", FilesystemStores, FilesystemSettings)
