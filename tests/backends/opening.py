"""Backends opened for a test, with typed interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import witkit.backends


@contextmanager
def opened(capability: str, name: str, **settings: Any) -> Iterator[Any]:
    """The implementation that a backend gives for its interface."""
    with witkit.backends.open(capability, name, **settings) as found:
        yield found
