"""Values that cross the border between guest and host: checked as wasm checks them, and copied.

The rules are those of componentize-py's run time (release 0.25): exact types for variants, `Ok` and `Err`,
attributes for records, `list` for lists, `tuple` for tuples. What the host gives is taken more freely.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from witkit import abi
from witkit.native.errors import WouldTrap

_RANGES = {f"{sign}{bits}": (bits, sign) for sign in "us" for bits in (8, 16, 32, 64)}
Handles = Callable[[Any, abi.Own | abi.Borrow, "abi.Own | abi.Borrow"], Any]

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


@dataclass(frozen=True, slots=True)
class Ends(abi.Unsupported):
    """A stream or a future, which no component's host in Python can carry: natively, its reading end is passed on."""

    @property
    def cls(self) -> type:
        """The class of the reading end, which has `moved()`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Crossing:
    """One direction. `strict` is the guest's side: its mistakes trap. `handle` carries handles across."""

    strict: bool
    handle: Handles

    def carry(self, value: Any, source: abi.Type, target: abi.Type, place: str) -> Any:
        """`value` of type `source`, as the other side has it (`target`: the same type with its classes).

        `place` says in messages which value it is. Raises `WouldTrap` (guest) or `TypeError` (host).
        """
        match source, target:
            case abi.Primitive(name), _:
                return self._primitive(value, name, place)
            case abi.List(), abi.List():
                return self._list(value, source, target, place)
            case abi.Option(inner), abi.Option(other):
                return self._option(value, inner, other, place)
            case abi.Result(), abi.Result():
                return self._result(value, source, target, place)
            case abi.Tuple(elements), abi.Tuple(others):
                return self._tuple(value, elements, others, place)
            case abi.Record(), abi.Record():
                return self._record(value, source, target, place)
            case abi.Variant(), abi.Variant():
                return self._variant(value, source, target, place)
            case abi.Enum(), abi.Enum():
                return list(target.cls)[self._index(value, source.cls, len(source.cases), place)]
            case abi.Flags(), abi.Flags():
                return self._flags(value, source, target, place)
            case (abi.Own() | abi.Borrow(), abi.Own() | abi.Borrow()):
                return self.handle(value, source, target)
            case abi.Map(), abi.Map():
                return self._map(value, source, target, place)
            case Ends(), abi.Unsupported():
                return self._end(value, source, place)
            case abi.Unsupported("error-context"), _:
                return self._integer(value, "u32", place)
        raise TypeError(f"{place}: the host package and the guest's bindings are not of the same interface")

    def wrong(self, message: str) -> Exception:
        """The exception for a value that does not fit."""
        return WouldTrap(f"{message}; the component would trap") if self.strict else TypeError(message)

    def _primitive(self, value: Any, name: str, place: str) -> Any:
        if name == "bool":
            return bool(value)
        if name in _RANGES:
            return self._integer(value, name, place)
        if name in ("f32", "f64"):
            return self._float(value, name, place)
        if not isinstance(value, str):
            raise self._mismatch(value, "str", place)
        if name == "char" and len(value) != 1:
            raise self.wrong(f"{place} must be one character, not {value!r}")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self.wrong(f"{place} has characters that UTF-8 does not have: {value!r}") from None
        return value

    def _integer(self, value: Any, name: str, place: str) -> int:
        if not isinstance(value, int):
            raise self._mismatch(value, "int", place)
        bits, sign = _RANGES[name]
        low, high = (0, 1 << bits) if sign == "u" else (-1 << (bits - 1), 1 << (bits - 1))
        if not low <= value < high:
            raise self.wrong(f"{place} must be {name}, and {value} is out of its range")
        return int(value)

    def _float(self, value: Any, name: str, place: str) -> float:
        if not isinstance(value, float | int):
            raise self._mismatch(value, "float", place)
        if name == "f64":
            return float(value)
        from struct import pack, unpack

        try:
            return float(unpack("<f", pack("<f", value))[0])
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")

    def _list(self, value: Any, source: abi.List, target: abi.List, place: str) -> Any:
        if _is_packed(source):
            if not isinstance(value, bytes if self.strict else bytes | bytearray | memoryview):
                raise self._mismatch(value, "bytes", place)
            signed = source.element == abi.S8
            return bytes(value) if _is_packed(target) else _unpack(bytes(value), signed)
        if not isinstance(value, list if self.strict else list | tuple | bytes):
            raise self._mismatch(value, "list", place)
        if source.length is not None and len(value) != source.length:
            raise self.wrong(f"{place} must have {source.length} elements, not {len(value)}")
        carried = [self.carry(v, source.element, target.element, f"{place}[{i}]") for i, v in enumerate(value)]
        return bytes(v & 0xFF for v in carried) if _is_packed(target) else carried

    def _option(self, value: Any, source: abi.Type, target: abi.Type, place: str) -> Any:
        if value is None:
            return None
        if not isinstance(source, abi.Option):
            return self.carry(value, source, target, place)
        if type(value) is not abi.Some:
            raise self._mismatch(value, "Some or None", place)
        return abi.Some(self.carry(value.value, source, target, place))

    def _result(self, value: Any, source: abi.Result, target: abi.Result, place: str) -> Any:
        if type(value) is abi.Ok:
            return abi.Ok(self.optional(value.value, source.ok, target.ok, place))
        if type(value) is abi.Err:
            return abi.Err(self.optional(value.value, source.err, target.err, place))
        raise self._mismatch(value, "Ok or Err", place)

    def optional(self, value: Any, source: abi.Type | None, target: abi.Type | None, place: str) -> Any:
        """A value whose type may be missing; it is None then, whatever was given."""
        return None if source is None or target is None else self.carry(value, source, target, place)

    def _tuple(self, value: Any, sources: tuple[abi.Type, ...], targets: tuple[abi.Type, ...], place: str) -> Any:
        if not isinstance(value, tuple) or len(value) != len(sources):
            raise self._mismatch(value, f"tuple of {len(sources)}", place)
        parts = zip(value, sources, targets, strict=True)
        return tuple(self.carry(v, s, t, f"{place}[{i}]") for i, (v, s, t) in enumerate(parts))

    def _map(self, value: Any, source: abi.Map, target: abi.Map, place: str) -> Any:
        if not isinstance(value, dict):
            raise self._mismatch(value, "dict", place)
        return {
            self.carry(k, source.key, target.key, place): self.carry(v, source.value, target.value, f"{place}[{k!r}]")
            for k, v in value.items()
        }

    def _end(self, value: Any, source: Ends, place: str) -> Any:
        is_end = type(value) is source.cls
        if not is_end:
            raise self._mismatch(value, source.cls.__name__, place)
        return value.moved()

    def _record(self, value: Any, source: abi.Record, target: abi.Record, place: str) -> Any:
        carried = []
        for mine, theirs in zip(source.fields, target.fields, strict=True):
            if not hasattr(value, mine.attr):
                raise self._mismatch(value, f"{source.cls.__name__} (it has no `{mine.attr}`)", place)
            field = getattr(value, mine.attr)
            carried.append(self.carry(field, mine.type, theirs.type, f"{place}.{mine.attr}"))
        return target.cls(*carried)

    def _variant(self, value: Any, source: abi.Variant, target: abi.Variant, place: str) -> Any:
        for mine, theirs in zip(source.cases, target.cases, strict=True):
            if type(value) is mine.cls or (not self.strict and type(value).__name__ == mine.cls.__name__):
                if mine.payload is None or theirs.payload is None:
                    return theirs.cls()
                return theirs.cls(self.carry(value.value, mine.payload, theirs.payload, f"{place}.value"))
        raise self._mismatch(value, f"one of {', '.join(case.cls.__name__ for case in source.cases)}", place)

    def _index(self, value: Any, cls: type, count: int, place: str) -> int:
        """The number of an enum's case: guests are asked for `value` only, of whatever class it is."""
        if not self.strict and isinstance(value, Enum) and value.name in cls.__members__:  # type: ignore[attr-defined]
            return list(cls.__members__).index(value.name)  # type: ignore[attr-defined]
        index = getattr(value, "value", None)
        if not isinstance(index, int) or not 0 <= index < count:
            raise self._mismatch(value, cls.__name__, place)
        return index

    def _flags(self, value: Any, source: abi.Flags, target: abi.Flags, place: str) -> Any:
        bits = getattr(value, "value", None)
        if not isinstance(bits, int):
            raise self._mismatch(value, source.cls.__name__, place)
        return target.cls(bits & ((1 << len(source.flags)) - 1))

    def _mismatch(self, value: Any, wanted: str, place: str) -> Exception:
        return self.wrong(f"{place} must be {wanted}, not {type(value).__name__}")


def _is_packed(type_: abi.List) -> bool:
    """Whether a list is `bytes`: by the type as written for guests, by its element for hosts."""
    return type_.packed if type_.packed is not None else type_.element == abi.U8 and type_.length is None


def _unpack(value: bytes, signed: bool) -> list[int]:
    return [byte - 256 if signed and byte > 127 else byte for byte in value]
