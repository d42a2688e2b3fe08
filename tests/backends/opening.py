"""Backends opened for a test, with typed interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from witkit.backends.table import CAPABILITIES


@contextmanager
def opened(capability: str, name: str, **settings: Any) -> Iterator[Any]:
    """The implementation that a backend gives for its interface."""
    backend = CAPABILITIES[capability].backend(name)
    found = backend.open(settings)
    try:
        yield found.implementation
    finally:
        backend.close(found)
