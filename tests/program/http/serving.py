"""A real server in this process, and connections to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from witkit.program.pool import PoolSettings
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.addresses import Address
from witkit.program.triggers.http.opened import open_http
from witkit.program.triggers.http.server import Server
from witkit.program.triggers.http.settings import HttpSettings

ANYWHERE = Address("127.0.0.1", 0)


@dataclass
class Answer:
    """A response as a client sees it. Names of headers are lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


@dataclass
class Site:
    """A server and its application."""

    server: Server
    application: Any
    settings: HttpSettings = field(default_factory=HttpSettings)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own."""
        connection = self.connection()
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            return answer(connection.getresponse())
        finally:
            connection.close()

    def connection(self) -> HTTPConnection:
        return HTTPConnection(self.server.address.host, self.server.address.port, timeout=60)

    def raw(self, *parts: bytes) -> bytes:
        """What the server sends for these bytes until it closes the connection, or for a whole response."""
        with self.open() as plain:
            for part in parts:
                plain.sendall(part)
            return received(plain)

    def open(self) -> socket.socket:
        return socket.create_connection((self.server.address.host, self.server.address.port), timeout=60)


def received(plain: socket.socket) -> bytes:
    """Everything until the connection is closed. A reset is its end, too."""
    found = b""
    try:
        while more := plain.recv(65536):
            found += more
    except ConnectionResetError:
        pass
    return found


def answer(response: HTTPResponse) -> Answer:
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    return Answer(response.status, headers, response.read())


@contextmanager
def serving(application: Any, settings: HttpSettings | None = None) -> Iterator[Site]:
    """Any ASGI application behind a server."""
    chosen = settings or HttpSettings()
    server = Server(application, chosen, ANYWHERE)
    server.start()
    try:
        yield Site(server, application, chosen)
    finally:
        server.stop(10)


@contextmanager
def served(
    component: bytes,
    folder: Path,
    settings: HttpSettings | None = None,
    pool: PoolSettings | None = None,
    run: RunSettings | None = None,
) -> Iterator[Site]:
    """A component behind a server."""
    path = folder / "guest.wasm"
    path.write_bytes(component)
    chosen = settings or HttpSettings()
    with (
        open_http(path, run or RunSettings(), pool or PoolSettings(size=4), chosen) as application,
        serving(application, chosen) as site,
    ):
        yield site
