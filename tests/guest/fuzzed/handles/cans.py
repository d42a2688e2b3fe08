"""The exported resources, in the module where componentize-py looks for them."""

from __future__ import annotations

from typing import Any

import handles_lines


class Can:
    def __init__(self, n: int) -> None:
        self.number = n

    def n(self) -> int:
        return self.number

    def add(self, other: Any) -> int:
        self.number += other.number
        return self.number

    def swallow(self, other: Any) -> int:
        handles_lines.KEPT["swallowed"] = other
        return self.add(other)

    @staticmethod
    def make(n: int) -> Can:
        return Can(n)

    def me(self) -> Can:
        return self

    def run(self, e: str) -> str:
        return handles_lines.run(e, me=self)


class Jar(Can):
    """The other resource."""


class Slotted:
    """A class whose objects can have no attributes but their own."""

    __slots__ = ("number",)

    def __init__(self, n: int) -> None:
        self.number = n

    def n(self) -> int:
        return self.number
