"""Strings of long lists: a small core instance beside the guest collects them, so that they are decoded all at once."""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from witkit.runtime.core import capi, instances
from witkit.runtime.core.memory import Memory
from witkit.runtime.core.rules import CoreTrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from witkit.runtime.core.compiling import Modules
    from witkit.runtime.core.state import State

PATIENCE: Final = 500
"""The strings in long lists after which the instance is made, which takes as long as it saves for them."""

_PAGES: Final = 32
_SIGNATURE: Final = "iiii:i"
_ARGUMENTS: Final = struct.Struct("<Q8xQ8xQ8xQ")
_RESULT: Final = struct.Struct("<i")

_HELPER: Final = f"""(module
  (import "guest" "memory" (memory $guest 0))
  (memory $own (export "memory") {_PAGES} {_PAGES})
  ;; From $at on, $step bytes apart, are $n pairs of pointer and length. The strings are copied to $to, each with a zero
  ;; byte after it. The result is where they end, or -1 if one is out of bounds or there is no room for it.
  (func (export "gather") (param $at i32) (param $n i32) (param $step i32) (param $to i32) (result i32)
    (local $from i32) (local $length i32)
    (loop $next
      (local.set $from (i32.load $guest (local.get $at)))
      (local.set $length (i32.load $guest offset=4 (local.get $at)))
      (if (i32.ge_u (local.get $length) (i32.sub (i32.const {_PAGES << 16}) (local.get $to)))
        (then (return (i32.const -1))))
      (if (i64.gt_u (i64.add (i64.extend_i32_u (local.get $from)) (i64.extend_i32_u (local.get $length)))
                    (i64.shl (i64.extend_i32_u (memory.size $guest)) (i64.const 16)))
        (then (return (i32.const -1))))
      (memory.copy $own $guest (local.get $to) (local.get $from) (local.get $length))
      (local.set $to (i32.add (local.get $to) (local.get $length)))
      (i32.store8 $own (local.get $to) (i32.const 0))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (local.set $at (i32.add (local.get $at) (local.get $step)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $to)))"""


class Gatherer:
    """Collects strings of one memory, as `canonical.columns.Gather`."""

    __slots__ = ("_call", "_memory", "_modules", "_raw", "_state", "_view", "_waits")

    def __init__(self, state: State, modules: Modules, memory: Memory) -> None:
        self._state, self._modules, self._memory = state, modules, memory
        self._waits = PATIENCE
        self._view: memoryview | None = None

    def __call__(self, at: int, count: int, step: int, places: Sequence[int]) -> bytes | None:
        if self._waits > 0:
            self._waits -= count * len(places)
            if self._waits <= 0:
                self._make()
        if self._view is None:
            return None
        end = 0
        for place in places:
            _ARGUMENTS.pack_into(self._raw, 0, at + place, count, step, end)
            self._call()
            (end,) = _RESULT.unpack_from(self._raw)
            if end < 0:
                return None
        return self._view[: end - 1].tobytes()

    def _make(self) -> None:
        """Make the instance, if the guest's limits, and Python's recursion limit, leave room for it."""
        state = self._state
        try:
            capi.much_room()
            made = instances.instantiate(state, self._modules.shared(helper()), [self._memory.extern], None)
        except (CoreTrap, RecursionError):
            return
        memory, gather = (instances.export(state, made, name) for name in ("memory", "gather"))
        self._raw, address = capi.buffer(4 * capi.RAW)
        self._call: Callable[[], Any] = state.core(instances.function_at(state, gather, _SIGNATURE))(address.value, 4)
        self._view = Memory(state, memory).view


@cache
def helper() -> bytes:
    """The helper's core module."""
    from wasmtime import wat2wasm

    return bytes(wat2wasm(_HELPER))
