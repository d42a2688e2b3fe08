"""Find out how a guest answers requests: its handlers, and the routes of the router that it serves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from witkit import abi
from witkit.abi.versions import split
from witkit.runtime import Reason
from witkit.text import Diagnostic, WitkitError, error

from ....stopped import Stopped
from ..addresses import Address
from ..exchange import HttpFront
from .front import OneHandler, Routed
from .handlers import HTTP_HANDLER, SERVER_INIT, Guest, Handler, exported, handlers
from .router import SERVER_IMPORT
from .routes import Routes
from .values import HANDLE

NOTHING_ANSWERS: Final = "WIT0813"
NOT_SERVED: Final = "WIT0814"

_RUN: Final = "wasi:cli/run"


class Called(Guest, Protocol):
    """An open application."""

    @property
    def name(self) -> str: ...

    def call(self, interface: str | None, function: str, *values: Any) -> Any: ...


def answers(guest: Guest) -> bool:
    """Whether a guest has something that answers requests."""
    if exported(guest, HTTP_HANDLER) or exported(guest, SERVER_INIT):
        return True
    imports = {split(name)[0] for name in getattr(guest, "imports", ())}
    return split(SERVER_IMPORT)[0] in imports and exported(guest, _RUN) is not None


def nothing_answers(name: str) -> Diagnostic:
    """The problem of a guest that does not answer requests."""
    help = f"export `{HTTP_HANDLER}@0.5.1`, or `{SERVER_INIT}@0.5.1`, which serves a router"
    return error(NOTHING_ANSWERS, "the guest does not answer requests", help=help, file=name)


class Recorded:
    """What a guest serves while it starts, for an application that somebody else runs at an address."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] | None = None
        self.served: tuple[Address, Routes] | None = None

    def opened(self, guest: Called) -> None:
        """The guest can be called from now on."""
        self._handlers = handlers(guest)

    def handler(self, name: str) -> Handler | None:
        return (self._handlers or {}).get(name)

    def serve(self, address: Address, routes: Routes) -> Callable[[], object]:
        """The last router that is served counts, until its server is stopped."""
        self.served = served = address, routes

        def stop() -> None:
            if self.served is served:
                self.served = None

        return stop

    def front(self, guest: Called) -> HttpFront:
        """What answers requests, after the guest has started. Raises WitkitError if nothing does."""
        found = self._handlers or {}
        init, program = exported(guest, SERVER_INIT), exported(guest, _RUN)
        if init is not None:
            _started(guest, init, "on-server-init")
        elif HANDLE.name not in found and program is not None:
            _started(guest, program, "run")
        if self.served is not None:
            return Routed(self.served[1], found, guest.call)
        if HANDLE.name in found:
            return OneHandler(found[HANDLE.name], guest.call)
        if init is None and program is None:
            raise WitkitError([nothing_answers(guest.name)])
        raise WitkitError([error(NOT_SERVED, "the guest has started, but it does not serve a router", file=guest.name)])


def _started(guest: Called, interface: str, function: str) -> None:
    """Let the guest start. Raises WitkitError with its error, or why it stopped."""
    try:
        guest.call(interface, function)
    except abi.Err as refused:
        said = f": {refused.value}" if isinstance(refused.value, str) else ""
        raise WitkitError([error(NOT_SERVED, f"`{function}` returned an error{said}", file=guest.name)]) from None
    except Stopped as stopped:
        code = getattr(stopped.__cause__, "code", None)
        if stopped.reason is not Reason.EXIT or code != 0:
            raise WitkitError([stopped.diagnostic]) from None
