"""Calls of the host's that await a guest."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from threading import get_ident
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

    from witkit.runtime.limits import Limits


class Root:
    """A call of the host's that is under way, and how it ends: with a `result`, as a tuple, or an `error`."""

    __slots__ = ("context", "deadline", "error", "fuel", "limits", "name", "result", "thread", "timer", "waiter")

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits, self.thread = name, limits, get_ident()
        self.context = copy_context()  # all steps of the call have the context variables of who made it
        self.deadline: float | None = None
        self.fuel = limits.fuel
        self.timer: asyncio.TimerHandle | None = None
        self.waiter: asyncio.Future[None] | None = None
        self.result: tuple[Any] | None = None
        self.error: BaseException | None = None

    @property
    def ended(self) -> bool:
        return self.result is not None or self.error is not None

    def end(self, result: tuple[Any] | None) -> None:
        """The task has a result."""
        assert result is not None, "the host never asks a task to stop"
        self.result = result
        self.wake()

    def fail(self, error: BaseException) -> None:
        """The guest has stopped, perhaps after the result was returned."""
        if self.error is None:
            self.error = error
            self.wake()

    def wake(self) -> None:
        """Let whoever awaits the call go on, in any thread."""
        waiter = self.waiter
        if waiter is None or waiter.done() or (loop := waiter.get_loop()).is_closed():
            return
        if self.thread == get_ident():
            waiter.set_result(None)
        else:
            loop.call_soon_threadsafe(_set, waiter)


def soon(loop: asyncio.AbstractEventLoop, thread: int, work: Callable[[], object]) -> None:
    """Let a loop, which runs in that thread, do something, unless it was closed."""
    if loop.is_closed():
        return
    if thread == get_ident():
        loop.call_soon(work)
    else:
        loop.call_soon_threadsafe(work)


def _set(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
