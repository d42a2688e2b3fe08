"""`wasi:filesystem`: the granted folders, and what is in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from witkit.abi.traps import GuestTrap
from witkit.interfaces.wasi.types import DescriptorFlags, ErrorCode

from .descriptor import Descriptor, DirectoryEntryStream
from .grants import bad
from .paths import FOLDER, IS_SAFE
from .room import Room
from .streams import Error
from .waits import Waits


class Preopens:
    """The interface `wasi:filesystem/preopens`.

    `folders` maps a path in the guest to a folder and whether it may be changed; they stay open in `stack`, so that
    the guest has these folders even if others take their names. Raises `WitkitError` if one cannot be opened.
    """

    def __init__(self, waits: Waits, room: Room, folders: Mapping[str, tuple[Path, bool]], stack: ExitStack) -> None:
        self._waits, self._room = waits, room
        self._open = [(_opened(path, stack), may_change, guest) for guest, (path, may_change) in folders.items()]

    def get_directories(self) -> list[tuple[Descriptor, str]]:
        """Raises `GuestTrap` if the guest has too much open: the interface has no error for that."""
        return [(self._descriptor(number, may_change), guest) for number, may_change, guest in self._open]

    def _descriptor(self, number: int, may_change: bool) -> Descriptor:
        flags = DescriptorFlags.READ | (DescriptorFlags.MUTATE_DIRECTORY if may_change else DescriptorFlags(0))
        with self._room.taken(_full):
            copy = os.dup(number)
        return Descriptor(self._waits, self._room, copy, flags, may_change=may_change)


class Files:
    """The interface `wasi:filesystem/types`."""

    Descriptor = Descriptor
    DirectoryEntryStream = DirectoryEntryStream

    def filesystem_error_code(self, err: Any, /) -> ErrorCode | None:
        return err.file if isinstance(err, Error) else None


def _full() -> GuestTrap:
    return GuestTrap("the guest has too many files open")


def _opened(path: Path, stack: ExitStack) -> int:
    if not IS_SAFE:
        raise bad(
            "folders cannot be granted on this system: it cannot open a path without following links",
            "use Linux or macOS",
        )
    try:
        number = os.open(path, os.O_RDONLY | FOLDER)
    except OSError as failure:
        raise bad(f"`{path}` cannot be opened: {failure.strerror}", "give a folder that can be read") from None
    stack.callback(os.close, number)
    return number
