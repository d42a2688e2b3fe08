"""What both targets write in the same way for `witkit.abi`: tuples, and the kinds of functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from witkit.ir.model import Function, FunctionKind

_KINDS: Final = {
    FunctionKind.FREE: "free",
    FunctionKind.METHOD: "method",
    FunctionKind.STATIC: "static",
    FunctionKind.CONSTRUCTOR: "constructor",
}


def kind(function: Function) -> str:
    """`abi.Func.kind` of a function."""
    return _KINDS[function.kind]


def sequence(items: Iterable[str]) -> str:
    """A tuple of what the items spell."""
    parts = list(items)
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def quoted(names: Iterable[str]) -> str:
    """A tuple of strings."""
    return sequence(f'"{name}"' for name in names)
