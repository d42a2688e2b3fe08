"""A component's bytes, from a file or from memory."""

from __future__ import annotations

import os
from pathlib import Path

from witkit.runtime.refusals import DAMAGED
from witkit.text import WitkitError, error
from witkit.text.files import way_out

UNREADABLE = "WIT0701"
CORE_MODULE = "WIT0702"
NOT_A_COMPONENT = "WIT0703"

_MAGIC = b"\0asm"
_CORE, _COMPONENT = b"\x01\x00\x00\x00", b"\x0d\x00\x01\x00"


def read(source: str | os.PathLike[str] | bytes) -> tuple[bytes, str]:
    """A component's bytes and its name for messages. Text (WAT) is turned into binary.

    Raises WitkitError if the file cannot be read or does not hold a component.
    """
    if isinstance(source, bytes):
        content, name = source, "<component>"
    else:
        name = os.fspath(source)
        content = _content(Path(name))
    if content.lstrip()[:1] == b"(":
        content = _binary(content, name)
    _check_header(content, name)
    return content, name


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            problem, help = "is a pipe, a socket or a device", "save what comes from it in a file"
        else:
            return path.read_bytes()
    except IsADirectoryError:
        problem, help = "is a folder", "give the component's file, for example `orders.wasm`"
    except (FileNotFoundError, NotADirectoryError):
        problem, help = "does not exist", "build it first (`witkit build`), or check the path"
    except OSError as failure:
        problem, help = f"cannot be read: {str(failure.strerror).lower()}", way_out(failure, "make it readable")
    raise WitkitError([error(UNREADABLE, f"the component `{path}` {problem}", help=help, file=str(path))])


def _binary(content: bytes, name: str) -> bytes:
    from wasmtime import WasmtimeError, wat2wasm

    try:
        return bytes(wat2wasm(content))
    except WasmtimeError as failure:
        line = " ".join(str(failure).split())
        help = "check it with `wasm-tools parse`"
        problem = error(NOT_A_COMPONENT, f"`{name}` is not valid WebAssembly text: {line}", help=help, file=name)
        raise WitkitError([problem]) from None


def _check_header(content: bytes, name: str) -> None:
    """Refuse core modules and other files before the compiler sees them."""
    if content[:8] == _MAGIC + _COMPONENT:
        return
    if content[:4] == _MAGIC and content[4:8] == _CORE:
        problem = error(
            CORE_MODULE, f"`{name}` is a core module, not a component", file=name,
            help="turn it into one: `wasm-tools component embed` with its WIT, then `wasm-tools component new` "
            "(with `--adapt` for a module made for WASI preview 1)",
        )  # fmt: skip
    elif content[:4] == _MAGIC and len(content) >= 8:
        problem = error(
            NOT_A_COMPONENT, f"`{name}` is WebAssembly of an unknown version", file=name,
            help="rebuild it with current tools",
        )  # fmt: skip
    elif _MAGIC.startswith(content[:4]) and content:
        problem = error(DAMAGED, f"`{name}` ends in the middle of its header", file=name, help="build it again")
    elif not content:
        problem = error(NOT_A_COMPONENT, f"`{name}` is empty", file=name, help="build it again")
    else:
        problem = error(
            NOT_A_COMPONENT, f"`{name}` is not a WebAssembly component", file=name,
            help="a component begins with the bytes `\\0asm`; build one with `witkit build`",
        )  # fmt: skip
    raise WitkitError([problem])
