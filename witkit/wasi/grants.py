"""What `Wasi` grants, opened: streams and folders. What cannot be granted is reported before a guest runs."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from witkit.runtime.wasi import BAD_GRANT, Output, Wasi
from witkit.text import WitkitError, error

from . import stdio
from .streams import ByteSource, Sink
from .waits import Waits


def variables(grants: Wasi) -> dict[str, str]:
    """The environment of a guest. Raises `WitkitError` for a NUL character."""
    granted = {**os.environ, **grants.env} if grants.inherit_env else dict(grants.env)
    return {_plain("the name of a variable", name): _plain(f"the variable `{name}`", granted[name]) for name in granted}


def arguments(grants: Wasi) -> list[str]:
    """The arguments of a guest. Raises `WitkitError` for a NUL character."""
    return [_plain(f"argument {number}", argument) for number, argument in enumerate(grants.args)]


def source(grants: Wasi, stack: ExitStack) -> ByteSource:
    """Where standard input comes from. Raises `WitkitError` if a file cannot be read."""
    given = grants.stdin
    if given is None:
        return stdio.NoInput()
    if given == "inherit":
        return stdio.OwnInput()
    if isinstance(given, bytes):
        return stdio.GivenInput(io.BytesIO(given))
    path = Path(os.fspath(given))
    if not path.is_file():
        raise bad(f"standard input `{path}` is not a file", "give an existing file, or bytes")
    try:
        return stdio.GivenInput(stack.enter_context(path.open("rb", buffering=0)))
    except OSError as failure:
        raise bad(f"standard input cannot be read: {failure}", "give a file that can be read") from None


def sink(waits: Waits, name: str, target: Output, stack: ExitStack) -> Sink:
    """Where standard output or error goes to. Raises `WitkitError` if a file cannot be written."""
    if target is None:
        return stdio.Nowhere()
    if target == "inherit":
        return stdio.OwnOutput(waits, name)
    if callable(target):
        return stdio.FunctionSink(target)
    try:
        return stdio.UnbufferedFile(waits, stack.enter_context(Path(target).open("wb", buffering=0)))
    except OSError as failure:
        raise bad(f"{name} cannot be written: {failure}", "give a file that can be written") from None


def folders(grants: Wasi) -> Mapping[str, tuple[Path, bool]]:
    """The granted folders by their paths in the guest, and whether each may be changed.

    Raises `WitkitError` for what is not a folder.
    """
    found: dict[str, tuple[Path, bool]] = {}
    for granted, is_writable in ((grants.dirs, True), (grants.read_only_dirs, False)):
        for guest, here in granted.items():
            path = Path(here)
            if not path.is_dir():
                raise bad(f"`{path}` is not a folder", "give an existing folder to `dirs`")
            found[guest] = path, is_writable
    return found


def _plain(what: str, text: str) -> str:
    """Text without NUL, which programs in other languages take for its end. It is not shown: it may be a secret."""
    if "\0" in text:
        raise bad(f"{what} contains the character NUL", "remove it")
    return text


def bad(message: str, help: str) -> WitkitError:
    """The error for something that cannot be granted."""
    return WitkitError([error(BAD_GRANT, message, help=help)])
