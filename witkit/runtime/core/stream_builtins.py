"""The canonical built-ins of streams and futures (`CanonicalABI.md`, "Canonical Definitions")."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from witkit.canonical.errors import Violation
from witkit.runtime.core import capi
from witkit.runtime.core.elements import NUMBERS, primitive
from witkit.runtime.core.streams import CANCELLING, COPYING, IDLE, Buffer, Elements, End, FutureMeeting, Meeting
from witkit.runtime.core.subtasks import CANNOT_BLOCK
from witkit.runtime.core.waitables import BLOCKED, FUTURE_READ, FUTURE_WRITE, STREAM_READ, STREAM_WRITE
from witkit.wasm import types
from witkit.wasm.subtyping import is_same

if TYPE_CHECKING:
    from witkit.runtime.core.callbacks import Run
    from witkit.runtime.core.component_instance import ComponentInstance
    from witkit.runtime.core.turns import Turns
    from witkit.wasm.plan import Canon

_I32: Final = struct.Struct("<I")
_I64: Final = struct.Struct("<Q")
_TWO: Final = struct.Struct("<I12xI")
_THREE: Final = struct.Struct("<I12xI12xI")

_CODES: Final = {
    "stream.read": STREAM_READ, "stream.write": STREAM_WRITE, "future.read": FUTURE_READ, "future.write": FUTURE_WRITE,
}  # fmt: skip


def stream_built_in(
    canon: Canon, inst: ComponentInstance, turns: Turns, elements: Callable[[], Elements | None]
) -> Run:
    """What runs for a built-in of streams and futures. `elements` gives its elements in the memory of its options, None
    if they have no values."""
    ends, name = _Ends(canon, inst), canon.kind.partition(".")[2]
    if name == "new":
        return ends.new
    if name.startswith("drop"):
        return ends.drop
    if name.startswith("cancel"):
        return ends.cancelling(turns)
    return ends.copying(turns, elements())


class _Ends:
    """The ends that one built-in is for."""

    def __init__(self, canon: Canon, inst: ComponentInstance) -> None:
        assert isinstance(canon.type, types.Defined)
        kind = canon.type.kind
        assert isinstance(kind, types.Stream | types.Future)
        self._plain = kind.type is None or primitive(kind.type) in NUMBERS
        self._type, self._inst, self._kind, self._async = canon.type, inst, canon.kind, canon.options.is_async
        self._meeting = FutureMeeting if isinstance(kind, types.Future) else Meeting
        self._reads = canon.kind.endswith(("read", "readable"))
        self._known: set[types.Defined] = {canon.type}

    def new(self, at: int) -> None:
        """`stream.new` and `future.new`."""
        meeting, table = self._meeting(self._type, plain=self._plain), self._inst.table
        readable, writable = table.add(End(meeting, reads=True)), table.add(End(meeting, reads=False))
        _I64.pack_into(capi.ALL, at - 1, readable | writable << 32)

    def drop(self, at: int) -> None:
        """`stream.drop-readable` and its like."""
        (index,) = _I32.unpack_from(capi.ALL, at - 1)
        self._end(index).drop()
        self._inst.table.discard(index)

    def copying(self, turns: Turns, elements: Elements | None) -> Run:
        """`stream.read` and its like."""
        code, is_future = _CODES[self._kind], self._meeting is FutureMeeting

        def run(at: int) -> None:
            index, to, count = (
                (*_TWO.unpack_from(capi.ALL, at - 1), 1) if is_future else _THREE.unpack_from(capi.ALL, at - 1)
            )
            end = self._end(index)
            if end.state != IDLE:
                raise Violation(f"cannot {self._kind.partition('.')[2]} {end.meeting.kind} that is busy or done")
            self._refuse_member(end)
            end.begin(self._inst, Buffer(elements, to, count), code, index)
            _I64.pack_into(capi.ALL, at - 1, self._answer(end, turns))

        return run

    def cancelling(self, turns: Turns) -> Run:
        """`stream.cancel-read` and its like."""

        def run(at: int) -> None:
            (index,) = _I32.unpack_from(capi.ALL, at - 1)
            end = self._end(index)
            if end.state != COPYING or end.awaited:
                raise Violation(f"cannot cancel a copy of a {end.meeting.kind} that is not busy")
            self._refuse_member(end)
            end.state = CANCELLING
            if end.event is None:
                end.meeting.cancel()
            _I64.pack_into(capi.ALL, at - 1, self._answer(end, turns))

        return run

    def _end(self, index: int) -> End:
        """The end of that index, if it is one of these."""
        end = self._inst.table.entry(End, index)
        if end.reads is not self._reads or not self._fits(end.meeting):
            raise Violation(f"handle index {index} is another end than `{self._kind}` is for")
        return end

    def _fits(self, meeting: Meeting) -> bool:
        if meeting.type not in self._known:
            if not is_same(meeting.type, self._type):
                return False
            self._known.add(meeting.type)
        return True

    def _refuse_member(self, end: End) -> None:
        if end.members is not None and not self._async:
            raise Violation("waitable cannot be used synchronously while added to a waitable set")

    def _answer(self, end: End, turns: Turns) -> int:
        """How the copy ended. Without the option `async`, the call waits for that."""
        if end.event is None and self._async:
            return BLOCKED
        if end.event is None:
            if self._inst.task is None:
                raise Violation(CANNOT_BLOCK)
            end.awaited = True
            turns.block(lambda: end.event is not None)
            end.awaited = False
        return end.take()[2]
