"""Types as a component states them, made by hand."""

from __future__ import annotations

from witkit.wasm import types


def defined(kind: types.Kind) -> types.Defined:
    """A value type with a definition."""
    return types.Defined(kind, types.Traits())


def func(params: list[tuple[str, types.ValType]], result: types.ValType | None) -> types.Func:
    """The type of a function."""
    return types.Func(params, result, False)
