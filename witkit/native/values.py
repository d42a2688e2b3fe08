"""Check and copy values that cross between guest and host, as wasm does.

A guest's values follow the rules of componentize-py's run time (release 0.25): exact types for variants, `Ok` and
`Err`; attributes for records, enums, flags and `Some`; `list` for lists and `tuple` for tuples, including subclasses,
whose overridden methods are ignored. A host's values follow the rules of `witkit.runtime`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from struct import calcsize, unpack
from sys import modules
from typing import Any, Final

from witkit import abi
from witkit.canonical.layout import SCALAR
from witkit.canonical.values import has_format
from witkit.native.errors import WouldTrap
from witkit.native.scalars import exact_int, integer, primitive
from witkit.text import values

_NUMBERS: Final = {name: SCALAR[name] for name in ["s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64"]}

Handles = Callable[[Any, abi.Own | abi.Borrow, "abi.Own | abi.Borrow"], Any]

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


@values.value(frozen=True, slots=True)
class Ends(abi.Unsupported):
    """A stream or a future. Natively, its reading end is passed on; hosts of components in Python cannot use these."""

    @property
    def cls(self) -> type:
        """The class of the reading end, which has a method `moved`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Crossing:
    """Conversion in one direction. `strict` is the guest's side, whose mistakes trap. `handle` converts handles."""

    strict: bool
    handle: Handles

    def whole(self, value: Any, source: abi.Type | None, target: abi.Type | None, place: str) -> Any:
        """Convert a whole argument or result of type `source` for the other side. None if there is no type.

        `place` is what messages call the value. Raises `WouldTrap` for all mistakes in a guest's value and exceptions
        of its objects, because wasm would trap. For a host's value, raises `TypeError`, `ValueError` for numbers and
        texts that their type does not hold, or what its objects raise.
        """
        try:
            return self.optional(value, source, target, place)
        except WouldTrap:
            raise
        except Exception as problem:
            if not self.strict:
                raise
            message = f"{place}: {type(problem).__name__}: {problem}; the component would trap"
            raise WouldTrap(message) from problem

    def carry(self, value: Any, source: abi.Type, target: abi.Type, place: str) -> Any:
        """Convert a nested value. `target` is the same type with the other side's classes."""
        match source, target:
            case abi.Primitive(name), _:
                return self._scalar(name, value, place)
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
                return list(target.cls)[self._index(value, source, target, place)]
            case abi.Flags(), abi.Flags():
                return target.cls(self._bits(value, source, target, place))
            case (abi.Own() | abi.Borrow(), abi.Own() | abi.Borrow()):
                return self.handle(value, source, target)
            case abi.Map(), abi.Map():
                return self._map(value, source, target, place)
            case Ends(), abi.Unsupported():
                return self._end(value, source, place)
            case abi.Unsupported("error-context"), _:
                return self._scalar("u32", value, place)
        raise TypeError(f"{place}: the host package and the guest's bindings were generated from different interfaces")

    def wrong(self, message: str, kind: type[Exception] = TypeError) -> Exception:
        """The exception for a wrong value, of this kind if it is the host's."""
        return WouldTrap(f"{message}; the component would trap") if self.strict else kind(message)

    def _scalar(self, name: str, value: Any, place: str) -> Any:
        try:
            return primitive(name, value, strict=self.strict)
        except (TypeError, ValueError) as problem:
            message = f"{place} {problem}{_instead(value) if self.strict else ''}"
            # The class itself may need other arguments: what an object's `__index__` raises can be of any.
            kind = ValueError if isinstance(problem, ValueError) else TypeError
            raise self.wrong(message, kind) from None

    def _list(self, value: Any, source: abi.List, target: abi.List, place: str) -> Any:
        value = value if self.strict else _of_buffer(value, source)
        if _is_packed(source):
            if not isinstance(value, bytes):
                raise self._mismatch(value, "bytes", place)
            data = bytes.__getitem__(value, slice(None))
            if len(value) != len(data):
                raise self.wrong(f"{place} has {len(data)} bytes, but its length is {len(value)}")
            return data if _is_packed(target) else _unpack(data, signed=source.element == abi.S8)
        if not isinstance(value, list if self.strict else list | tuple | array):
            raise self._mismatch(value, "list", place)
        # Methods that a subclass overrides are ignored, as in C.
        items = list.__getitem__(value, slice(None)) if isinstance(value, list) else list(value)
        if source.length is not None and len(items) != source.length:
            raise self.wrong(f"{place} must have {source.length} elements, not {len(items)}", ValueError)
        carried = [self.carry(v, source.element, target.element, f"{place}[{i}]") for i, v in enumerate(items)]
        return bytes(v & 0xFF for v in carried) if _is_packed(target) else carried

    def _option(self, value: Any, source: abi.Type, target: abi.Type, place: str) -> Any:
        if value is None:
            return None
        if not isinstance(source, abi.Option):
            return self.carry(value, source, target, place)
        # componentize-py reads only `value`.
        if not (hasattr(value, "value") if self.strict else type(value) is abi.Some):
            raise self._mismatch(value, "Some or None", place)
        return abi.Some(self.carry(value.value, source, target, place))

    def _result(self, value: Any, source: abi.Result, target: abi.Result, place: str) -> Any:
        for made, mine, theirs in ((abi.Ok, source.ok, target.ok), (abi.Err, source.err, target.err)):
            if type(value) is made or (not self.strict and isinstance(value, made)):
                # If a side has no type, a guest's value is ignored.
                inner = None if mine is None and self.strict else value.value
                return made(self.optional(inner, mine, theirs, place))
        raise self._mismatch(value, "Ok or Err", place)

    def optional(self, value: Any, source: abi.Type | None, target: abi.Type | None, place: str) -> Any:
        """A value whose type may be None: then a guest's value is ignored, and a host's must be None."""
        if source is None or target is None:
            if value is not None and not self.strict:
                raise self.wrong(f"{place} must be None, because it has no type")
            return None
        return self.carry(value, source, target, place)

    def _tuple(self, value: Any, sources: tuple[abi.Type, ...], targets: tuple[abi.Type, ...], place: str) -> Any:
        if self.strict:
            if not isinstance(value, tuple):
                raise self._mismatch(value, f"a tuple of {len(sources)}", place)
            # componentize-py takes the items that it needs and ignores any others.
            items = list(tuple.__getitem__(value, slice(len(sources))))
        else:
            if not hasattr(value, "__len__") or not hasattr(value, "__getitem__"):
                raise self._mismatch(value, f"a tuple of {len(sources)}", place)
            try:
                items = [value[i] for i in range(len(value))]
            except (KeyError, TypeError):
                raise self._mismatch(value, f"a tuple of {len(sources)}", place) from None
        if len(items) != len(sources):
            raise self.wrong(f"{place} must be a tuple of {len(sources)}, not of {len(items)}")
        parts = enumerate(zip(items, sources, targets, strict=True))
        return tuple(self.carry(v, s, t, f"{place}[{i}]") for i, (v, s, t) in parts)

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
        return value.moved(to_host=self.strict)

    def _record(self, value: Any, source: abi.Record, target: abi.Record, place: str) -> Any:
        fields = []
        for mine in source.fields:
            if not hasattr(value, mine.attr):
                raise self._mismatch(value, self._record_wanted(value, source, mine.attr), place)
            fields.append(getattr(value, mine.attr))
        parts = zip(fields, source.fields, target.fields, strict=True)
        return target.cls(*(self.carry(f, m.type, t.type, f"{place}.{m.attr}") for f, m, t in parts))

    def _record_wanted(self, value: Any, source: abi.Record, lacking: str) -> str:
        name = source.cls.__name__
        if self.strict and isinstance(value, dict | tuple):
            return f"{name}, made as `{name}({', '.join(f'{field.attr}=…' for field in source.fields)})`"
        return f"{name} (it has no `{lacking}`)"

    def _variant(self, value: Any, source: abi.Variant, target: abi.Variant, place: str) -> Any:
        for mine, theirs in zip(source.cases, target.cases, strict=True):
            if self._stands_for(type(value), mine.cls, known=source is not target):
                if mine.payload is None or theirs.payload is None:
                    return theirs.cls()
                return theirs.cls(self.carry(value.value, mine.payload, theirs.payload, f"{place}.value"))
        raise self._mismatch(value, f"one of {', '.join(case.cls.__name__ for case in source.cases)}", place)

    def _index(self, value: Any, source: abi.Enum, target: abi.Enum, place: str) -> int:
        """The number of an enum's case. For a guest, only the attribute `value` counts, whatever the class."""
        if not self.strict:
            names = list(source.cls.__members__)
            is_one = self._stands_for(type(value), source.cls, known=source is not target)
            if not is_one or value.name not in names:
                raise self._mismatch(value, source.cls.__name__, place)
            return names.index(value.name)
        number = integer("u32", self._number(value, source.cls, place, 1))
        if number >= len(source.cases):
            raise self.wrong(f"{place} must be one of the {len(source.cases)} cases of {source.cls.__name__}")
        return number

    def _bits(self, value: Any, source: abi.Flags, target: abi.Flags, place: str) -> int:
        """Flags as a number. Unknown bits from a guest are dropped."""
        if not (self.strict or self._stands_for(type(value), source.cls, known=source is not target)):
            raise self._mismatch(value, source.cls.__name__, place)
        bits = self._number(value, source.cls, place, 2)
        known = (1 << len(source.flags)) - 1
        if bits < 0 or (not self.strict and bits > known):
            raise self.wrong(f"{place} has bits that do not belong to a flag of {source.cls.__name__}")
        return bits & known

    def _number(self, value: Any, cls: type, place: str, shown: int) -> int:
        """The `value` of an enum or flags. The message shows at most `shown` members as examples."""
        try:
            return exact_int(value.value)
        except (AttributeError, TypeError):
            members = [f"{cls.__name__}.{name}" for name in list(vars(cls).get("_member_map_", ()))[:shown]]
            example = f", such as `{' | '.join(members)}`" if members and self.strict else ""
            raise self._mismatch(value, f"{cls.__name__}{example}", place) from None

    def _stands_for(self, cls: type, mine: type, *, known: bool) -> bool:
        """Whether a value has the wanted class or, for a host's value, the same class of another generated package.

        If the host's package is not `known`, any class with the same name is accepted: a test's own, or the guest's.
        """
        if cls is mine:
            return True
        if self.strict or cls.__name__ != mine.__name__:
            return False
        return not known or isinstance(getattr(modules.get(cls.__module__), "INTERFACE", None), abi.Interface)

    def _mismatch(self, value: Any, wanted: str, place: str) -> Exception:
        return self.wrong(
            f"{place} must be {wanted}, not {type(value).__name__}{_instead(value) if self.strict else ''}"
        )


