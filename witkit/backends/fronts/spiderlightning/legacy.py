"""Backends that still are the interface themselves."""

from __future__ import annotations

from typing import Any

from witkit.backends.route import Route


def implementation(route: Route[Any]) -> Any:
    """What the backend of the route has made."""
    assert route.default is not None
    return route.default.implementation
