"""Where wasm calls Python: one C function for all, which finds what to run by a number.

The number belongs to one function of one store and is never used again, so that a callback can never point at freed
code: an unknown number is an error, not a crash.

An exception may not cross C. It is kept with the store it happened in and raised again, the same object,
when the call that led here returns.

One place is beyond any `try`: a signal that arrived while the guest ran is normally raised on entering the
callback, before its first line. ctypes would then return an undefined pointer, which ends the process.
`uninterrupted` lets the interpreter look for signals only once the function is inside its `try`. If a
future interpreter does so all the same, our `sys.unraisablehook` keeps the exception in `LOST`, and every
call looks there.

The recursion limit would have the same effect there. Whoever enters wasm therefore calls `capi.room` first, which also
leaves enough for a callback to say that it has failed, if only by functions of C.
"""

from __future__ import annotations

import ctypes
import dis
import struct
import sys
from collections.abc import Callable
from threading import get_ident
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from witkit._waiting import check
from witkit.abi.calls import NOTE
from witkit.canonical.errors import Violation
from witkit.runtime.core import capi
from witkit.runtime.errors import InstanceError

if TYPE_CHECKING:
    from witkit.runtime.core.state import State

F = TypeVar("F", bound=Callable[..., object])

Run: TypeAlias = Callable[[int], object]
"""Called with the address of the raw arguments, where it leaves the raw results."""

BITS: Final = 32
STATES: Final[dict[int, State]] = {}
"""The stores by their serials."""


class _Runs(dict[int, Run]):
    """What guests have called so far."""

    def __missing__(self, number: int) -> Run:
        self[number] = run = STATES[number >> BITS].make(number)
        return run


RUNS: Final = _Runs()
"""What to run, by number: the store's serial above `BITS` bits, the function's place in the store below."""
LOST: Final[dict[int, BaseException]] = {}
"""Per thread, an exception that struck before a callback's first line."""
POISONED: Final[set[int]] = set()
"""The serials of stores whose guests an error has stopped. No instruction of such a guest runs any more, not even in a
call further out, which waits for a function of the host's that has kept the error to itself."""


def _refuse(number: int) -> None:
    """Raise InstanceError instead of going back to a guest that was stopped."""
    if number >> BITS in POISONED:
        raise InstanceError(STATES[number >> BITS].broken)


def _stopped(number: int, error: BaseException) -> int:
    """Keep the exception for the call that led here, and stop the guest."""
    state = STATES.get(number >> BITS)
    if state is None:
        LOST[get_ident()] = error
    else:
        label = state.label(number)
        if not label and isinstance(error, RecursionError) and not hasattr(error, "__notes__"):
            error = Violation("calls between component instances nest too deeply")  # not in a function of the host's
        if state.pending is None:
            state.pending = error
        if label:
            _note(error, f"{NOTE}{label}")
    return _trap()


def _trap() -> int:
    return int(capi.trap_new(_MESSAGE, _LENGTH))


_MESSAGE: Final = b"the host function raised an exception"
_LENGTH: Final = capi.size_argument(len(_MESSAGE))


def _note(error: BaseException, note: str) -> None:
    """Say where an exception was raised, once: it passes every call that led there, also the same one many times."""
    if note not in getattr(error, "__notes__", ()):
        BaseException.add_note(error, note)


def uninterrupted(function: F) -> F:
    """The function, on entry to which signals are not looked for.

    Code begins with the instruction RESUME, whose argument says where it resumes: 0, a function's start,
    checks for signals, 2, after `yield from`, does not. The next check is the first call in the body.
    """
    assert isinstance(function, FunctionType)
    code = bytearray(function.__code__.co_code)
    for at in range(0, len(code), 2):
        if code[at] == dis.opmap["RESUME"] and code[at + 1] == 0:
            code[at + 1] = 2
            break
    function.__code__ = function.__code__.replace(co_code=bytes(code))
    return function


@uninterrupted
def _called(number: int, caller: int, raw: int, count: int) -> int:
    try:
        if LOST and get_ident() in LOST:
            return _trap()
        RUNS[number](raw)
        if POISONED:
            _refuse(number)
        return 0
    except BaseException as error:
        problem = error
    while True:  # a second signal may strike while the first is dealt with
        try:
            return _stopped(number, problem)
        except RecursionError:
            LOST[get_ident()] = problem
            return int(capi.trap_new(_MESSAGE, _LENGTH))
        except BaseException as error:
            problem = error


@uninterrupted
def _reached(context: int, serial: int, delta: int, kind: int) -> int:
    """Wasm found that the epoch of its engine has advanced: stop it, or let it go on until the next time.

    `delta` is the address of the number of ticks until then, `kind` that of how to go on, which is 0 already.
    Handlers of signals must not call the guest: it may be anywhere, for example in its allocator.
    """
    try:
        state = STATES[serial]
        state.looking = True  # before the first call, after which a handler may run
        _U64.pack_into(capi.ALL, delta - 1, 1)
        check()
        state.looking = False
        return 0
    except BaseException as error:
        problem = error
    while True:
        try:
            found = STATES.get(serial)
            if found is None:
                LOST[get_ident()] = problem
            elif found.pending is None:
                found.pending = problem
            return int(capi.error_new(_STOPPED))
        except BaseException as error:
            problem = error


_U64: Final = struct.Struct("<Q")
_STOPPED: Final = b"stopped from outside"

_C = ctypes.CFUNCTYPE(capi.Size, capi.Size, capi.Size, capi.Size, capi.Size)
_called_c, _reached_c = _C(_called), _C(_reached)
CALLED: Final = capi.Pointer(capi.address(_called_c))
"""The address of the C function behind everything that wasm calls."""
REACHED: Final = capi.Pointer(capi.address(_reached_c))
"""The address of the C function that a store calls, with its serial, when the epoch has advanced."""

_OURS: Final = (_called, _reached)
_SHOWN: Final = tuple(map(repr, _OURS))


class _Hook:
    """Keeps what was lost in the callback, and hands everything else to the hook before it.

    It holds all that it needs, because the names of modules are gone when an interpreter that exits calls it last.
    """

    def __init__(self, other: Callable[[Any], object]) -> None:
        self._other = other
        self._lost, self._ident, self._ours, self._shown = LOST, get_ident, _OURS, _SHOWN

    def __call__(self, unraisable: Any) -> None:
        if self._is_ours(unraisable):
            self._lost[self._ident()] = unraisable.exc_value or KeyboardInterrupt()
        else:
            self._other(unraisable)

    def _is_ours(self, unraisable: Any) -> bool:
        """Whether an exception was lost in a callback: from Python 3.13 on, only the message says so."""
        if unraisable.object is None:
            return str(unraisable.err_msg).endswith(self._shown)
        return any(unraisable.object is each for each in self._ours)


def listen() -> None:
    """Hear of exceptions that the callback could not keep. Others put their own hook in place of ours, as pytest does:
    every store that is made looks whether it is still there."""
    hook: Any = sys.unraisablehook
    while hook is not None and not isinstance(hook, _Hook):
        hook = getattr(hook, "_other", None)
    if hook is None:
        sys.unraisablehook = _Hook(sys.unraisablehook)


listen()
