"""The interfaces that witkit provides, each with the capability that it needs.

The table below has witkit's own fronts. Other distributions add fronts with entry points in the group `witkit.fronts`;
the name is free, and the object is a `Front`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from witkit.abi.versions import compatible, find
from witkit.text.values import value

if TYPE_CHECKING:
    from witkit.abi import Interface
    from witkit.backends.fronts.callee import Callee
    from witkit.backends.selector import Selector

ENTRY_POINTS: Final = "witkit.fronts"


@value(frozen=True, slots=True)
class Front:
    """An interface over the backends of a capability.

    `interface` is its name without version, `versions` those whose signatures are the same; a compatible version is
    answered, too. `description` is the module with its `INTERFACE`, `implementation` names what takes a `Selector`, as
    `module:attribute`; the result has the attributes of the interface's generated Protocol. With `calls`, that is given
    the guest as a second argument: a `Callee`, or None if nobody can call it.
    """

    interface: str
    versions: tuple[str, ...]
    capability: str
    description: str
    implementation: str
    calls: bool = False

    @property
    def names(self) -> list[str]:
        """The names of the interface, with version."""
        return [f"{self.interface}@{version}" for version in self.versions]

    def answers(self, imported: str) -> bool:
        """Whether an import with this name gets this front."""
        return any(compatible(name, imported) for name in self.names)

    def described(self, imported: str = "") -> Interface:
        """The interface's types and functions, for the runtime: in the version that answers the import, if given."""
        interface: Interface = import_module(self.description).INTERFACE
        name = find(imported, self.names) or interface.name
        return interface if interface.name == name else replace(interface, name=name)

    def bind(self, selector: Selector[Any], callee: Callee | None = None) -> Any:
        """The implementation for an import of a guest, over the backends of a selector."""
        module, _, attribute = self.implementation.partition(":")
        made: Callable[..., Any] = getattr(import_module(module), attribute)
        return made(selector, callee) if self.calls else made(selector)


def _spiderlightning(interface: str, capability: str, description: str, implementation: str) -> Front:
    return Front(
        f"spiderlightning:{interface}",
        ("0.5.1",),
        capability,
        f"witkit.interfaces.{description}",
        f"witkit.backends.fronts.spiderlightning.{implementation}",
    )


def _wasi_keyvalue(interface: str, draft: str, implementation: str) -> Front:
    return Front(
        f"wasi:keyvalue/{interface}",
        (f"0.2.0-{draft}",),
        "key-value",
        f"witkit.interfaces.wasi_keyvalue_{draft}.{interface}",
        f"witkit.backends.fronts.wasi.keyvalue.{interface}:{implementation}",
    )


FRONTS: Final = (
    _spiderlightning("keyvalue/keyvalue", "key-value", "keyvalue.keyvalue", "keyvalue:Stores"),
    _spiderlightning("messaging/messaging", "messaging", "messaging.messaging", "messaging:Messaging"),
    _spiderlightning(
        "distributed-locking/distributed-locking",
        "locking",
        "distributed_locking.distributed_locking",
        "locking:Services",
    ),
    _spiderlightning("configs/configs", "configs", "configs.configs", "configs:ConfigSets"),
    _spiderlightning("blob-store/blob-store", "blob-store", "blob_store.blob_store", "blob:Containers"),
    _spiderlightning("sql/sql", "sql", "sql.sql", "sql:SqlInterface"),
    _spiderlightning("http/http-client", "http-client", "http.http_client", "http_client:HttpClient"),
    replace(_spiderlightning("events/events", "key-value", "events.events", "events:EventsInterface"), calls=True),
    _wasi_keyvalue("store", "draft", "Draft"),
    _wasi_keyvalue("atomics", "draft", "Draft"),
    _wasi_keyvalue("batch", "draft", "Batch"),
    _wasi_keyvalue("store", "draft2", "Draft2"),
    _wasi_keyvalue("atomics", "draft2", "Draft2"),
    _wasi_keyvalue("batch", "draft2", "Batch"),
    Front(
        "wasi:config/store",
        ("0.2.0-rc.1", "0.2.0-draft", "0.2.0-draft-2024-09-27"),
        "configs",
        "witkit.interfaces.wasi_config.store",
        "witkit.backends.fronts.wasi.config:Store",
    ),
    Front(
        "wasi:messaging/types",
        ("0.2.0-draft",),
        "messaging",
        "witkit.interfaces.wasi_messaging.types",
        "witkit.backends.fronts.wasi.messaging:Types",
    ),
    Front(
        "wasi:messaging/producer",
        ("0.2.0-draft",),
        "messaging",
        "witkit.interfaces.wasi_messaging.producer",
        "witkit.backends.fronts.wasi.messaging:Producer",
    ),
    Front(
        "wasi:messaging/request-reply",
        ("0.2.0-draft",),
        "messaging",
        "witkit.interfaces.wasi_messaging.request_reply",
        "witkit.backends.fronts.wasi.messaging:RequestReply",
    ),
    Front(
        "wasmcloud:messaging/consumer",
        ("0.2.0",),
        "messaging",
        "witkit.interfaces.wasmcloud_messaging.consumer",
        "witkit.backends.fronts.wasmcloud.messaging:Consumer",
    ),
    Front(
        "wasi:logging/logging",
        ("0.1.0-draft",),
        "logging",
        "witkit.interfaces.wasi_logging.logging",
        "witkit.backends.fronts.wasi.logging:Logging",
    ),
)
"""The first front of a capability is the one that `witkit.backends.open` gives."""


def front_for(imported: str) -> Front | None:
    """The front for an import with this name (`spiderlightning:keyvalue/keyvalue@0.5.1`), if any."""
    return next((front for front in _all() if front.answers(imported)), None)


def near_misses(imported: str) -> list[Front]:
    """The fronts for the same interface in other versions."""
    name = imported.partition("@")[0]
    return [front for front in _all() if front.interface == name]


def fronts_of(capability: str) -> list[Front]:
    """The fronts over the backends of a capability."""
    return [front for front in _all() if front.capability == capability]


def interfaces() -> list[str]:
    """The names of all interfaces that have a front, with version."""
    return [name for front in _all() for name in front.names]


def _all() -> Iterator[Front]:
    yield from FRONTS
    yield from _installed()


@cache
def _installed() -> tuple[Front, ...]:
    from importlib.metadata import entry_points

    return tuple(point.load() for point in entry_points(group=ENTRY_POINTS))
