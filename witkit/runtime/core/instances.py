"""Core instances: made of a module and its imports, asked for their exports."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from witkit.canonical.errors import Violation
from witkit.runtime.core import capi
from witkit.runtime.core.signatures import signature_of

if TYPE_CHECKING:
    from wasmtime import Module

    from witkit.runtime.core.state import State


def instantiate(state: State, module: Module, imports: Sequence[Any], name: str | None) -> Any:
    """A new core instance, as a `wasmtime_instance_t`. `imports` are externs, in the order of the module's imports; its
    start function runs. Raises what `State.failed` does for the call `name`."""
    made, given, count = capi.Instance(), (capi.Extern * len(imports))(*imports), capi.Size(len(imports))
    capi.room()
    error = capi.instance_new(
        state.context, capi.Pointer(capi.address(module.ptr())), given, count, made, state.trap
    )  # fmt: skip
    if error or state.trapped[0]:
        state.failed(error, name)
    return made


def export(state: State, instance: Any, name: str) -> Any:
    """An export of a core instance as a `capi.Extern`; None if it has no export with this name."""
    out, encoded = capi.Extern(), name.encode()
    found = capi.instance_export_get(state.context, instance, encoded, capi.size_argument(len(encoded)), out)
    return out if found else None


def function_at(state: State, extern: Any, signature: str) -> Any:
    """The function in an extern, as an argument that points to its `wasmtime_func_t`.

    Raises Violation if there is no function in the extern, or one of another signature: calling it would read and write
    other memory than ours.
    """
    if extern[0] != capi.FUNC:
        raise Violation("a core function is something else")
    func = ctypes.byref(extern, capi.OF)
    if (found := signature_of(state, func)) != signature:
        raise Violation(f"a core function has the signature {found}, not {signature}")
    return func
