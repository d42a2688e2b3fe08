"""What the guests of an instance hold."""

from __future__ import annotations

from witkit.runtime import Instance


def host_objects(instance: Instance) -> int:
    """How many handles to objects of the host's all guests of an instance have."""
    insts = instance._binder.core.component_instances
    return sum(handle is not None and handle.resource.owner is None for s in insts for handle in s.table._entries)
