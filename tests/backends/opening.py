"""Backends opened for a test, with typed interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import witkit.backends
from witkit.backends.table import Capability


def embedded(capability: Capability) -> list[str]:
    """The backends of a capability that need no server."""
    return [name for name in capability.backends if getattr(capability.backend(name), "requires", None) is None]


@contextmanager
def opened(capability: str, name: str, **settings: Any) -> Iterator[Any]:
    """The implementation that a backend gives for its interface."""
    with witkit.backends.open(capability, name, **settings) as found:
        yield found
