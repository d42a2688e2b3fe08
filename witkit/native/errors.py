"""What stops a guest in wasm, raised natively."""

from __future__ import annotations


class WouldTrap(RuntimeError):
    """The guest did something that stops the component in wasm. The message tells what, and where.

    In wasm the instance is dead afterwards; so is a `Guest` here.
    """
