"""The exports that take messages, and how a message becomes their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from witkit import abi
from witkit.abi.versions import compatible
from witkit.backends.messaging.protocol import Messages, Received

from ...exported import Exporting


@dataclass(frozen=True, slots=True)
class Handler:
    """An exported function for messages. `description` is the module with its `INTERFACE`, `values` names what makes
    the arguments of a message, as `module:attribute`."""

    interface: str
    function: str
    description: str
    values: str

    def described(self) -> abi.Interface:
        """The interface with the classes of the generated package."""
        found: abi.Interface = import_module(self.description).INTERFACE
        return found

    def arguments(self, received: Received, messages: Messages, broker: str) -> tuple[Any, ...]:
        """The arguments for a message of a broker."""
        module, _, attribute = self.values.partition(":")
        made: tuple[Any, ...] = getattr(import_module(module), attribute)(received, messages, broker)
        return made


HANDLERS: Final = (
    Handler(
        "wasi:messaging/incoming-handler@0.2.0-draft",
        "handle",
        "witkit.interfaces.wasi_messaging.incoming_handler",
        "witkit.program.triggers.messages.handlers:of_wasi",
    ),
    Handler(
        "wasmcloud:messaging/handler@0.2.0",
        "handle-message",
        "witkit.interfaces.wasmcloud_messaging.handler",
        "witkit.program.triggers.messages.handlers:of_wasmcloud",
    ),
)
"""A guest with several of them is called by the first one."""


def handler_of(exporting: Exporting) -> Handler | None:
    """The handler that a guest exports, if any."""
    return next((each for each in HANDLERS if any(compatible(each.interface, n) for n in exporting.exports)), None)


def of_wasi(received: Received, messages: Messages, broker: str) -> tuple[Any, ...]:
    """A resource `message`, which can be answered."""
    from witkit.backends.fronts.wasi.messaging import Message

    return (Message.received(received, messages, broker),)


def of_wasmcloud(received: Received, messages: Messages, broker: str) -> tuple[Any, ...]:
    """A record `broker-message`."""
    from witkit.backends.fronts.wasmcloud.messaging import message_of

    return (message_of(received),)
