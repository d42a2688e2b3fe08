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
    made = ctypes.create_string_buffer(capi.INSTANCE_SIZE)
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
    out, encoded = ctypes.create_string_buffer(capi.EXTERN), name.encode()
    found = capi.instance_export_get(state.context, instance, encoded, capi.Size(len(encoded)), out)
    return out.raw if found else None


def function_at(state: State, extern: bytes, signature: str) -> Any:
    """The address of the function in an extern, which keeps its memory alive.

    Raises Violation if the function is not of that signature: calling it would read and write other memory than ours.
    """
    if extern[0] != capi.FUNC:
        raise Violation("a core function is something else")
    _, at = capi.buffer(capi.FUNC_SIZE)
    ctypes.memmove(at, extern[capi.OF :], capi.FUNC_SIZE)
    if (found := signature_of(state, at)) != signature:
        raise Violation(f"a core function has the signature {found}, not {signature}")
    return at
