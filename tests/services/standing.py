"""The server of a whole session: one that runs already, or one that is started for the tests."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from tests.services.private.server import PrivateServer

REQUIRED = "WITKIT_REQUIRE_SERVICES"
"""If this variable is `1`, a test fails instead of being skipped because a server is missing."""

_PATIENCE = 3.0
"""Seconds that a server has to accept a connection."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A kind of server and where it runs on most machines; `WITKIT_TEST_<NAME>_URL` says that it runs elsewhere."""

    name: str
    default: str | None = None

    @property
    def variable(self) -> str:
        return f"WITKIT_TEST_{self.name.upper()}_URL"

    def url(self) -> str | None:
        """The URL of a server that accepts connections; None if the tests may start one instead.

        A server that the variable names has to run: the test that asks is skipped if it does not, or fails.
        """
        named = os.environ.get(self.variable)
        url = named or self.default
        if url is None or _accepts(url):
            return url
        if named:
            unavailable(f"needs {self.name} at {_address(url)}")
        return None

    def reason(self) -> str:
        """What a test needs that has got no server and cannot start one."""
        return f"needs {self.name} at {_address(self.default)}" if self.default else f"needs {self.name}"


def _accepts(url: str) -> bool:
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "127.0.0.1", place.port or 0), _PATIENCE).close()
    except OSError:
        return False
    return True


def _address(url: str) -> str:
    place = urlsplit(url)
    return f"{place.hostname}:{place.port}"


def unavailable(reason: str) -> NoReturn:
    """Skip the test that runs, or fail it if services are required. `reason` is what it needs."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason}, and {REQUIRED} is 1", pytrace=False)
    pytest.skip(reason)


def url_fixture(standing: Standing, start: Callable[[], PrivateServer] | None = None) -> Callable[[], Iterator[str]]:
    """A fixture for the whole session that gives the URL of a server.

    If none runs, `start` makes one. Each worker of pytest-xdist makes its own: that costs less than to agree on one.
    """

    @pytest.fixture(scope="session", name=f"{standing.name}_url")
    def url() -> Iterator[str]:
        with ExitStack() as started:
            found = standing.url()
            if found is None:
                if start is None:
                    unavailable(standing.reason())
                found = started.enter_context(start()).url
            yield found

    return url
