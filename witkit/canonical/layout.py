"""Sizes, alignments and flat types (`CanonicalABI.md`: Alignment, Element Size, Flattening), for 32-bit memories.

Types are known by identity: the hash of a type is that of all its parts, however often each occurs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from witkit import abi
from witkit.abi.parts import inner, parts

MAX_FLAT_PARAMS: Final = 16
MAX_FLAT_RESULTS: Final = 1
SLOT: Final = 16
"""The size of a raw value, which a core function takes or gives, in bytes."""
MAX_BYTES: Final = (1 << 28) - 1
"""How long a string or list that a guest passes may be, in bytes."""
SHARED: Final = 1 << 24
"""How much more than its memory has a guest may pass in one call, because lists and strings share bytes."""

SCALAR: Final = {
    "bool": "?", "s8": "b", "u8": "B", "s16": "h", "u16": "H", "s32": "i", "u32": "I", "s64": "q", "u64": "Q",
    "f32": "f", "f64": "d", "char": "I",
}  # fmt: skip
"""Struct formats in memory; also the type codes of `array`, apart from `bool` and `char`."""

SIZE: Final = {"?": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "q": 8, "Q": 8, "f": 4, "d": 8}
_WORD: Final = re.compile(r"(\d*)([a-zA-Z?])")
_FLAT: Final = {"s64": "I", "u64": "I", "f32": "f", "f64": "F"}
_BY_SIZE: Final = {1: "B", 2: "H", 4: "I"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a value lies in memory: its size and alignment in bytes. `weight` is how many types it is made of, each
    counted as often as it occurs."""

    size: int
    alignment: int
    weight: int = 1


