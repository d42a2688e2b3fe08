"""Key-value backends for the tests: where each keeps its data, and how it is opened and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.objects.places import AZURE, S3, place
from witkit.backends.connect import Choice
from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
from witkit.interfaces.keyvalue.keyvalue import KeyvalueInterface

FILES = ["filesystem", "sqlite"]
SERVERS = [
    pytest.param("redis", marks=pytest.mark.redis),
    pytest.param("nats", marks=pytest.mark.nats),
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    S3,
    AZURE,
]
KEPT = [*FILES, *SERVERS]
"""The backends whose data outlives the process."""
ALL = ["memory", *KEPT]


@dataclass(frozen=True)
class Backend:
    """One backend with settings that keep it inside the test's folder, or among what is the test's on a server."""

    name: str
    settings: dict[str, Any]

    def times(self, count: int) -> int:
        """How often a test does something: less often on servers that take milliseconds for each request."""
        return max(1, count // 8) if self.name in ("s3", "azure") else count

    @contextmanager
    def opened(self) -> Iterator[KeyvalueInterface]:
        """The interface as the import of a component gets it."""
        with witkit.backends.open("key-value", self.name, **self.settings) as stores:
            yield stores

    @contextmanager
    def spoken(self) -> Iterator[KeyValue]:
        """What is behind the interface."""
        with ExitStack() as stack:
            found: Any = Openings(stack).open(CAPABILITIES["key-value"], Choice(self.name, self.settings))
            yield found


def backend_in(name: str, folder: Path) -> Backend:
    """The embedded backend of this name with its data in the folder."""
    places = {"memory": {}, "filesystem": {"path": folder / "stores"}, "sqlite": {"path": folder / "stores.db"}}
    return Backend(name, places[name])


def backend_on(name: str, request: pytest.FixtureRequest) -> Backend:
    """The backend of this name, where nothing but the test is."""
    if name == "redis":
        url, prefix = (request.getfixturevalue(fixture) for fixture in ("redis_url", "redis_prefix"))
        return Backend(name, {"url": url, "prefix": prefix, "timeout": 30})
    if name == "nats":
        url, bucket = (request.getfixturevalue(fixture) for fixture in ("nats_url", "nats_prefix"))
        return Backend(name, {"url": url, "bucket": bucket, "timeout": 30})
    if name == "postgresql":
        url, table = (request.getfixturevalue(fixture) for fixture in ("postgresql_url", "postgresql_table"))
        return Backend(name, {"url": url, "table": table, "timeout": 30})
    if name in ("s3", "azure"):
        return Backend(name, {**place(name, request), "timeout": 30})
    return backend_in(name, request.getfixturevalue("tmp_path"))
