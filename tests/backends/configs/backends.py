"""Backends of settings for the tests: where each keeps them, and how they get there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from witkit.backends.configs.protocol import Configs
from witkit.backends.connect import Choice
from witkit.backends.openings import Openings
from witkit.backends.stored_secrets import SecretStore
from witkit.backends.table import CAPABILITIES
from witkit.interfaces.configs.configs import ConfigsInterface

SERVERS = [pytest.param("redis", marks=pytest.mark.redis), pytest.param("nats", marks=pytest.mark.nats)]
WRITABLE = ["memory", *SERVERS]
READ_ONLY = ["environment", "file", "secrets"]
ALL = [*WRITABLE, *READ_ONLY]

GIVEN = {"greeting": "hello", "empty": ""}
"""What the set `shop` has in every backend."""


@dataclass(frozen=True)
class Backend:
    """One backend with settings that keep it inside the test's folder, or among what is the test's on a server."""

    name: str
    settings: dict[str, Any]

    @contextmanager
    def opened(self, **more: Any) -> Iterator[ConfigsInterface]:
        """The interface as the import of a component gets it."""
        with witkit.backends.open("configs", self.name, **self.settings, **more) as configs:
            yield configs

    @contextmanager
    def spoken(self) -> Iterator[Configs]:
        """What is behind the interface."""
        with ExitStack() as stack:
            found: Any = Openings(stack).open(CAPABILITIES["configs"], Choice(self.name, self.settings))
            yield found


def backend_of(name: str, request: pytest.FixtureRequest) -> Backend:
    """The backend of this name with `GIVEN`, where nothing but the test is."""
    folder: Path = request.getfixturevalue("tmp_path")
    match name:
        case "memory":
            return Backend(name, {"values": GIVEN})
        case "environment":
            monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
            for key, value in GIVEN.items():
                monkeypatch.setenv(f"CONFIGS_SHOP_{key.upper()}", value)
            return Backend(name, {})
        case "file":
            file = folder / "settings.toml"
            file.write_text("[shop]\n" + "".join(f'{key} = "{value}"\n' for key, value in GIVEN.items()))
            return Backend(name, {"path": file})
        case "secrets":
            for key, value in GIVEN.items():
                SecretStore(folder / "secrets.json").set(f"shop/{key}", value)
            return Backend(name, {"path": folder / "secrets.json"})
        case "redis":
            url, prefix = (request.getfixturevalue(fixture) for fixture in ("redis_url", "redis_prefix"))
            return filled(Backend(name, {"url": url, "prefix": prefix, "timeout": 30}))
        case _:
            url, bucket = (request.getfixturevalue(fixture) for fixture in ("nats_url", "nats_prefix"))
            return filled(Backend(name, {"url": url, "bucket": bucket, "timeout": 30}))


def filled(backend: Backend) -> Backend:
    """The same backend, after a program has stored `GIVEN`."""
    with backend.spoken() as configs:
        for key, value in GIVEN.items():
            configs.set("shop", key, value.encode())
    return backend
