"""The words that today's WIT reserves: as names they are written `%word`."""

from __future__ import annotations

# The same as the grammar has (a test compares them), without the cost of loading it.
_WORDS = """
_ as async bool borrow char constructor enum error-context export f32 f64 flags from func future import
include interface list map option own package record resource result s16 s32 s64 s8 static stream string
tuple type u16 u32 u64 u8 use variant with world
"""

KEYWORDS = frozenset(_WORDS.split())


def identifier(name: str) -> str:
    """A name as WIT has to spell it: with `%` if it is a keyword."""
    return f"%{name}" if name in KEYWORDS else name
