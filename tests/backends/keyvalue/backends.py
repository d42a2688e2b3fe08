"""Key-value backends for the tests: where each keeps its data, and how it is opened and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from witkit.backends.table import CAPABILITIES
from witkit.interfaces.keyvalue.keyvalue import KeyvalueInterface


@dataclass(frozen=True)
class Backend:
    """One backend with settings that keep it inside the test's folder."""

    name: str
    settings: dict[str, Any]

    @contextmanager
    def opened(self) -> Iterator[KeyvalueInterface]:
        backend = CAPABILITIES["key-value"].backend(self.name)
        opened = backend.open(self.settings)
        try:
            yield opened.implementation
        finally:
            backend.close(opened)


def backend_in(name: str, folder: Path) -> Backend:
    """The backend of this name with its data in the folder."""
    places = {"memory": {}, "filesystem": {"path": folder / "stores"}, "sqlite": {"path": folder / "stores.db"}}
    return Backend(name, places[name])
