"""A Mosquitto of a test's own."""

from __future__ import annotations

import os
import socket
import subprocess

from tests.services.private.server import PrivateServer

_CONNECT = bytes.fromhex("101000044d5154540402003c0004") + b"test"
"""MQTT 3.1.1: a client without user."""


class PrivateMosquitto(PrivateServer):
    """It writes sessions and messages to its disk when it is stopped, but not when it is killed.

    `settings` are lines of its configuration, as `{"max_queued_messages": "10"}`.
    """

    program = "mosquitto"
    scheme = "mqtt"

    def __init__(
        self, *, password: str | None = None, user: str = "witkit", settings: dict[str, str] | None = None
    ) -> None:
        super().__init__()
        self.user, self.password = user if password is not None else None, password
        self.settings = settings or {}

    def prepare(self) -> None:
        super().prepare()
        settings = {
            "listener": f"{self.port} 127.0.0.1",
            "allow_anonymous": str(self.password is None).lower(),
            "persistence": "true",
            "persistence_location": f"{self.data}/",
            **({"user": "root"} if os.geteuid() == 0 else {}),
            **({} if self.password is None else {"password_file": str(self._passwords(self.password))}),
            **self.settings,
        }
        (self.folder / "mosquitto.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def _passwords(self, password: str) -> str:
        file = self.folder / "passwords"
        made = self.run(
            self.find("mosquitto_passwd"), "-b", "-c", str(file), str(self.user), password, output=subprocess.PIPE
        )
        written, _ = made.communicate()
        assert made.returncode == 0, written.decode()
        return str(file)

    def command(self) -> list[str]:
        return ["-c", str(self.folder / "mosquitto.conf")]

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.settimeout(1)
            connection.sendall(_CONNECT)
            return connection.recv(1) == b"\x20"
