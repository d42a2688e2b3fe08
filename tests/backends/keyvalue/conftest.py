"""The key-value backends as fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.keyvalue.backends import ALL, FILES, KEPT, SERVERS, Backend, backend_in, backend_on
from tests.backends.objects.places import AZURE, S3
from tests.services.names import new_name
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.interfaces.keyvalue.keyvalue import KeyvalueInterface


@pytest.fixture(params=ALL)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each of the backends in turn."""
    return backend_on(request.param, request)


@pytest.fixture(params=FILES)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """Each of the backends whose data is in files."""
    return backend_in(request.param, tmp_path)


@pytest.fixture(params=KEPT)
def kept(request: pytest.FixtureRequest) -> Backend:
    """Each of the backends whose data outlives the process."""
    return backend_on(request.param, request)


@pytest.fixture(params=[server for server in SERVERS if server not in (S3, AZURE)])
def server(request: pytest.FixtureRequest) -> Backend:
    """Each of the backends that keep a connection to a server."""
    return backend_on(request.param, request)


@pytest.fixture
def postgresql_table(postgresql_url: str) -> Iterator[str]:
    """The name of a table that does not exist yet, and does not afterwards."""
    import psycopg

    name = new_name()
    yield name
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"drop table if exists {name}".encode())


@pytest.fixture
def stores(backend: Backend) -> Iterator[KeyvalueInterface]:
    """The interface as the import of a component gets it."""
    with backend.opened() as stores:
        yield stores


@pytest.fixture
def spoken(backend: Backend) -> Iterator[KeyValue]:
    """What is behind the interface, with the stores `orders` and `Orders`."""
    with backend.spoken() as opened:
        for store in ("orders", "Orders"):
            opened.create(store)
        yield opened
