"""A line on the terminal for work that takes long, which says nothing where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from witkit.runtime import Engine

PATIENCE: Final = 1.0
"""Seconds without a word."""


@contextmanager
def told_after(seconds: float, announce: Callable[[str], None], line: str) -> Iterator[None]:
    """Announce `line` if the `with` statement is still going on after so many seconds."""
    timer = Timer(seconds, announce, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def telling_host(announce: Callable[[str], None]) -> Engine:
    """A host that says so when it compiles for long. A component from componentize-py takes seconds, once."""
    from witkit.runtime import Engine

    class Telling(Engine):
        def compile(self, content: bytes, name: str, variant: Any) -> Any:
            with told_after(PATIENCE, announce, f"compiling {name}: this machine does it once for each build"):
                return super().compile(content, name, variant)

    return Telling()
