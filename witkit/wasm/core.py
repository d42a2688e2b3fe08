"""What core modules import and export, as far as linking needs to know it."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final, TypeAlias

from witkit.text.values import value

# Value types of the core specification, 5.3.4. All others are `?`.
LETTERS: Final = {0x7F: "i", 0x7E: "I", 0x7D: "f", 0x7C: "F"}


Sizes: TypeAlias = tuple[int, int | None]
"""The least and the most size of a memory, in pages, or of a table, in elements; None if nothing bounds it."""


@value(frozen=True, slots=True)
class Space:
    """What an instance of a core module takes up: the sizes of the memories and tables that it defines, whether its
    types are such that it may use a heap with garbage collection, and whether it has a start function."""

    memories: tuple[Sizes, ...] = ()
    tables: tuple[Sizes, ...] = ()
    has_heap: bool = False
    starts: bool = False


class CoreSort(IntEnum):
    """What a core instance exports, with the codes of the binary format."""

    FUNC = 0
    TABLE = 1
    MEMORY = 2
    GLOBAL = 3
    TAG = 4


@value(frozen=True, slots=True)
class CoreType:
    """The type of an import or export of a core module.

    `text` is the signature of a function or tag, `mut i` or `i` for a global, the type of a table's elements, and the
    features of a memory. `least` and `most` are the limits of a memory or table.
    """

    sort: CoreSort
    text: str
    least: int = 0
    most: int | None = None

    def fits(self, wanted: CoreType) -> bool:
        """Whether an import of the type `wanted` can be given this. True if that is not known: engines look again."""
        if self.sort is not wanted.sort:
            return False
        if self.text != wanted.text and "?" not in self.text and "?" not in wanted.text:
            return False
        has_most = wanted.most is None or (self.most is not None and self.most <= wanted.most)
        return self.least >= wanted.least and has_most


@lru_cache(maxsize=1024)
def func_type(signature: str) -> CoreType:
    """The type of a core function."""
    return CoreType(CoreSort.FUNC, signature)
