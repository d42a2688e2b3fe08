"""A RabbitMQ of a test's own."""

from __future__ import annotations

import socket
import subprocess

from tests.services.private.ports import free_port
from tests.services.private.server import PASSWORD, PrivateServer


class PrivateRabbitmq(PrivateServer):
    """The user `witkit` may do everything. `settings` are those of `rabbitmq.conf`.

    Its node is known to the daemon of Erlang that all nodes of this machine share.
    """

    program = "rabbitmq-server"
    folders = "usr/lib/rabbitmq/lib/*/sbin"  # the one on the path runs it under another account
    scheme = "amqp"
    user = "witkit"
    password = PASSWORD
    path = "/"
    patience = 240.0

    def __init__(self, *, settings: dict[str, str] | None = None) -> None:
        super().__init__()
        self.settings = settings or {}

    def prepare(self) -> None:
        super().prepare()
        settings = {
            "listeners.tcp.1": f"127.0.0.1:{self.port}",
            "default_user": self.user,
            "default_pass": self.password,
            "default_user_tags.administrator": "true",
            **self.settings,
        }
        (self.folder / "rabbitmq.conf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        (self.folder / "enabled_plugins").write_text("[].\n")
        self.environment = {
            "HOME": str(self.folder),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_MNESIA_BASE": str(self.data),
            "RABBITMQ_NODENAME": f"witkit-{self.port}@localhost",
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",  # one thread, which does not spin
        }

    def alarm(self, on: bool) -> None:
        """Let its memory be full, so that it takes no messages, or not any more."""
        self.control("set_vm_memory_high_watermark", "absolute", "1" if on else "8GB")

    def control(self, *command: str) -> None:
        """Run a command of `rabbitmqctl`."""
        node = ["--node", self.environment["RABBITMQ_NODENAME"]]
        done = self.run(self.find("rabbitmqctl"), *node, *command, output=subprocess.PIPE)
        written, _ = done.communicate()
        assert done.returncode == 0, written.decode()

    def command(self) -> list[str]:
        return []

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.settimeout(1)
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1) == b"\x01"
