"""The streams of a TCP connection."""

from __future__ import annotations

import selectors
import socket
from contextlib import suppress
from threading import Thread
from typing import Final

from .addresses import code_of
from .room import Room
from .streams import ByteSource, Error, Sink, StreamFailure
from .waits import is_ready

_MOST: Final = 1 << 16
"""The most bytes that are received at once."""

_PATIENCE: Final = 30.0
"""How long a peer has, in seconds, to take what a guest has written and left."""


class PeerSource(ByteSource):
    """What a peer sends."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = self.reading = connection
        self._is_over = False

    def ready(self) -> bool:
        return self._is_over or is_ready(self._socket, selectors.EVENT_READ)

    def take(self, length: int) -> bytes | None:
        if self._is_over:
            return None
        if not length:
            return b""
        try:
            data = self._socket.recv(min(length, _MOST))
        except BlockingIOError:
            return b""
        except OSError as failure:
            self._is_over = True
            raise failed(failure) from failure
        self._is_over = not data
        return data or None

    def shut(self) -> None:
        """Nothing more is read."""
        self._is_over = True


class PeerSink(Sink):
    """What is sent to a peer. The system may not take everything at once: the rest follows when it can."""

    def __init__(self, connection: socket.socket, room: Room) -> None:
        self._socket = self.writing = connection
        self._room = room
        self._rest = b""
        self._is_shut = False

    def ready(self) -> bool:
        self._push()
        return not self._rest and (self._is_shut or is_ready(self._socket, selectors.EVENT_WRITE))

    def write(self, data: bytes) -> None:
        if self._is_shut:
            raise StreamFailure
        self._rest += data
        self._push()

    def shut(self) -> None:
        """No more will be written: announce it to the peer, after what is left."""
        self._is_shut = True
        if not self._rest:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Let a thread send what is left. It has a socket of its own, because the guest may drop this one."""
        rest, self._rest = self._rest, b""
        # It is lost if the system has no more descriptors or threads, or if too many sockets of the guest's are waited
        # for already.
        if rest and self._room.take():
            try:
                last = self._socket.dup()
                Thread(target=_finish, args=(last, rest, self._is_shut, self._room), daemon=True).start()
            except (OSError, RuntimeError):
                self._room.give()

    def _push(self) -> None:
        """Send as much of what is left as the system takes."""
        try:
            while self._rest:
                self._rest = self._rest[self._socket.send(self._rest) :]
                if not self._rest and self._is_shut:
                    self._socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            pass
        except OSError as failure:
            self._rest = b""
            raise failed(failure) from failure


def failed(failure: OSError) -> StreamFailure:
    """A failure of a connection. One that is closed on this side is closed."""
    if isinstance(failure, BrokenPipeError):
        return StreamFailure()
    return StreamFailure(Error(str(failure.strerror or failure), socket=code_of(failure)))


def _finish(connection: socket.socket, data: bytes, is_last: bool, room: Room) -> None:
    with connection, suppress(OSError):
        connection.settimeout(_PATIENCE)
        connection.sendall(data)
        if is_last:
            connection.shutdown(socket.SHUT_WR)
    room.give()
