"""Floor 3: lints and breaking-change rules over the resolved model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from witkit.ir import Loaded
    from witkit.text import Diagnostic

__all__ = ["check"]


def check(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """Everything to be said about a loaded package, in the order in which its files were read."""
    return loaded.diagnostics
