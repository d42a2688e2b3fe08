"""The diagnostic for a guest that stopped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from witkit.runtime import Limits, Reason, Trap
from witkit.text import Diagnostic, error

STOPPED: Final = "WIT0804"
FRAMES: Final = 8
"""The most frames of a backtrace that are shown."""

_LIMITED: Final = {Reason.TIMEOUT: "timeout", Reason.MEMORY: "memory", Reason.FUEL: "fuel"}
_PARTS: Final = ("instances", "tables", "memories")
_UNITS: Final = {"timeout": " seconds", "memory": " bytes", "fuel": ""}

_PANIC: Final = re.compile(r"abort|panic|__rust|rust_|(<?)(std|core|alloc)::")


class Stopped(Trap):
    """A trap of a guest that is called. `diagnostic` says more about it, for the operator."""

    def __init__(self, diagnostic: Diagnostic, reason: Reason, function: str = "") -> None:
        super().__init__(diagnostic.message, reason, function=function)
        self.diagnostic = diagnostic


def stopped(trap: Trap, component: str, limits: Limits) -> Diagnostic:
    """Why a component stopped, and where; for a limit of its own, what sets it."""
    limit = _LIMITED.get(trap.reason)
    if limit is not None and getattr(limits, limit) is not None:
        return error(STOPPED, str(trap.args[0]), help=set_by(limit, getattr(limits, limit)), file=component)
    if trap.reason is Reason.LIMIT and (parts := [f"`{each}`" for each in _PARTS if getattr(limits, each) is not None]):
        return error(STOPPED, str(trap.args[0]), help=f"raise it in [limits]: {', '.join(parts)}", file=component)
    if trap.traceback:
        return error(
            STOPPED, str(trap.args[0]), help="\n".join(["the guest's traceback:", trap.traceback]), file=component
        )
    frames = _relevant_frames(trap.backtrace)
    if len(frames) > FRAMES:
        frames = [*frames[:FRAMES], f"… {len(frames) - FRAMES} more"]
    help = "\n".join(["the guest was in (innermost first):", *frames]) if frames else ""
    return error(STOPPED, str(trap.args[0]), help=help, file=component)


def late(component: str, limits: Limits) -> Diagnostic:
    """Why a component stopped that was waiting for something outside it when its time was over."""
    assert limits.timeout is not None
    help = set_by("timeout", limits.timeout)
    return error(STOPPED, "the program ran longer than its timeout", help=help, file=component)


def set_by(limit: str, value: float) -> str:
    """What sets a limit, and to which value."""
    option = "" if limit == "fuel" else f" or `--{limit}`"
    return f"`{limit}` in [limits]{option} sets the limit; it is {value:,}{_UNITS[limit]}"


def _relevant_frames(backtrace: Sequence[str]) -> list[str]:
    """The frames of the guest, without those of the panic itself, which come first."""
    frames = [_frame(frame) for frame in backtrace]
    first = next((number for number, frame in enumerate(frames) if not _PANIC.match(frame)), 0)
    return frames[first:]


def _frame(frame: str) -> str:
    """A frame without the name of its module."""
    module, mark, function = frame.partition("!")
    return function if mark else module
