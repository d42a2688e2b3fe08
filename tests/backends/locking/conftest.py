"""The backends that a test of locks runs on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backends.locking.backends import ALL, SHARED, Backend, settings_for
from witkit.interfaces.distributed_locking import distributed_locking as api


@pytest.fixture(params=ALL)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each backend."""
    return Backend(request.param, settings_for(request.param, request))


@pytest.fixture(params=SHARED)
def shared(request: pytest.FixtureRequest) -> Backend:
    """Each backend whose locks several processes share."""
    return Backend(request.param, settings_for(request.param, request))


@pytest.fixture
def locking(backend: Backend) -> Iterator[api.DistributedLockingInterface]:
    """Each backend, with a short wait for locks."""
    with backend.opened(timeout=0.05) as found:
        yield found
