"""Whether the installed wasmtime lays out its core API as `core.capi` has it written down.

`capi` calls the C library without argument types and reads structures by offsets. wasmtime-py describes the same for
its own version of the library. If the two differ, a call would read or write the wrong memory: the import of
`witkit.runtime` is refused instead.
"""

from __future__ import annotations

import ctypes
from importlib.metadata import version
from types import ModuleType
from typing import Any, Final, TypeAlias

from witkit.text import WitkitError, error

WRONG_WASMTIME: Final = "WIT0927"
WORKING: Final = ">=49,<51"
"""The versions of wasmtime that witkit works with, as `pyproject.toml` asks for them."""

Field: TypeAlias = tuple[str, int, int]
"""A field's name, its offset and its size in bytes."""

STRUCTURES: Final[dict[str, tuple[int | Field, ...]]] = {
    "wasmtime_func_t": (16, ("store_id", 0, 8), ("__private", 8, 8)),
    "wasmtime_instance_t": (16, ("store_id", 0, 8), ("__private", 8, 8)),
    "wasmtime_global_t": (
        24,
        ("store_id", 0, 8),
        ("__private1", 8, 4),
        ("__private2", 12, 4),
        ("__private3", 16, 4),
    ),
    "wasmtime_extern_t": (32, ("kind", 0, 1), ("of", 8, 24)),
    "wasmtime_memory_t": (24, ("_anon_1", 0, 16), ("__private2", 16, 4)),
    "wasm_valtype_vec_t": (16, ("size", 0, 8), ("data", 8, 8)),
}
"""Each structure: its size, then its fields."""

RAW_VALUE: Final = (16, ("i32", 0), ("i64", 0), ("f32", 0), ("f64", 0))
"""A raw value: its size, and where numbers are in it."""

CALLBACKS: Final = {"wasmtime_func_unchecked_callback_t": (8, 8, 8, 8)}
"""The sizes of the parameters of functions that C calls."""

GIVEN: Final = {"wasmtime_store_epoch_deadline_callback": (1, (8, 8, 8, 8))}
"""The same for functions whose type has no name: which parameter of which function they are."""

FUNCTIONS: Final = {
    "wasmtime_func_call_unchecked": 5,
    "wasmtime_func_new_unchecked": 6,
    "wasmtime_func_type": 2,
    "wasmtime_instance_new": 6,
    "wasmtime_instance_export_get": 5,
    "wasmtime_memory_data": 2,
    "wasmtime_memory_data_size": 2,
    "wasmtime_context_set_epoch_deadline": 2,
    "wasmtime_store_epoch_deadline_callback": 4,
    "wasmtime_store_new": 3,
    "wasmtime_store_context": 1,
    "wasmtime_store_delete": 1,
    "wasmtime_store_limiter": 6,
    "wasmtime_context_set_fuel": 2,
    "wasmtime_context_get_fuel": 2,
    "wasmtime_error_new": 1,
    "wasmtime_trap_new": 2,
    "wasm_functype_new": 2,
    "wasm_functype_params": 1,
    "wasm_functype_results": 1,
    "wasm_functype_delete": 1,
    "wasm_valtype_new": 1,
    "wasmtime_wasm_valtype_equal": 2,
    "wasm_valtype_vec_new": 3,
}
"""How many parameters each function takes."""

CONSTANTS: Final = {
    "WASM_I32": 0,
    "WASM_I64": 1,
    "WASM_F32": 2,
    "WASM_F64": 3,
    "WASMTIME_EXTERN_FUNC": 0,
    "WASMTIME_EXTERN_GLOBAL": 1,
    "WASMTIME_EXTERN_TABLE": 2,
    "WASMTIME_EXTERN_MEMORY": 3,
}


def check(bindings: ModuleType | Any, constants: ModuleType | Any) -> None:
    """Compare what is written down with `wasmtime._bindings` and `wasmtime._ffi`. Raises WitkitError (WIT0927)."""
    if wrong := differing(bindings, constants):
        listed = ", ".join(f"`{name}`" for name in wrong[:3]) + (f" and {len(wrong) - 3} more" if wrong[3:] else "")
        message = f"witkit does not work with wasmtime {version('wasmtime')}, which has no {listed} as witkit expects"
        help = f"install another one: `pip install 'wasmtime{WORKING}'`"
        raise WitkitError([error(WRONG_WASMTIME, message, help=help)])


def differing(bindings: ModuleType | Any, constants: ModuleType | Any) -> list[str]:
    """The names of what the two modules lack, or lay out in another way."""
    found = [name for name, parts in STRUCTURES.items() if _structure(getattr(bindings, name, None)) != parts]
    if _numbers(getattr(bindings, "wasmtime_val_raw_t", None)) != RAW_VALUE:
        found.append("wasmtime_val_raw_t")
    found += [name for name, sizes in CALLBACKS.items() if _parameters(getattr(bindings, name, None)) != sizes]
    for name, (at, sizes) in GIVEN.items():
        if _parameters(next(iter(_declared(bindings, name)[at:]), None)) != sizes:
            found.append(name)
    found += [name for name, count in FUNCTIONS.items() if len(_declared(bindings, name)) != count]
    for name, number in CONSTANTS.items():
        constant = getattr(constants, name, None)
        if getattr(constant, "value", constant) != number:
            found.append(name)
    return found


def _declared(bindings: ModuleType | Any, name: str) -> list[Any]:
    """The types of a function's parameters; empty if there is no such function."""
    return getattr(getattr(bindings, f"_{name}", None), "argtypes", None) or []


def _structure(type: Any) -> tuple[int | Field, ...]:
    """A structure as in `STRUCTURES`; empty if there is none."""
    if type is None:
        return ()
    members = ((name, getattr(type, name)) for name, *_ in type._fields_)
    return (ctypes.sizeof(type), *((name, member.offset, member.size) for name, member in members))


def _numbers(type: Any) -> tuple[Any, ...]:
    if type is None:
        return ()
    return (ctypes.sizeof(type), *((name, getattr(type, name).offset) for name in ("i32", "i64", "f32", "f64")))


def _parameters(type: Any) -> tuple[int, ...]:
    return () if type is None else tuple(map(ctypes.sizeof, type._argtypes_))
