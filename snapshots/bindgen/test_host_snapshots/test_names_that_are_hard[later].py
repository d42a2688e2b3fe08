# Source: later

"""The imported interface `later`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Protocol

from witkit import abi

from . import runtime
from .runtime import A as B

__all__ = [
    "INTERFACE",
    "B",
    "Later",
]


class Later(Protocol):
    """The interface `later`."""

    async def f(self, a: AsyncIterator[int], x: B, /) -> Awaitable[str]:
        """The function `f`."""
        ...


# What the runtime knows of these types and functions.
INTERFACE = abi.Interface(
    "later",
    functions=(
        abi.Func(
            "f",
            "f",
            (
                abi.Param("a", abi.Unsupported("stream<u8>")),
                abi.Param("x", runtime.A_TYPE),
            ),
            abi.Unsupported("future<string>"),
            is_async=True,
        ),
    ),
)
