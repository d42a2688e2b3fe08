"""Exceptions for what would trap in wasm."""

from __future__ import annotations

from types import CodeType
from typing import Any

from witkit.abi.traps import GuestTrap
from witkit.text import Error


class WouldTrap(Error, RuntimeError):
    """The guest did something that would trap in wasm. The message says what, and where.

    As an instance in wasm, a `Guest` cannot be used afterwards. `function` is the code of the guest's function if its
    result is wrong, because no line of the function raised this.
    """

    function: CodeType | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle all except `function`, because code objects cannot be pickled."""
        made, arguments, attributes = super().__reduce__()
        return made, arguments, {**attributes, "function": None}


class Unbound(WouldTrap):
    """The guest called an import that is not bound.

    `interface` is the name of the interface, or of a function of the world.
    """

    def __init__(self, message: str, interface: str) -> None:
        super().__init__(message)
        self.interface = interface


class LeftOut(WouldTrap):
    """The guest called an import that was left out. For a component, this is `MissingImport`."""


def would_trap(trap: GuestTrap) -> WouldTrap:
    """What an implementation raised to trap the guest, as a guest under CPython sees it."""
    return WouldTrap(f"{trap}; the component would trap")
