"""The imports of the guest that uses handles."""

from __future__ import annotations

from typing import Any

from witkit.abi import Err, Ok


class Box:
    def __init__(self, n: int) -> None:
        self.number = n

    def n(self) -> int:
        return self.number

    def same(self, other: Box) -> bool:
        return self is other

    def pack(self, other: Box) -> int:
        self.number += other.number
        return self.number

    def fail(self) -> Box:
        if self.number % 2:
            raise Err(self.number)
        return Box(self.number + 100)

    @staticmethod
    def make(n: int) -> Box:
        return Box(n)


class Tin:
    def __init__(self, n: int) -> None:
        self.number = n

    def n(self) -> int:
        return self.number


class Things:
    """The imported interface; `types` is its module in the generated host package."""

    def __init__(self, types: Any) -> None:
        self._types = types
        self.Box, self.Tin = Box, Tin

    def halve(self, n: int) -> int:
        if n % 2:
            raise Err(n)
        return n // 2

    def lend(self, b: Box) -> int:
        return b.number

    def give(self, b: Box) -> int:
        return b.number

    def swap(self, b: Box) -> Box:
        return b

    def two(self, a: Box, b: Box) -> int:
        return a.number + b.number

    def owt(self, a: Box, b: Box) -> int:
        return a.number + b.number

    def boxes(self, l: list[Box]) -> list[Box]:  # noqa: E741
        return l[::-1]

    def lent(self, l: list[Box]) -> int:  # noqa: E741
        return sum(b.number for b in l)

    def maybe(self, o: Box | None) -> Box | None:
        return o

    def pair(self, t: tuple[Box, Tin]) -> tuple[Tin, Box]:
        return t[1], t[0]

    def load(self, c: Any) -> Any:
        return self._types.Crate(c.b, c.n + 1)

    def post(self, p: Any) -> Any:
        return p

    def refuse(self, b: Box) -> None:
        raise Err(b)

    def choose(self, r: Ok[Box] | Err[Tin]) -> Tin:
        if isinstance(r, Ok):
            raise Err(r.value)
        return r.value

    def wrong(self, b: Box, n: int) -> None:
        pass
