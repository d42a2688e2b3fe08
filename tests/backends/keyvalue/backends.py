"""Key-value backends for the tests: where each keeps its data, and how it is opened and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import witkit.backends
from witkit.interfaces.keyvalue.keyvalue import KeyvalueInterface


@dataclass(frozen=True)
class Backend:
    """One backend with settings that keep it inside the test's folder."""

    name: str
    settings: dict[str, Any]

    @contextmanager
    def opened(self) -> Iterator[KeyvalueInterface]:
        with witkit.backends.open("key-value", self.name, **self.settings) as stores:
            yield stores


def backend_in(name: str, folder: Path) -> Backend:
    """The backend of this name with its data in the folder."""
    places = {"memory": {}, "filesystem": {"path": folder / "stores"}, "sqlite": {"path": folder / "stores.db"}}
    return Backend(name, places[name])
