"""Servers that run before the tests do: where each one listens, and what happens to a test if it does not."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

import pytest

REQUIRED = "WITKIT_REQUIRE_SERVICES"
"""If this variable is `1`, a test fails where it would be skipped because a server is missing."""

_PATIENCE = 3.0
"""Seconds that a server has to accept a connection."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A server that somebody else has started; `WITKIT_TEST_<NAME>_URL` says that it listens elsewhere."""

    name: str
    default: str

    @property
    def variable(self) -> str:
        return f"WITKIT_TEST_{self.name.upper()}_URL"

    def url(self) -> str:
        """Its URL if it accepts connections; the test that asks is skipped if it does not, or fails if it must run."""
        url = os.environ.get(self.variable) or self.default
        place = urlsplit(url)
        address = place.hostname or "127.0.0.1", place.port or 0
        try:
            socket.create_connection(address, _PATIENCE).close()
        except OSError:
            unavailable(f"needs {self.name} at {address[0]}:{address[1]}")
        return url


def unavailable(reason: str) -> NoReturn:
    """Skip the test that runs, or fail it if services are required. `reason` is what it needs."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason}, and {REQUIRED} is 1", pytrace=False)
    pytest.skip(reason)


def url_fixture(standing: Standing) -> Callable[[], str]:
    """A fixture for the whole session that gives the URL of a server."""

    @pytest.fixture(scope="session", name=f"{standing.name}_url")
    def url() -> str:
        return standing.url()

    return url
