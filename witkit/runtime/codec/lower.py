"""Lowering: Python source that turns values into C values (host to guest).

Every method adds the lines that must run first to `out` and gives the value's struct format with the
expressions to pack. Memory the value points to is kept alive by `keep(...)`, a list's `append` in the
generated function. A wrong value makes some expression raise; `check.explain` then finds out what is wrong.
"""

from __future__ import annotations

from array import array
from typing import Any, TypeAlias

from witkit import abi
from witkit.canonical import foreign
from witkit.runtime import capi
from witkit.runtime.codec import values
from witkit.runtime.codec.code import Code, indented
from witkit.runtime.codec.layout import ARRAY, HEAD, KIND, SCALAR, has_handles, is_large

Packed: TypeAlias = tuple[str, list[str]]
"""Struct format of a 32-byte value and the expressions for it."""

H = capi.BYTES_HEADER
_FEW = 32
"""Up to here `array` makes an array of numbers sooner than `struct` does."""


class Lowering:
    """The lowering half of one codec."""

    def __init__(self, code: Code) -> None:
        self.code = code
        code.namespace.update(
            array=array, encode=str.encode, char=values.char, not_bool=values.not_bool, as_bytes=values.as_bytes,
            as_list=values.as_list, bools=values.bools, numbers=values.numbers, Ok=abi.Ok, Err=abi.Err, Some=abi.Some,
            from_buffer=_address_of_bytearray,
        )  # fmt: skip

    def lower(self, type: abi.Type, value: str, out: list[str]) -> Packed:
        """Lower the expression `value`, which may be evaluated more than once only if it is a name."""
        if is_large(type):
            return "32s", [f"{self.function(type)}({value}, keep{_call(type)})"]
        return self._lowered(type, value, out)

    def _lowered(self, type: abi.Type, value: str, out: list[str]) -> Packed:
        match type:
            case abi.Primitive():
                return self._primitive(type, value, out)
            case abi.List():
                return self._list(type, value, out)
            case abi.Map():
                return self._map(type, value, out)
            case abi.Record() | abi.Tuple():
                return self._entries(type, value, out)
            case abi.Enum():
                return self._enum(type, value, out)
            case abi.Flags():
                return self._flags(type, value, out)
            case abi.Option():
                return self._option(type, value, out)
            case abi.Result():
                return self._result(type, value, out)
            case abi.Variant():
                return self._variant(type, value, out)
            case abi.Own() | abi.Borrow():
                return self._handle(type, value, out)
            case _:
                raise NotImplementedError(f"{type} has no codec")

    def function(self, type: abi.Type) -> str:
        """The name of a function from a value (and `keep`, and the call if it has handles) to 32 bytes."""

        def make(name: str) -> None:
            out: list[str] = []
            format, expressions = self._lowered(type, "v", out)
            pack = self.code.struct(format, "pack")
            self.code.define(name, f"v, keep{_call(type)}", [*out, f"return {pack}({', '.join(expressions)})"])

        return self.code.once("lower", type, make)

    def boxed(self, type: abi.Type, value: str, out: list[str]) -> str:
        """Lower into memory of its own; gives an expression for its address."""
        format, expressions = self.lower(type, value, out)
        block = self.code.fresh("b")
        out.append(f"{block} = {self.code.struct(format, 'pack')}({', '.join(expressions)})")
        out.append(f"keep({block})")
        return f"id({block}) + {H}"

    def _name(self, value: str, out: list[str]) -> str:
        """A name for the value of an expression."""
        if value.isidentifier():
            return value
        name = self.code.fresh("x")
        out.append(f"{name} = {value}")
        return name

    def _primitive(self, type: abi.Primitive, value: str, out: list[str]) -> Packed:
        kind = str(KIND[type.name])
        if type.name == "string":
            data = self.code.fresh("b")
            out += [f"{data} = encode({value})", f"keep({data})"]
            return HEAD + "QQ8x", [kind, f"len({data})", f"id({data}) + {H}"]
        if type.name == "bool":
            value = self._name(value, out)
            value = f"{value} if type({value}) is bool else not_bool({value})"
        if type.name == "char":
            value = f"char({value})"
        return HEAD + SCALAR[type.name], [kind, value]

    def _entries(self, type: abi.Record | abi.Tuple, value: str, out: list[str]) -> Packed:
        value = self._name(value, out)
        out += self._exact(type, value)
        format, expressions = self._block(type, value, out)
        kind = "record" if isinstance(type, abi.Record) else "tuple"
        count = len(type.fields) if isinstance(type, abi.Record) else len(type.elements)
        if count == 0:
            return HEAD + "QQ8x", [str(KIND[kind]), "0", "8"]
        block = self.code.fresh("b")
        out += [f"{block} = {self.code.struct(format, 'pack')}({', '.join(expressions)})", f"keep({block})"]
        return HEAD + "QQ8x", [str(KIND[kind]), str(count), f"id({block}) + {H}"]

    def _exact(self, type: abi.Record | abi.Tuple, value: str) -> list[str]:
        """A tuple must have its length; a record only needs the attributes."""
        if isinstance(type, abi.Record):
            return []
        return [f"if len({value}) != {len(type.elements)}: raise ValueError('length of tuple')"]

    def _block(self, type: abi.Record | abi.Tuple, value: str, out: list[str]) -> Packed:
        """The entries one after the other: name and value for a record, values for a tuple."""
        format, expressions = "", list[str]()
        if isinstance(type, abi.Record):
            for field in type.fields:
                f, e = self.lower(field.type, f"{value}.{field.attr}", out)
                format += "QQ" + f
                expressions += [*map(str, capi.name(field.name)), *e]
        else:
            for i, element in enumerate(type.elements):
                f, e = self.lower(element, f"{value}[{i}]", out)
                format += f
                expressions += e
        return format, expressions

    def _enum(self, type: abi.Enum, value: str, out: list[str]) -> Packed:
        # By identity: an Enum's hash is Python code. The members live as long as their class, which `E` holds.
        table = {id(m): capi.name(n) for m, n in zip(type.cls, type.cases, strict=True)}
        self.code.constant(type.cls, "E")
        value = self._name(value, out)
        length, at = self.code.fresh("n"), self.code.fresh("p")
        out += [
            f"try: {length}, {at} = {self.code.constant(table, 'E')}[id({value})]",
            f"except KeyError: {length}, {at} = {self.code.constant(foreign.Members(type, table), 'E')}({value})",
        ]
        return HEAD + "QQ8x", [str(KIND["enum"]), length, at]

    def _flags(self, type: abi.Flags, value: str, out: list[str]) -> Packed:
        table = self.code.constant(values.NamesOfMask(type.flags), "F")
        cls = self.code.constant(type.cls, "E")
        value = self._name(value, out)
        n, p, m = (self.code.fresh(c) for c in "npm")
        out += [
            f"if type({value}) is not {cls}: {self.code.constant(foreign.Classes(type), 'E')}(type({value}))",
            f"{n}, {p}, {m} = {table}[{value}._value_]",
            f"keep({m})",
        ]
        return HEAD + "QQ8x", [str(KIND["flags"]), n, f"{p} if {n} else 8"]

    def _option(self, type: abi.Option, value: str, out: list[str]) -> Packed:
        value, at = self._name(value, out), self.code.fresh("p")
        some: list[str] = []
        inner = value
        if isinstance(type.element, abi.Option):
            some.append(f"if type({value}) is not Some: raise TypeError('not Some')")
            inner = f"{value}.value"
        some.append(f"{at} = {self.boxed(type.element, inner, some)}")
        out += [f"if {value} is None: {at} = 0", "else:", *indented(some)]
        return HEAD + "Q16x", [str(KIND["option"]), at]

    def _result(self, type: abi.Result, value: str, out: list[str]) -> Packed:
        value, at, ok = self._name(value, out), self.code.fresh("p"), self.code.fresh("k")
        out += [
            f"{ok} = isinstance({value}, Ok)",
            f"if not {ok} and not isinstance({value}, Err): raise TypeError('neither Ok nor Err')",
        ]
        self._sides(type, f"{value}.value", f"{value}.value", ok, at, out)
        return HEAD + "?7xQ8x", [str(KIND["result"]), ok, at]

    def _sides(self, type: abi.Result, good: str, bad: str, ok: str, at: str, out: list[str]) -> None:
        """Both sides of a result: `at` becomes the payload's address."""
        for head, side, value in ((f"if {ok}:", type.ok, good), ("else:", type.err, bad)):
            lines: list[str] = []
            if side is None:
                lines += [f"if {value} is not None: raise TypeError('this side has no value')", f"{at} = 0"]
            else:
                lines.append(f"{at} = {self.boxed(side, value, lines)}")
            out += [head, *indented(lines)]

    def _variant(self, type: abi.Variant, value: str, out: list[str]) -> Packed:
        rows: list[tuple[int, int, Any]] = []
        for case in type.cases:
            lower = None if case.payload is None else self.code.namespace[self.function_of_case(type, case.payload)]
            rows.append((*capi.name(case.name), lower))
        table = foreign.Cases(type, rows)
        value = self._name(value, out)
        n, q, p, f, b = (self.code.fresh(c) for c in "nqpfb")
        out += [
            f"{n}, {q}, {f} = {self.code.constant(table, 'V')}[type({value})]",
            f"if {f} is None: {p} = 0",
            "else:",
            f"    {b} = {f}({value}.value, keep{_call(type)})",
            f"    keep({b})",
            f"    {p} = id({b}) + {H}",
        ]
        return HEAD + "QQQ", [str(KIND["variant"]), n, q, p]

    def function_of_case(self, variant: abi.Variant, payload: abi.Type) -> str:
        """As `function`, with the parameters that all cases of the variant share."""
        if has_handles(variant) == has_handles(payload):
            return self.function(payload)
        inner = self.function(payload)
        return self.code.once(
            "case", payload, lambda name: _none(self.code.define(name, "v, keep, C", [f"return {inner}(v, keep)"]))
        )

    def _handle(self, type: abi.Own | abi.Borrow, value: str, out: list[str]) -> Packed:
        resource = self.code.constant(type.resource, "R")
        at = self.code.fresh("p")
        method = "lower_own" if isinstance(type, abi.Own) else "lower_borrow"
        out.append(f"{at} = C.{method}({resource}, {value})")
        return HEAD + "Q16x", [str(KIND["resource"]), at]

    def _map(self, type: abi.Map, value: str, out: list[str]) -> Packed:
        n, p, a = (self.code.fresh(c) for c in "npa")
        value = self._name(value, out)
        key, item = self.function(type.key), self.function(type.value)
        k, v = _call(type.key), _call(type.value)
        out += [
            f"if not isinstance({value}, dict): raise TypeError('not a dict')",
            f"{a} = [{key}(k, keep{k}) + {item}(v, keep{v}) for k, v in {value}.items()]",
            f"{n} = len({a})",
            f'{a} = b"".join({a})',
            f"keep({a})",
            f"{p} = id({a}) + {H} if {n} else 8",
        ]
        return HEAD + "QQ8x", [str(KIND["map"]), n, p]

    def _list(self, type: abi.List, value: str, out: list[str]) -> Packed:
        value = self._name(value, out)
        n, p, a = (self.code.fresh(c) for c in "npa")
        element = type.element
        if isinstance(element, abi.Primitive) and element.name in ("u8", "bool"):
            lines = self._byte_list(element.name, value, n, p, a)
        elif isinstance(element, abi.Primitive) and element.name in ARRAY:
            lines = self._number_list(element.name, value, n, p, a)
        elif element == abi.STRING:
            lines = self._string_list(value, n, p, a)
        elif isinstance(element, (abi.Record, abi.Tuple)) and _count(element):
            lines = self._entries_list(element, value, n, p, a)
        else:
            lines = [
                f"{a} = [{self.function(element)}(v, keep{_call(element)}) for v in as_list({value})]",
                f"{n} = len({a})",
                f'{a} = b"".join({a})',
                f"keep({a})",
                f"{p} = id({a}) + {H}",
            ]
        out += [*lines, f"if not {n}: {p} = 8"]
        return HEAD + "QQ8x", [str(KIND["list"]), n, p]

    def _byte_list(self, name: str, value: str, n: str, p: str, a: str) -> list[str]:
        """One byte of payload per element: written with one strided copy."""
        template = self.code.constant(bytearray([KIND[name]]) + bytearray(31), "T")
        data = f"{value} if type({value}) is bytes else as_bytes({value})"
        if name == "bool":
            data = f"bools(as_list({value}))"
        x = self.code.fresh("x")
        return [
            f"{x} = {data}",
            f"{n} = len({x})",
            f"{a} = {template} * {n}",
            f"{a}[8::32] = {x}",
            f"keep({a})",
            f"{p} = from_buffer({a}) if {n} else 8",
        ]

    def _number_list(self, name: str, value: str, n: str, p: str, a: str) -> list[str]:
        """Numbers go through an array, which is made with a check of their ranges, and one strided copy."""
        code = ARRAY[name]
        size = array(code).itemsize
        template = self.code.constant(array(code, bytes([KIND[name]]) + bytes(31)), "T")
        x = self.code.fresh("x")
        made = f"numbers({code!r}, {x})"
        if name != "f32":  # `array` itself makes an infinity of an f32 that is out of range
            made = f"array({code!r}, {x}) if len({x}) < {_FEW} else {made}"
        return [
            f"{x} = {value}",
            f"if type({x}) is not array or {x}.typecode != {code!r}:",
            f"    {x} = {x} if type({x}) is list else as_list({x})",
            f"    {x} = {made}",
            f"{n} = len({x})",
            f"{a} = {template} * {n}",
            f"{a}[{8 // size}::{32 // size}] = {x}",
            f"keep({a})",
            f"{p} = {a}.buffer_info()[0]",
        ]

    def _string_list(self, value: str, n: str, p: str, a: str) -> list[str]:
        template = self.code.constant(array("Q", bytes([KIND["string"]]) + bytes(31)), "T")
        e = self.code.fresh("e")
        return [
            f"{e} = [encode(v) for v in as_list({value})]",
            f"keep({e})",
            f"{n} = len({e})",
            f"{a} = {template} * {n}",
            f"{a}[1::4] = array('Q', map(len, {e}))",
            f"{a}[2::4] = array('Q', [id(v) + {H} for v in {e}])",
            f"keep({a})",
            f"{p} = {a}.buffer_info()[0]",
        ]

    def _entries_list(self, type: abi.Record | abi.Tuple, value: str, n: str, p: str, a: str) -> list[str]:
        """Records: all entries in one block, the values above them from one template."""
        sub: list[str] = self._exact(type, "v")
        format, expressions = self._block(type, "v", sub)
        pack = self.code.struct(format, "pack")
        if sub:
            element = self.code.fresh("entry")
            sub.append(f"return {pack}({', '.join(expressions)})")
            self.code.define(element, f"v, keep{_call(type)}", sub)
            each = f"{element}(v, keep{_call(type)})"
        else:
            each = f"{pack}({', '.join(expressions)})"
        kind = KIND["record" if isinstance(type, abi.Record) else "tuple"]
        head = bytes([kind]) + bytes(7) + _count(type).to_bytes(8, "little") + bytes(16)
        template = self.code.constant(array("Q", head), "T")
        size = _size(format)
        e, at = self.code.fresh("e"), self.code.fresh("q")
        return [
            f"{e} = [{each} for v in as_list({value})]",
            f"{n} = len({e})",
            f'{e} = b"".join({e})',
            f"keep({e})",
            f"{a} = {template} * {n}",
            f"{at} = id({e}) + {H}",
            f"{a}[2::4] = array('Q', range({at}, {at} + {size} * {n}, {size}))",
            f"keep({a})",
            f"{p} = {a}.buffer_info()[0]",
        ]


def _call(type: abi.Type) -> str:
    """The further argument for types with handles: the call they belong to."""
    return ", C" if has_handles(type) else ""


def _count(type: abi.Record | abi.Tuple) -> int:
    return len(type.fields if isinstance(type, abi.Record) else type.elements)


def _size(format: str) -> int:
    import struct

    return struct.calcsize("<" + format)


def _none(_: object) -> None:
    """For a callback that gives nothing."""


def _address_of_bytearray(data: bytearray) -> int:
    """The address of a bytearray's first byte; the bytearray must not be resized while it is used."""
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(data))
