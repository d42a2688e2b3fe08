"""The handlers that a guest exports: `http-handler`, and functions of its world with the same signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from witkit import abi
from witkit.abi.versions import split

from ..exchange import GuestFailed, Request, Response
from .values import HANDLE, Params, Values, is_handler

HTTP_HANDLER: Final = "spiderlightning:http/http-handler"
SERVER_INIT: Final = "spiderlightning:http/http-server-export"


class Guest(Protocol):
    """A guest that can be called: an application, before and after it is open."""

    @property
    def exports(self) -> Sequence[str]: ...

    def interface(self, name: str) -> abi.Interface: ...


Call = Callable[..., Any]
"""Calls an export of the guest: `call(interface, function, *values)`."""


@dataclass(frozen=True, slots=True)
class Handler:
    """One handler: the interface that has it, None for the world, and its name."""

    interface: str | None
    name: str
    values: Values

    def answer(self, call: Call, params: Params, request: Request) -> Response:
        """Have the guest answer. Raises GuestFailed for an error of the guest, and what `call` raises."""
        try:
            found = call(self.interface, self.name, self.values.request(request, params))
        except abi.Err as refused:
            raise GuestFailed(f"the guest returned {self.values.error(refused.value)}") from None
        return self.values.response(found)


def handlers(guest: Guest) -> dict[str, Handler]:
    """The handlers of a guest, by name. `handle-http` is that of `http-handler`, if it is exported."""
    own = guest.interface("").functions
    found = {func.name: Handler(None, func.name, Values(func)) for func in own if is_handler(func)}
    if (interface := exported(guest, HTTP_HANDLER)) is not None:
        for func in guest.interface(interface).functions:
            if func.name == HANDLE.name and is_handler(func):
                found[func.name] = Handler(interface, func.name, Values(func))
    return found


def exported(guest: Guest, interface: str) -> str | None:
    """The name of an exported interface with its version, in whichever one it is exported, or None."""
    return next((name for name in guest.exports if split(name)[0] == interface), None)
