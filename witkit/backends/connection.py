"""A backend that a program opens itself and passes for an import."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from witkit.abi import Provided
from witkit.text import did_you_mean

from .connect import Choice
from .errors import wrong_setting
from .fronts.table import Front, front_for, fronts_of, interfaces, near_misses
from .openings import Openings
from .settings import spelled
from .table import CAPABILITIES

if TYPE_CHECKING:
    from . import typed


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Connection(Provided):
    """An open backend, for an import in `instantiate` of a generated package or in `witkit.guest.bind`.

    It has the attributes of the interface. It is open until its `with` statement ends or `close` is called, and can
    serve any number of instances from several threads. `location` says in a few words where data is stored.
    """

    location: str = ""
    _release: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def of(cls, front: Front, choice: Choice, interface: str = "") -> Connection:
        """Open the chosen backend. Raises WitkitError (WIT0910, WIT0802)."""
        with ExitStack() as stack:
            found = cls.over(front, choice, Openings(stack), interface)
            return replace(found, _release=stack.pop_all())

    @classmethod
    def over(cls, front: Front, choice: Choice, openings: Openings, interface: str = "", label: str = "") -> Connection:
        """The chosen backend, which is open as long as `openings` are. Raises WitkitError (WIT0910, WIT0802).

        `interface` is what the import asks for, with version, and `label` its own name if it has one.
        """
        known = len(openings.locations)
        selector = openings.selector(CAPABILITIES[front.capability], choice).of_import(label or interface)
        location = "; ".join(dict.fromkeys(each.place for each in openings.locations[known:]))
        return cls(interface=front.described(interface), implementation=front.bind(selector), location=location)

    def __repr__(self) -> str:
        return f"Connection({self.name!r}, {self.location!r})"

    def close(self) -> None:
        """Close the backend. Instances that still use it get an error case. Closing it again does nothing."""
        self._release.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    if not TYPE_CHECKING:
        # Hidden from type checkers, which know the attributes from `typed` and would take any name otherwise.

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or name in Connection.__slots__ or name in Provided.__slots__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return getattr(self.implementation, name)


@overload
def open(
    capability: Literal["key-value"], backend: str | Choice | None = None, /, **settings: Any
) -> typed.KeyValue: ...


@overload
def open(
    capability: Literal["messaging"], backend: str | Choice | None = None, /, **settings: Any
) -> typed.Messages: ...


@overload
def open(capability: Literal["locking"], backend: str | Choice | None = None, /, **settings: Any) -> typed.Locks: ...


@overload
def open(
    capability: Literal["configs"], backend: str | Choice | None = None, /, **settings: Any
) -> typed.Configurations: ...


@overload
def open(
    capability: Literal["blob-store"], backend: str | Choice | None = None, /, **settings: Any
) -> typed.BlobStores: ...


@overload
def open(capability: Literal["sql"], backend: str | Choice | None = None, /, **settings: Any) -> typed.Databases: ...


@overload
def open(capability: Literal["logging"], backend: str | Choice | None = None, /, **settings: Any) -> typed.Log: ...


@overload
def open(
    capability: Literal["http-client"], backend: str | Choice | None = None, /, **settings: Any
) -> typed.Requests: ...


@overload
def open(capability: str, backend: str | Choice | None = None, /, **settings: Any) -> Any: ...


def open(capability: str, backend: str | Choice | None = None, /, **settings: Any) -> Any:
    """Open a backend of `witkit run` for a program: `open("key-value", "sqlite", path="orders.db")`.

    `capability` may also be an interface that witkit provides, as components import it:
    `open("wasi:keyvalue/store@0.2.0-draft2", "redis")`. `backend` may be a `Choice`, which can have backends for names;
    `settings` come on top of its own. Without one, opens the capability's default backend. Gives a `Connection`, whose
    attributes type checkers know if they know the capability. Raises WitkitError: WIT0910 for an unknown capability,
    interface, backend or setting, WIT0802 if the backend cannot be opened.
    """
    front = _front(capability)
    chosen = backend if isinstance(backend, Choice) else Choice(backend)
    given = Choice(settings={spelled(name): value for name, value in settings.items()})
    interface = "" if capability in CAPABILITIES else capability
    return Connection.of(front, given.over(chosen, CAPABILITIES[front.capability]), interface)


def _front(asked: str) -> Front:
    """The front for an interface, or the first one of a capability. Raises WitkitError (WIT0910)."""
    if asked in CAPABILITIES:
        return fronts_of(asked)[0]
    if ":" not in asked:
        help = did_you_mean(asked, CAPABILITIES) or f"capabilities: {', '.join(CAPABILITIES)}"
        raise wrong_setting(f"there is no capability `{asked}`", help)
    found = front_for(asked)
    if found is None:
        near = [name for front in near_misses(asked) for name in front.names]
        help = f"it has {' and '.join(f'`{name}`' for name in near)}" if near else did_you_mean(asked, interfaces())
        raise wrong_setting(f"witkit has no backends for `{asked}`", help)
    return found
