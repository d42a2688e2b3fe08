"""What ends a program from outside: signals, and its timeout."""

from __future__ import annotations


class Terminated(SystemExit):
    """A signal asks this process to end. Like Ctrl-C, guests and plug-ins cannot stop it."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


class OutOfTime(Terminated):
    """The timeout of a program ends it wherever it is, as a signal would. The process goes on and reports it."""
