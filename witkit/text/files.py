"""Read WIT files from the disk: a text, or why there is none."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from witkit.text.diagnostic import Diagnostic, error
from witkit.text.source import Source

CANNOT_READ: Final = "WIT0504"
NOT_UTF8: Final = "WIT0505"
NO_WIT_FILES: Final = "WIT0506"
ENCODED_PACKAGE: Final = "WIT0507"
MAGIC: Final = b"\0asm"
"""The first bytes of every binary."""

_WAYS_OUT: Final[Mapping[int | None, str]] = {
    errno.ENAMETOOLONG: "shorten it: most systems allow 255 bytes for each part of a path, and 4096 for all of it",
    errno.ELOOP: "its symbolic links lead to each other: correct them",
    errno.ENOSPC: "make room on the disk, or name another one",
    errno.EROFS: "name another place: this disk can only be read",
}


def way_out(refused: OSError, otherwise: str) -> str:
    """The help for a path that the system refuses. `otherwise` is for reasons that the path itself does not show."""
    return _WAYS_OUT.get(refused.errno, otherwise)


def read_file(path: Path, shown: str, found: list[Diagnostic]) -> list[Source]:
    """One source; or a finding, and none. It never waits for a pipe, whose content could be read only once."""
    try:
        if not (path.is_file() or path.is_dir()) and path.exists():
            found.append(not_a_regular_file(shown))
            return []
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        found.append(no_such_file(shown))
        return []
    except OSError as e:
        if path.is_dir():
            found.append(unreadable_folder(shown, e))
            return []
        message = f"cannot read this file: {(e.strerror or 'the system refuses').lower()}"
        found.append(error(CANNOT_READ, message, file=shown, help=way_out(e, "make it readable, or leave it out")))
        return []
    return decoded(data, shown, found)


def decoded(data: bytes, shown: str, found: list[Diagnostic]) -> list[Source]:
    """The source in the content of a file; or a finding, and none."""
    if data.startswith(MAGIC):
        message = "this is WebAssembly, not WIT text"
        help = "put it into `deps/` as `NAME.wasm`, or name the file itself: `witkit show FILE`"
        found.append(error(ENCODED_PACKAGE, message, file=shown, help=help))
        return []
    if shown.endswith(".wat"):
        found.append(text_of_wasm(shown))
        return []
    try:
        return [Source(shown, data.decode())]
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        message = f"this file is not UTF-8: line {line} has byte 0x{data[e.start]:02x}"
        found.append(error(NOT_UTF8, message, file=shown, help="save the file as UTF-8"))
        return []


def no_such_file(shown: str) -> Diagnostic:
    message, help = f"there is no file or folder `{shown}`", "check the path for a typing mistake"
    return error(CANNOT_READ, message, file=shown, help=help)


def not_a_regular_file(shown: str) -> Diagnostic:
    help = "save what comes from it in a file, and name that"
    return error(CANNOT_READ, "this is not a regular file, but a pipe, a socket or a device", file=shown, help=help)


def unreadable_folder(shown: str, refused: OSError) -> Diagnostic:
    message = f"cannot read this folder: {(refused.strerror or 'the system refuses').lower()}"
    return error(CANNOT_READ, message, file=shown, help="check the permissions of the folder")


def text_of_wasm(shown: str) -> Diagnostic:
    help = "convert it to a binary: `wasm-tools parse FILE -o NAME.wasm`"
    return error(ENCODED_PACKAGE, "the text format of WebAssembly is not supported", file=shown, help=help)
