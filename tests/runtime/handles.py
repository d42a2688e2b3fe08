"""What the guests of an instance hold."""

from __future__ import annotations

from witkit.runtime import Instance


def host_objects(instance: Instance) -> int:
    """How many handles to objects of the host's all guests of an instance have."""
    scopes = instance._binder.core.scopes
    return sum(handle is not None and handle.resource.owner is None for s in scopes for handle in s.table._entries)
