"""How the bounds of `Limits` are shared: wasmtime bounds each memory and each table, `Limits` all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from witkit.runtime.errors import Reason, Trap
from witkit.runtime.limits import Limits
from witkit.text.values import value
from witkit.wasm.core import Sizes, Space

PAGE: Final = 1 << 16
_HEAP: Final = (0, None)
"""The sizes of the heap with garbage collection. There is one for all."""


@value(frozen=True, slots=True)
class Bounds:
    """The most bytes of each memory and elements of each table; None for no bound."""

    memory: int | None
    table: int | None

    def holding(self, sizes: Bounds) -> Bounds:
        """Bounds that allow memories and tables of these sizes, too."""
        return Bounds(_larger(self.memory, sizes.memory), _larger(self.table, sizes.table))


class Shares:
    """What all core instances of a component take up together; `spaces` is what each of them does, in order.

    As wasmtime knows one bound for all memories, the share of each is the largest size at which all of them fit: those
    that cannot grow as far count with their most, those that begin above it with their least. One memory alone gets
    everything.
    """

    def __init__(self, spaces: Sequence[Space]) -> None:
        heaps = [_HEAP] if any(space.has_heap for space in spaces) else []
        self._memories = [*(_in_bytes(sizes) for space in spaces for sizes in space.memories), *heaps]
        self._tables = [sizes for space in spaces for sizes in space.tables]
        self._spaces = spaces
        self._known: dict[tuple[int | None, int | None], Bounds] = {}

    def of(self, limits: Limits) -> Bounds:
        """The bounds for each memory and table."""
        key = limits.memory, limits.elements
        if key not in self._known:
            self._known[key] = Bounds(share(limits.memory, self._memories), share(limits.elements, self._tables))
        return self._known[key]

    def starting(self, limits: Limits, bounds: Bounds) -> dict[int, Bounds]:
        """The core instances that begin with more than their share, by their place in the order, and the bounds that
        let them begin. Their modules have no start function, which could use these bounds for something else.

        Raises Trap if all together do not fit within the limits.
        """
        found: dict[int, Bounds] = {}
        if bounds == Bounds(None, None):
            return found
        for number, space in enumerate(self._spaces):
            least = Bounds(
                max((least * PAGE for least, _ in space.memories), default=0),
                max((least for least, _ in space.tables), default=0),
            )
            wider = bounds.holding(least)
            if wider != bounds:
                found[number] = wider
        starts = [found[number] for number in found if self._spaces[number].starts]
        _check(limits.memory, self._memories, [each.memory != bounds.memory for each in starts], _MEMORY)
        _check(limits.elements, self._tables, [each.table != bounds.table for each in starts], _TABLE)
        return found


_MEMORY: Final = Reason.MEMORY, "the guest needs more memory than its limit"
_TABLE: Final = Reason.LIMIT, "the guest needs a larger table than its limit"


def _check(bound: int | None, sizes: Iterable[Sizes], is_short: list[bool], problem: tuple[Reason, str]) -> None:
    if bound is not None and (any(is_short) or sum(least for least, _ in sizes) > bound):
        reason, message = problem
        raise Trap(f"`instantiate` stopped: {message}", reason, function="instantiate")


def share(bound: int | None, sizes: Sequence[Sizes]) -> int | None:
    """The largest size at which all of these fit within the bound."""
    if bound is None or len(sizes) < 2:
        return bound
    low, high = 0, bound
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_at(middle, each) for each in sizes) <= bound:
            low = middle
        else:
            high = middle - 1
    return low


def _at(size: int, sizes: Sizes) -> int:
    """The size of what grows as far as it may."""
    least, most = sizes
    return max(least, size if most is None else min(size, most))


def _in_bytes(sizes: Sizes) -> Sizes:
    least, most = sizes
    return least * PAGE, None if most is None else most * PAGE


def _larger(bound: int | None, size: int | None) -> int | None:
    return None if bound is None or size is None else max(bound, size)
