"""What ends a program from outside: signals, its timeout, and a reader that leaves."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

NEEDS_READER: ContextVar[bool] = ContextVar("NEEDS_READER", default=False)
"""Whether the program ends if it writes to a standard stream that nobody reads any more, as most programs do."""
BROKEN_PIPE: Final = 13
"""The signal that ends them, which Windows does not have."""


class Terminated(SystemExit):
    """A signal asks this process to end. Like Ctrl-C, guests and plug-ins cannot stop it."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


class OutOfTime(Terminated):
    """The timeout of a program ends it wherever it is, as a signal would. The process goes on and reports it."""
