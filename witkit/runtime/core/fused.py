"""Adapters: small core instances beside the guest, which turn three core calls into one (`witkit.canonical.fused`).

All adapters of a store use one memory: only a call from outside uses an adapter, and there is one of those at a time.
Its first byte is the stage that the call is in, by which the guest may leave its instance or not.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from witkit.canonical.errors import Violation
from witkit.canonical.fused import (
    ALLOCATING,
    BEYOND,
    CALLING,
    CLEANING_UP,
    NOT_COPIED,
    ROOM,
    START,
    UNALIGNED,
    Block,
    Joined,
    Shape,
)
from witkit.canonical.values import not_lifted
from witkit.runtime.core import capi, instances
from witkit.runtime.core.callbacks import LOST
from witkit.runtime.core.compiling import SHARED
from witkit.runtime.core.memory import Memory
from witkit.runtime.core.rules import CoreTrap
from witkit.runtime.errors import ADAPTER

if TYPE_CHECKING:
    from witkit.runtime.core.instance import CoreInstance
    from witkit.wasm.plan import Lift

PATIENCE = 500
"""The calls of an export after which it gets an adapter. Making one takes as long as it saves in sixty calls; if it
must be compiled, in one or two thousand."""

_PAGE: Final = 1 << 16
_SIZE: Final = struct.Struct("<I")
_TYPES: Final = {"i": "i32", "I": "i64", "f": "f32", "F": "f64"}
_MEMORY: Final = '(module (memory (export "memory") 1 1))'

assert START + ROOM <= _PAGE


class Adapters:
    """Makes the adapter of one export, as `canonical.fused.Fuse`."""

    def __init__(self, instance: CoreInstance, lift: Lift, name: str) -> None:
        self.patience = PATIENCE
        self._instance, self._lift, self._name = instance, lift, name

    def __call__(self, shape: Shape, address: int, count: int) -> Joined | None:
        """None if the guest's limits, or Python's recursion limit, leave no room for it."""
        try:
            capi.much_room()
            memory, func = self._made(shape)
        except (CoreTrap, RecursionError):
            return None
        return self._call(func, memory.view, address, count, is_text=shape.copies == "text"), memory.view

    def _made(self, shape: Shape) -> tuple[Memory, Any]:
        """The memory of adapters and the adapter's function, as an argument that points to it."""
        instance, lift, options = self._instance, self._lift, self._lift.options
        state, modules = instance.state, instance.blueprint.modules
        post = options.post_return if shape.cleans else None
        memory = instance.staging or _memory(instance)
        given = [each for each in (options.memory, options.realloc, lift.core, post) if each is not None]
        imports = [memory.extern, *map(instance.extern, given)]
        module = modules.shared(adapter(lift.core.signature, shape, post is not None))
        made = instances.instantiate(state, module, imports, None)
        params, _, results = lift.core.signature.partition(":")
        extern = instances.export(state, made, "call")
        return memory, instances.function_at(state, extern, f"{params}:{results}i")

    def _call(self, func: Any, stage: memoryview, address: int, count: int, *, is_text: bool) -> Callable[[], None]:
        raw, size = capi.pointer_argument(address), capi.size_argument(count)
        state, name, lost = self._instance.state, self._name, LOST
        call, trapped, failed = capi.call_unchecked, state.trapped, state.failed
        context, trap = state.context, state.trap
        frame, framed, levels = capi.frame, capi.FRAMED, capi.LEVELS

        # As `State.core`.
        def run() -> None:
            frame() if framed else isinstance(0, levels)
            error = call(context, func, raw, size, trap)
            if error or trapped[0] or lost:
                if is_text and stage[0] == CLEANING_UP:
                    _check_text(stage, lambda: failed(error, None))
                failed(error, None if stage[0] == ALLOCATING else name)

        return run


def _check_text(view: memoryview, failed: Callable[[], None]) -> None:
    """A guest failed while it cleaned up. If what it has returned is not UTF-8, then that comes first: Violation is
    raised for it instead of the one that `failed` raises."""
    (size,) = _SIZE.unpack_from(view, 4)
    try:
        str(view[START : START + size], "utf-8")
    except UnicodeDecodeError as error:
        try:
            failed()
        except Violation:
            raise not_lifted(error) from None


def adapters_for(instance: CoreInstance, lift: Lift, name: str) -> Adapters | None:
    """What makes the adapter of an export; None if it cannot have one. An adapter would use fuel of the guest's, and it
    is for functions of instances that do not ask for the task that runs."""
    options = lift.options
    if options.memory is None or options.realloc is None or instance.state.has_fuel:
        return None
    return None if lift.instance in instance.blueprint.contexts else Adapters(instance, lift, name)


def _memory(instance: CoreInstance) -> Memory:
    """The memory of the store's adapters, made for the first of them. Raises CoreTrap if there is no room for it."""
    state = instance.state
    module = instance.blueprint.modules.shared(memory_module())
    made = instances.instantiate(state, module, [], None)
    memory = Memory(state, instances.export(state, made, "memory"))
    state.look_at(memory.view)
    instance.staging = memory  # last: should a signal have struck before, the next adapter tries again
    return memory


@cache
def memory_module() -> bytes:
    """The core module that has the memory of adapters."""
    return _compiled(_MEMORY)


