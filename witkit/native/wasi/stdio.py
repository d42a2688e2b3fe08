"""The standard streams of this Python. They are looked up at each use, because tests may replace them."""

from __future__ import annotations

import os
import select
import sys
from io import UnsupportedOperation
from typing import Any, Final

_AHEAD: Final = 4096
_CAN_SELECT: Final = sys.platform != "win32"
"""On Windows, `select` supports only sockets: input counts as ready there, and reading blocks."""


class StandardInput:
    """The raw stream of `sys.stdin`, without its buffer, because in a component the buffer belongs to the guest.

    All streams of a guest share one. An object that is not a file, as in tests, is always ready.
    """

    def __init__(self) -> None:
        self._ahead = b""
        self._at_end = False

    @property
    def descriptor(self) -> int | None:
        return _descriptor(sys.stdin) if _CAN_SELECT else None

    def ready(self) -> bool:
        descriptor = self.descriptor
        if self._ahead or self._at_end or descriptor is None:
            return True
        return bool(select.select([descriptor], [], [], 0)[0])

    def take(self, length: int) -> bytes | None:
        if not self._ahead and not self._at_end:
            self._fill()
        if self._at_end:
            return None
        data, self._ahead = self._ahead[:length], self._ahead[length:]
        return data

    def _fill(self) -> None:
        self._at_end = True  # if it fails
        self._ahead = _read(sys.stdin)
        self._at_end = not self._ahead


class StandardOutput:
    """`sys.stdout` or `sys.stderr`, by its name. Flushes what the guest has printed before."""

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, data: bytes) -> None:
        stream: Any = getattr(sys, self._name)
        if stream is None:
            return
        stream.flush()
        descriptor = _descriptor(stream)
        if descriptor is None:
            _write(stream, data)
        while descriptor is not None and data:
            # Bypass Python's buffer, which would fail again at the end of the program.
            data = data[os.write(descriptor, data) :]


def is_terminal(name: str) -> bool:
    """Whether a standard stream is connected to a terminal."""
    stream = getattr(sys, name)
    return stream is not None and bool(stream.isatty())


def _descriptor(stream: Any) -> int | None:
    """The file descriptor of a stream, or None."""
    try:
        return int(stream.fileno())
    except (AttributeError, UnsupportedOperation):
        return None


def _read(stream: Any) -> bytes:
    descriptor = _descriptor(stream)
    if descriptor is not None:
        return os.read(descriptor, _AHEAD)
    if stream is None:
        return b""
    data: bytes | str = getattr(stream, "buffer", stream).read(_AHEAD)
    return data.encode() if isinstance(data, str) else data


def _write(stream: Any, data: bytes) -> None:
    if hasattr(stream, "buffer"):
        stream.buffer.write(data)
        stream.buffer.flush()
    else:
        stream.write(data.decode("utf-8", "replace"))
