"""The C library at its lowest level: memory, function prototypes, errors.

wasmtime-py builds a ctypes object for every value, which takes most of its time. Here values are read and
written with `struct` over one memoryview of the whole address space, and arguments are plain `bytes`.

Rules every user of this module keeps, because breaking one ends the process:

* Memory given to the C library stays referenced by Python until the call returns. The library copies
  arguments and never frees them.
* A result slot is zero (kind `bool`) before a call and is deleted after it has been read.
* Strings are UTF-8 made by `str.encode`, chars are no surrogates, bools are 0 or 1: Rust trusts them.
* A function is called only with the store that it came from.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import Any

from wasmtime import _bindings
from wasmtime import _ffi as ffi

from witkit.runtime import layouts

layouts.check(_bindings, ffi)

BYTES_HEADER = bytes.__basicsize__ - 1
"""`id(b) + BYTES_HEADER` is the address of the first byte of the bytes object `b`."""

_memoryview = ctypes.pythonapi.PyMemoryView_FromMemory
_memoryview.restype = ctypes.py_object
_memoryview.argtypes = [ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int]

MEMORY: memoryview = _memoryview(1, sys.maxsize, 0x200)
"""All memory, writable; the byte at address `a` is `MEMORY[a - 1]` (a view cannot start at address 0)."""


def _probe() -> None:
    """Make sure that this interpreter lays bytes objects out as the codecs assume."""
    text = b"bytes begin where expected"
    at = id(text) + BYTES_HEADER - 1
    if bytes(MEMORY[at : at + len(text)]) != text:
        raise ImportError("witkit.runtime needs CPython's layout of bytes objects, this interpreter has another")


_probe()


def _steady_heap() -> None:
    """Let glibc keep freed memory instead of returning it after each call.

    Lists cost 80 bytes per element on their way; returned to the system and fetched again at each call, that
    doubles the time. Freeing one large block raises glibc's own thresholds to their usual upper bounds
    (32 MiB for separate mappings, 64 MiB kept), just as a large array would. The block is never touched.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.free(libc.malloc((32 << 20) - 8192))


_steady_heap()


def function(name: str, result: Any, *arguments: Any) -> Any:
    """A prototype of our own for a C function; wasmtime-py's own stays as it is."""
    found = ffi.dll[name]
    found.restype = result
    if arguments:
        found.argtypes = list(arguments)
    return found


_P, _SIZE, _U32 = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32

# No argument types: with ready-made ctypes objects and bytes as arguments a call costs half.
func_call = function("wasmtime_component_func_call", _P)
resource_to_host = function("wasmtime_component_resource_any_to_host", _P)
host_resource_rep = function("wasmtime_component_resource_host_rep", _U32)
host_resource_delete = function("wasmtime_component_resource_host_delete", None)
val_delete = function("wasmtime_component_val_delete", None)
val_clone = function("wasmtime_component_val_clone", None, _P, _P)
byte_vec_new = function("wasm_byte_vec_new", None, _P, _SIZE, _P)
vallist_new_uninit = function("wasmtime_component_vallist_new_uninit", None, _P, _SIZE)
error_new = function("wasmtime_error_new", _P, _P)
linker_add_func = function("wasmtime_component_linker_instance_add_func", _P, _P, _P, _SIZE, _P, _P, _P)
linker_add_resource = function("wasmtime_component_linker_instance_add_resource", _P, _P, _P, _SIZE, _P, _P, _P, _P)
resource_clone = function("wasmtime_component_resource_any_clone", _P, _P)
resource_delete = function("wasmtime_component_resource_any_delete", None, _P)
resource_drop = function("wasmtime_component_resource_any_drop", _P, _P, _P)
host_resource_new = function("wasmtime_component_resource_host_new", _P, ctypes.c_bool, _U32, _U32)
host_resource_to_any = function("wasmtime_component_resource_host_to_any", _P, _P, _P, _P)


def address(pointer: Any) -> int:
    """The address a ctypes pointer holds; 0 for null."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def take_error(pointer: int) -> Any:
    """The `WasmtimeError` (or `ExitTrap`) for an error pointer; it owns the error from now on."""
    from wasmtime import WasmtimeError

    return WasmtimeError._from_ptr(ctypes.cast(pointer, ctypes.POINTER(ffi.wasmtime_error_t)))


_names: dict[str, tuple[int, int]] = {}
_kept: list[bytes] = []


def name(text: str) -> tuple[int, int]:
    """Length and address of a name's UTF-8, which lives as long as the process (names come from types)."""
    if text not in _names:
        data = text.encode()
        _kept.append(data)
        _names[text] = (len(data), id(data) + BYTES_HEADER)
    return _names[text]


def new_error(text: str) -> int:
    """A new `wasmtime_error_t` with the text; a callback returns it to stop the guest."""
    return int(error_new(name(text + "\0")[1]))


VALUE_SIZE = 32
SIZE_AND_DATA = struct.Struct("<QQ")


def new_slot() -> Any:
    """An empty result slot of one value."""
    return ctypes.create_string_buffer(VALUE_SIZE)
