"""A guest's allocator: `realloc` as the canonical ABI calls it, and many byte strings placed by one core call."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from witkit.canonical.errors import Violation
from witkit.runtime.core import capi, instances
from witkit.runtime.core.callbacks import LOST
from witkit.runtime.core.gathering import Gatherer
from witkit.runtime.core.memory import Memory
from witkit.runtime.core.rules import CoreTrap

if TYPE_CHECKING:
    from witkit.runtime.core.compiling import Modules
    from witkit.runtime.core.state import State, Staying

SIGNATURE: Final = "iiii:i"
"""The signature of `realloc`: the old block, its size, the alignment and the new size give the new block."""

_PAGE: Final = 1 << 16
_PAGES: Final = 32
_ROOM: Final = (_PAGES - 1) * _PAGE
_MOST: Final = _PAGE // 4
_RAW: Final = ctypes.c_char * (4 * capi.RAW)
_ARGUMENTS: Final = struct.Struct("<Q8xQ8xQ8xQ")
_RESULT: Final = struct.Struct("<I")
_FOUR: Final = capi.size_argument(4)
_FEW: Final = 3
"""The number of byte strings from which on one call of the helper is faster than a `realloc` for each."""

_HELPER: Final = f"""(module
  (import "guest" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (import "guest" "memory" (memory $guest 0))
  (memory $own (export "memory") {_PAGES})
  ;; The first page has $n lengths, which pointers replace; the bytes follow from the second page on.
  (func (export "place") (param $n i32) (local $at i32) (local $from i32) (local $to i32) (local $length i32)
    (local.set $from (i32.const {_PAGE}))
    (loop $next
      (local.set $length (i32.load $own (local.get $at)))
      (local.set $to (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $length)))
      (i32.store $own (local.get $at) (local.get $to))
      (memory.copy $guest $own (local.get $to) (local.get $from) (local.get $length))
      (local.set $from (i32.add (local.get $from) (local.get $length)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (i32.shl (local.get $n) (i32.const 2)))))))"""


class Tools:
    """What the canonical ABI needs of a guest: its `memory`, `realloc(align, size)`, which gives a pointer that was
    checked, and `place(blobs)`, which allocates and fills a block for each byte string and gives their pointers."""

    __slots__ = ("_helper", "_modules", "_owner", "_realloc", "_state", "gather", "memory", "place", "realloc")

    def __init__(
        self, state: State, modules: Modules, owner: Staying, memory: Memory | None, realloc: Any | None,
        func: Any = None,
    ) -> None:  # fmt: skip
        """`realloc` is an extern. `func` is what `function_at` gives for it, if that was asked."""
        self._state, self._modules, self._owner, self._realloc = state, modules, owner, realloc
        self.memory = memory
        # It would use fuel of the guest's.
        self.gather = None if memory is None or state.has_fuel else Gatherer(state, modules, memory)
        self._helper: _Helper | Literal[False] | None = None
        self.realloc: Callable[[int, int], int] | None = None
        self.place: Callable[[list[bytes]], list[int]] | None = None
        if realloc is not None and self.memory is not None:
            func = func or instances.function_at(state, realloc, SIGNATURE)
            self.realloc = self._reallocating(func, self.memory)
            self.place = self._place

    def _reallocating(self, func: Any, memory: Memory) -> Callable[[int, int], int]:
        raw = _RAW()
        at, pack, unpack, four = ctypes.byref(raw), _ARGUMENTS.pack_into, _RESULT.unpack_from, _FOUR
        state, owner, lost = self._state, self._owner, LOST
        call, trapped, failed = capi.call_unchecked, state.trapped, state.failed
        context, trap = state.context, state.trap
        frame, framed, levels = capi.frame, capi.FRAMED, capi.LEVELS

        # As `State.core`, in one function: there is a call for each string and list.
        def realloc(align: int, size: int) -> int:
            frame() if framed else isinstance(0, levels)
            pack(raw, 0, 0, 0, align, size)
            owner.may_leave = False
            error = call(context, func, at, four, trap)
            if error or trapped[0] or lost:
                failed(error, None)
            owner.may_leave = True
            pointer: int = unpack(raw)[0]
            if pointer & (align - 1):
                raise Violation("realloc return: result not aligned")
            if pointer + size > memory.size:
                memory.refresh()
                if pointer + size > memory.size:
                    raise Violation("realloc return: beyond end of memory")
            return pointer

        return realloc

    def _place(self, blobs: list[bytes]) -> list[int]:
        if len(blobs) >= _FEW and self._helper is None:
            self._helper = _Helper.beside(self)
        if len(blobs) < _FEW or not self._helper:
            return list(map(self._put, blobs))
        if len(blobs) <= _MOST and sum(lengths := list(map(len, blobs))) <= _ROOM:
            return self._helper.place(blobs, lengths)
        placed: list[int] = []
        for part in _parts(blobs):
            large = len(part) < _FEW or len(part[0]) > _ROOM
            placed += map(self._put, part) if large else self._helper.place(part, list(map(len, part)))
        return placed

    def _put(self, blob: bytes) -> int:
        assert self.realloc is not None
        assert self.memory is not None
        size = len(blob)
        pointer = self.realloc(1, size)
        self.memory.span(pointer, size)[pointer : pointer + size] = blob
        return pointer


def _parts(blobs: list[bytes]) -> Iterator[list[bytes]]:
    """The byte strings in parts that the helper's memory can hold, those that are too large for it by themselves."""
    part: list[bytes] = []
    room = _ROOM
    for blob in blobs:
        room -= len(blob)
        if part and (room < 0 or len(part) == _MOST):
            yield part
            part, room = [], _ROOM - len(blob)
        part.append(blob)
    if part:
        yield part


class _Helper:
    """A small core instance beside the guest, which calls the guest's `realloc` and copies."""

    def __init__(self, state: State, instance: Any, owner: Staying) -> None:
        memory, place = (instances.export(state, instance, name) for name in ("memory", "place"))
        assert memory is not None
        assert place is not None
        self._memory = Memory(state, memory)
        self._raw, at = capi.buffer(capi.RAW)
        self._call = state.core(instances.function_at(state, place, "i:"), None, owner)(at.value, 1)

    @classmethod
    def beside(cls, tools: Tools) -> Self | Literal[False]:
        """The helper of a guest; False if the guest's limits leave no room for it."""
        state = tools._state
        assert tools._realloc is not None
        assert tools.memory is not None
        try:
            module = tools._modules.shared(helper())
            made = instances.instantiate(state, module, [tools._realloc, tools.memory.extern], None)
        except CoreTrap:
            return False
        return cls(state, made, tools._owner)

    def place(self, blobs: list[bytes], lengths: list[int]) -> list[int]:
        count, data, view = len(blobs), b"".join(blobs), self._memory.view
        view[: 4 * count] = struct.pack(f"<{count}I", *lengths)
        view[_PAGE : _PAGE + len(data)] = data
        self._raw[:8] = count.to_bytes(8, "little")
        capi.room()
        self._call()
        return view[: 4 * count].cast("I").tolist()


@cache
def helper() -> bytes:
    """The helper's core module."""
    from wasmtime import wat2wasm

    return bytes(wat2wasm(_HELPER))
