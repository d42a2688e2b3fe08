"""Types of core functions, as letters: `i` i32, `I` i64, `f` f32, `F` f64, `?` anything else; `ii:i` takes two i32 and
gives one."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from wasmtime import _bindings as c

from witkit.runtime.core import capi

if TYPE_CHECKING:
    from witkit.runtime.core.state import State

_LETTERS: Final = "iIfF"


def function_type(signature: str) -> Any:
    """A new `wasm_functype_t` of a signature, as a pointer to memory that nobody frees. It belongs to the first engine
    that it is used with."""
    params, _, results = signature.partition(":")
    vectors = [_types(params), _types(results)]
    return capi.Pointer(capi.functype_new(*map(ctypes.byref, vectors)))


def _types(letters: str) -> Any:
    types = (capi.Pointer * len(letters))(*(capi.valtype_new(_LETTERS.index(letter)) for letter in letters))
    vector = c.wasm_valtype_vec_t()
    capi.valtype_vec_new(ctypes.byref(vector), capi.Size(len(letters)), types)
    return vector


def signature_of(state: State, func: Any) -> str:
    """The signature of a core function, given as an argument that points to its `wasmtime_func_t`."""
    type = capi.Pointer(capi.func_type(state.context, func))
    try:
        return ":".join(map(_read, (capi.functype_params(type), capi.functype_results(type))))
    finally:
        capi.functype_delete(type)


def _read(vector: int) -> str:
    found = c.wasm_valtype_vec_t.from_address(vector)
    # Unlike the pointer to a structure, one that is cast to plain pointers can be indexed.
    data = ctypes.cast(found.data, ctypes.POINTER(capi.Pointer))
    return "".join(_letter(capi.Pointer(data[n])) for n in range(found.size))


def _letter(type: Any) -> str:
    """The letter of a value type. (To ask the C library for a type's kind ends the process if it is `v128`.)"""
    return next((letter for letter, known in _numbers() if capi.valtype_equal(type, known)), "?")


@cache
def _numbers() -> list[tuple[str, Any]]:
    return [(letter, capi.Pointer(capi.valtype_new(kind))) for kind, letter in enumerate(_LETTERS)]
