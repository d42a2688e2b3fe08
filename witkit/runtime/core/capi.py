"""wasmtime's core API at its lowest level: prototypes, raw values, memory.

Rules every user of this module keeps, because breaking one ends the process:

* A function is called unchecked only after its type was found to be the expected one, and only with its own store.
* Memory given to the C library stays referenced by Python until the call returns.
* A raw value takes 16 bytes. Arguments are written from the first on, results are in the same place afterwards.
* A `memoryview` of a guest's memory is used only while its store exists.
* Wasm is entered only after `room`, or what that does: what it calls of ours must not fail to begin.
"""

from __future__ import annotations

import ctypes
import sys
from functools import reduce
from typing import Any, Final, cast

from wasmtime import _bindings
from wasmtime import _ffi as ffi

from witkit.runtime.core import layouts

layouts.check(_bindings, ffi)

Pointer = ctypes.c_void_p
Size = ctypes.c_size_t


def frame() -> None:
    """Needs one more frame of Python than its caller."""


FRAMED: Final = sys.version_info >= (3, 12)
"""Whether functions of C do not count for the recursion limit."""
LEVELS: Final[Any] = ((((int,),),),)
"""To look into it, `isinstance` needs four more levels of recursion, of those that functions of C have."""


def room() -> None:
    """Raise RecursionError if a callback, and the functions of C that it calls, may go beyond the recursion limit."""
    frame() if FRAMED else isinstance(0, LEVELS)


def much_room() -> None:
    """As `room`, for what deals with errors: it needs many frames."""
    _frames(_MANY) if FRAMED else isinstance(0, _MANY_LEVELS)


def _frames(count: int) -> None:
    if count:
        _frames(count - 1)


_MANY: Final = 40
_MANY_LEVELS: Final[Any] = reduce(lambda inner, _: (inner,), range(_MANY), cast(Any, int))


def function(name: str, result: Any = None) -> Any:
    """A prototype of our own for a C function; wasmtime-py's own stays as it is.

    It has no argument types: with ready-made ctypes objects a call costs half.
    """
    found = ffi.dll[name]
    found.restype = result
    return found


_holding = ctypes.PyDLL("libwasmtime", handle=ffi.dll._handle)


def short(name: str, result: Any = None) -> Any:
    """The same for a function that neither runs a guest nor waits: Python's other threads wait while it runs, which is
    a fifth faster."""
    found = _holding[name]
    found.restype = result
    return found


call_unchecked = function("wasmtime_func_call_unchecked", Pointer)
func_new_unchecked = short("wasmtime_func_new_unchecked")
func_type = short("wasmtime_func_type", Pointer)
instance_new = function("wasmtime_instance_new", Pointer)
instance_export_get = short("wasmtime_instance_export_get", ctypes.c_bool)
memory_data = short("wasmtime_memory_data", Size)
memory_data_size = short("wasmtime_memory_data_size", Size)
set_epoch_deadline = short("wasmtime_context_set_epoch_deadline")
set_epoch_callback = short("wasmtime_store_epoch_deadline_callback")
store_new = short("wasmtime_store_new", Size)
store_context = short("wasmtime_store_context", Size)
store_delete = function("wasmtime_store_delete")
store_limiter = short("wasmtime_store_limiter")
set_fuel = short("wasmtime_context_set_fuel", Pointer)
get_fuel = short("wasmtime_context_get_fuel", Pointer)
error_new = function("wasmtime_error_new", Size)
trap_new = function("wasmtime_trap_new", Size)
functype_new = function("wasm_functype_new", Pointer)
functype_params = function("wasm_functype_params", Pointer)
functype_results = function("wasm_functype_results", Pointer)
functype_delete = function("wasm_functype_delete")
valtype_new = function("wasm_valtype_new", Pointer)
valtype_equal = function("wasmtime_wasm_valtype_equal", ctypes.c_bool)
valtype_vec_new = function("wasm_valtype_vec_new")

EXTERN: Final = 32
"""The size of an extern in bytes: its kind in the first byte, what it is from byte `OF` on."""
OF: Final = 8
INSTANCE_SIZE: Final = 16
STORE_ID: Final = 8
"""The size of the store's id, with which an instance and what is in an extern begin."""
GLOBAL_NUMBERS: Final = 12
"""The size of what follows it in a global: a core instance's number, and the global's in there."""
INSTANCE_NUMBER: Final = 4
FUNC, GLOBAL, TABLE, MEMORY = range(4)
Extern = ctypes.c_ubyte * EXTERN
Instance = ctypes.c_ubyte * INSTANCE_SIZE

RAW: Final = 16
"""The size of a raw value in bytes."""

_READ_WRITE: Final = 0x200
_view = ctypes.pythonapi.PyMemoryView_FromMemory
_view.restype = ctypes.py_object
_view.argtypes = [ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int]


def view(address: int, size: int) -> memoryview:
    """A writable memoryview of `size` bytes of memory, which nothing keeps alive."""
    # Address 0 is not in a memory; an empty memory may have it.
    made: memoryview = _view(address or 1, size, _READ_WRITE)
    return made


ALL: Final[memoryview] = view(1, sys.maxsize)
"""All memory, writable; the byte at address `a` is `ALL[a - 1]` (a view cannot start at address 0)."""


def address(pointer: Any) -> int:
    """The address a ctypes pointer holds; 0 for null."""
    return ctypes.cast(pointer, Pointer).value or 0


def held(pointer: Any) -> int:
    """The same for an instance of a `ctypes.POINTER` type, which is faster."""
    return Pointer.from_buffer(pointer).value or 0


def pointer_argument(address: int) -> Any:
    """An address as an argument that was converted once: it is passed three times faster. It keeps nothing alive;
    `ctypes.byref` gives one that does."""
    return Pointer.from_param(address)


def size_argument(size: int) -> Any:
    """The same for a size."""
    return Size.from_param(size)


def buffer(size: int) -> tuple[bytearray, Any]:
    """Zeroed memory and its address; it lives as long as either of them."""
    data = bytearray(size)
    whole = (ctypes.c_char * size).from_buffer(data)
    at = Pointer(ctypes.addressof(whole))
    at._keeps = whole  # type: ignore[attr-defined]
    return data, at


def take_error(pointer: int) -> Any:
    """The `WasmtimeError` (or `ExitTrap`) for an error pointer; it owns the error from now on."""
    from wasmtime import WasmtimeError

    return WasmtimeError._from_ptr(ctypes.cast(pointer, ctypes.POINTER(ffi.wasmtime_error_t)))


def take_trap(pointer: int) -> Any:
    """The `wasmtime.Trap` for a trap's pointer; it owns the trap from now on."""
    from wasmtime import Trap

    return Trap._from_ptr(ctypes.cast(pointer, ctypes.POINTER(ffi.wasm_trap_t)))
