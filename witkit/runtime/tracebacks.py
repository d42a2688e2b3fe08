"""What a guest in Python says when it raises: a traceback on its standard error, then componentize-py's panic.

wasm knows nothing of it: its frames are those of the interpreter, written in Rust and C.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from typing import Final

KEPT: Final = 64 << 10
"""Bytes of an output that are remembered: Python abridges the tracebacks of deep recursion."""

_PANIC: Final = re.compile(
    r"\n\n?thread '[^']*'[^\n]* panicked at [^\n]*\nPython function threw an unexpected exception"
)
_START: Final = re.compile(r"^(?:  \+ Exception Group )?Traceback \(most recent call last\):$", re.MULTILINE)
_RAISED: Final = re.compile(r"(?:[^\W\d]\w*\.)*[A-Z]\w*(?:: .*)?")
"""An exception without frames: the interpreter raised it itself, before any of the guest's code ran."""
_UNWRAPPED: Final = "called `Result::unwrap()` on an `Err` value: "
"""How a panic of componentize-py begins if a value that the guest gives does not fit its type."""
_LOCK: Final = re.compile(r"(?:lock_)?PyThread_acquire_lock\w*|_PyMutex_Lock\w*")
"""The functions of the interpreter that wait for a lock."""
_DEPTH: Final = 8
_CHAINED: Final = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)


class Tail:
    """Remembers the last bytes of what is written."""

    def __init__(self) -> None:
        self._parts: deque[bytes] = deque()
        self._size = 0

    def __call__(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        while self._size - len(self._parts[0]) >= KEPT:
            self._size -= len(self._parts.popleft())

    def text(self) -> str:
        """The end of what was written."""
        return b"".join(self._parts)[-KEPT:].decode("utf-8", "replace")


def guest_traceback(written: str) -> str:
    """The traceback of the exception that ended a guest in Python, with those it came from; empty if none did."""
    panics = list(_PANIC.finditer(written))
    if not panics:
        return ""
    text = written[: panics[-1].start()].rstrip()
    last = text.rpartition("\n")[2]
    starts = [found.start() for found in _START.finditer(text)]
    if not starts:
        return last if _RAISED.fullmatch(last) else ""
    first = starts.pop()
    while starts and text[:first].rstrip().endswith(_CHAINED):
        first = starts.pop()
    return text[first:]


def exception_line(traceback: str) -> str:
    """The type and message of the exception in a traceback's last part, as in `LookupError: no such item`."""
    starts = list(_START.finditer(traceback))
    if not starts:
        return traceback
    last = starts[-1]
    for line in traceback[last.end() + 1 :].splitlines():
        # Frames are indented by two, those of a group's by a bar; what follows them is not.
        plain = line.removeprefix("  | ")
        if plain and not plain.startswith(" "):
            return plain
    return traceback.rstrip().rpartition("\n")[2]


def guest_panic(written: str) -> str:
    """What stopped a guest that panicked, a sentence without its end; empty if it said nothing of the kind."""
    # A guest writes what it likes: no regular expression that could take long.
    lines = written.rstrip().split("\n")
    for number in range(len(lines) - 2, -1, -1):
        thread, panicked, place = lines[number].rpartition(" panicked at ")
        if panicked and "thread '" in thread and place.endswith(":"):
            message = lines[number + 1]
            return _unfit(message) or f"the guest panicked at {place} {message}"
    return ""


def endless_wait(frames: Sequence[str]) -> str:
    """What a guest in Python waited for if nothing could end that, a sentence without its end; otherwise empty.

    Events, conditions and queues of Python wait for locks, too. There is no exception that could have a traceback.
    """
    inner = [frame.rpartition("!")[2] for frame in frames[:_DEPTH]]
    if inner[:1] != ["pthread_cond_wait"] or not any(_LOCK.fullmatch(frame) for frame in inner):
        return ""
    return (
        "the guest waits for a lock, an event or a queue without a timeout, and has no other thread that could end it"
    )


def _unfit(message: str) -> str:
    if not message.startswith(_UNWRAPPED):
        return ""
    kind, _, details = message.removeprefix(_UNWRAPPED).partition(" { ")
    wrong = ""
    if kind == "PyErr":
        wrong = details.partition(", value: ")[2].rpartition(", traceback: ")[0]
    elif kind == "CastError" and (cls := details.rpartition("<class '")[2].partition("'")[0]):
        wrong = f"it is not a `{cls}`"
    return f"a value of the guest does not fit its type in WIT: {wrong}" if wrong else ""
