"""The signals that end a program."""

from __future__ import annotations


class Terminated(SystemExit):
    """A signal asks this process to end. Guests and plug-ins cannot stop it, as they cannot stop Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
