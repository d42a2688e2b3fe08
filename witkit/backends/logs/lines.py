"""A message as one line of text, which no message can break out of, or be longer than it may."""

from __future__ import annotations

import re
from typing import Final

from witkit.text.secrets import masked
from witkit.text.visible import visible

from .protocol import Level

LONGEST: Final = 8192
"""The default for the most bytes of a line."""

_ESCAPED: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL: Final = re.compile(r"[\\\n\r\t]")


def line(level: Level, context: str, message: str, longest: int) -> str:
    """`warn     [context] message` with a line end, and without secrets that witkit knows.

    Controls are escaped, so that neither a terminal nor a reader of lines is misled: `\\n` is the end of a line, and
    `\\\\` a backslash. If the text has more than `longest` bytes, its end is left out.
    """
    # Before anything is left out: of a secret that is cut, the rest would not be recognized.
    safe_context, safe = masked(context), masked(message)
    where = f"[{escaped(safe_context[:longest])}] " if context else ""
    encoded = f"{level.spelled:<8} {where}{escaped(safe[:longest])}".encode("utf-8", "replace")
    if len(encoded) <= longest and max(len(safe_context), len(safe)) <= longest:
        return f"{encoded.decode()}\n"
    return f"{encoded[:longest].decode('utf-8', 'ignore')} … (of {len(context) + len(message):,} characters)\n"


def escaped(text: str) -> str:
    """The text in one line, in which every control and invisible character can be seen."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return visible(_SPECIAL.sub(lambda found: _ESCAPED[found[0]], text))
