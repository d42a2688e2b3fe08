"""An S3 of a test's own: moto, which keeps everything in memory and forgets it when it ends."""

from __future__ import annotations

import importlib.util
import sys
import urllib.request
from urllib.error import HTTPError

from tests.services.private.server import PrivateServer
from tests.services.standing import unavailable


class PrivateS3(PrivateServer):
    """It takes any credentials."""

    program = sys.executable
    scheme = "http"

    def __init__(self) -> None:
        if importlib.util.find_spec("moto") is None:
            unavailable("needs the distribution moto[server]")
        super().__init__()

    def command(self) -> list[str]:
        return ["-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/moto-api/data.json", timeout=5).close()
        except HTTPError:
            return False
        return True
