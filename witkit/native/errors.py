"""What stops a guest in wasm, raised natively."""

from __future__ import annotations

from types import CodeType
from typing import Any

from witkit.text import Error


class WouldTrap(Error, RuntimeError):
    """The guest did something that stops the component in wasm. The message tells what, and where.

    In wasm the instance is dead afterwards; so is a `Guest` here. `function` is the code of the guest's function whose
    result does not fit: none of its lines has raised it.
    """

    function: CodeType | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle all but `function`: code cannot be pickled."""
        made, arguments, attributes = super().__reduce__()
        return made, arguments, {**attributes, "function": None}


class Unbound(WouldTrap):
    """The guest called an import that nothing stands behind.

    `interface` is its name, or that of a function of the world.
    """

    def __init__(self, message: str, interface: str) -> None:
        super().__init__(message)
        self.interface = interface
