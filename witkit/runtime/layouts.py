"""Whether the installed wasmtime lays memory out as witkit's code has it written down.

The codecs read and write the C library's structures by offsets, and callbacks have fixed parameters. wasmtime-py
describes the same in ctypes, for its own version of the library. If the two differ, a call would read or write the
wrong memory: the import of `witkit.runtime` is refused instead.
"""

from __future__ import annotations

import ctypes
from importlib.metadata import version
from types import ModuleType
from typing import Any, Final, TypeAlias

from witkit.runtime.codec.layout import KIND
from witkit.text import WitkitError, error

WRONG_WASMTIME: Final = "WIT0927"
WORKING: Final = ">=49,<51,!=50.0.0,!=50.0.1"
"""The versions of wasmtime that witkit works with, as `pyproject.toml` asks for them."""

Field: TypeAlias = tuple[str, int, int]
"""A field's name, its offset and its size in bytes."""

_SEQUENCE: Final = (16, ("size", 0, 8), ("data", 8, 8))

STRUCTURES: Final[dict[str, tuple[int | Field, ...]]] = {
    "wasm_byte_vec_t": _SEQUENCE,
    "wasmtime_component_vallist_t": _SEQUENCE,
    "wasmtime_component_valrecord_t": _SEQUENCE,
    "wasmtime_component_valtuple_t": _SEQUENCE,
    "wasmtime_component_valflags_t": _SEQUENCE,
    "wasmtime_component_valmap_t": _SEQUENCE,
    "wasmtime_component_val_t": (32, ("kind", 0, 1), ("of", 8, 24)),
    "wasmtime_component_valrecord_entry_t": (48, ("name", 0, 16), ("val", 16, 32)),
    "wasmtime_component_valmap_entry_t": (64, ("key", 0, 32), ("value", 32, 32)),
    "wasmtime_component_valresult_t": (16, ("is_ok", 0, 1), ("val", 8, 8)),
    "wasmtime_component_valvariant_t": (24, ("discriminant", 0, 16), ("val", 16, 8)),
}
"""Each structure: its size, then its fields."""

CALLBACKS: Final = {
    "wasmtime_component_func_callback_t": (8, 8, 8, 8, 8, 8, 8),
    "wasmtime_component_resource_destructor_t": (8, 8, 4),
}
"""The sizes of the parameters of functions that C calls."""

FUNCTIONS: Final = {
    "wasmtime_component_func_call": 6,
    "wasmtime_component_val_delete": 1,
    "wasmtime_component_val_clone": 2,
    "wasm_byte_vec_new": 3,
    "wasmtime_component_vallist_new_uninit": 2,
    "wasmtime_error_new": 1,
    "wasmtime_component_linker_instance_add_func": 6,
    "wasmtime_component_linker_instance_add_resource": 7,
    "wasmtime_component_resource_any_clone": 1,
    "wasmtime_component_resource_any_delete": 1,
    "wasmtime_component_resource_any_drop": 2,
    "wasmtime_component_resource_any_to_host": 3,
    "wasmtime_component_resource_host_new": 3,
    "wasmtime_component_resource_host_rep": 1,
    "wasmtime_component_resource_host_delete": 1,
    "wasmtime_component_resource_host_to_any": 3,
    "wasmtime_component_func_call_async": 7,
    "wasmtime_call_future_poll": 1,
    "wasmtime_call_future_delete": 1,
    "wasi_config_set_stdout_custom": 4,
    "wasi_config_set_stderr_custom": 4,
    # Not called directly, but older versions do not have it.
    "wasmtime_component_extern_implements": 2,
}
"""How many parameters each function takes."""


def check(bindings: ModuleType | Any, constants: ModuleType | Any) -> None:
    """Compare what is written down with `wasmtime._bindings` and `wasmtime._ffi`. Raises WitkitError (WIT0927)."""
    wrong = differing(bindings, constants)
    if wrong:
        message = (
            f"witkit does not work with wasmtime {version('wasmtime')}, which has no {_listed(wrong)} as witkit expects"
        )
        raise WitkitError(
            [error(WRONG_WASMTIME, message, help=f"install another one: `pip install 'wasmtime{WORKING}'`")]
        )


def differing(bindings: ModuleType | Any, constants: ModuleType | Any) -> list[str]:
    """The names of what the two modules lack, or lay out in another way."""
    found = [name for name, parts in STRUCTURES.items() if _structure(getattr(bindings, name, None)) != parts]
    found += [name for name, sizes in CALLBACKS.items() if _parameters(getattr(bindings, name, None)) != sizes]
    for name, count in FUNCTIONS.items():
        declared = getattr(getattr(bindings, f"_{name}", None), "argtypes", None)
        if declared is None or len(declared) != count:
            found.append(name)
    for kind, number in KIND.items():
        constant = getattr(constants, f"WASMTIME_COMPONENT_{kind.upper()}", None)
        # wasmtime-py has no maps of its own.
        if (constant is None and kind != "map") or (constant is not None and constant.value != number):
            found.append(f"WASMTIME_COMPONENT_{kind.upper()}")
    return found


def _structure(type: Any) -> tuple[int | Field, ...]:
    """A structure as in `STRUCTURES`; empty if there is none."""
    if type is None:
        return ()
    members = ((name, getattr(type, name)) for name, *_ in type._fields_)
    return (ctypes.sizeof(type), *((name, member.offset, member.size) for name, member in members))


def _parameters(type: Any) -> tuple[int, ...]:
    return () if type is None else tuple(map(ctypes.sizeof, type._argtypes_))


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
