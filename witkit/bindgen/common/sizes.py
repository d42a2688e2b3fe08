"""How long types are once aliases are spelled out, and which of them to name instead.

`type t1 = tuple<t0, t0>; type t2 = tuple<t1, t1>; …` doubles with each line: what is spelled out must have a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from witkit.ir.model import Alias, Enum, Flags, Record, Resource, Type, TypeDef, Variant, children

CLASSES: Final = (Record, Variant, Enum, Flags, Resource)
"""The kinds of types that have a class in the bindings."""

_LONG: Final = 40
_MANY: Final = 1 << 20


class Sizes:
    """The number of types in a type that is spelled out, up to those that have a class. Kept for each type."""

    def __init__(self) -> None:
        self._sizes: dict[TypeDef, int] = {}

    def is_long(self, type_: Type) -> bool:
        """Whether a type has a name and is too long to be spelled out."""
        return isinstance(type_, TypeDef) and bool(type_.name) and not _is_plain(type_) and self.of(type_) > _LONG

    def long_parts(self, type_: TypeDef, known: Collection[TypeDef]) -> Iterator[TypeDef]:
        """The long types that `type_` is made of, itself last if it is one; each after those that it is made of.

        Those that are `known`, and what these are made of, are left out.
        """
        parts = parts_first(type_, lambda t: not _is_class(t) and t not in known)
        return (part for part in parts if part not in known and self.is_long(part))

    def of(self, type_: TypeDef) -> int:
        """How many types are written if `type_` is spelled out; at most a million."""
        if type_ not in self._sizes:
            for part in parts_first(type_, lambda t: t not in self._sizes and not _is_class(t)):
                self._sizes[part] = self._counted(part)
        return self._sizes[type_]

    def _counted(self, type_: TypeDef) -> int:
        if _is_class(type_):
            return 1
        inner = (self._sizes.get(child, 1) if isinstance(child, TypeDef) else 1 for child in children(type_))
        return min(sum(inner, 0 if isinstance(type_.kind, Alias) else 1), _MANY)


def parts_first(type_: TypeDef, enters: Callable[[TypeDef], bool]) -> Iterator[TypeDef]:
    """The types that `type_` is made of, each once, after its own parts; `type_` is the last. No recursion.

    Those for which `enters` is false are given without their parts.
    """
    done: set[TypeDef] = set()
    stack = [(type_, False)]
    while stack:
        part, is_ready = stack.pop()
        if is_ready:
            yield part
        elif part not in done:
            done.add(part)
            stack.append((part, True))
            if enters(part):
                stack += [(child, False) for child in children(part) if isinstance(child, TypeDef)]


def _is_class(type_: TypeDef) -> bool:
    return isinstance(type_.kind, CLASSES)


def _is_plain(type_: TypeDef) -> bool:
    """A class, or only another name."""
    return isinstance(type_.kind, (*CLASSES, Alias))
