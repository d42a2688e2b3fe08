"""A PostgreSQL of a test's own."""

from __future__ import annotations

import signal
import subprocess

from tests.services.private.server import PASSWORD, PrivateServer


class PrivatePostgresql(PrivateServer):
    """The user `postgres` may do everything. `settings` are the server's, as `{"max_connections": "10"}`."""

    program = "postgres"
    folders = "usr/lib/postgresql/*/bin"
    scheme = "postgresql"
    user = "postgres"
    password = PASSWORD
    path = "/postgres"
    stop_signal = signal.SIGINT
    account = "postgres"

    def __init__(self, *, settings: dict[str, str] | None = None) -> None:
        super().__init__()
        # Without fsync it is faster, and what it has acknowledged still survives `kill`.
        self.settings = {"fsync": "off", **(settings or {})}

    def prepare(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        self.own(secret)
        options = ["--auth=scram-sha-256", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
        command = [self.find("initdb"), "--pgdata", str(self.data), f"--pwfile={secret}", *options]
        made = self.run(*command, output=subprocess.PIPE)
        written, _ = made.communicate()
        assert made.returncode == 0, written.decode()

    def command(self) -> list[str]:
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **self.settings}
        given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return ["-D", str(self.data), "-p", str(self.port), *given]

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True
