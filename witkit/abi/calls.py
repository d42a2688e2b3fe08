"""Which import a guest was calling when the host raised."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from witkit.abi.types import Func

NOTE: Final = "raised by the host in the WIT call "
"""The beginning of the note; the call follows."""


def note_call(problem: BaseException, call: str) -> None:
    """Note on an exception the call, `interface#function`, that it was raised in, once if it passes many of them."""
    if f"{NOTE}{call}" not in getattr(problem, "__notes__", ()):
        BaseException.add_note(problem, f"{NOTE}{call}")


def host_call(problem: BaseException) -> str | None:
    """The call that was noted on an exception, the innermost one; None for one that was not raised by a host."""
    notes = [note for note in getattr(problem, "__notes__", ()) if isinstance(note, str)]
    return next((re.sub(f"^{NOTE}", "", note) for note in notes if note.startswith(NOTE)), None)


def method_of(func: Func) -> Callable[..., Any]:
    """A function that calls a method of its first argument, the resource's object."""

    def call(self: Any, /, *arguments: Any) -> Any:
        return getattr(self, func.attr)(*arguments)

    return call
