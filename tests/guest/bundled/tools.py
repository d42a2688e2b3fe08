"""The resource that the guest implements."""

from __future__ import annotations

from wit_world.exports import tools


class Counter(tools.Counter):
    def __init__(self, start: int) -> None:
        self.count = start

    def next(self) -> int:
        self.count += 1
        return self.count

    @classmethod
    def twin(cls, of: Counter) -> Counter:
        return cls(of.count)