@lru_cache(maxsize=SHARED)
def adapter(signature: str, shape: Shape, cleans: bool) -> bytes:
    """The core module of adapters for core functions of a signature. With `cleans`, there is a `post-return` to call.
    It imports the memory of adapters, the guest's memory, its allocator, the function, and `post-return`."""
    params, _, results = signature.partition(":")
    given, gives = ([_TYPES[letter] for letter in letters] for letters in (params, results))
    arguments = " ".join(f"(local.get {n})" for n in range(len(given)))
    call = f"(call $function {arguments})"
    r = "(local.get $r)" if gives else ""
    give_up = f"(if (global.get $refused) (then (return {r} (global.get $refused))))"
    after = ""
    if cleans:
        after = (
            f"(i32.store $own (i32.const 4) (local.get $n)) {_stage(CLEANING_UP)} (call $post {r}) {_stage(CALLING)}"
        )
    return _compiled(f"""(module ${ADAPTER}
      (import "adapter" "memory" (memory $own 1))
      (import "guest" "memory" (memory $guest 0))
      (import "guest" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "guest" "function" (func $function {_list("param", given)} {_list("result", gives)}))
      {f'(import "guest" "post-return" (func $post {_list("param", gives)}))' if cleans else ""}
      (func $call (export "call") {_list("param", given)} {_list("result", [*gives, "i32"])}
        {"".join(f"(local $r {type})" for type in gives)} (local $from i32) (local $n i32) (local $next i32)
        {_stage(ALLOCATING)}
        (global.set $from (i32.const {START}))
        {"".join(_carried(block, give_up) for block in shape.blocks)}
        {_stage(CALLING)}
        {f"(local.set $r {call})" if gives else call}
        {_copied(r) if shape.copies else ""}
        {after}
        {r} (local.get $n))
      {_ALLOCATOR}
      {_STRINGS if any(block.strings for block in shape.blocks) else ""})""")


_ALLOCATOR: Final = f"""
  ;; Where the next bytes for the guest are, and the code for a block that the guest should not have given.
  (global $from (mut i32) (i32.const 0))
  (global $refused (mut i32) (i32.const 0))
  ;; Whether a block ends in the guest's memory.
  (func $fits (param $at i32) (param $size i32) (result i32)
    (i64.le_u
      (i64.add (i64.extend_i32_u (local.get $at)) (i64.extend_i32_u (local.get $size)))
      (i64.shl (i64.extend_i32_u (memory.size $guest)) (i64.const 16))))
  ;; A new block of the guest's.
  (func $allocate (param $alignment i32) (param $size i32) (result i32) (local $to i32)
    (local.set $to (call $realloc (i32.const 0) (i32.const 0) (local.get $alignment) (local.get $size)))
    (if (i32.eqz (call $fits (local.get $to) (local.get $size)))
      (then (global.set $refused (i32.const {BEYOND}))))
    (if (i32.and (local.get $to) (i32.sub (local.get $alignment) (i32.const 1)))
      (then (global.set $refused (i32.const {UNALIGNED}))))
    (local.get $to))
  ;; The next bytes in a new block.
  (func $carry (param $alignment i32) (param $size i32) (result i32) (local $to i32)
    (local.set $to (call $allocate (local.get $alignment) (local.get $size)))
    (if (i32.eqz (global.get $refused))
      (then (memory.copy $guest $own (local.get $to) (global.get $from) (local.get $size))))
    (global.set $from (i32.add (global.get $from) (local.get $size)))
    (local.get $to))"""

_STRINGS: Final = """
  ;; The next bytes in a new block, as the string to which a pointer at $at points, before their number.
  (func $string (param $at i32)
    (i32.store $own (local.get $at) (call $carry (i32.const 1) (i32.load $own offset=4 (local.get $at)))))"""


def _carried(block: Block, give_up: str) -> str:
    """Copy a string or list to a new block of the guest's."""
    at, size = block.at, f"(i32.mul (local.get {block.at + 1}) (i32.const {block.size}))"
    lines = f"(local.set {at} (call $carry (i32.const {block.alignment}) {size})) {give_up}"
    if block.strings:
        # The elements are copied last, with the pointers to their strings.
        lines = f"""
          (local.set {at} (call $allocate (i32.const {block.alignment}) {size})) {give_up}
          (local.set $from (global.get $from))
          (local.set $next (local.get $from))
          (global.set $from (i32.add (local.get $from) {size}))
          (local.set $n (global.get $from))
          (block $end (loop $more
            (br_if $end (i32.ge_u (local.get $next) (local.get $n)))
            {"".join(f"(call $string {_place(place)}) {give_up}" for place in block.strings)}
            (local.set $next {_place(block.size)})
            (br $more)))
          (memory.copy $guest $own (local.get {at}) (local.get $from) {size})
          (local.set $n (i32.const 0))"""
    return f"(if (local.get {at - 1}) (then {lines}))" if block.is_optional else lines


def _place(at: int) -> str:
    """A place in the element that is carried."""
    return f"(i32.add (local.get $next) (i32.const {at}))"


def _copied(r: str) -> str:
    """Copy the bytes of the result, if they are what they should be and not too many."""
    give_up = f"(then (return {r} (i32.const {NOT_COPIED})))"
    return f"""
      (if (i32.and {r} (i32.const 3)) {give_up})
      (if (i32.eqz (call $fits {r} (i32.const 8))) {give_up})
      (local.set $from (i32.load $guest {r}))
      (local.set $n (i32.load $guest offset=4 {r}))
      (if (i32.gt_u (local.get $n) (i32.const {ROOM})) {give_up})
      (if (i32.eqz (call $fits (local.get $from) (local.get $n))) {give_up})
      (memory.copy $own $guest (i32.const {START}) (local.get $from) (local.get $n))"""


def _stage(stage: int) -> str:
    return f"(i32.store8 $own (i32.const 0) (i32.const {stage}))"


def _list(kind: str, types: list[str]) -> str:
    return f"({kind} {' '.join(types)})" if types else ""


def _compiled(text: str) -> bytes:
    from wasmtime import wat2wasm

    return bytes(wat2wasm(text))
