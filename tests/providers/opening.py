"""Backends opened for a test, with typed interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from witkit.providers.table import CAPABILITIES


@contextmanager
def opened(capability: str, backend: str, **settings: Any) -> Iterator[Any]:
    """The implementation that a backend gives for its interface."""
    provider = CAPABILITIES[capability].provider(backend)
    found = provider.open(settings)
    try:
        yield found.implementation
    finally:
        provider.close(found)
