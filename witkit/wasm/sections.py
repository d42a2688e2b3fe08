"""The sections of a core module or component. Only their headers are read to find them.

Follows `Binary.md` of the component-model repository, and the core specification, 5.5.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO, Final

from witkit.text.files import MAGIC
from witkit.wasm.cursor import BadWasm, Cursor, TooMuch

PREAMBLE_SIZE: Final = 8
_MODULE: Final = MAGIC + b"\x01\0\0\0"
_COMPONENT: Final = MAGIC + b"\x0d\0\x01\0"
_HEADER_BYTES = 6
_NAME_BYTES = 256
_SECTIONS = 500_000


class SectionId(IntEnum):
    """The sections of a component. A core module has only the first one in common."""

    CUSTOM = 0
    CORE_MODULE = 1
    CORE_INSTANCE = 2
    CORE_TYPE = 3
    COMPONENT = 4
    INSTANCE = 5
    ALIAS = 6
    TYPE = 7
    CANON = 8
    START = 9
    IMPORT = 10
    EXPORT = 11
    VALUE = 12


@dataclass(frozen=True, slots=True)
class Section:
    """`start` is the offset of its content in the file, `size` its number of bytes."""

    id: int
    start: int
    size: int

    @property
    def end(self) -> int:
        return self.start + self.size

    def cursor(self, file: BinaryIO) -> Cursor:
        """The content. Raises BadWasm if the file has become shorter."""
        file.seek(self.start)
        data = file.read(self.size)
        if len(data) < self.size:
            raise BadWasm("the file ends in the middle of a section", self.start + len(data))
        return Cursor(data, self.start)


def is_component(file: BinaryIO, start: int = 0) -> bool:
    """Whether a component, not a core module, begins at `start`. Raises BadWasm if it is neither."""
    file.seek(start)
    preamble = file.read(PREAMBLE_SIZE)
    if preamble in (_MODULE, _COMPONENT):
        return preamble == _COMPONENT
    if _MODULE.startswith(preamble) or _COMPONENT.startswith(preamble):
        raise BadWasm("the file ends before its first section", start + len(preamble))
    if not preamble.startswith(MAGIC):
        raise BadWasm("this is not WebAssembly: it does not begin with `\\0asm`", start)
    version, layer = int.from_bytes(preamble[4:6], "little"), int.from_bytes(preamble[6:], "little")
    raise BadWasm(f"unknown version {version} of layer {layer} of the binary format", start + len(MAGIC))


def sections(file: BinaryIO, start: int, end: int) -> Iterator[Section]:
    """The sections between `start`, where the preamble is, and `end`. Raises BadWasm if one is incomplete."""
    at, left = start + PREAMBLE_SIZE, _SECTIONS
    while at < end:
        left -= 1
        if not left:
            raise TooMuch(f"more than {_SECTIONS} sections", at)
        file.seek(at)
        head = Cursor(file.read(min(_HEADER_BYTES, end - at)), at)
        id, size = head.byte(), head.u32()
        section = Section(id, head.offset, size)
        if section.end > end:
            raise BadWasm(f"a section of {size} bytes is longer than what is left of the file", at)
        yield section
        at = section.end


def custom_sections(file: BinaryIO, start: int, end: int) -> Iterator[tuple[str, Section]]:
    """The custom sections with their names, except for those with very long names."""
    for section in sections(file, start, end):
        if section.id == SectionId.CUSTOM and (name := custom_name(file, section)) is not None:
            yield name, section


def custom_name(file: BinaryIO, section: Section) -> str | None:
    """The name of a custom section, without reading the rest, or None if the name is very long."""
    head = Section(section.id, section.start, min(section.size, _NAME_BYTES)).cursor(file)
    size = head.u32()
    if size > _NAME_BYTES - _HEADER_BYTES and size <= section.size:
        return None
    head.at = 0
    return head.name()


def custom_content(file: BinaryIO, section: Section) -> Cursor:
    """The content of a custom section after its name."""
    cursor = section.cursor(file)
    cursor.name()
    return cursor
