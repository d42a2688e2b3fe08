"""The key-value backends as fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.keyvalue.backends import Backend, backend_in
from witkit.interfaces.keyvalue.keyvalue import KeyvalueInterface


@pytest.fixture(params=["memory", "filesystem", "sqlite"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """Each of the backends in turn."""
    return backend_in(request.param, tmp_path)


@pytest.fixture(params=["filesystem", "sqlite"])
def durable(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """Each of the backends whose data outlives the process."""
    return backend_in(request.param, tmp_path)


@pytest.fixture
def stores(backend: Backend) -> Iterator[KeyvalueInterface]:
    """The interface as the import of a component gets it."""
    with backend.opened() as stores:
        yield stores
