"""The guest behind a front, for fronts that call it: what imports a server exports the handlers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Callee(Protocol):
    """The application whose imports a front answers. It can be called once all imports are connected."""

    @property
    def exports(self) -> Sequence[str]:
        """The names of exported interfaces and functions."""

    def call(self, interface: str | None, function: str, *values: Any) -> Any:
        """Call an export, in an instance of its own; `interface` is None for a function of the world.

        Raises `abi.Err` for the error of the export, `Busy`, `Closed`, and `Trap` for a guest that stopped.
        """
