"""Classes of other generated packages that carry the very type: of an interface of the same name, alike in all parts.

Codecs know the classes of one package. A class that they meet for the first time is looked up here; from then on it
is in their tables, so that the classes of the package itself cost nothing more.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Iterator
from typing import Any

from witkit import abi
from witkit.abi.alike import alike
from witkit.abi.versions import compatible


def case_index(variant: abi.Variant, cls: type) -> int | None:
    """The number of the case that a class of another package carries, or None for any other class."""
    for other in _same(variant, cls):
        if isinstance(other, abi.Variant):
            for index, case in enumerate(other.cases):
                if case.cls is cls:
                    return index
    return None


def member_index(type: abi.Enum, value: Any) -> int | None:
    """The number of the case that a member of another package's enum is, or None for any other value."""
    cls = value.__class__
    if isinstance(value, enum.Enum) and any(o.cls is cls for o in _same(type, cls) if isinstance(o, abi.Enum)):
        return list(cls).index(value)
    return None


def carries_flags(type: abi.Flags, cls: type) -> bool:
    """Whether a class of another package carries these flags."""
    return any(other.cls is cls for other in _same(type, cls) if isinstance(other, abi.Flags))


def _same(type: abi.Variant | abi.Enum | abi.Flags, cls: type) -> Iterator[abi.Type]:
    """The types that are alike among those of the class's module, if that is one of the same interface."""
    own = type.cases[0].cls if isinstance(type, abi.Variant) else type.cls
    theirs, mine = _interface(cls), _interface(own)
    if theirs and mine and compatible(theirs, mine):
        for other in list(vars(sys.modules[cls.__module__]).values()):
            if isinstance(other, abi.Variant | abi.Enum | abi.Flags) and alike(type, other):
                yield other


def _interface(cls: type) -> str:
    """The name of the interface whose generated module the class is from; empty for any other class."""
    found = getattr(sys.modules.get(cls.__module__), "INTERFACE", None)
    return found.name if isinstance(found, abi.Interface) else ""


class VariantCases(dict[type, Any]):
    """By class, what lowers the case of a variant; a class of another package is found when it is looked up first."""

    def __init__(self, variant: abi.Variant, rows: list[Any]) -> None:
        super().__init__(zip((case.cls for case in variant.cases), rows, strict=True))
        self._variant, self._rows = variant, rows

    def __missing__(self, cls: type) -> Any:
        index = case_index(self._variant, cls)
        if index is None:
            raise KeyError(cls)
        self[cls] = row = self._rows[index]
        return row


class EnumMembers:
    """Lowers the members that an enum's codec does not know; those of another package become known to it."""

    def __init__(self, type: abi.Enum, known: dict[int, Any]) -> None:
        self._type, self._known, self._rows = type, known, list(known.values())
        self._kept: list[Any] = []

    def __call__(self, value: Any) -> Any:
        index = member_index(self._type, value)
        if index is None:
            raise KeyError(value)
        self._kept.append(value)  # it is known by its address, which must stay its own
        self._known[id(value)] = row = self._rows[index]
        return row


class Classes(set[type]):
    """The classes beside a flags type's own that carry it; calling it refuses any other one."""

    def __init__(self, type: abi.Flags) -> None:
        super().__init__()
        self._type = type

    def __call__(self, cls: type) -> None:
        if cls in self:
            return
        if not carries_flags(self._type, cls):
            raise TypeError("not the flags class")
        self.add(cls)