def _instead(value: Any) -> str:
    """Help for a common mistake: a wrapped value, an `Err`, or a class instead of an object."""
    if type(value) is abi.Err:
        return ": raise the `Err`, do not return it"
    if isinstance(value, abi.Ok | abi.Some):
        return f": use the value without `{type(value).__name__}`"
    return f": `{value.__name__}` is a class, use an object of it" if isinstance(value, type) else ""


def _is_packed(type_: abi.List) -> bool:
    """Whether a list is `bytes`: for guests by the type as written, for hosts by its element."""
    return type_.packed if type_.packed is not None else type_.element == abi.U8 and type_.length is None


def _of_buffer(value: Any, type_: abi.List) -> Any:
    """A host's buffer as the bytes or the list that it stands for. Anything else as it is."""
    if isinstance(value, bytes | list | tuple) or not isinstance(type_.element, abi.Primitive):
        return value
    if _is_packed(type_):
        try:
            return memoryview(value).tobytes()
        except TypeError:
            return value
    code = _NUMBERS.get(type_.element.name, "")
    if not has_format(value, code):
        return value
    data = memoryview(value).tobytes()
    return list(unpack(f"={len(data) // calcsize(code)}{code}", data))


def _unpack(value: bytes, *, signed: bool) -> list[int]:
    return [byte - 256 if signed and byte > 127 else byte for byte in value]
