"""A backend that a program opens itself, to give it where an import is asked for."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from witkit.abi import Provided
from witkit.text import did_you_mean

from .base import wrong_setting
from .connect import Choice
from .table import CAPABILITIES, Capability


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Connection(Provided):
    """An open backend: what `instantiate` of any generated package, and `witkit.guest.bind`, take for an import.

    Its attributes are those of the interface. It is open until its `with` statement ends or it is closed, and may
    serve any number of instances, from several threads. `place` says in a few words where data goes.
    """

    place: str = ""
    _release: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def of(cls, capability: Capability, choice: Choice) -> Connection:
        """The chosen backend, opened. Raises WitkitError (WIT0910, WIT0802) where that fails."""
        backend, opened = choice.open(capability)
        release = ExitStack()
        release.callback(backend.close, opened)
        described = capability.described()
        return cls(interface=described, implementation=opened.implementation, place=opened.place, _release=release)

    def __repr__(self) -> str:
        return f"Connection({self.name!r}, {self.place!r})"

    def close(self) -> None:
        """Close the backend; instances that still use it get an error case. A second time does nothing."""
        self._release.close()

    def __enter__(self) -> Any:
        # Typed as the implementation that it stands for: any object with the interface's attributes.
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in Connection.__slots__ or name in Provided.__slots__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.implementation, name)


def open(capability: str, backend: str | None = None, /, **settings: Any) -> Connection:
    """Open a backend of `witkit run` for a program: `open("key-value", "sqlite", path="orders.db")`.

    Without a name it is the capability's default backend. Raises WitkitError: WIT0910 for a capability, backend or
    setting that there is not, WIT0802 where the backend cannot be opened.
    """
    if capability not in CAPABILITIES:
        help = did_you_mean(capability, CAPABILITIES) or f"capabilities: {', '.join(CAPABILITIES)}"
        raise wrong_setting(f"there is no capability `{capability}`", help)
    return Connection.of(CAPABILITIES[capability], Choice(backend, settings))
