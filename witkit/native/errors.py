"""What stops a guest in wasm, raised natively."""

from __future__ import annotations


class WouldTrap(RuntimeError):
    """The guest did something that stops the component in wasm. The message tells what, and where.

    In wasm the instance is dead afterwards; so is a `Guest` here.
    """


class Unbound(WouldTrap):
    """The guest called an import that nothing stands behind.

    `interface` is its name, or that of a function of the world.
    """

    def __init__(self, message: str, interface: str) -> None:
        super().__init__(message)
        self.interface = interface
