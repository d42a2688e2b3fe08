"""The exported resource, in the module where componentize-py looks for it."""

from typing import Any, Self

from componentize_py_types import Err


class Counter:
    def __init__(self, start: int) -> None:
        self.value = start

    def up(self, by: int) -> int:
        self.value += by
        return self.value

    @classmethod
    def sum(cls, a: Any, b: Any) -> Self:
        return cls(a.value + b.value)

    def check(self, limit: int) -> int:
        if self.value > limit:
            raise Err(f"{self.value} is over {limit}")
        return self.value
