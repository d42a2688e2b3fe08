"""Waiting that another thread can end."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import Final, Protocol

from witkit._waiting import within

_LONGEST: Final = 3600.0
"""The longest single wait in seconds. Operating systems have a limit; callers wait again."""

# `epoll` and `kqueue` refuse regular files, which may be standard input. Windows has neither.
_Selector: Final = getattr(selectors, "PollSelector", selectors.SelectSelector)


class HasDescriptor(Protocol):
    """What a selector can wait for: an object with a file descriptor."""

    def fileno(self) -> int: ...


FileDescriptorLike = int | HasDescriptor


class Waits:
    """The waits of one machine. All of them end when `interrupt` is called, from whatever thread."""

    def __init__(self) -> None:
        self._lock = RLock()  # a handler of a signal may interrupt what holds it
        self._ends: tuple[socket.socket, socket.socket] | None = None
        self._cause: BaseException | None = None

    def check(self) -> None:
        """Raise the exception that `interrupt` was called with, if any."""
        if self._cause is not None:
            raise self._cause

    def interrupt(self, cause: BaseException) -> None:
        """Let the present wait and all later ones raise `cause`."""
        with self._lock:
            self._cause = self._cause or cause
        self.nudge()

    def prepare(self) -> None:
        """Make sure that `nudge` is noticed, even before the wait begins."""
        with self._lock:
            if self._ends is None:
                self._ends = socket.socketpair()
                for end in self._ends:
                    end.setblocking(False)

    def nudge(self) -> None:
        """Let the present or the next wait end early, so that it checks, and its caller looks again."""
        with self._lock, suppress(BlockingIOError):  # full: it is awake already
            if self._ends is not None:
                self._ends[1].send(b"\0")

    def wait(
        self, reading: Iterable[FileDescriptorLike], writing: Iterable[FileDescriptorLike], seconds: float
    ) -> None:
        """Wait until one of these can be read or written, for `seconds`, or for `nudge`; perhaps shorter.

        Raises what `interrupt` was called with, or what stops a guest that this thread runs.
        """
        self.prepare()
        with within(self):
            self._select(reading, writing, seconds)

    def _select(
        self, reading: Iterable[FileDescriptorLike], writing: Iterable[FileDescriptorLike], seconds: float
    ) -> None:
        self.check()
        ends = self._ends
        assert ends is not None
        wanted: dict[int, int] = {ends[0].fileno(): selectors.EVENT_READ}
        for sources, event in ((reading, selectors.EVENT_READ), (writing, selectors.EVENT_WRITE)):
            for source in sources:
                number = source if isinstance(source, int) else source.fileno()
                wanted[number] = wanted.get(number, 0) | event
        with _Selector() as selector:
            for number, events in wanted.items():
                if number >= 0:
                    selector.register(number, events)
            selector.select(max(0.0, min(seconds, _LONGEST)))
        self.check()
        with suppress(BlockingIOError):
            while ends[0].recv(4096):
                pass

    def close(self) -> None:
        """Free the descriptors. Nothing may wait any more."""
        with self._lock:
            ends, self._ends = self._ends, None
        for end in ends or ():
            end.close()


def is_ready(source: FileDescriptorLike, event: int) -> bool:
    """Whether a source can be read (`EVENT_READ`) or written (`EVENT_WRITE`) without waiting, or has failed."""
    with asking(source, event) as ready:
        return ready()


@contextmanager
def asking(source: FileDescriptorLike, event: int) -> Iterator[Callable[[], bool]]:
    """As `is_ready`, for many questions during a `with` statement."""
    with _Selector() as selector:
        selector.register(source, event)
        yield lambda: bool(selector.select(0))
