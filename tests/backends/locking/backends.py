"""Backends for locks, with settings that are this test's own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

import witkit.backends


@dataclass(frozen=True)
class Backend:
    """One backend with the settings that say which of its locks are shared."""

    name: str
    settings: dict[str, Any]

    def opened(self, **settings: Any) -> AbstractContextManager[Any]:
        """The implementation of the interface, until the `with` statement ends. Everything opened shares its locks,
        except for `memory`."""
        return witkit.backends.open("locking", self.name, **self.settings, **settings)


def settings_for(name: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings that put locks where no other test has any."""

    def of(fixture: str) -> Any:
        return request.getfixturevalue(fixture)

    match name:
        case "sqlite":
            return {"path": of("tmp_path") / "locks.db"}
        case "redis":
            return {"url": of("redis_url"), "prefix": of("redis_prefix"), "session": 6, "answer_timeout": 30}
        case "etcd":
            return {"url": of("etcd_url"), "prefix": of("etcd_prefix"), "session": 6, "answer_timeout": 30}
        case "postgresql":
            return {"url": of("postgresql_database"), "session": 6, "answer_timeout": 30}
        case _:
            return {}


SERVERS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("redis", "etcd", "postgresql")]

SHARED = ["sqlite", *SERVERS]
"""The backends whose locks several processes can share."""

ALL = ["memory", *SHARED]
