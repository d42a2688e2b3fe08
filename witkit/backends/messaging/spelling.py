"""Names of brokers, topics and groups as servers can have them, so that no separator and no wildcard acts.

Letters, digits, `-` and `_` stand for themselves, every other byte is `=` and two hexadecimal digits, and no character
at all is `=`. A long name is its beginning, `==` and its SHA-256. No two names are spelled alike.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_to_bytes

LONGEST: Final = 60
BEGINNING: Final = 12
"""The most characters that a spelled name has, and those that are left of a longer one, besides 66 others."""

_OTHERS: Final = re.compile(rb"[^A-Za-z0-9_-]")


_KAFKA: Final = re.compile(rb"[^A-Za-z0-9]")


def spelled(name: str) -> str:
    """The name, in at most 78 characters."""
    return _spelled(name, _OTHERS, "=")


def unspelled(name: str) -> str | None:
    """What is spelled so; None if nothing is, or if it was too long to be written out."""
    try:
        found = unquote_to_bytes("" if name == "=" else name.replace("%", "=").replace("=", "%")).decode()
    except UnicodeDecodeError:
        return None
    return found if spelled(found) == name else None


def spelled_for_kafka(name: str) -> str:
    """The name in letters and digits, with `-` for `=`: Kafka has no `=`, and takes `_` and `.` for one character."""
    return _spelled(name, _KAFKA, "-")


def _spelled(name: str, others: re.Pattern[bytes], mark: str) -> str:
    text = others.sub(lambda found: b"%b%02X" % (mark.encode(), found[0][0]), name.encode()).decode()
    if len(text) <= LONGEST:
        return text or mark
    beginning = re.sub(f"{mark}[^{mark}]?$", "", text[:BEGINNING])
    return f"{beginning}{mark * 2}{sha256(name.encode()).hexdigest()}"
