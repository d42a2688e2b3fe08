"""The signals that end a program."""

from __future__ import annotations


class Terminated(SystemExit):
    """A signal asks this process to end. Like Ctrl-C, guests and plug-ins cannot stop it."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
