"""An Azure Blob Storage of a test's own: Azurite, which keeps its data if it is stopped and not killed."""

from __future__ import annotations

import base64
import shutil
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

from tests.conftest import KEPT
from tests.services.private.server import PrivateServer
from tests.services.standing import unavailable

ACCOUNT = "witkit"
KEY = base64.b64encode(b"the tests' account key, no secret").decode()
"""The account that Azurite gets, and its key."""


class PrivateAzure(PrivateServer):
    """Its URL ends with the name of the account."""

    program = "node"
    scheme = "http"
    path = f"/{ACCOUNT}"

    def __init__(self) -> None:
        self._script = _azurite()
        super().__init__()
        self.environment = {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"}

    def command(self) -> list[str]:
        place = ["--blobHost", "127.0.0.1", "--blobPort", str(self.port), "--location", str(self.data)]
        return [self._script, *place, "--silent", "--skipApiVersionCheck", "--disableTelemetry"]

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(self.url, timeout=5).close()
        except HTTPError:  # Without credentials, it refuses everything.
            return True
        return True


def _azurite() -> str:
    """The script that `make` has installed, or the one that npm has installed for all."""
    for installed in KEPT.glob("azurite-*/node_modules/azurite/dist/src/blob/main.js"):
        return str(installed)
    found = shutil.which("azurite-blob")
    return str(Path(found).resolve()) if found else unavailable("needs Azurite (make services)")
