"""Unique keys of objects for names, readable by other tools.

Services and obstore do not have every key: no control characters, no empty segments, no `.` or `..` as a segment, no
slash at either end; Azure takes `\\` for `/` and drops dots at the end. Such characters become `%` and two hexadecimal
digits for each byte, and so does `%`. All others stay. `%` alone is the empty name. A name that gets too long by that
becomes `%long-` and a hash, and the object's metadata has the name.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

LONGEST_SEGMENT: Final = 200
"""The most bytes of a container's name in a key."""

LONG: Final = "%long-"

EMPTY: Final = "%"

_SPECIAL = re.compile(r"[%\\\x00-\x1f\x7f\ufffe\uffff]|^/|/(?=/)|/$|\.(?=/|$)")
_SPELLED = re.compile(r"((?:%[0-9a-f]{2})+)")


def spelled(name: str) -> str:
    """The key for a name. `text_of` gives the name back."""
    return _SPECIAL.sub(_escaped, name) or EMPTY


def fitted(name: str, room: int) -> str:
    """The key for a name in at most `room` bytes: that of `spelled` or, if it is too long, a hash."""
    found = spelled(name)
    return found if len(found.encode()) <= room else hashed(name)


def segment(name: str) -> str:
    """The name of a container as one segment of a key. Two names never have the same."""
    found = spelled(name).replace("/", "%2f")
    return found if len(found.encode()) <= LONGEST_SEGMENT else hashed(name)


def hashed(name: str) -> str:
    """The key for a name that is too long. No other name is spelled like this."""
    return LONG + hashlib.sha256(name.encode()).hexdigest()


def text_of(key: str) -> str | None:
    """The name of a key that `spelled` has returned, or None for any other key."""
    if "%" not in key:
        return None if _SPECIAL.search(key) else key or None
    if key == EMPTY:
        return ""
    try:
        name = _SPELLED.sub(lambda found: bytes.fromhex(found[1].replace("%", "")).decode(), key)
    except UnicodeDecodeError:
        return None
    return name if name and spelled(name) == key else None


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02x}" for byte in found[0].encode())
