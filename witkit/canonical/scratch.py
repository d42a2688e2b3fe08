"""Tools that allocate nothing: values are lowered with them to find out whether they can be."""

from __future__ import annotations

from typing import Any


class _Nowhere(bytearray):
    """Takes any bytes at any place, and keeps none of them."""

    def __setitem__(self, place: Any, data: Any) -> None:
        if len(data) != place.stop - place.start:
            raise ValueError("the length of a list is not what it says")


class _Memory:
    def __init__(self, size: int) -> None:
        self.view: Any = _Nowhere(size)
        self.size = size

    def grown(self) -> int:
        return 0

    def span(self, pointer: int, size: int) -> memoryview:
        view: memoryview = self.view
        return view


class Scratch:
    """In place of a guest's `contract.Tools`. `size` is how many bytes are written by `pack_into`."""

    gather = None

    def __init__(self, size: int) -> None:
        self.memory = _Memory(size)

    def realloc(self, alignment: int, size: int) -> int:
        """No block."""
        return 0

    def place(self, blobs: list[bytes]) -> list[int]:
        """No blocks."""
        return [0] * len(blobs)
