"""File names for keys and other texts: each text has one of its own, and none leaves its folder.

File systems differ in what they let pass. Some hold `A` and `a` for one name, some normalise accents, some
reserve `con` or drop a trailing dot, all end a name at 255 bytes and at a slash. So only lower-case ASCII letters,
digits, `-` and `_` stand for themselves; any other byte of the UTF-8 text is `%` and two hexadecimal digits, and a
prefix keeps the name from being reserved or hidden. A text too long for that is named by its SHA-256.
"""

from __future__ import annotations

import hashlib
import re

LIMIT = 200
"""Longest encoded text in bytes; the prefix fits beside it in the 255 bytes of a file name."""

SHORT, LONG = "key-", "long-"

_SPELLED = re.compile(rb"[^a-z0-9_-]")
_NAME = re.compile(r"(?:[a-z0-9_-]|%[0-9a-f]{2})*")


def file_name(text: str, prefix: str = SHORT) -> str:
    """The file name for a text: `key-…` where it fits, else `long-` and a hash."""
    spelled = _SPELLED.sub(lambda byte: f"%{byte[0][0]:02x}".encode(), text.encode()).decode()
    return prefix + spelled if len(spelled) <= LIMIT else LONG + hashlib.sha256(text.encode()).hexdigest()


def text_of(name: str) -> str | None:
    """The text that `file_name` gave this `key-` name; None for any other name."""
    spelled = name.removeprefix(SHORT)
    if spelled == name or not _NAME.fullmatch(spelled):
        return None
    try:
        text = re.sub(r"%(..)", lambda found: chr(int(found[1], 16)), spelled).encode("latin-1").decode()
    except UnicodeDecodeError:
        return None
    return text if file_name(text) == name else None
