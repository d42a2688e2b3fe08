"""Unique file names for keys and other texts, which cannot lead out of their folder.

File systems differ in the names that they allow. Some treat `A` and `a` as one name, some normalise accents, some
reserve `con` or drop a trailing dot; all limit names to 255 bytes and do not allow slashes. So only lower-case ASCII
letters, digits, `-` and `_` are kept. Any other byte of the UTF-8 text becomes `%` and two hexadecimal digits, and a
prefix keeps the name from being reserved or hidden. A text that is too long for that is named by its SHA-256.
"""

from __future__ import annotations

import hashlib
import re

LIMIT = 200
"""The most bytes of an encoded text, which leaves room for the prefix in the 255 bytes of a file name."""

SHORT, LONG = "key-", "long-"

_SPELLED = re.compile(rb"[^a-z0-9_-]")
_NAME = re.compile(r"(?:[a-z0-9_-]|%[0-9a-f]{2})*")


def file_name(text: str, prefix: str = SHORT) -> str:
    """The file name for a text: `key-…` if it fits, else `long-` and a hash."""
    spelled = _SPELLED.sub(lambda byte: f"%{byte[0][0]:02x}".encode(), text.encode()).decode()
    return prefix + spelled if len(spelled) <= LIMIT else LONG + hashlib.sha256(text.encode()).hexdigest()


def text_of(name: str) -> str | None:
    """The text of a `key-` name that `file_name` returned, or None for any other name."""
    spelled = name.removeprefix(SHORT)
    if spelled == name or not _NAME.fullmatch(spelled):
        return None
    try:
        text = re.sub(r"%(..)", lambda found: chr(int(found[1], 16)), spelled).encode("latin-1").decode()
    except UnicodeDecodeError:
        return None
    return text if file_name(text) == name else None
