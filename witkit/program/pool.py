"""The instances of a guest that is called: fresh ones, or a bounded number of kept ones."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from witkit import abi
from witkit.text.values import value

from .slots import CLOSED, Busy, Closed, Slots

__all__ = ["Busy", "CalledInstance", "Closed", "InstancePool", "PoolSettings"]

INTERRUPTING: Final = 2.0
"""The seconds for calls to end after they were interrupted. Those that a backend holds end when it is closed."""
AGAIN: Final = 0.05
"""The seconds between two interruptions."""


@value(frozen=True, slots=True)
class PoolSettings:
    """How many instances there are, and how callers wait for them.

    `instances` is `fresh` for a new instance per call, or `pooled` for instances that are kept. At most `size` exist,
    so that at most `size` calls run at once. A kept instance is replaced after `calls` calls, 0 for never. At most
    `waiting` callers wait, each for at most `wait` seconds; the others are refused. `bytes` is
    for triggers: while the messages in flight have that size, no further one is received.
    """

    instances: Literal["fresh", "pooled"] = "fresh"
    size: int = field(default_factory=lambda: os.cpu_count() or 1)
    calls: int = 0
    waiting: int = 100
    wait: float = 5.0
    bytes: int = 64 << 20


class CalledInstance(Protocol):
    """One instance of a guest. One thread calls it at a time."""

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        """Call an export. After any exception but `abi.Err`, the instance is not called again."""

    def close(self) -> None:
        """Free the instance."""


class InstancePool:
    """Calls the exports of a guest, from any number of threads."""

    def __init__(
        self, make: Callable[[], CalledInstance], settings: PoolSettings, interrupt: Callable[[], object] = lambda: None
    ) -> None:
        """`make` makes an instance. `interrupt` stops what runs in all instances; it may need to be called again."""
        self.settings = settings
        self._make, self._interrupt = make, interrupt
        self._slots = Slots(settings.size, settings.waiting, settings.wait)
        # Its methods are atomic, so that each instance is taken by one thread.
        self._idle: list[_Instance] = []
        self._is_kept = settings.instances == "pooled"
        self._closed, self._interrupted = False, False

    @property
    def running(self) -> int:
        """How many calls run."""
        return self._slots.used

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return self._slots.waiting

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        """Call an export; `interface` is None for a function of the world. Blocks until it returns.

        Raises `abi.Err` for the error of the export, Busy if too many callers wait, Closed, and what
        `CalledInstance.call` raises for a guest that stopped, which costs only its instance.
        """
        self._slots.take()
        try:
            instance = self._taken()
            keep = False
            try:
                answer = instance.called.call(interface, function, *values)
                keep = True
                return answer
            except abi.Err:
                keep = True
                raise
            except Exception as problem:
                if self._interrupted:
                    raise Closed("the application was closed before the call ended") from problem
                raise
            finally:
                self._back(instance, keep)
        finally:
            self._slots.give()

    def close(self, grace: float) -> None:
        """Refuse new calls, wait `grace` seconds for those that run, and interrupt the others."""
        self._slots.close()
        if not self._slots.emptied(grace):
            self._interrupted = True
            deadline = time.monotonic() + INTERRUPTING
            self._interrupt()
            while not self._slots.emptied(AGAIN) and time.monotonic() < deadline:
                self._interrupt()
        self._closed = True
        self._close_idle()

    def _taken(self) -> _Instance:
        try:
            return self._idle.pop()
        except IndexError:
            if self._closed:
                raise Closed(CLOSED) from None
            return _Instance(self._make())

    def _back(self, instance: _Instance, keep: bool) -> None:
        instance.calls += 1
        if not (keep and self._is_kept) or instance.calls == self.settings.calls:
            instance.called.close()
            return
        self._idle.append(instance)
        if self._closed:
            self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            with suppress(IndexError):  # another thread was faster
                self._idle.pop().called.close()


@dataclass(slots=True)
class _Instance:
    """An instance, and how often it was called."""

    called: CalledInstance
    calls: int = 0
