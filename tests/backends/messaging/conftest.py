"""The backends for messages as fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.backends.messaging.backends import ALL, Backend, backend_of
from witkit.backends.messaging.protocol import Messages


@pytest.fixture(params=ALL)
def backend(request: pytest.FixtureRequest) -> Backend:
    return backend_of(request.param, request)


@pytest.fixture
def messages(backend: Backend) -> Iterator[Messages]:
    """What is behind the interface."""
    with backend.spoken() as found:
        yield found


@pytest.fixture
def messaging(backend: Backend) -> Iterator[Any]:
    """The interface as the import of a component gets it."""
    with backend.opened() as found:
        yield found
