"""The canonical ABI as `CanonicalABI.md` writes it, value by value: slow, and made without witkit's layouts.

Values are Python's, as codecs carry them. Strings are stored in the size that they need, without the reallocations
that a single pass through a string in another encoding would make.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import Any

from witkit import abi

BITS = {"u8": 8, "s8": 8, "u16": 16, "s16": 16, "u32": 32, "s32": 32, "u64": 64, "s64": 64}


class Trap(Exception):
    """Where the specification says `trap`."""


def trap_if(condition: bool) -> None:
    if condition:
        raise Trap


def cases(t: abi.Type) -> list[abi.Type | None] | None:
    """The payloads of what despecializes to a variant."""
    match t:
        case abi.Variant():
            return [case.payload for case in t.cases]
        case abi.Enum():
            return [None] * len(t.cases)
        case abi.Option():
            return [None, t.element]
        case abi.Result():
            return [t.ok, t.err]
    return None


def fields(t: abi.Type) -> list[abi.Type] | None:
    """The types of what despecializes to a record, or is laid out as one."""
    match t:
        case abi.Record():
            return [field.type for field in t.fields]
        case abi.Tuple():
            return list(t.elements)
        case abi.List(length=int() as length):
            return [t.element] * length
    return None


def element(t: abi.Type) -> abi.Type | None:
    match t:
        case abi.List(length=None):
            return t.element
        case abi.Map():
            return abi.Tuple((t.key, t.value))
    return None


def discriminant_size(count: int) -> int:
    return [1, 1, 2, 4][math.ceil(math.log2(count) / 8)]


def align_to(pointer: int, alignment: int) -> int:
    return math.ceil(pointer / alignment) * alignment


def flags_size(count: int) -> int:
    return 1 if count <= 8 else 2 if count <= 16 else 4


def alignment(t: abi.Type) -> int:
    if (inner := fields(t)) is not None:
        return max([1, *map(alignment, inner)])
    if (payloads := cases(t)) is not None:
        return max(discriminant_size(len(payloads)), max_case_alignment(payloads))
    match t:
        case abi.Primitive(name="bool"):
            return 1
        case abi.Primitive(name="char" | "f32" | "string"):
            return 4
        case abi.Primitive(name="f64"):
            return 8
        case abi.Primitive():
            return BITS[t.name] // 8
        case abi.Flags():
            return flags_size(len(t.flags))
    return 4


def max_case_alignment(payloads: list[abi.Type | None]) -> int:
    return max([1, *(alignment(payload) for payload in payloads if payload is not None)])


def size(t: abi.Type) -> int:
    if (inner := fields(t)) is not None:
        total = 0
        for each in inner:
            total = align_to(total, alignment(each)) + size(each)
        return align_to(total, alignment(t))
    if (payloads := cases(t)) is not None:
        total = align_to(discriminant_size(len(payloads)), max_case_alignment(payloads))
        total += max([0, *(size(payload) for payload in payloads if payload is not None)])
        return align_to(total, alignment(t))
    if element(t) is not None or t == abi.STRING:
        return 8
    return alignment(t)


def flatten(t: abi.Type) -> list[str]:
    if (inner := fields(t)) is not None:
        return [core for each in inner for core in flatten(each)]
    if (payloads := cases(t)) is not None:
        flat: list[str] = []
        for payload in payloads:
            for i, core in enumerate(flatten(payload) if payload is not None else []):
                if i < len(flat):
                    flat[i] = join(flat[i], core)
                else:
                    flat.append(core)
        return ["i32", *flat]
    match t:
        case abi.Primitive(name="u64" | "s64"):
            return ["i64"]
        case abi.Primitive(name="f32" | "f64"):
            return [t.name]
        case abi.Primitive(name="string") | abi.List() | abi.Map():
            return ["i32", "i32"]
    return ["i32"]


def join(a: str, b: str) -> str:
    if a == b:
        return a
    return "i32" if {a, b} == {"i32", "f32"} else "i64"


def flatten_all(types: list[abi.Type]) -> list[str]:
    return [core for t in types for core in flatten(t)]


def match_case(t: abi.Type, v: Any) -> tuple[int, Any]:
    match t:
        case abi.Variant():
            index = next(i for i, case in enumerate(t.cases) if type(v) is case.cls)
            return index, getattr(v, "value", None)
        case abi.Enum():
            return list(t.cls).index(v), None
        case abi.Option(element=abi.Option()):
            return (0, None) if v is None else (1, v.value)
        case abi.Option():
            return (0, None) if v is None else (1, v)
    return (0, v.value) if isinstance(v, abi.Ok) else (1, v.value)


def made_case(t: abi.Type, index: int, payload: Any) -> Any:
    match t:
        case abi.Variant():
            case = t.cases[index]
            return case.cls() if case.payload is None else case.cls(payload)
        case abi.Enum():
            return list(t.cls)[index]
        case abi.Option(element=abi.Option()):
            return abi.Some(payload) if index else None
        case abi.Option():
            return payload if index else None
    return abi.Err(payload) if index else abi.Ok(payload)


def split(t: abi.Type, v: Any) -> list[Any]:
    """The fields of a value."""
    return [getattr(v, field.attr) for field in t.fields] if isinstance(t, abi.Record) else list(v)


def joined(t: abi.Type, values: list[Any]) -> Any:
    if isinstance(t, abi.Record):
        return t.cls(*values)
    if isinstance(t, abi.List):
        return bytes(values) if t.element == abi.U8 else values
    return tuple(values)


def gathered(t: abi.Type, values: list[Any]) -> Any:
    """A list or map of its elements."""
    if isinstance(t, abi.Map):
        return dict(values)
    assert isinstance(t, abi.List)
    return bytes(values) if t.element == abi.U8 else values


class Context:
    """A linear memory, its encoding, and a `realloc` that never reuses anything."""

    def __init__(self, memory: bytearray, encoding: str = "utf8", top: int = 1024) -> None:
        self.memory, self.encoding, self.top = memory, encoding, top
        self.handles: list[Any] = []

    def allocate(self, alignment: int, size: int) -> int:
        pointer = align_to(self.top, alignment)
        self.top = pointer + size
        assert self.top <= len(self.memory)
        return pointer

    # ---- memory -----------------------------------------------------------------------------------

    def load_int(self, pointer: int, size: int, signed: bool = False) -> int:
        return int.from_bytes(self.memory[pointer : pointer + size], "little", signed=signed)

    def store_int(self, v: int, pointer: int, size: int, signed: bool = False) -> None:
        self.memory[pointer : pointer + size] = v.to_bytes(size, "little", signed=signed)

    def load(self, pointer: int, t: abi.Type) -> Any:
        assert pointer % alignment(t) == 0
        if (inner := fields(t)) is not None:
            found = []
            for each in inner:
                pointer = align_to(pointer, alignment(each))
                found.append(self.load(pointer, each))
                pointer += size(each)
            return joined(t, found)
        if (payloads := cases(t)) is not None:
            index = self.load_int(pointer, discriminant_size(len(payloads)))
            trap_if(index >= len(payloads))
            pointer = align_to(pointer + discriminant_size(len(payloads)), max_case_alignment(payloads))
            payload = payloads[index]
            return made_case(t, index, None if payload is None else self.load(pointer, payload))
        if element(t) is not None:
            return self.load_list(self.load_int(pointer, 4), self.load_int(pointer + 4, 4), t)
        match t:
            case abi.Primitive(name="bool"):
                return self.load_int(pointer, 1) != 0
            case abi.Primitive(name="char"):
                return to_char(self.load_int(pointer, 4))
            case abi.Primitive(name="string"):
                return self.load_string(self.load_int(pointer, 4), self.load_int(pointer + 4, 4))
            case abi.Primitive(name="f32"):
                return struct.unpack("<f", self.memory[pointer : pointer + 4])[0]
            case abi.Primitive(name="f64"):
                return struct.unpack("<d", self.memory[pointer : pointer + 8])[0]
            case abi.Primitive():
                return self.load_int(pointer, size(t), signed=t.name[0] == "s")
            case abi.Flags():
                return to_flags(t, self.load_int(pointer, size(t)))
        return self.handles[self.load_int(pointer, 4)]

    def load_string(self, pointer: int, tagged: int) -> str:
        match self.encoding:
            case "utf8":
                align, length, encoding = 1, tagged, "utf-8"
            case "utf16":
                align, length, encoding = 2, 2 * tagged, "utf-16-le"
            case _ if tagged & 1 << 31:
                align, length, encoding = 2, 2 * (tagged ^ 1 << 31), "utf-16-le"
            case _:
                align, length, encoding = 2, tagged, "latin-1"
        trap_if(length > (1 << 28) - 1)
        trap_if(pointer % align != 0)
        trap_if(pointer + length > len(self.memory))
        try:
            return self.memory[pointer : pointer + length].decode(encoding)
        except UnicodeError:
            raise Trap from None

    def load_list(self, pointer: int, length: int, t: abi.Type) -> Any:
        each = element(t)
        assert each is not None
        trap_if(length * size(each) > (1 << 28) - 1)
        trap_if(pointer % alignment(each) != 0)
        trap_if(pointer + length * size(each) > len(self.memory))
        return gathered(t, [self.load(pointer + i * size(each), each) for i in range(length)])

    def store(self, v: Any, t: abi.Type, pointer: int) -> None:
        assert pointer % alignment(t) == 0
        if (inner := fields(t)) is not None:
            for each, item in zip(inner, split(t, v), strict=True):
                pointer = align_to(pointer, alignment(each))
                self.store(item, each, pointer)
                pointer += size(each)
        elif (payloads := cases(t)) is not None:
            index, item = match_case(t, v)
            self.store_int(index, pointer, discriminant_size(len(payloads)))
            pointer = align_to(pointer + discriminant_size(len(payloads)), max_case_alignment(payloads))
            payload = payloads[index]
            if payload is not None:
                self.store(item, payload, pointer)
        elif element(t) is not None or t == abi.STRING:
            start, length = self.store_string(v) if t == abi.STRING else self.store_list(v, t)
            self.store_int(start, pointer, 4)
            self.store_int(length, pointer + 4, 4)
        elif t in (abi.F32, abi.F64):
            self.memory[pointer : pointer + size(t)] = struct.pack("<f" if t == abi.F32 else "<d", v)
        else:
            signed = isinstance(t, abi.Primitive) and t.name[0] == "s"
            self.store_int(self.to_int(v, t), pointer, size(t), signed)

    def to_int(self, v: Any, t: abi.Type) -> int:
        match t:
            case abi.Primitive(name="char"):
                return ord(v)
            case abi.Primitive():
                return int(v)
            case abi.Flags():
                return int(v.value)
        self.handles.append(v)
        return len(self.handles) - 1

    def store_string(self, v: str) -> tuple[int, int]:
        encoding, align, unit, tag = {"utf8": ("utf-8", 1, 1, 0), "utf16": ("utf-16-le", 2, 2, 0)}.get(
            self.encoding, ("latin-1", 2, 1, 0) if all(ord(c) < 256 for c in v) else ("utf-16-le", 2, 2, 1 << 31)
        )
        encoded = v.encode(encoding)
        pointer = self.allocate(align, len(encoded))
        self.memory[pointer : pointer + len(encoded)] = encoded
        return pointer, len(encoded) // unit | tag

    def store_list(self, v: Any, t: abi.Type) -> tuple[int, int]:
        each = element(t)
        assert each is not None
        items = list(v.items()) if isinstance(t, abi.Map) else list(v)
        pointer = self.allocate(alignment(each), len(items) * size(each))
        for i, item in enumerate(items):
            self.store(item, each, pointer + i * size(each))
        return pointer, len(items)

    # ---- core values ------------------------------------------------------------------------------

    def lower_flat(self, v: Any, t: abi.Type) -> list[Any]:
        if (inner := fields(t)) is not None:
            return [core for each, item in zip(inner, split(t, v), strict=True) for core in self.lower_flat(item, each)]
        if (payloads := cases(t)) is not None:
            index, item = match_case(t, v)
            payload = payloads[index]
            want = flatten(t)[1:]
            given = [] if payload is None else self.lower_flat(item, payload)
            have = [] if payload is None else flatten(payload)
            flat = [index]
            for core, a, b in zip(given, have, want, strict=False):
                flat.append(coerced_down(core, a, b))
            return flat + [0] * (len(want) - len(given))
        if t == abi.STRING:
            return list(self.store_string(v))
        if element(t) is not None:
            return list(self.store_list(v, t))
        if t in (abi.F32, abi.F64):
            return [v]
        bits = 64 if flatten(t) == ["i64"] else 32
        return [self.to_int(v, t) % (1 << bits)]

    def lift_flat(self, cores: Iterator[Any], t: abi.Type) -> Any:
        if (inner := fields(t)) is not None:
            return joined(t, [self.lift_flat(cores, each) for each in inner])
        if (payloads := cases(t)) is not None:
            index = next(cores)
            trap_if(index >= len(payloads))
            have = [next(cores) for _ in flatten(t)[1:]]
            payload = payloads[index]
            if payload is None:
                return made_case(t, index, None)
            want = flatten(payload)
            given = [coerced_up(core, a, b) for core, a, b in zip(have, flatten(t)[1:], want, strict=False)]
            return made_case(t, index, self.lift_flat(iter(given), payload))
        match t:
            case abi.Primitive(name="string"):
                return self.load_string(next(cores), next(cores))
            case abi.List() | abi.Map():
                return self.load_list(next(cores), next(cores), t)
            case abi.Primitive(name="bool"):
                return next(cores) != 0
            case abi.Primitive(name="char"):
                return to_char(next(cores))
            case abi.Primitive(name="f32" | "f64"):
                return next(cores)
            case abi.Primitive(name=name):
                number = next(cores) % (1 << BITS[name])
                return number - (1 << BITS[name]) if name[0] == "s" and number >> BITS[name] - 1 else number
            case abi.Flags():
                return to_flags(t, next(cores))
        return self.handles[next(cores)]

    def lower_values(self, values: list[Any], types: list[abi.Type], limit: int, out: int | None = None) -> list[Any]:
        if len(flatten_all(types)) <= limit:
            return [core for t, v in zip(types, values, strict=True) for core in self.lower_flat(v, t)]
        whole = abi.Tuple(tuple(types))
        pointer = self.allocate(alignment(whole), size(whole)) if out is None else out
        self.store(tuple(values), whole, pointer)
        return [pointer] if out is None else []

    def lift_values(self, cores: list[Any], types: list[abi.Type], limit: int) -> list[Any]:
        if len(flatten_all(types)) <= limit:
            iterator = iter(cores)
            return [self.lift_flat(iterator, t) for t in types]
        whole = abi.Tuple(tuple(types))
        trap_if(cores[0] % alignment(whole) != 0)
        trap_if(cores[0] + size(whole) > len(self.memory))
        return list(self.load(cores[0], whole))


def coerced_down(core: Any, have: str, want: str) -> Any:
    if have == want or (have, want) == ("i32", "i64"):
        return core
    return int.from_bytes(struct.pack("<f" if have == "f32" else "<d", core), "little")


def coerced_up(core: Any, have: str, want: str) -> Any:
    if have == want:
        return core
    if want == "i32":
        return core % (1 << 32)
    length = 4 if want == "f32" else 8
    data = (core % (1 << 8 * length)).to_bytes(length, "little")
    return struct.unpack("<f" if want == "f32" else "<d", data)[0]


def to_char(code: int) -> str:
    trap_if(code >= 0x110000)
    trap_if(0xD800 <= code <= 0xDFFF)
    return chr(code)


def to_flags(t: abi.Flags, bits: int) -> Any:
    return t.cls(bits & ((1 << len(t.flags)) - 1))
