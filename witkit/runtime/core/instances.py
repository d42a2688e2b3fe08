"""Core instances: made of a module and its imports, asked for their exports."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from witkit.canonical.errors import Violation
from witkit.runtime.core import capi
from witkit.runtime.core.signatures import signature_of

if TYPE_CHECKING:
    from wasmtime import Module

    from witkit.runtime.core.state import State


def instantiate(state: State, module: Module, imports: bytes | bytearray, name: str | None) -> Any:
    """A new core instance, as a `wasmtime_instance_t`. `imports` are externs, one after the other, in the order of the
    module's imports; its start function runs. Raises what `State.failed` does for the call `name`."""
    made = capi.Instance()
    given = (ctypes.c_char * len(imports)).from_buffer_copy(imports)
    count = capi.Size(len(imports) // capi.EXTERN)
    error = capi.instance_new(
        state.context, capi.Pointer(capi.address(module.ptr())), given, count, made, state.trap
    )  # fmt: skip
    if error or state.trapped[0]:
        state.failed(error, name)
    return made


def export(state: State, instance: Any, name: str) -> bytes | None:
    """An export of a core instance as an extern; None if there is none of that name."""
    out, encoded = capi.Extern(), name.encode()
    found = capi.instance_export_get(state.context, instance, encoded, capi.size_argument(len(encoded)), out)
    return out.raw if found else None


def function_in(extern: bytes) -> Any:
    """The function in an extern that has one, as an argument that points to a `wasmtime_func_t` and keeps it alive."""
    return ctypes.byref(capi.Func.from_buffer_copy(extern, capi.OF))


def function_at(state: State, extern: bytes, signature: str) -> Any:
    """As `function_in`. Raises Violation if there is no function in the extern, or one of another signature: calling it
    would read and write other memory than ours."""
    if extern[0] != capi.FUNC:
        raise Violation("a core function is something else")
    func = function_in(extern)
    if (found := signature_of(state, func)) != signature:
        raise Violation(f"a core function has the signature {found}, not {signature}")
    return func
