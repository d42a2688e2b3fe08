"""Stores of wasmtime, made and freed with fewer steps than wasmtime-py's own."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from witkit.runtime.core import capi

if TYPE_CHECKING:
    from witkit.runtime.core.compiling import Mode


class Store:
    """A store of an engine in one mode. `context` is the argument that C functions take for the store, `pointer` the
    one for functions that configure it."""

    _address: int | None = None

    def __init__(self, mode: Mode) -> None:
        self._mode = mode  # its engine must be there at least until this is made
        self._address = capi.store_new(mode.engine, None, None)
        self.pointer = capi.pointer_argument(self._address)
        self.context = capi.pointer_argument(capi.store_context(self.pointer))

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Free the store. A second time does nothing."""
        address, self._address = self._address, None
        if address is not None:
            capi.store_delete(capi.Pointer(address))

    def set_limits(self, memory: int, table: int, instances: int, tables: int, memories: int) -> None:
        """Bound what the store holds; -1 sets no bound."""
        capi.store_limiter(self.pointer, *map(ctypes.c_int64, (memory, table, instances, tables, memories)))

    def set_fuel(self, fuel: int) -> None:
        """How many instructions may run. The engine must count them."""
        if error := capi.set_fuel(self.context, ctypes.c_uint64(fuel)):
            raise capi.take_error(error)

    def get_fuel(self) -> int:
        """How much of it is left."""
        left = ctypes.c_uint64()
        if error := capi.get_fuel(self.context, ctypes.byref(left)):
            raise capi.take_error(error)
        return left.value
