"""Headers of files that are named by a hash because their text is too long for a name: they begin with the text.

The header is the length of the text in 8 bytes, big-endian, and its UTF-8 bytes. Files with a readable name have no
header.
"""

from __future__ import annotations

import struct
from pathlib import Path

from .names import LONG, file_name, text_of

_LENGTH = struct.Struct(">Q")


class Damaged(Exception):
    """A file named by a hash does not begin with its text."""


def header(text: str) -> bytes:
    """The header of the file for this text. Empty if the name has the whole text."""
    if not file_name(text).startswith(LONG):
        return b""
    spelled = text.encode()
    return _LENGTH.pack(len(spelled)) + spelled


def text_in(file: Path) -> str | None:
    """The text of a file, or None if it is not a backend's file or no longer exists. Raises Damaged."""
    if not file.name.startswith(LONG):
        return text_of(file.name)
    try:
        with file.open("rb") as opened:
            (length,) = _LENGTH.unpack(opened.read(_LENGTH.size))
            text = opened.read(length).decode()
    except FileNotFoundError:
        return None
    except (struct.error, UnicodeDecodeError, OverflowError, MemoryError) as wrong:
        raise Damaged from wrong
    if file_name(text) != file.name:
        raise Damaged
    return text
