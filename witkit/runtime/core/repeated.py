"""What is the same in all instances of a component: the numbers of globals, which need not be looked up each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from witkit.runtime.core import capi

_STORES: Final = slice(capi.OF // 8, None, capi.EXTERN // 8)
"""The ids of the stores of all externs, among the 64-bit numbers that these consist of."""


class Repeated:
    """The globals among externs that stay in their places from one instance to the next.

    wasmtime numbers the core instances of a store in the order in which they are made, and a global is the number of
    its core instance and its own number in there: only the store differs. A core instance gets another number if the
    host makes one as well while start functions run. So of each core instance, one global is still looked up, and
    compared with what it was.

    `exporters` are the numbers of the core instances that export externs, by the places of these. One instance has been
    made there before this, and another one before `learn`. `places` are those of globals that need neither to be looked
    up nor copied any more, `samples` are the others.
    """

    def __init__(self, externs: memoryview, exporters: Mapping[int, int]) -> None:
        self._externs, self._exporters = externs, exporters
        self._stores = externs.cast("Q")[_STORES]
        self._before = {place: self._numbers(place) for place in sorted(exporters) if externs[place] == capi.GLOBAL}
        self.samples: dict[int, bytes] = {}
        self.places: frozenset[int] = frozenset()

    def learn(self) -> None:
        """Find what both instances have in common."""
        same = {place: numbers for place, numbers in self._before.items() if numbers == self._numbers(place)}
        first = dict[tuple[int, bytes], int]()
        for place, numbers in same.items():
            first.setdefault((self._exporters[place], numbers[: capi.INSTANCE_NUMBER]), place)
        self.samples = {place: same[place] for place in first.values()}
        self.places = frozenset(same).difference(self.samples)

    def begin(self, store: bytes) -> None:
        """Let all externs belong to the store of this id."""
        self._stores[:] = memoryview(store * len(self._stores)).cast("Q")

    def holds(self, samples: Sequence[int]) -> bool:
        """Whether these samples, which were looked up again, are what they were."""
        return all(self._numbers(place) == self.samples[place] for place in samples)

    def _numbers(self, place: int) -> bytes:
        """What a global is apart from its store."""
        start = place + capi.OF + capi.STORE_ID
        return bytes(self._externs[start : start + capi.GLOBAL_NUMBERS])
