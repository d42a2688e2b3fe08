"""Where C calls Python: one trampoline for all imported functions, one for all destructors.

The C library hands back the number under which a function was registered, and the store that calls it, so that a
callback can never point at freed code: an unknown number is an error, not a crash. Stores share what is registered.

An exception may not cross C. It is kept with the store it happened in and raised again, the same object,
when the call that led here returns.

One place is beyond any `try`: a signal that arrived while the guest ran is normally raised on entering the
trampoline, before its first line. ctypes would then return an undefined pointer, which ends the process.
`_uninterrupted` lets the interpreter look for signals only once the function is inside its `try`. If a
future interpreter does so all the same, our `sys.unraisablehook` keeps the exception in `LOST`, and every
call looks there.
"""

from __future__ import annotations

import ctypes
import dis
import errno
import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import get_ident
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

from witkit.abi.calls import NOTE
from witkit.runtime import capi
from witkit.runtime.codec.functions import LOST

if TYPE_CHECKING:
    from witkit.runtime.state import State

Run: TypeAlias = "Callable[[int, int], None]"
"""Called with the addresses of arguments and result."""


@dataclass(frozen=True, slots=True)
class Callback:
    """What the guest can call: its name for messages, and what makes it for one store at its first call."""

    label: str
    bind: Callable[[State], Run]


_callbacks: dict[int, Callback] = {}
_states: dict[int, State] = {}
_writers: dict[int, tuple[Callable[[bytes], object], State]] = {}
_numbers = itertools.count(1)


class Runs(dict[int, Run]):
    """The functions that the guest of one store has called, by their numbers."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def __missing__(self, number: int) -> Run:
        self[number] = run = _callbacks[number].bind(self._state)
        return run


def add(label: str, bind: Callable[[State], Run]) -> int:
    """Register a function; gives its number."""
    number = next(_numbers)
    _callbacks[number] = Callback(label, bind)
    return number


def attach(state: State) -> None:
    """Calls from the store of `state` belong to it, until `detach`."""
    _states[state.address] = state


def detach(state: State) -> None:
    """Forget a store that is gone."""
    _states.pop(state.address, None)


def add_writer(write: Callable[[bytes], object], state: State) -> int:
    """Register `write(data)`, called with what the guest writes to an output; gives its number."""
    number = next(_numbers)
    _writers[number] = write, state
    return number


def remove(number: int) -> None:
    """Forget a registration; a later call of it is an error."""
    _callbacks.pop(number, None)
    _writers.pop(number, None)


def _stopped(number: int, context: int, error: BaseException) -> int:
    """Keep the exception for the call that led here, and stop the guest."""
    state, callback = _states.get(context), _callbacks.get(number)
    if state is None or callback is None:
        LOST[get_ident()] = error
    else:
        if state.pending is None:
            state.pending = error
        _note(error, f"{NOTE}{callback.label}")
    return capi.new_error("the host function raised an exception")


def _note(error: BaseException, note: str) -> None:
    """Say where an exception was raised, once: it passes every call that led there, also the same one many times."""
    if note not in getattr(error, "__notes__", ()):
        BaseException.add_note(error, note)


def _uninterrupted(function: Callable[..., int]) -> Callable[..., int]:
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


@_uninterrupted
def _imported(number: int, context: int, type: int, args: int, count: int, res: int) -> int:
    try:
        if LOST and get_ident() in LOST:
            return capi.new_error("interrupted")
        _states[context].runs[number](args, res)
        return 0
    except BaseException as error:
        problem = error
    while True:  # a second signal may strike while the first is dealt with
        try:
            return _stopped(number, context, problem)
        except BaseException as error:
            problem = error


@_uninterrupted
def _destroyed(number: int, context: int, rep: int) -> int:
    try:
        _states[context].table.dropped(rep)
        return 0
    except BaseException as error:
        problem = error
    while True:
        try:
            return _stopped(number, context, problem)
        except BaseException as error:
            problem = error


@_uninterrupted
def _written(number: int, data: int, size: int) -> int:
    """The guest sees an I/O error if the function raises; the call that wrote raises the exception."""
    try:
        _writers[number][0](ctypes.string_at(data, size))
        return size
    except BaseException as error:
        found = _writers.get(number)
        if found is not None and found[1].owner > 0:
            # WASI writes in a thread of its own; the caller's is the one that waits for it.
            LOST[found[1].owner] = error
    return -errno.EIO


_S = ctypes.c_size_t
# The C signature has a seventh parameter, the number of results, which nobody needs here.
_imported_c = ctypes.CFUNCTYPE(_S, _S, _S, _S, _S, _S, _S)(_imported)
_destroyed_c = ctypes.CFUNCTYPE(_S, _S, _S, ctypes.c_uint32)(_destroyed)
_written_c = ctypes.CFUNCTYPE(ctypes.c_ssize_t, _S, _S, _S)(_written)
IMPORTED = capi.address(_imported_c)
"""The address of the C function behind every import."""
DESTROYED = capi.address(_destroyed_c)
"""The address of the C function behind every destructor."""
WRITTEN = capi.address(_written_c)
"""The address of the C function behind every output that is a function."""

_CALLBACKS = (_imported, _destroyed, _written)
_SHOWN = tuple(map(repr, _CALLBACKS))


class _Hook:
    """Keeps what was lost in a callback of ours, and hands everything else to the hook before it."""

    def __init__(self, other: Callable[[Any], object]) -> None:
        self._other = other

    def __call__(self, unraisable: Any) -> None:
        if _is_ours(unraisable):
            LOST[get_ident()] = unraisable.exc_value or KeyboardInterrupt()
        else:
            self._other(unraisable)


def listen() -> None:
    """Hear of exceptions that a callback could not keep. Others put their own hook in place of ours, as pytest does:
    every instance that is made looks whether it is still there."""
    if not isinstance(sys.unraisablehook, _Hook):
        sys.unraisablehook = _Hook(sys.unraisablehook)


def _is_ours(unraisable: Any) -> bool:
    """Whether an exception was lost in a callback of this module: from Python 3.13 on, only the message says so."""
    if unraisable.object is None:
        return str(unraisable.err_msg).endswith(_SHOWN)
    return any(unraisable.object is callback for callback in _CALLBACKS)


listen()
