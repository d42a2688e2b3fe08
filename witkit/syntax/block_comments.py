"""Where a block comment ends: they nest."""

from __future__ import annotations

import re

_MARK = re.compile(r"/\*|\*/")


def block_end(text: str, start: int = 0) -> int | None:
    """The offset after the block comment that begins at `start`; None if nothing closes it."""
    depth = 0
    for mark in _MARK.finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return None
