"""What can go wrong while a component runs. Problems found before anything runs are `WitkitError`s."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Final

from witkit.runtime.tracebacks import endless_wait, exception_line, guest_panic, guest_traceback
from witkit.text import Error


class Reason(StrEnum):
    """Why a guest stopped."""

    UNREACHABLE = "unreachable"
    MEMORY = "memory"
    FUEL = "fuel"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"
    EXIT = "exit"
    STACK = "stack"
    HANDLES = "handles"
    TRANSFER = "transfer"
    LIMIT = "limit"
    ARITHMETIC = "arithmetic"
    OTHER = "other"


class Trap(Error):
    """The guest stopped: `reason` says why, `backtrace` holds its frames (innermost first), `function` is
    the export that was called, `code` the exit code if `reason` is `exit`. The instance is closed.

    `traceback` is that of a guest in Python which raised an exception, empty for any other.
    """

    def __init__(
        self, message: str, reason: Reason = Reason.OTHER, backtrace: tuple[str, ...] = (), *,
        function: str = "", code: int | None = None, traceback: str = "",
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.reason, self.backtrace, self.function, self.code = reason, backtrace, function, code
        self.traceback = traceback

    def __str__(self) -> str:
        lines = [str(self.args[0])]
        if self.traceback:
            # The frames of wasm are those of the interpreter.
            lines += ["the guest's traceback:", *(f"  {line}" for line in self.traceback.splitlines())]
        elif self.backtrace:
            lines += ["wasm backtrace (innermost first):", *(f"  {frame}" for frame in self.backtrace)]
        return "\n".join(lines)


class InstanceError(Error, RuntimeError):
    """An instance was used that cannot be used: closed, stopped by an earlier error, or busy in another thread."""


class MissingImport(Error, RuntimeError):
    """The guest called an import that was declared optional and is not provided."""


class HandleLimitError(Error, RuntimeError):
    """More handles to host objects are alive in one instance than it may hold (99,999)."""


ADAPTER: Final = "witkit-adapter"
"""The name of the core modules of `witkit.runtime.core.fused`."""

_REASONS = (
    ("unreachable", Reason.UNREACHABLE, "the guest reached an `unreachable` instruction (it panicked or gave up)"),
    ("all fuel consumed", Reason.FUEL, "the guest used up its fuel"),
    ("wasm trap: interrupt", Reason.TIMEOUT, "the guest ran longer than its timeout"),
    ("call stack exhausted", Reason.STACK, "the guest used up its stack"),
    ("out of bounds memory access", Reason.MEMORY, "the guest accessed memory out of its bounds"),
    ("forcing trap when growing memory", Reason.MEMORY, "the guest asked for more memory than its limit"),
    ("GC heap out of memory", Reason.MEMORY, "the guest asked for more memory than its limit"),
    ("memory minimum size", Reason.MEMORY, "the guest needs more memory than its limit"),
    ("elements exceeds table limits", Reason.LIMIT, "the guest needs a larger table than its limit"),
    ("instance count too high", Reason.LIMIT, "the guest has more core instances than its limit"),
    ("table count too high", Reason.LIMIT, "the guest has more tables than its limit"),
    ("memory count too high", Reason.LIMIT, "the guest has more memories than its limit"),
    ("Cannot allocate memory", Reason.MEMORY, "this machine has no memory left for the guest"),
    ("out of memory (failed to allocate", Reason.MEMORY, "this machine has no memory left for the guest"),
    ("shared memory support is disabled", Reason.OTHER, "the guest needs shared memory, which witkit does not have"),
    ("integer divide by zero", Reason.ARITHMETIC, "the guest divided an integer by zero"),
    ("integer overflow", Reason.ARITHMETIC, "an integer operation of the guest overflowed"),
    ("invalid conversion to integer", Reason.ARITHMETIC, "the guest converted a float that no integer can hold"),
)  # fmt: skip
"""What wasmtime says of a trap, and what that means for a guest."""

_RULES = (
    ("calls between component instances nest", Reason.STACK, "the guest's calls between its instances nest too deeply"),
    ("handle limit exceeded", Reason.HANDLES, "more than 99,999 resource handles are alive in this instance"),
    ("too much data in one call", Reason.TRANSFER, (
        "the guest passed too much data in one call: lists of lists or strings may have as many bytes as the guest's "
        "memory and 16 MiB, at most 256 MiB; pass them in parts"
    )),
)  # fmt: skip
"""The same for rules of the canonical ABI. Others speak for themselves."""


def trap_of(error: Any, function: str, written: str = "") -> Trap:
    """The `Trap` for a `WasmtimeError` that came out of calling `function`; `written` ends the guest's errors."""
    text = str(error)
    trace, _, causes = text.partition("Caused by:")
    found = frames(trace)
    cause = causes.strip() or text  # without the names of the guest's functions, which may be anything
    code = getattr(error, "code", None)
    if isinstance(code, int):
        message = f"`{function}` ended the program with exit code {code}"
        return Trap(message, Reason.EXIT, found, function=function, code=code)
    for mark, reason, message in _REASONS:
        if mark in cause:
            if reason is Reason.UNREACHABLE and (traceback := guest_traceback(written)):
                message = f"the guest raised {exception_line(traceback)}"
                return Trap(f"`{function}` stopped: {message}", reason, found, function=function, traceback=traceback)
            if reason is Reason.UNREACHABLE:
                message = guest_panic(written) or endless_wait(found) or message
            return Trap(f"`{function}` stopped: {message}", reason, found, function=function)
    cause = re.sub(r"^\d+: ", "", cause.splitlines()[-1].strip())
    return Trap(f"`{function}` stopped: {cause}", Reason.OTHER, found, function=function)


def trap_of_rule(rule: str, function: str) -> Trap:
    """The `Trap` for a broken rule of the canonical ABI in a call of `function`."""
    for mark, reason, message in _RULES:
        if rule.startswith(mark):
            return Trap(f"`{function}` stopped: {message}", reason, function=function)
    return Trap(f"`{function}` stopped: {rule}", function=function)


def frames(trace: str) -> tuple[str, ...]:
    """The frames in a backtrace of wasmtime's, innermost first, without those of adapters."""
    found = re.findall(r"^\s*\d+:\s+(?:0x[0-9a-f]+ - )?(\S.*)$", trace, re.MULTILINE)
    return tuple(frame for frame in found if not frame.startswith(f"{ADAPTER}!"))
