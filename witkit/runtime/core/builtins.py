"""The canonical built-ins (`CanonicalABI.md`, "Canonical Definitions") that are not lowered functions."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from witkit.canonical.errors import NotCarried, Violation
from witkit.runtime.core import capi
from witkit.runtime.core.async_builtins import ASYNC_BUILT_INS
from witkit.runtime.core.stream_builtins import stream_built_in

if TYPE_CHECKING:
    from witkit.runtime.core.async_functions import AsyncFunctions
    from witkit.runtime.core.callbacks import Run
    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.runtime.core.functions import CoreFunctions
    from witkit.runtime.core.resources import ResourceType
    from witkit.runtime.core.turns import Turns
    from witkit.wasm.plan import Canon

_I32: Final = struct.Struct("<I")
_I64: Final = struct.Struct("<Q")
_ALL: Final = capi.ALL
"""Not a variable of the functions below: a report of an error that shows those would try to read it."""

_ALWAYS: Final = {"resource.rep", "context.get", "context.set", "backpressure.inc", "backpressure.dec"}
"""What a guest may call even while it may not leave its instance."""


def built_in(
    canon: Canon, inst: ComponentInstance, functions: CoreFunctions, resource: Callable[[], ResourceType]
) -> Run:
    """What runs for a built-in of the component instance `inst`; `resource` gives the type of `resource.*`."""
    match canon.kind:
        case "resource.new":
            run = _i32_to_i32(inst.new, resource())
        case "resource.rep":
            run = _i32_to_i32(inst.rep, resource())
        case "resource.drop":
            run = _drop(inst, resource())
        case "context.get":
            run = _context_get(inst, canon.operand)
        case "context.set":
            run = _context_set(inst, canon.operand, canon.signature)
        case _:
            run = _of_tasks(canon, inst, functions.asynchronous)
    return run if canon.kind in _ALWAYS else inst.leaving(run)


def _of_tasks(canon: Canon, inst: ComponentInstance, functions: AsyncFunctions) -> Run:
    kind, turns = canon.kind, functions.turns
    if kind.startswith("backpressure."):
        return _backpressure(inst, turns, 1 if kind.endswith("inc") else -1)
    if kind in ASYNC_BUILT_INS:
        return ASYNC_BUILT_INS[kind](canon, inst, turns, functions.memory(canon))
    if kind.startswith(("stream.", "future.")):
        return stream_built_in(canon, inst, turns, lambda: functions.elements(canon))
    return _later(kind)


def _i32_to_i32(function: Callable[[ResourceType, int], int], resource: ResourceType) -> Run:
    unpack, pack = _I32.unpack_from, _I64.pack_into

    def run(at: int) -> None:
        pack(_ALL, at - 1, function(resource, unpack(_ALL, at - 1)[0]))

    return run


def _drop(inst: ComponentInstance, resource: ResourceType) -> Run:
    unpack, drop = _I32.unpack_from, inst.drop

    def run(at: int) -> None:
        drop(resource, unpack(_ALL, at - 1)[0])

    return run


def _context_get(inst: ComponentInstance, slot: int) -> Run:
    def run(at: int) -> None:
        _I64.pack_into(_ALL, at - 1, inst.context[slot])

    return run


def _context_set(inst: ComponentInstance, slot: int, signature: str) -> Run:
    unpack = (_I64 if "I" in signature else _I32).unpack_from

    def run(at: int) -> None:
        (inst.context[slot],) = unpack(_ALL, at - 1)

    return run


def _backpressure(inst: ComponentInstance, turns: Turns, change: int) -> Run:
    def run(at: int) -> None:
        changed = inst.backpressure + change
        if not 0 <= changed < 1 << 16:
            raise Violation("backpressure counter overflow")
        inst.backpressure = changed
        turns.admit(inst)

    return run


def _later(kind: str) -> Run:
    def run(at: int) -> None:
        raise NotCarried(f"the guest called `{kind}`, which witkit does not carry yet")

    return run
