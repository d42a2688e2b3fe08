"""JSON that every reader accepts, whatever is in the texts."""

from __future__ import annotations

import re
from typing import Any, Final

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BYTES: Final = 0xDC00
"""Python has the byte 0xFF of a file's name that is not UTF-8 as the character U+DCFF (PEP 383)."""


def json_text(value: Any, *, only_ascii: bool = True) -> str:
    """A value as JSON, indented by two spaces, with a line end; in ASCII by default.

    JSON has no lone surrogates, with which Python writes the bytes of names that are not UTF-8. A byte is written as
    `\\xff`, and what stands for no byte as U+FFFD.
    """
    import json

    return json.dumps(_encodable(value), indent=2, ensure_ascii=only_ascii) + "\n"


def encodable(text: str) -> str:
    """A text that every encoding of Unicode has: one without surrogates."""
    return text if text.isascii() else _SURROGATE.sub(_byte, text)


def _byte(found: re.Match[str]) -> str:
    byte = ord(found[0]) - _BYTES
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else "�"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {_encodable(key): _encodable(each) for key, each in value.items()}
    return [_encodable(each) for each in value] if isinstance(value, list | tuple) else value
