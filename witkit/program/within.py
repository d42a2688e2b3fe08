"""A program as its own imports call it: what watches events exports their handler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from witkit import abi
from witkit.abi.versions import find

from .ending import Ending

if TYPE_CHECKING:
    from .telemetry.spans import Spans

CALLED: Final = ("witkit.interfaces.events.event_handler",)
"""Modules with the interfaces that fronts call."""


class Within:
    """A `Callee` for a run. `make` gives a function that calls an export of a new instance."""

    def __init__(self, exports: Sequence[str]) -> None:
        self.exports = tuple(exports)
        self._make: Callable[[str, abi.Func], AbstractContextManager[Callable[..., Any]]] | None = None

    def ready(self, make: Callable[[str, abi.Func], AbstractContextManager[Callable[..., Any]]]) -> None:
        """All imports are connected from now on."""
        self._make = make

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        """Call an export that a front has named. `values` have the classes of witkit's own packages."""
        assert self._make is not None
        with self._make(interface or "", _function(interface or "", function)) as called:
            return called(*values)


class Servers(Protocol):
    """The servers that a program starts by an import, and that call its exports."""

    def connected(self, host: Any, spans: Spans | None) -> AbstractContextManager[None]:
        """All imports are connected, by this `Connected` or `Hosted`, until the `with` statement ends.

        `spans` makes the spans of what calls the program.
        """

    def wait(self, ending: Ending) -> None:
        """Wait until all of them have ended."""


def serving(servers: Servers | None, host: Any, spans: Spans | None) -> AbstractContextManager[None]:
    """Let a program start servers until the `with` statement ends."""
    return nullcontext() if servers is None else servers.connected(host, spans)


def described() -> list[abi.Interface]:
    """The interfaces that fronts call."""
    return [import_module(name).INTERFACE for name in CALLED]


def _function(interface: str, name: str) -> abi.Func:
    known = {each.name: each for each in described()}
    found = known[find(interface, list(known)) or ""]
    return next(each for each in found.functions if each.name == name)
