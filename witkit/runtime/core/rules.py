"""What stops a guest: a broken rule of the canonical ABI, or a trap below a call of the guest's own helpers."""

from __future__ import annotations

from typing import Any

from witkit.abi.traps import GuestExit, GuestTrap
from witkit.canonical.errors import Violation
from witkit.runtime.errors import Reason, Trap, frames, trap_of, trap_of_rule


class CoreTrap(Violation):
    """The guest trapped in a core function that no caller knows by name, for example its `realloc`. `found` is the
    error of wasmtime."""

    def __init__(self, found: Any) -> None:
        super().__init__(str(found))
        self.found = found


class Halted(Violation):
    """The guest was stopped from outside, for `reason`."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def trap_for(rule: Violation | GuestTrap, outer: Any, name: str, written: str) -> Trap:
    """The Trap for a broken rule in a call of the export `name`; `outer` is wasmtime's error for what was under way,
    if there was anything, and `written` ends the guest's errors.

    The frames that a guest's rule was broken in are forgotten: they say nothing, and keep much alive. Those of an
    implementation that asked for the trap say where.
    """
    around = backtrace(outer)
    if isinstance(rule, GuestTrap):  # its text is the implementation's own
        trap = Trap(f"`{name}` stopped: {str(rule) or type(rule).__name__}", backtrace=around, function=name)
        trap.__cause__ = rule
        return trap
    rule.__traceback__ = rule.__context__ = rule.__cause__ = None
    if isinstance(rule, CoreTrap):
        trap = trap_of(rule.found, name, written)
        trap.backtrace += around
        return trap
    if isinstance(rule, Halted):
        return Trap(f"`{name}` stopped: {rule}", rule.reason, around, function=name)
    trap = trap_of_rule(str(rule), name)
    trap.backtrace = around
    return trap


def exited(exit: GuestExit, outer: Any, name: str) -> Trap:
    """The Trap for a program that ended itself in a call of the export `name`."""
    message = f"`{name}` ended the program with exit code {exit.code}"
    return Trap(message, Reason.EXIT, backtrace(outer), function=name, code=exit.code)


def backtrace(error: Any) -> tuple[str, ...]:
    """The frames in the text of an error of wasmtime, innermost first."""
    trace = "" if error is None else str(error).partition("Caused by:")[0]
    return frames(trace)
