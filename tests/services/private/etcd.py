"""An etcd of a test's own."""

from __future__ import annotations

import json
import urllib.request

from tests.services.private.ports import free_port
from tests.services.private.server import PrivateServer


class PrivateEtcd(PrivateServer):
    """With a `password`, only the user `root` may read and write. `quota` is in bytes: beyond it, etcd refuses writes
    until its alarm is taken back."""

    program = "etcd"
    scheme = "http"

    def __init__(self, *, password: str | None = None, quota: int = 0) -> None:
        super().__init__()
        self.user, self.password = "root" if password is not None else None, password
        self.quota = quota
        self._peers = free_port()

    def command(self) -> list[str]:
        here, peers = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self._peers}"
        options = {
            "data-dir": self.data,
            "listen-client-urls": here,
            "advertise-client-urls": here,
            "listen-peer-urls": peers,
            "initial-advertise-peer-urls": peers,
            "initial-cluster": f"default={peers}",
            "quota-backend-bytes": self.quota,
            "unsafe-no-fsync": "true",
        }
        return [f"--{name}={value}" for name, value in options.items()]

    def answers(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
            return bool(json.load(answer)["health"] == "true")

    def complete(self) -> None:
        if self.password is not None:
            self.call("auth/user/add", {"name": "root", "password": self.password})
            self.call("auth/role/add", {"name": "root"})
            self.call("auth/user/grant", {"user": "root", "role": "root"})
            self.call("auth/enable", {})

    def call(self, method: str, body: dict[str, object]) -> dict[str, object]:
        """A call of its JSON gateway."""
        url = f"http://127.0.0.1:{self.port}/v3/{method}"
        with urllib.request.urlopen(url, json.dumps(body).encode(), timeout=10) as answer:
            found: dict[str, object] = json.load(answer)
            return found