def aligned(at: int, alignment: int) -> int:
    """The first multiple of the alignment from `at` on."""
    return -(-at // alignment) * alignment


def fields(type: abi.Record | abi.Tuple) -> list[abi.Type]:
    """The types of what lies one after the other."""
    return [f.type for f in type.fields] if isinstance(type, abi.Record) else list(type.elements)


def cases(type: abi.Type) -> list[abi.Type | None]:
    """The payloads of a type that is a variant or stands for one."""
    match type:
        case abi.Variant():
            return [case.payload for case in type.cases]
        case abi.Option():
            return [None, type.element]
        case abi.Result():
            return [type.ok, type.err]
    raise TypeError(f"{type} has no cases")


def discriminant(count: int) -> str:
    """The struct format of a discriminant that tells `count` cases apart."""
    return "B" if count <= 1 << 8 else "H" if count <= 1 << 16 else "I"


def mask(count: int) -> str:
    """The struct format of `count` flags."""
    if count > 32:
        raise NotImplementedError("more than 32 flags")
    return _BY_SIZE[1 if count <= 8 else 2 if count <= 16 else 4]


def has_handles(type: abi.Type | None) -> bool:
    """Whether values of the type hold resource handles, at any depth."""
    return any(isinstance(part, abi.Own | abi.Borrow) for part in parts(type))


def uncarried(types: Iterable[abi.Type | None]) -> str:
    """The first type, as WIT text, whose values cannot cross yet; empty if all can."""
    found = (part.wit for type in types for part in parts(type) if isinstance(part, abi.Unsupported))
    return next(found, "")


def words(format: str) -> list[tuple[int, str]]:
    """Where the values of a struct format lie, and the letter of each."""
    found, at = list[tuple[int, str]](), 0
    for count, letter in _WORD.findall(format):
        if letter != "x":
            found.append((at, letter))
        at += int(count or 1) * SIZE.get(letter, 1)
    return found


class Layouts:
    """The layouts of types, each worked out once. It keeps the types, so that their identities stay theirs."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[abi.Type, Layout]] = {}

    def of(self, type: abi.Type) -> Layout:
        """The layout of a type."""
        found = self._known.get(id(type))
        if found is None:
            for part in parts(type):
                if id(part) not in self._known:
                    self._known[id(part)] = part, self._made(part)
            found = self._known[id(type)]
        return found[1]

    def sequence(self, types: Iterable[abi.Type]) -> Layout:
        """The layout of values one after the other, as in a record."""
        at, most, weight = 0, 1, 1
        for type in types:
            layout = self.of(type)
            at, most = aligned(at, layout.alignment) + layout.size, max(most, layout.alignment)
            weight += layout.weight
        return Layout(aligned(at, most), most, weight)

    def payload(self, type: abi.Type) -> tuple[int, int]:
        """Where the payload of a variant begins, and the size of the largest one."""
        found = [self.of(case) for case in cases(type) if case is not None]
        head = SIZE[discriminant(len(cases(type)))]
        at = aligned(head, max((layout.alignment for layout in found), default=1))
        return at, max((layout.size for layout in found), default=0)

    def _made(self, type: abi.Type) -> Layout:
        weight = 1 + sum(self.of(part).weight for part in inner(type) if part is not None)
        match type:
            case abi.Primitive(name="string") | abi.List(length=None) | abi.Map():
                return Layout(8, 4, weight)
            case abi.Primitive():
                size = SIZE[SCALAR[type.name]]
                return Layout(size, size)
            case abi.List(element=element, length=int() as length):
                layout = self.of(element)
                return Layout(layout.size * length, layout.alignment, weight)
            case abi.Record() | abi.Tuple():
                return self.sequence(fields(type))
            case abi.Enum():
                size = SIZE[discriminant(len(type.cases))]
                return Layout(size, size)
            case abi.Flags():
                size = SIZE[mask(len(type.flags))]
                return Layout(size, size)
            case abi.Variant() | abi.Option() | abi.Result():
                at, size = self.payload(type)
                alignments = [self.of(case).alignment for case in cases(type) if case is not None]
                most = max([SIZE[discriminant(len(cases(type)))], *alignments])
                return Layout(aligned(at + size, most), most, weight)
            case _:
                return Layout(4, 4)


def strings(layouts: Layouts, type: abi.Type, at: int = 0) -> list[int]:
    """Where the strings of a record lie, if they are all that it points to: none is in a variant or list, and nothing
    else points anywhere. Empty for any other type."""
    found = _strings(layouts, type, at)
    return found or []


def _strings(layouts: Layouts, type: abi.Type, at: int) -> list[int] | None:
    """As `strings`; None if something else points to memory."""
    match type:
        case abi.Primitive(name="string"):
            return [at]
        case abi.Record() | abi.Tuple():
            found: list[int] = []
            for field in fields(type):
                at = aligned(at, layouts.of(field).alignment)
                inner = _strings(layouts, field, at)
                if inner is None:
                    return None
                found += inner
                at += layouts.of(field).size
            return found
        case abi.Primitive() | abi.Enum() | abi.Flags() | abi.Own() | abi.Borrow():
            return []
    return None if points(type) else []


def points(type: abi.Type) -> bool:
    """Whether values of the type point to memory of their own."""
    return any(
        isinstance(part, abi.Map) or part == abi.STRING or (isinstance(part, abi.List) and part.length is None)
        for part in parts(type)
    )


def element_of(type: abi.List | abi.Map) -> abi.Type:
    """What a list is made of; of a map, which is a list of them, keys with their values."""
    return type.element if isinstance(type, abi.List) else abi.Tuple((type.key, type.value))


def elements(types: Iterable[abi.Type | None]) -> list[abi.Type]:
    """What the lists and maps are made of that occur in types, at any depth."""
    return [element_of(part) for type in types for part in parts(type) if isinstance(part, abi.List | abi.Map)]


def flat(types: Iterable[abi.Type | None], limit: int = MAX_FLAT_PARAMS) -> str:
    """The core types of values, as letters: i = i32, I = i64, f = f32, F = f64.

    The text is cut off one letter after the limit: more of them only mean that the values go through memory.
    """
    known: dict[int, str] = {}
    found = ""
    for type in types:
        for part in parts(type):
            if id(part) not in known:
                known[id(part)] = _flat(part, known)[: limit + 1]
        found += known[id(type)] if type is not None else ""
    return found[: limit + 1]


def _flat(type: abi.Type, known: dict[int, str]) -> str:
    match type:
        case abi.Primitive(name="string") | abi.List(length=None) | abi.Map():
            return "ii"
        case abi.Primitive():
            return _FLAT.get(type.name, "i")
        case abi.List(element=element, length=int() as length):
            return known[id(element)] * min(length, MAX_FLAT_PARAMS + 1)
        case abi.Record() | abi.Tuple():
            joined = ""
            for each in fields(type):
                joined += known[id(each)]
                if len(joined) > MAX_FLAT_PARAMS:
                    break
            return joined
        case abi.Variant() | abi.Option() | abi.Result():
            return "i" + _joined([known[id(case)] for case in cases(type) if case is not None])
    return "i"


def _joined(payloads: list[str]) -> str:
    joined: list[str] = []
    for payload in payloads:
        for i, core in enumerate(payload):
            if i == len(joined):
                joined.append(core)
            elif joined[i] != core:
                joined[i] = "i" if {joined[i], core} == {"i", "f"} else "I"
    return "".join(joined)
