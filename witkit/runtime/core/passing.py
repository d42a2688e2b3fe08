"""Exports that are imports: a component may pass on a function that it is given.

The values go through a memory of the host's, as if a guest were in between. So each side has the classes of its own
package, and the same values are refused.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from witkit import abi
from witkit.canonical.blame import parameters
from witkit.canonical.code import MEMORY
from witkit.canonical.functions import Bind, export_codec, raw_values
from witkit.canonical.layout import MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, Layouts, aligned, flat
from witkit.runtime.core import capi
from witkit.runtime.core.boundary import Boundary, Call, HostCall
from witkit.runtime.core.component_instance import ComponentInstance
from witkit.runtime.core.resources import ResourceType
from witkit.wasm.plan import Options

if TYPE_CHECKING:
    from witkit.runtime.core.state import State

_OPTIONS: Final = Options()
_SIZE: Final = 1 << 12
_I32: Final = struct.Struct("<Q")


class _Memory:
    """A memory that only grows when a block is allocated."""

    def __init__(self) -> None:
        self.size = _SIZE
        self.view = memoryview(bytearray(_SIZE))

    def widen(self, size: int) -> None:
        """Make it so large, or larger."""
        wider = memoryview(bytearray(max(size, 2 * self.size)))
        wider[: self.size] = self.view
        self.view, self.size = wider, len(wider)

    def grown(self) -> int:
        return 0

    def span(self, pointer: int, size: int) -> memoryview:
        return self.view


class _Tools:
    """What codecs need of a guest (`contract.Tools`), for the values of one call."""

    gather = None

    def __init__(self) -> None:
        self.memory = _Memory()
        self._top = 0

    def realloc(self, alignment: int, size: int) -> int:
        start = aligned(self._top, alignment)
        self._top = start + size
        if self._top > self.memory.size:
            self.memory.widen(self._top)
        return start

    def place(self, blobs: list[bytes]) -> list[int]:
        pointers = [self.realloc(1, len(blob)) for blob in blobs]
        for pointer, blob in zip(pointers, blobs, strict=True):
            self.memory.view[pointer : pointer + len(blob)] = blob
        return pointers


class _Call(HostCall):
    """The handles of a call of such an export: what the caller lent is not kept, for nobody is there to drop it."""

    __slots__ = ()

    def returned(self) -> None:
        pass


class _Boundary(Boundary):
    """The side of the caller."""

    def begin(self) -> Call:
        return _Call(self.inst)


class Passed(NamedTuple):
    """An imported function as the host implements it: its description, the codec for it, what to call, and the types
    of its resources."""

    func: abi.Func
    codec: Callable[[abi.Func, Options], Bind]
    target: Any
    types: dict[abi.Resource, ResourceType]


def passed_on(
    state: State, func: abi.Func, types: dict[abi.Resource, ResourceType], find: Callable[[], Passed]
) -> Callable[..., Any]:
    """The callable for an export that is an import. `func` describes the export, `types` has its resources; `find` is
    asked at each call."""
    words = flat([parameter.type for parameter in parameters(func)])
    count = 1 if len(words) > MAX_FLAT_PARAMS else len(words)
    by_pointer = len(flat([func.result])) > MAX_FLAT_RESULTS
    layout = Layouts().of(func.result) if func.result is not None else None

    def call(*values: Any) -> Any:
        tools, inst, passed = _Tools(), ComponentInstance(state, -1), find()
        run = passed.codec(passed.func, _OPTIONS)(Boundary(inst, passed.types), tools, passed.target)

        def core(address: int, _: int) -> Callable[[], None]:
            raw, at = raw_values(count + 1)

            def go() -> None:
                raw[: capi.RAW * count] = MEMORY[address - 1 : address - 1 + capi.RAW * count]
                if by_pointer and layout is not None:
                    # The callee writes where the caller says; the result of an export is a pointer.
                    pointer = tools.realloc(layout.alignment, layout.size)
                    _I32.pack_into(raw, capi.RAW * count, pointer)
                    run(at)
                    _I32.pack_into(raw, 0, pointer)
                else:
                    run(at)
                MEMORY[address - 1 : address - 1 + capi.RAW] = raw[: capi.RAW]

            return go

        return export_codec(func, _OPTIONS)(_Boundary(inst, types), tools, core, None)(*values)

    return call
