"""Calls within calls: a host function may call the guest again, a value that is being converted may not.

Between the allocation of an argument and the call that it is for, the canonical ABI lets nothing of the guest run: its
allocator may count on that. But lowering a value can run a program's code, such as `__index__` or an iterator.
"""

from __future__ import annotations

import sys
from types import FrameType

from witkit.runtime.errors import InstanceError

_CODEC = "C_CODEC"
"""What the globals of generated functions have (`witkit.canonical.code`)."""


def refuse_while_converting() -> None:
    """Raise InstanceError if the caller, a generated function, was called by a value that another call converts.

    Looking through the frames takes a microsecond, and only calls within calls look.
    """
    frame = _next(sys._getframe(1), is_codec=True)  # the call that wants to begin
    frame = _next(frame, is_codec=False)
    frame = _next(frame, is_codec=True)  # the one further out
    frame = _next(frame, is_codec=False)
    if frame is not None and not str(frame.f_globals.get("__name__", "")).startswith("witkit.runtime.core."):
        raise InstanceError(
            "a value that is on its way to or from the guest calls it: do that before or after the call"
        )


def _next(frame: FrameType | None, *, is_codec: bool) -> FrameType | None:
    while frame is not None and (_CODEC in frame.f_globals) is not is_codec:
        frame = frame.f_back
    return frame
