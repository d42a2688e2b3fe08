"""Names of brokers, topics and groups as servers can have them, so that no separator and no wildcard acts.

Letters, digits, `-` and `_` stand for themselves, every other byte is `=` and two hexadecimal digits, and no character
at all is `=`. A long name is its beginning, `==` and its SHA-256. No two names are spelled alike.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

LONGEST: Final = 60
BEGINNING: Final = 12
"""The most characters that a spelled name has, and those that are left of a longer one, besides 66 others."""

_OTHERS: Final = re.compile(rb"[^A-Za-z0-9_-]")


def spelled(name: str) -> str:
    """The name, in at most 78 characters."""
    text = _OTHERS.sub(lambda found: b"=%02X" % found[0][0], name.encode()).decode()
    if len(text) <= LONGEST:
        return text or "="
    beginning = re.sub("=[^=]?$", "", text[:BEGINNING])
    return f"{beginning}=={sha256(name.encode()).hexdigest()}"
