"""Just enough of the component binary format: what a component imports, and custom sections at its end.

Follows `Binary.md` of the component-model repository. A component of 18 MB is read in milliseconds,
since sections are skipped, not parsed; compiling it would take seconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_PREAMBLE: Final = b"\0asm\x0d\0\x01\0"
_CUSTOM, _IMPORT = 0, 10
_VALUE, _TYPE = 2, 3


class NotAComponent(ValueError):
    """The file is not a whole component binary."""


@dataclass(frozen=True, slots=True)
class _Section:
    id: int
    start: int
    size: int


def imports(path: Path) -> list[str]:
    """The names of the functions and instances that a component imports (not of types), in order.

    Raises `NotAComponent` and `OSError`.
    """
    names: list[str] = []
    with path.open("rb") as file:
        for section in _sections(file):
            if section.id == _IMPORT:
                names += _Reader(_content(file, section)).imports()
    return names


def custom_section(path: Path, name: str) -> bytes | None:
    """The content of the last custom section of that name; None where there is none or no whole component."""
    found = None
    try:
        with path.open("rb") as file:
            for section in _sections(file):
                # The content of a section that is too large to be ours is not read.
                if section.id == _CUSTOM and section.size < 65536:
                    reader = _Reader(_content(file, section))
                    if reader.name() == name:
                        found = reader.rest()
    except (OSError, NotAComponent):
        return None
    return found


def append_custom_section(path: Path, name: str, content: bytes) -> None:
    """Write a custom section behind the last section of a component."""
    body = _vector(name.encode()) + content
    with path.open("ab") as file:
        file.write(bytes([_CUSTOM]) + _leb(len(body)) + body)


def _sections(file: BinaryIO) -> Iterator[_Section]:
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(8) != _PREAMBLE:
        raise NotAComponent("the file does not start as a component does")
    at = 8
    while at < end:
        file.seek(at)
        head = _Reader(file.read(6))
        id, size = head.byte(), head.u32()
        start = at + head.at
        if start + size > end:
            raise NotAComponent("the file ends in the middle of a section")
        yield _Section(id, start, size)
        at = start + size


def _content(file: BinaryIO, section: _Section) -> bytes:
    file.seek(section.start)
    return file.read(section.size)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise NotAComponent("the file ends in the middle of a section")
        self.at += 1
        return self.data[self.at - 1]

    def u32(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def name(self) -> str:
        size = self.u32()
        self.at += size
        return self.data[self.at - size : self.at].decode(errors="replace")

    def rest(self) -> bytes:
        return self.data[self.at :]

    def imports(self) -> list[str]:
        found = [self._import() for _ in range(self.u32())]
        return [name for name, sort in found if sort != _TYPE]

    def _import(self) -> tuple[str, int]:
        kind = self.byte()
        name = self.name()
        if kind == 2:  # A name with options, such as the interface behind a label.
            for _ in range(self.u32()):
                self.byte()
                self.name()
        return name, self._extern()

    def _extern(self) -> int:
        sort = self.byte()
        if sort == 0:
            self.byte()
            self.u32()
        elif sort in (_VALUE, _TYPE):  # A value or a type: a bound, then perhaps an index.
            if not (self.byte() == 1 and sort == _TYPE):
                self.u32()
        else:
            self.u32()
        return sort


def _vector(data: bytes) -> bytes:
    return _leb(len(data)) + data


def _leb(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)
