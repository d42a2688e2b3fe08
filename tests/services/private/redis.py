"""A Redis of a test's own, which keeps every write that it has acknowledged."""

from __future__ import annotations

import socket

from tests.services.private.server import PrivateServer


class PrivateRedis(PrivateServer):
    """`maxmemory` is in bytes: beyond it Redis refuses writes. With a `password`, `user` may be one of its ACL's."""

    program = "redis-server"
    scheme = "redis"
    path = "/0"

    def __init__(self, *, password: str | None = None, user: str | None = None, maxmemory: int = 0) -> None:
        super().__init__()
        self.user, self.password, self.maxmemory = user, password, maxmemory

    def command(self) -> list[str]:
        options = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": self.data,
            "save": "",
            "appendonly": "yes",
            # Each write is in the file before its answer; with `always`, Redis ends if the disk is full.
            "appendfsync": "no",
            "maxmemory": self.maxmemory,
            "maxmemory-policy": "noeviction",
        }
        return [str(word) for name, value in options.items() for word in (f"--{name}", value)] + self._access()

    def _access(self) -> list[str]:
        if self.password is None:
            return []
        if self.user is None:
            return ["--requirepass", self.password]
        return ["--user", "default", "off", "--user", self.user, "on", f">{self.password}", "~*", "&*", "+@all"]

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.settimeout(1)
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
