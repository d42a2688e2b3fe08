"""Responses that a client does not take: its connection ends, so that it does not keep its place forever."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import Final

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl
    import termios

GOODBYE: Final = 1.0
"""The seconds that a client has to agree to the end of a connection with TLS. One that is idle may not look at it."""


class Unread:
    """Watches what a connection has still to send, for its event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        """The connection ends if the client takes nothing for `seconds`."""
        self._loop, self._seconds = loop, seconds
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._size = 0

    def watch(self, transport: asyncio.Transport) -> None:
        """Begin, if there is something to send, or if the connection is being closed."""
        waits = transport.get_write_buffer_size() > 0
        if self._timer is None and (waits or transport.is_closing()):
            self._transport, self._size = transport, _untaken(transport)
            self._timer = self._loop.call_later(self._seconds if waits else GOODBYE, self._look)

    def end(self) -> None:
        """Everything was sent, or the connection is lost."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer, transport = None, self._transport
        assert transport is not None
        if _untaken(transport) >= self._size:
            transport.abort()
        else:
            self.watch(transport)


def _untaken(transport: asyncio.Transport) -> int:
    """The bytes that the client has not acknowledged, as far as the system says it: it may hold megabytes itself."""
    size = transport.get_write_buffer_size()
    if fcntl is not None and (socket := transport.get_extra_info("socket")) is not None:
        with suppress(OSError):  # not for sockets, on this system
            size += int.from_bytes(fcntl.ioctl(socket.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    return size
