"""How an implementation stops the guest that called it."""

from __future__ import annotations

from witkit.text.diagnostic import Error


class GuestTrap(Error, RuntimeError):
    """The guest broke a rule for which it has to trap. An implementation raises this; the engine stops the guest."""


class GuestExit(SystemExit):
    """The guest ended its program. `code` is the exit code."""

    code: int
