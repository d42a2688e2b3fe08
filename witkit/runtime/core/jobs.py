"""Coroutines of the host's that guests wait for."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeAlias

from witkit.abi.calls import note_call
from witkit.abi.traps import GuestExit, GuestTrap
from witkit.canonical.errors import Violation
from witkit.runtime.core.roots import Root, soon
from witkit.runtime.core.tables import FULL, MOST
from witkit.runtime.errors import InstanceError

if TYPE_CHECKING:
    import asyncio

    from witkit.runtime.core.turns import Turns

Ended: TypeAlias = Callable[[Any, BaseException | None], None]
"""Called with the result of a coroutine, or with what it raised instead."""


class Jobs:
    """The coroutines under way of one store. They run in the event loop that runs when the guest calls them, and their
    ends are steps of their own."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._stops: dict[asyncio.Task[None], Callable[[], object]] = {}

    def __len__(self) -> int:
        return len(self._stops)

    def start(self, found: Awaitable[Any], root: Root | None, end: Ended, name: str) -> Callable[[], object]:
        """Await what a host function gave for the import `name`, called in `root`; `end` is called with the result, or
        with what it raised instead. Gives what stops it: `end` is not called then.

        Raises InstanceError if no event loop runs, Violation if there are too many: a guest may cancel and forget them
        faster than the loop can end them.
        """
        if len(self._stops) >= MOST:
            _close(found)
            raise Violation(FULL)
        from asyncio import get_running_loop  # few programs need it, and importing it takes longer than witkit

        try:
            loop = get_running_loop()
        except RuntimeError:
            _close(found)
            raise InstanceError(
                f"the guest called `{name}`, whose implementation is a coroutine, but no event loop runs: only async "
                "exports, which are awaited, may lead to it"
            ) from None
        stopped: list[bool] = []
        thread, turns = get_ident(), self._turns

        async def job() -> None:
            result: Any = None
            error: BaseException | None = None
            try:
                result = await found
            except BaseException as problem:
                error = problem
            if not stopped:
                turns.run(partial(turns.guarded, root, partial(self._end, end, result, error, root, name)))

        def stop() -> None:
            stopped.append(True)
            soon(loop, thread, task.cancel)

        def ended(_: object) -> None:
            del self._stops[task]
            _close(found)

        task = loop.create_task(job())
        self._stops[task] = stop
        task.add_done_callback(ended)
        return stop

    def stop(self) -> None:
        """Stop all of them."""
        for stop in list(self._stops.values()):
            stop()

    def _end(self, end: Ended, result: Any, error: BaseException | None, root: Root | None, name: str) -> None:
        try:
            end(result, error)
        except (Violation, GuestTrap, GuestExit):
            raise
        except BaseException as problem:
            note_call(problem, name)
            of = f" of `{root.name}`" if root is not None else ""
            self._turns.state.stop(f"the instance was closed after {type(problem).__name__} in a host function{of}")
            raise


def _close(found: Awaitable[Any]) -> None:
    """Nobody awaits a coroutine any more: one that has not begun would complain."""
    if inspect.iscoroutine(found):
        found.close()
