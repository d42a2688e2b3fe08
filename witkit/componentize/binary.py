"""Read the imports of a built component, and read and write custom sections at its end."""

from __future__ import annotations

import os
from pathlib import Path

from witkit.wasm.component import read_component
from witkit.wasm.cursor import BadWasm
from witkit.wasm.sections import SectionId, custom_content, custom_sections
from witkit.wasm.types import TypeItem

# The sections that are written here are smaller.
_LARGEST = 65536


def imports(path: Path) -> list[str]:
    """The names of the functions and instances (not types) that a component imports, in order.

    Raises `BadWasm` and `OSError`.
    """
    with path.open("rb") as file:
        binary = read_component(file, 0, file.seek(0, os.SEEK_END))
    names = [(d.extern.name.text, d.extern.item) for d in binary.externs if not d.is_export]
    return [name for name, item in names if not isinstance(item, TypeItem)]


def custom_section(path: Path, name: str) -> bytes | None:
    """The content of the last custom section with this name, or None if there is none or the component is damaged."""
    found = None
    try:
        with path.open("rb") as file:
            for this, section in custom_sections(file, 0, file.seek(0, os.SEEK_END)):
                if this == name and section.size < _LARGEST:
                    found = custom_content(file, section).rest()
    except (OSError, BadWasm):
        return None
    return found


def append_custom_section(path: Path, name: str, content: bytes) -> None:
    """Append a custom section to a component."""
    body = _vector(name.encode()) + content
    with path.open("ab") as file:
        file.write(bytes([SectionId.CUSTOM]) + _leb(len(body)) + body)


def _vector(data: bytes) -> bytes:
    return _leb(len(data)) + data


def _leb(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)
