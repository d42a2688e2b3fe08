"""A NATS with JetStream of a test's own."""

from __future__ import annotations

import json
import socket

from tests.services.private.server import PrivateServer


class PrivateNats(PrivateServer):
    """`storage` is how many bytes JetStream may write to its disk: beyond it, it refuses messages."""

    program = "nats-server"
    scheme = "nats"

    def __init__(self, *, password: str | None = None, user: str = "witkit", storage: int = 1 << 30) -> None:
        super().__init__()
        self.user, self.password = user if password is not None else None, password
        self.storage = storage

    def prepare(self) -> None:
        super().prepare()
        configuration: dict[str, object] = {
            "listen": f"127.0.0.1:{self.port}",
            "jetstream": {"store_dir": str(self.data), "max_file_store": self.storage},
        }
        if self.password is not None:
            configuration["authorization"] = {"user": self.user, "password": self.password}
        (self.folder / "nats.conf").write_text(json.dumps(configuration))

    def command(self) -> list[str]:
        return ["--config", str(self.folder / "nats.conf")]

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.settimeout(1)
            return connection.recv(64).startswith(b"INFO")
