"""How a test opens each backend: with data of its own, and what the guest expects to be there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import witkit.backends
from tests.backends.messaging import backends as messaging
from tests.backends.objects import places as objects
from witkit.backends.stored_secrets import SecretStore

READ_ONLY = {("configs", "environment"), ("configs", "file"), ("configs", "secrets")}
"""Guests that change what a backend lets nobody change."""

SERVERS = {
    **messaging.SERVERS,
    "redis": "redis",
    "nats": "nats",
    "postgresql": "postgresql",
    "mariadb": "mariadb",
    "etcd": "etcd",
    "s3": "s3",
    "azure": "azure",
    "gcs": "s3",
}
"""Backends that need a server, and its marker. The server for S3 also answers the client of Google Cloud Storage."""


@dataclass(frozen=True)
class Place:
    """Where a test keeps data: the name that the guest gets, what it opens with it, and a folder."""

    name: str
    opened: str
    folder: Path
    request: pytest.FixtureRequest

    def fixture(self, name: str) -> Any:
        """A fixture of a server."""
        return self.request.getfixturevalue(name)


Settings: TypeAlias = Mapping[str, Any]


def _objects(service: str, place: Place) -> Settings:
    return objects.place(service, place.request)


_OPENED: dict[str, Callable[[Place], Settings]] = {
    "memory": lambda place: {},
    "environment": lambda place: {},
    "filesystem": lambda place: {"path": place.folder / "data"},
    "sqlite": lambda place: {"path": place.folder / "data"},
    "file": lambda place: {"path": place.folder / "settings.toml"},
    "secrets": lambda place: {"path": place.folder / "secrets.json"},
    "redis": lambda place: {"url": place.fixture("redis_url"), "prefix": place.fixture("redis_prefix")},
    "nats": lambda place: {"url": place.fixture("nats_url"), "bucket": place.fixture("nats_prefix")},
    "postgresql": lambda place: {"url": place.fixture("postgresql_database")},
    "mariadb": lambda place: {"url": place.fixture("mariadb_database")},
    "etcd": lambda place: {"url": place.fixture("etcd_url"), "prefix": place.fixture("etcd_prefix")},
    **{service: partial(_objects, service) for service in ("s3", "azure", "gcs")},
}
"""The settings that lead to data of the test's own, by the name of the backend."""

SECONDS = 3
"""How long a guest waits for a lock that it holds itself. Its shortest lock is held for one second."""


GIVEN = {"greeting": "hello", "nothing": ""}
"""What a guest finds in its settings."""


def settings(capability: str, backend: str, place: Place) -> dict[str, Any]:
    """The settings of a backend for a test; a backend that is not known here fails it."""
    if capability == "messaging":
        return messaging.backend_of(backend, place.request).settings
    if capability == "logging":
        return {"path": place.folder / "messages.log"} if backend == "file" else {}
    opened = _OPENED.get(backend)
    assert opened, f"add `{backend}` to _OPENED in {__name__}"
    found = dict(opened(place))
    if capability == "locking":
        found["timeout"] = SECONDS
    if capability == "configs":
        found |= _given(backend, found, place)
    return found


def _given(backend: str, opened: Settings, place: Place) -> Settings:
    """Put `GIVEN` where the guest finds it."""
    match backend:
        case "memory":
            return {"values": GIVEN}
        case "environment":
            return {"prefix": _variables(place)}
        case "file":
            opened["path"].write_text(_toml(place.opened), encoding="utf-8")
        case "secrets":
            for key, value in GIVEN.items():
                SecretStore(opened["path"]).set(f"{place.opened}/{key}" if place.opened else key, value)
        case _:
            with witkit.backends.open("configs", backend, **opened) as sets:
                for key, value in GIVEN.items():
                    sets.Configs.open(place.opened).set(key, value.encode())
    return {}


def _variables(place: Place) -> str:
    """Set the variables, and return the prefix of their names."""
    patched: pytest.MonkeyPatch = place.fixture("monkeypatch")
    for key, value in GIVEN.items():
        variable = f"{place.name}_{place.opened}_{key}" if place.opened else f"{place.name}_{key}"
        patched.setenv(variable.upper(), value)
    return f"{place.name.upper()}_"


def _toml(table: str) -> str:
    heading = [f"[{table}]"] if table else []
    return "\n".join([*heading, *(f"{key} = {json.dumps(value)}" for key, value in GIVEN.items())])
