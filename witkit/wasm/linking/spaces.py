"""The core index spaces of one component, as types."""

from __future__ import annotations

from dataclasses import dataclass, field

from witkit.wasm.core import CoreSort, CoreType
from witkit.wasm.cursor import BadWasm

_SORTS = tuple(CoreSort)


@dataclass(slots=True)
class CoreSpaces:
    """What core definitions so far have made."""

    items: dict[CoreSort, list[CoreType]] = field(default_factory=lambda: {sort: [] for sort in CoreSort})
    instances: list[dict[str, CoreType]] = field(default_factory=list)

    def at(self, sort: CoreSort, index: int, offset: int) -> CoreType:
        items = self.items[sort]
        if index >= len(items):
            raise BadWasm(f"there is no core {sort.name.lower()} {index}", offset)
        return items[index]

    def instance(self, index: int, offset: int) -> dict[str, CoreType]:
        if index >= len(self.instances):
            raise BadWasm(f"there is no core instance {index}", offset)
        return self.instances[index]

    def export(self, instance: int, name: str, sort: int, offset: int) -> CoreType:
        found = self.instance(instance, offset).get(name)
        if found is None:
            raise BadWasm(f"an alias of `{name}`, which its core instance does not export", offset)
        if found.sort != sort:
            raise BadWasm(f"an alias of `{name}` has the wrong core sort", offset)
        return found

    def check_func(self, index: int, signature: str, what: str, offset: int) -> None:
        found = self.at(CoreSort.FUNC, index, offset).text
        if found != signature:
            raise BadWasm(f"{what} needs a core function of the type {signature}, this one has {found}", offset)


def core_sort(code: int, offset: int) -> CoreSort:
    """The sort of an item that core instances have."""
    if code >= len(_SORTS):
        raise BadWasm(f"an unknown core sort 0x{code:02x}", offset)
    return _SORTS[code]
