"""What stops a guest: a broken rule of the canonical ABI, or a trap below a call of the guest's own helpers."""

from __future__ import annotations

import re
from typing import Any

from witkit.runtime.errors import Reason, Trap, trap_of


class BrokenRule(Exception):
    """The guest broke a rule of the canonical ABI, which the message names. It comes out of the call as a `Trap`."""


class Stopped(BrokenRule):
    """The guest trapped in a core function that no caller knows by name, for example its `realloc`. `found` is the
    error of wasmtime."""

    def __init__(self, found: Any) -> None:
        super().__init__(str(found))
        self.found = found


def trap_for(rule: BrokenRule, outer: Any, name: str, written: str) -> Trap:
    """The Trap for a broken rule in a call of the export `name`; `outer` is wasmtime's error for what was under way,
    if there was anything, and `written` ends the guest's errors."""
    around = backtrace(outer)
    if isinstance(rule, Stopped):
        trap = trap_of(rule.found, name, written)
        trap.backtrace += around
        return trap
    made = Trap(f"`{name}` stopped: {rule}", Reason.OTHER, around, function=name)
    made.__cause__ = rule
    return made


def backtrace(error: Any) -> tuple[str, ...]:
    """The frames in the text of an error of wasmtime, innermost first."""
    trace = "" if error is None else str(error).partition("Caused by:")[0]
    return tuple(re.findall(r"^\s*\d+:\s+(?:0x[0-9a-f]+ - )?(\S.*)$", trace, re.MULTILINE))
