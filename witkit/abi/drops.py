"""Notices to an object of the host: the guest that owns it dropped its handle, or has ended."""

from __future__ import annotations

from typing import Any


def notify(value: Any) -> None:
    """Call the object's `__wit_dropped__`, if its class has one: no function of WIT can have this name.

    It is called for a handle that the guest drops while it runs, not for those that it still holds when it ends or
    stops. What it raises stops the guest.
    """
    dropped = getattr(type(value), "__wit_dropped__", None)
    if dropped is not None:
        dropped(value)


def end(value: Any) -> None:
    """Call the object's `__wit_ended__`, if its class has one: the instance that owns it has ended, and it with it.

    It may be called while anything is under way, and must not raise.
    """
    ended = getattr(type(value), "__wit_ended__", None)
    if ended is not None:
        ended(value)
