"""A guest's linear memory."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from witkit.canonical.errors import Violation
from witkit.runtime.core import capi

if TYPE_CHECKING:
    from witkit.runtime.core.state import State


class Memory:
    """A linear memory of 32-bit addresses as a memoryview, which is made again only when the memory has grown.

    Such a memory does not move (`Mode` sees to that): an old view is valid, only too short. `size` is that of `view`,
    in bytes.
    """

    __slots__ = ("_context", "_memory", "extern", "size", "view")

    def __init__(self, state: State, extern: Any) -> None:
        if extern[0] != capi.MEMORY:
            raise Violation("a memory is something else, or shared")
        self._context, self.extern = state.context, extern
        self._memory = ctypes.byref(extern, capi.OF)
        self.refresh()
        state.memories.append(self)

    def refresh(self) -> None:
        """Look how large the memory is now."""
        size = int(capi.memory_data_size(self._context, self._memory))
        self.view = capi.view(int(capi.memory_data(self._context, self._memory)), size)
        self.size = size

    def end(self) -> None:
        """The memory is gone. What still has the view, such as a frame in a traceback, gets ValueError from it: reports
        of errors may show local variables, and would read what is not there."""
        self.view.release()

    def grown(self) -> int:
        """As `refresh`; gives how many bytes the memory has grown."""
        before = self.size
        self.refresh()
        return self.size - before

    def span(self, pointer: int, size: int) -> memoryview:
        """The view, which has `size` bytes at `pointer`. Raises Violation if the memory has not."""
        if pointer + size > self.size:
            self.refresh()
            if pointer + size > self.size:
                raise Violation(f"pointer out of bounds of memory: {size} bytes at {pointer} of {self.size}")
        return self.view
