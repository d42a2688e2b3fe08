"""How a program is told to end."""

from __future__ import annotations


class Terminated(SystemExit):
    """A signal asks this process to end. It passes through a guest under Python as Ctrl-C does, not as its own exit."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
