"""A proxy between a client and a server that disturbs the connection, as networks do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.patience import eventually
from tests.services.connections import open_ends, other_end
from tests.services.private.ports import free_port


@contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """A proxy to the server of `url`; `Proxy.url` is what the client gets instead."""
    made = Proxy(url)
    try:
        yield made
    finally:
        made.refuse()


class Proxy:
    """Passes everything on until one of its methods is called; each may be called from any thread at any time.

    Attributes:
        url: the URL of the server with the port of the proxy.
        port: the port of 127.0.0.1 on which it listens; it stays the same.
        connections: how many connections it has accepted.
    """

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._server = place.hostname or "127.0.0.1", place.port or 0
        self.port = free_port()
        credentials, at, _ = place.netloc.rpartition("@")
        self.url = place._replace(netloc=f"{credentials}{at}127.0.0.1:{self.port}").geturl()
        self.connections = 0
        self._lock = threading.Condition()
        self._open: set[socket.socket] = set()
        self._receiving: set[socket.socket] = set()
        self._sending: set[socket.socket] = set()
        self._seconds = 0.0
        self._left: int | None = None
        self._passes, self._holds, self._has_cut = threading.Event(), threading.Event(), threading.Event()
        self._listening: socket.socket | None = None
        self._accepting: threading.Thread | None = None
        self.pass_on()

    def pass_on(self) -> None:
        """Undo all disturbances: accept connections, and pass on what arrives, at once."""
        self._seconds, self._left = 0.0, None
        self._passes.set()
        if self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self.port))
            self._accepting = threading.Thread(target=self._accept, args=(self._listening,), daemon=True)
            self._accepting.start()

    def delay(self, seconds: float) -> None:
        """Pass on each piece of an answer only after so many seconds."""
        self._seconds = seconds

    def cut(self) -> None:
        """Reset all connections; new ones are passed on. When this returns, their other ends know of it."""
        with self._lock:
            lost, self._open = self._open, set()
            for connection in lost:
                _let_it_be_reset(connection)
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)  # Ends `recv` in another thread, which `close` does not.
            # The system closes no connection that a thread still reads from. A thread that is about to use one could
            # get a new one with the same number, but not if it has to wait for a slow reader.
            assert self._lock.wait_for(lambda: not lost & self._receiving, 60)
            self._lock.wait_for(lambda: not lost & self._sending, 1)
        ends = {end for connection in lost - self._sending if (end := other_end(connection))}
        for connection in lost:
            _reset(connection)
        # The system's list may lack a line while other connections come and go: hardly twice.
        assert eventually(lambda: not any(ends & open_ends() for _ in range(3)), 0.001)
        self._has_cut.set()

    def cut_after(self, size: int) -> None:
        """Pass on `size` more bytes of answers, and then reset all connections, once."""
        self._has_cut.clear()
        self._left = size

    def wait_until_it_has_cut(self) -> None:
        """Wait until all connections have been reset: the one that was cut first may be reset before the others."""
        assert self._has_cut.wait(60)

    def swallow(self) -> None:
        """Accept connections, but pass nothing on, also of those that are open."""
        self._holds.clear()
        self._passes.clear()

    def wait_until_it_holds_something(self) -> None:
        """Wait for the first piece that is not passed on: from then on, a client waits for its answer."""
        assert self._holds.wait(60)

    def refuse(self) -> None:
        """Reset all connections and listen no more."""
        listening, self._listening = self._listening, None
        if listening is not None:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)  # Ends `accept`, which `close` does not.
            assert self._accepting is not None
            self._accepting.join()
            listening.close()
        self._passes.set()
        self.cut()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            self.connections += 1
            with self._lock:
                self._open.add(client)
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server, 10)
        except OSError:
            with self._lock:
                self._open.discard(client)
            _reset(client)
            return
        server.settimeout(None)
        with self._lock:
            has_been_cut = client not in self._open
            if not has_been_cut:
                self._open.add(server)
        if has_been_cut:
            server.close()
            return
        requests = threading.Thread(target=self._pump, args=(client, server, False), daemon=True)
        requests.start()
        self._pump(server, client, True)
        requests.join()
        with self._lock:
            self._open -= {client, server}
        client.close()
        server.close()

    def _pump(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        """Pass on what arrives at one end, until an end closes or the connection is reset."""
        with suppress(OSError):
            while piece := self._received(source):
                if not self._passes.is_set():
                    self._holds.set()
                    self._passes.wait()
                if answers:
                    self._answer(target, piece)
                else:
                    self._send(target, piece)
        with self._lock, suppress(OSError):
            if target in self._open:  # After a reset, the client is to see that and not an end.
                target.shutdown(socket.SHUT_WR)

    def _received(self, source: socket.socket) -> bytes:
        with self._used(source, self._receiving):
            return source.recv(65536)

    def _send(self, target: socket.socket, piece: bytes) -> None:
        with self._used(target, self._sending):
            target.sendall(piece)

    @contextmanager
    def _used(self, connection: socket.socket, users: set[socket.socket]) -> Iterator[None]:
        """Raises OSError if the connection has been reset."""
        with self._lock:
            if connection not in self._open:
                raise ConnectionResetError
            users.add(connection)
        try:
            yield
        finally:
            with self._lock:
                users.discard(connection)
                self._lock.notify_all()

    def _answer(self, target: socket.socket, piece: bytes) -> None:
        time.sleep(self._seconds)
        with self._lock:
            last = self._left is not None and len(piece) >= self._left
            piece = piece[: self._left]
            self._left = None if last or self._left is None else self._left - len(piece)
        self._send(target, piece)
        if last:
            self.cut()


def _reset(connection: socket.socket) -> None:
    """Close it so that the other end gets an error and not an end."""
    _let_it_be_reset(connection)
    connection.close()


def _let_it_be_reset(connection: socket.socket) -> None:
    """Have the other end get an error when it is closed."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
