"""The interfaces that witkit provides, and their backends.

The table below has witkit's own backends. Other distributions add backends with entry points in the group
`witkit.backends`: the name is `capability.backend` (`key-value.redis`), and the object is a `Backend`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from witkit.abi.versions import compatible
from witkit.text import did_you_mean

from .base import Backend, wrong_setting
from .plugins import plugin

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from witkit.abi import Interface

ENTRY_POINTS = "witkit.backends"


@dataclass(frozen=True, slots=True)
class Capability:
    """An interface that witkit provides.

    `name` is its name on the command line, `plural` the word for its resources in messages. `interface` is the name of
    the import without version, `version` the version that the backends implement, `description` the module with the
    interface's `INTERFACE`. `backends` maps names to modules; `default` is one of the names, and needs no settings.
    """

    name: str
    plural: str
    interface: str
    version: str
    description: str
    default: str
    backends: dict[str, str] = field(default_factory=dict, hash=False)

    def answers(self, imported: str) -> bool:
        """Whether the backends of this capability can provide an import with this name."""
        return compatible(f"{self.interface}@{self.version}", imported)

    def described(self) -> Interface:
        """The interface's types and functions, for the runtime."""
        interface: Interface = import_module(self.description).INTERFACE
        return interface

    def backend(self, name: str | None = None) -> Backend:
        """The backend with this name, or the default one.

        Raises WitkitError: WIT0910 for an unknown name, WIT0802 for a backend that cannot be loaded.
        """
        wanted = name or self.default
        if wanted in self.backends:
            found: Backend = import_module(self.backends[wanted]).backend
            return found
        points = [point for point in self._installed() if point.name.partition(".")[2] == wanted]
        if not points:
            known = self.names()
            help = did_you_mean(wanted, known) or f"backends: {', '.join(known)}"
            raise wrong_setting(f"there is no backend `{wanted}` for {self.name}", help, "backend")
        return plugin(points)

    def names(self) -> list[str]:
        """The names of the backends: witkit's own in the order of the table, then those of other distributions."""
        return [
            *self.backends,
            *sorted({point.name.partition(".")[2] for point in self._installed()} - {*self.backends}),
        ]

    def _installed(self) -> Iterator[EntryPoint]:
        from importlib.metadata import entry_points

        return (point for point in entry_points(group=ENTRY_POINTS) if point.name.startswith(f"{self.name}."))


def _table(*capabilities: Capability) -> dict[str, Capability]:
    return {capability.name: capability for capability in capabilities}


CAPABILITIES = _table(
    Capability(
        name="key-value",
        plural="key-value stores",
        interface="spiderlightning:keyvalue/keyvalue",
        version="0.5.1",
        description="witkit.interfaces.keyvalue.keyvalue",
        default="sqlite",
        backends={
            "memory": "witkit.backends.keyvalue.memory",
            "filesystem": "witkit.backends.keyvalue.filesystem",
            "sqlite": "witkit.backends.keyvalue.sqlite",
        },
    ),
    Capability(
        name="messaging",
        plural="messages",
        interface="spiderlightning:messaging/messaging",
        version="0.5.1",
        description="witkit.interfaces.messaging.messaging",
        default="memory",
        backends={"memory": "witkit.backends.messaging.memory"},
    ),
    Capability(
        name="locking",
        plural="locks",
        interface="spiderlightning:distributed-locking/distributed-locking",
        version="0.5.1",
        description="witkit.interfaces.distributed_locking.distributed_locking",
        default="memory",
        backends={"memory": "witkit.backends.locking.memory"},
    ),
    Capability(
        name="configs",
        plural="settings",
        interface="spiderlightning:configs/configs",
        version="0.5.1",
        description="witkit.interfaces.configs.configs",
        default="memory",
        backends={
            "memory": "witkit.backends.configs.memory",
            "environment": "witkit.backends.configs.environment",
        },
    ),
    Capability(
        name="blob-store",
        plural="blob stores",
        interface="spiderlightning:blob-store/blob-store",
        version="0.5.1",
        description="witkit.interfaces.blob_store.blob_store",
        default="filesystem",
        backends={
            "filesystem": "witkit.backends.blob.filesystem",
            "memory": "witkit.backends.blob.memory",
        },
    ),
    Capability(
        name="sql",
        plural="SQL databases",
        interface="spiderlightning:sql/sql",
        version="0.5.1",
        description="witkit.interfaces.sql.sql",
        default="sqlite",
        backends={
            "sqlite": "witkit.backends.sql.sqlite",
            "memory": "witkit.backends.sql.memory",
        },
    ),
)


def capability_for(imported: str) -> Capability | None:
    """The capability for an import with this name (`spiderlightning:keyvalue/keyvalue@0.5.1`), if any."""
    return next((capability for capability in CAPABILITIES.values() if capability.answers(imported)), None)


def near_miss(imported: str) -> Capability | None:
    """The capability with the same interface in an incompatible version, if any."""
    name = imported.partition("@")[0]
    return next((capability for capability in CAPABILITIES.values() if capability.interface == name), None)
