"""Files named by a hash, because the text they stand for is too long for a name: they begin with that text.

The header is the text's length in 8 bytes, big-endian, and its UTF-8 bytes. Files with a readable name have none.
"""

from __future__ import annotations

import struct
from pathlib import Path

from .names import LONG, file_name, text_of

_LENGTH = struct.Struct(">Q")


class Damaged(Exception):
    """A file named by a hash begins with something else than its text."""


def header(text: str) -> bytes:
    """What the file for this text begins with; empty where its name says it all."""
    if not file_name(text).startswith(LONG):
        return b""
    spelled = text.encode()
    return _LENGTH.pack(len(spelled)) + spelled


def text_in(file: Path) -> str | None:
    """The text that a file stands for; None for one that is not a backend's, or is gone by now. Raises Damaged."""
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
