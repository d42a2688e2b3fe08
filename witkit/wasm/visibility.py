"""Which types a component can use in its imports and exports (`Explainer.md`, External Visibility of Types)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from witkit.wasm import types
from witkit.wasm.budget import Budget
from witkit.wasm.cursor import BadWasm
from witkit.wasm.types import AnyType, Defined, Func, Instance, Item, Node, Resource, TypeItem, ValType

_NAMED: Final = types.Record | types.Variant | types.Enum | types.Flags


@dataclass(slots=True)
class Visible:
    """The types that have a name in the imports, or in the imports and exports. `found` are others that use them."""

    budget: Budget
    named: set[Node] = field(default_factory=set)
    found: set[Node] = field(default_factory=set)

    def declare(self, name: str, item: Item, offset: int, others: Visible | None = None) -> None:
        """Check an item, and add its types to these and to `others`. Raises BadWasm."""
        new: list[Node] = []
        if not self._is_visible(item, new, offset):
            raise BadWasm(f"`{name}` uses a type that is neither imported nor exported by a name before", offset)
        if others is not None:
            others.named.update(new)

    def _is_visible(self, item: Item, new: list[Node], offset: int) -> bool:
        """Without recursion, because instances may nest deeply."""
        waiting = [item]
        while waiting:
            item = waiting.pop()
            match item:
                case TypeItem(referenced, created):
                    if not self._is_named(referenced, offset):
                        return False
                    self.named.add(created)
                    new.append(created)
                case Func():
                    if not self._is_func(item):
                        return False
                case Instance(exports):
                    waiting += [extern.item for extern in reversed(exports.values())]
        return True

    def _is_named(self, type_: AnyType, offset: int) -> bool:
        """Whether the types in a type have names. It need not have one itself."""
        match type_:
            case Defined():
                return self._are_values(_inside(type_))
            case Func():
                return self._is_func(type_)
            case Instance():
                # Its types have their names only in itself.
                self.budget.spend(len(self.named), offset)
                return Visible(self.budget, set(self.named))._is_visible(type_, [], offset)
        return True

    def _is_func(self, func: Func) -> bool:
        return self._are_values([*(t for _, t in func.params), func.result])

    def _are_values(self, values: Iterable[ValType | Resource | None]) -> bool:
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            if isinstance(value, Resource) or (isinstance(value, Defined) and isinstance(value.kind, _NAMED)):
                if value not in self.named:
                    return False
            elif isinstance(value, Defined) and value not in self.found:
                self.found.add(value)
                waiting += _inside(value)
        return True


def _inside(type_: Defined) -> list[ValType | Resource | None]:
    if isinstance(type_.kind, types.Own | types.Borrow):
        return [type_.kind.resource]
    return list(types.parts(type_.kind))
