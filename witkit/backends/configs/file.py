"""Settings in a TOML file: each table is the set of its name, and what is before the first table the set without name.

The file belongs to those who write it, so programs cannot change it: it has comments and an order that they would not
keep, and values that are not text have no place in it. Each call looks at the time and size of the file, and reads it
again if somebody has changed it. If it cannot be read any more, that is a failure: old values would hide the mistake.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from witkit.backends.backend import Backend
from witkit.backends.errors import cannot_open
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import EXISTING_FILE, setting
from witkit.text.secrets import learn
from witkit.text.toml_places import loads

from .protocol import Configs, ConfigsSettings, closed, read_only, spelled

MOST: Final = 16 * 1024 * 1024
"""The most bytes of a file."""


@dataclass(frozen=True, slots=True, repr=False)
class FileSettings(ConfigsSettings):
    path: Path = setting(EXISTING_FILE, "The TOML file, which must exist.", Path("settings.toml"))


class FileConfigs(Configs):
    """The tables of one file."""

    limits = Limits()

    def __init__(self, settings: FileSettings) -> None:
        self.default_set, self.location = settings.set, f"the file {settings.path}"
        self._file = settings.path.absolute()
        self._lock, self._closed = Lock(), False
        self._read: tuple[object, dict[str, dict[str, bytes]]] = (None, {})
        try:
            self._sets()
        except Failure as failure:
            help = "give the path of a TOML file with one table for each set of settings"
            message = f"the file with settings cannot be used: {failure.detail}"
            raise cannot_open(message, help, str(settings.path)) from None

    def get(self, name: str, key: str) -> bytes | None:
        return self._sets().get(name, {}).get(key)

    def set(self, name: str, key: str, value: bytes) -> None:
        self.check()
        raise read_only("the file with settings cannot be changed")

    def all(self, name: str) -> dict[str, bytes]:
        return dict(self._sets().get(name, {}))

    def check(self) -> None:
        self._sets()

    def close(self) -> None:
        with self._lock:
            self._closed = True

    def _sets(self) -> dict[str, dict[str, bytes]]:
        """The sets as they are now."""
        with self._lock:
            if self._closed:
                raise closed()
            try:
                found = self._file.stat()
                version = found.st_mtime_ns, found.st_size, found.st_ino
                if self._read[0] != version:
                    self._read = version, _sets(_content(self._file))
            except (OSError, ValueError) as wrong:
                reason = getattr(wrong, "strerror", None) or str(wrong)
                raise Failure(Kind.IO, "the settings cannot be read", reason) from wrong
            return self._read[1]


def _content(file: Path) -> Mapping[str, Any]:
    """The file as TOML. Raises OSError, and ValueError, whose message may name a key but shows no value."""
    with file.open("rb") as opened:
        content = opened.read(MOST + 1)
    if len(content) > MOST:
        raise ValueError(f"it has more than {MOST:,} bytes")
    try:
        found = loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("it is not a text in UTF-8") from None
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(f"it is not valid TOML: {wrong}") from None
    learn(found)
    return found


def _sets(content: Mapping[str, Any]) -> dict[str, dict[str, bytes]]:
    sets: dict[str, dict[str, bytes]] = {"": {}}
    for key, value in content.items():
        if isinstance(value, Mapping):
            sets.setdefault(key, {}).update({each: spelled(f"{key}.{each}", found) for each, found in value.items()})
        else:
            sets[""][key] = spelled(key, value)
    return sets


backend = Backend("A TOML file.", FileConfigs, FileSettings)
