"""The pytest plugin of this folder: fixtures of all servers, and a marker for every test that needs one.

A test gets the marker of a server by itself if it uses one of the server's fixtures. Give it by hand to a test that
asks for them with `getfixturevalue`; the test is then skipped, or fails, before it starts.

Tests of a server that is started for them stay together, so that one worker of pytest-xdist starts it.
"""

from __future__ import annotations

import pytest

pytest_plugins = [
    "tests.services.azure",
    "tests.services.etcd",
    "tests.services.kafka",
    "tests.services.mariadb",
    "tests.services.mosquitto",
    "tests.services.nats",
    "tests.services.postgresql",
    "tests.services.rabbitmq",
    "tests.services.redis",
    "tests.services.s3",
]

SERVERS = tuple(module.rpartition(".")[2] for module in pytest_plugins)
"""The names of the servers: those of their markers, and the first part of the names of their fixtures."""

STARTED = ("azure", "etcd", "s3")
"""Those that run on no machine before the tests."""


@pytest.hookimpl(tryfirst=True)  # Before `-m` chooses by markers.
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        for server in SERVERS:
            if f"{server}_url" in fixtures:
                item.add_marker(server)
        needed = [server for server in STARTED if item.get_closest_marker(server)]
        if needed and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(needed[0]))


@pytest.fixture(autouse=True)
def _servers_of_markers(request: pytest.FixtureRequest) -> None:
    for server in SERVERS:
        if request.node.get_closest_marker(server) is not None:
            request.getfixturevalue(f"{server}_url")
