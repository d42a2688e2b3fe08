"""Floor 3: lints and breaking-change rules over the resolved model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from witkit.ir import Loaded
    from witkit.text import Diagnostic

__all__ = ["check"]


def check(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """Everything to be said about a loaded package, in the order of its files and of the places in them.

    What has no place comes first.
    """
    order = {name: number for number, name in enumerate(loaded.files)}

    def place(d: Diagnostic) -> tuple[int, int]:
        return (order.get(d.where, len(order)), d.primary.start) if d.primary else (-1, 0)

    return tuple(sorted(loaded.diagnostics, key=place))
