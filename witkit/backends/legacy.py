"""Backends that still are the interface themselves, as the protocol of today."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .base import Opened as Made
from .limits import Limits


class LegacyOpened:
    """What such a backend opens."""

    limits = Limits()

    def __init__(self, backend: Any, settings: Mapping[str, Any]) -> None:
        self._backend = backend
        self._made: Made = backend.open({name: _read(name, value) for name, value in settings.items()})
        self.implementation, self.location = self._made.implementation, self._made.location

    def check(self) -> None:
        pass

    def close(self) -> None:
        self._backend.close(self._made)


def _read(name: str, value: Any) -> Any:
    """A text that looks like a number, `true` or `false` is one, except for a path."""
    if not isinstance(value, str) or name == "path":
        return value
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return found if isinstance(found, bool | int | float) else value
