"""The capabilities, and their backends.

The table below has witkit's own backends. Other distributions add backends with entry points in the group
`witkit.backends`: the name is `capability.backend` (`key-value.redis`), and the object is a `Backend`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from witkit.text import did_you_mean

from .backend import Backend
from .errors import wrong_setting
from .plugins import BackendPlugin, plugin

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "witkit.backends"


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that programs need, whatever interface they ask for it with.

    `name` is its name on the command line and in `witkit.toml`, `plural` the word for its resources in messages.
    `backends` maps names to modules; `default` is one of the names, and needs no settings. `nearest` maps names of
    backends that other hosts have to the most similar one here. `verb` is between `plural` and a place in messages.
    """

    name: str
    plural: str
    default: str
    backends: dict[str, str] = field(default_factory=dict, hash=False)
    nearest: dict[str, str] = field(default_factory=dict, hash=False)
    verb: str = "are in"

    def backend(self, name: str | None = None) -> Backend[Any] | BackendPlugin:
        """The backend with this name, or the default one.

        Raises WitkitError: WIT0910 for an unknown name, WIT0802 for a backend that cannot be loaded.
        """
        wanted = name or self.default
        if wanted in self.backends:
            found: Backend[Any] = import_module(self.backends[wanted]).backend
            return found
        points = [point for point in self._installed() if point.name.partition(".")[2] == wanted]
        if not points:
            known = self.names()
            near = self.nearest.get(wanted)
            help = did_you_mean(wanted, known) or f"backends: {', '.join(known)}"
            if near in known:
                help = f'the nearest one is `{near}`: backend = "{near}" in [{self.name}] of witkit.toml'
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
        default="sqlite",
        backends={
            "memory": "witkit.backends.keyvalue.memory",
            "filesystem": "witkit.backends.keyvalue.filesystem",
            "sqlite": "witkit.backends.keyvalue.sqlite",
            "redis": "witkit.backends.keyvalue.redis",
            "nats": "witkit.backends.keyvalue.nats",
            "postgresql": "witkit.backends.keyvalue.postgresql",
            "s3": "witkit.backends.keyvalue.s3",
            "azure": "witkit.backends.keyvalue.azure",
        },
        nearest={"awsdynamodb": "s3", "dapr": "redis", "azblob": "azure"},
    ),
    Capability(
        name="messaging",
        plural="messages",
        default="sqlite",
        backends={
            "memory": "witkit.backends.messaging.memory",
            "sqlite": "witkit.backends.messaging.sqlite",
            "redis": "witkit.backends.messaging.redis",
            "nats": "witkit.backends.messaging.nats",
            "rabbitmq": "witkit.backends.messaging.rabbitmq",
            "mqtt": "witkit.backends.messaging.mqtt",
            "kafka": "witkit.backends.messaging.kafka",
        },
        nearest={"filesystem": "sqlite", "mosquitto": "mqtt", "azsbus": "rabbitmq"},
    ),
    Capability(
        name="locking",
        plural="locks",
        default="sqlite",
        backends={
            "memory": "witkit.backends.locking.memory",
            "sqlite": "witkit.backends.locking.sqlite",
            "redis": "witkit.backends.locking.redis",
            "etcd": "witkit.backends.locking.etcd",
            "postgresql": "witkit.backends.locking.postgresql",
        },
    ),
    Capability(
        name="configs",
        plural="settings",
        default="memory",
        backends={
            "memory": "witkit.backends.configs.memory",
            "environment": "witkit.backends.configs.environment",
            "file": "witkit.backends.configs.file",
            "secrets": "witkit.backends.configs.secrets",
            "redis": "witkit.backends.configs.redis",
            "nats": "witkit.backends.configs.nats",
        },
        nearest={"azapp": "environment", "envvars": "environment", "usersecrets": "secrets"},
    ),
    Capability(
        name="blob-store",
        plural="blob stores",
        default="filesystem",
        backends={
            "filesystem": "witkit.backends.blob.filesystem",
            "memory": "witkit.backends.blob.memory",
            "s3": "witkit.backends.blob.s3",
            "azure": "witkit.backends.blob.azure",
            "gcs": "witkit.backends.blob.gcs",
        },
    ),
    Capability(
        name="sql",
        plural="SQL databases",
        default="sqlite",
        backends={
            "sqlite": "witkit.backends.sql.sqlite",
            "memory": "witkit.backends.sql.memory",
            "postgresql": "witkit.backends.sql.postgresql",
            "mariadb": "witkit.backends.sql.mariadb",
        },
    ),
    Capability(
        name="logging",
        plural="log messages",
        default="stderr",
        backends={
            "stderr": "witkit.backends.logs.stderr",
            "file": "witkit.backends.logs.file",
            "memory": "witkit.backends.logs.memory",
        },
    ),
    Capability(
        name="http-client",
        plural="HTTP requests",
        default="network",
        backends={
            "network": "witkit.backends.http_client.network",
            "memory": "witkit.backends.http_client.memory",
        },
        verb="go to",
    ),
)
