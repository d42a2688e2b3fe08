"""The backends of settings as fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backends.configs.backends import ALL, READ_ONLY, WRITABLE, Backend, backend_of
from witkit.interfaces.configs.configs import ConfigsInterface


@pytest.fixture(params=ALL)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each of the backends in turn."""
    return backend_of(request.param, request)


@pytest.fixture(params=WRITABLE)
def writable(request: pytest.FixtureRequest) -> Backend:
    """Each of the backends that programs can change."""
    return backend_of(request.param, request)


@pytest.fixture(params=READ_ONLY)
def read_only(request: pytest.FixtureRequest) -> Backend:
    """Each of the others."""
    return backend_of(request.param, request)


@pytest.fixture
def configs(backend: Backend) -> Iterator[ConfigsInterface]:
    """Each backend, with `greeting` set to `hello` and `empty` to nothing in the set `shop`."""
    with backend.opened() as found:
        yield found
