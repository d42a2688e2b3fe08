"""The message that a guest is being called for, for interfaces in which a reply does not say what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from .protocol import Messages, Received


@dataclass(frozen=True, slots=True)
class Handled:
    """A message that came from a broker."""

    received: Received
    messages: Messages
    broker: str


_HANDLED: Final[ContextVar[Handled | None]] = ContextVar("handled", default=None)


def asked_on(topic: str) -> Handled | None:
    """The message that is being handled, if its sender waits for replies on this topic."""
    found = _HANDLED.get()
    return found if found is not None and found.received.headers.reply_to == topic else None


@contextmanager
def handling(received: Received, messages: Messages, broker: str) -> Iterator[None]:
    """Until the `with` statement ends, the guest is called for this message."""
    before = _HANDLED.set(Handled(received, messages, broker))
    try:
        yield
    finally:
        _HANDLED.reset(before)
