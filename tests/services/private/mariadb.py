"""A MariaDB of a test's own."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tests.services.private.server import PASSWORD, PrivateServer

if TYPE_CHECKING:
    from pymysql.connections import Connection


class PrivateMariadb(PrivateServer):
    """The user `witkit` may do everything. `settings` are the server's, as `{"max-connections": "10"}`."""

    program = "mariadbd"
    scheme = "mariadb"
    user = "witkit"
    password = PASSWORD
    path = "/mysql"

    def __init__(self, *, settings: dict[str, str] | None = None) -> None:
        super().__init__()
        self.settings = settings or {}

    def prepare(self) -> None:
        user = f"'witkit'@'127.0.0.1' identified by '{PASSWORD}'"
        (self.folder / "init.sql").write_text(f"grant all on *.* to {user} with grant option;\n")
        options = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
        made = self.run(self.find("mariadb-install-db"), *self._shared(), *options, output=subprocess.PIPE)
        written, _ = made.communicate()
        assert made.returncode == 0, written.decode()

    def command(self) -> list[str]:
        settings = {
            "bind-address": "127.0.0.1",
            "port": self.port,
            "socket": self.folder / "socket",
            "pid-file": self.folder / "pid",
            "init-file": self.folder / "init.sql",
            **self.settings,
        }
        return [*self._shared(), "--skip-name-resolve", *(f"--{name}={value}" for name, value in settings.items())]

    def _shared(self) -> list[str]:
        """The options of the server and of the program that makes its data: no files of the machine, a small log."""
        root = ["--user=root"] if os.geteuid() == 0 else []
        return ["--no-defaults", *root, f"--datadir={self.data}", "--innodb-log-file-size=4M"]

    def answers(self) -> bool:
        import pymysql

        try:
            connect(self.url).close()
        except pymysql.OperationalError:
            return False
        return True


def connect(url: str, timeout: float = 10) -> Connection[Any]:
    """A connection of PyMySQL to the server of `url`, without a database; it waits `timeout` seconds for answers."""
    import pymysql

    place = urlsplit(url)
    return pymysql.connect(
        host=place.hostname or "127.0.0.1",
        port=place.port or 3306,
        user=unquote(place.username or "root"),
        password=unquote(place.password or ""),
        connect_timeout=timeout,
        read_timeout=timeout,
        write_timeout=timeout,
    )
