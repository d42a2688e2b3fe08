"""Key-value backends for the tests: where each keeps its data, and how it is opened and closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from witkit.interfaces.keyvalue.keyvalue import KeyvalueInterface
from witkit.providers.table import CAPABILITIES


@dataclass(frozen=True)
class Backend:
    """One backend with settings that keep it inside the test's folder."""

    name: str
    settings: dict[str, Any]

    @contextmanager
    def opened(self) -> Iterator[KeyvalueInterface]:
        provider = CAPABILITIES["key-value"].provider(self.name)
        opened = provider.open(self.settings)
        try:
            yield opened.implementation
        finally:
            provider.close(opened)


Open: TypeAlias = Callable[[str], Any]


def backend_in(name: str, folder: Path) -> Backend:
    places = {"memory": {}, "filesystem": {"path": folder / "stores"}, "sqlite": {"path": folder / "stores.db"}}
    return Backend(name, places[name])


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
    with ExitStack() as stack:
        yield stack.enter_context(backend.opened())
