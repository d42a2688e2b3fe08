"""Lifting: Python source that turns C values into Python values (guest to host).

For each type: the struct format of its 24-byte payload, the names the unpacked words get, and an
expression over those names. `M` is all of memory (see `capi.MEMORY`).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from ctypes import string_at
from typing import Any, TypeAlias

from witkit import abi
from witkit.runtime.codec import values
from witkit.runtime.codec.code import Code
from witkit.runtime.codec.layout import ARRAY, SCALAR, has_handles

Unpacked: TypeAlias = tuple[str, list[str], str]
"""Payload format, names for its words, the expression of the value."""


class Lifting:
    """The lifting half of one codec. With `lent`, all handles are to objects of the host that the guest lends."""

    def __init__(self, code: Code, *, lent: bool = False) -> None:
        self.code, self._lent = code, lent
        code.namespace.update(
            array=array, string_at=string_at, Ok=abi.Ok, Err=abi.Err, Some=abi.Some, strings=values.strings
        )

    def lift(self, type: abi.Type) -> Unpacked:
        """How to lift a payload of the type."""
        fresh = self.code.fresh
        match type:
            case abi.Primitive(name="string"):
                n, p = fresh("n"), fresh("p")
                return "QQ8x", [n, p], f'str(M[{p} - 1:{p} - 1 + {n}], "utf-8")'
            case abi.Primitive():
                v = fresh("v")
                return SCALAR[type.name], [v], f"chr({v})" if type.name == "char" else v
            case abi.List():
                n, p = fresh("n"), fresh("p")
                return "QQ8x", [n, p], self._list(type.element, n, p)
            case abi.Map():
                n, p = fresh("n"), fresh("p")
                key, value = self.function(type.key), self.function(type.value)
                k, v = _call(type.key), _call(type.value)
                each = f"{key}(q{k}): {value}(q + 32{v})"
                return "QQ8x", [n, p], f"{{{each} for q in range({p}, {p} + 64 * {n}, 64)}}"
            case abi.Record() | abi.Tuple():
                p = fresh("p")
                return "8xQ8x", [p], f"{self.block(type)}({p}{_call(type)})"
            case abi.Enum():
                n, p = fresh("n"), fresh("p")
                table = {c.encode(): m for m, c in zip(type.cls, type.cases, strict=True)}
                return "QQ8x", [n, p], f"{self.code.constant(table, 'E')}[bytes(M[{p} - 1:{p} - 1 + {n}])]"
            case abi.Flags():
                n, p = fresh("n"), fresh("p")
                flags = self.code.constant(values.FlagsOfNames(type.cls, type.flags), "F")
                return "QQ8x", [n, p], f"{flags}({n}, {p})"
            case abi.Option():
                p = fresh("p")
                some = f"{self.function(type.element)}({p}{_call(type.element)})"
                some = f"Some({some})" if isinstance(type.element, abi.Option) else some
                return "Q16x", [p], f"({some} if {p} else None)"
            case abi.Result():
                ok, p = fresh("k"), fresh("p")
                good, bad = self.side(type.ok, p), self.side(type.err, p)
                return "?7xQ8x", [ok, p], f"(Ok({good}) if {ok} else Err({bad}))"
            case abi.Variant():
                return self._variant(type)
            case abi.Own() | abi.Borrow():
                p = fresh("p")
                if self._lent:
                    return "Q16x", [p], f"lent({p})"
                method = "lift_own" if isinstance(type, abi.Own) else "lift_borrow"
                return "Q16x", [p], f"C.{method}({self.code.constant(type.resource, 'R')}, {p})"
            case _:
                raise NotImplementedError(f"{type} has no codec")

    def side(self, type: abi.Type | None, p: str) -> str:
        """One side of a result whose payload is at address `p`."""
        return "None" if type is None else f"{self.function(type)}({p}{_call(type)})"

    def function(self, type: abi.Type) -> str:
        """The name of a function from the address of a value (and the call, for handles) to the value."""

        def make(name: str) -> None:
            format, names, expression = self.lift(type)
            unpack = self.code.struct("8x" + format, "unpack_from")
            body = [f"{', '.join(names)}, = {unpack}(M, a - 1)", f"return {expression}"]
            self.code.define(name, f"a{_call(type)}", body)

        return self.code.once("lift", type, make)

    def block(self, type: abi.Record | abi.Tuple) -> str:
        """The name of a function from the address of a record's entries, or a tuple's values, to the object."""

        def make(name: str) -> None:
            format, names, expressions = "", list[str](), list[str]()
            record = isinstance(type, abi.Record)
            for element in [f.type for f in type.fields] if isinstance(type, abi.Record) else type.elements:
                f, ns, e = self.lift(element)
                format += ("24x" if record else "8x") + f
                names += ns
                expressions.append(e)
            unpack = self.code.struct(format, "unpack_from")
            made = self.code.constant(type.cls, "D") if isinstance(type, abi.Record) else ""
            body: list[str]
            if not names:
                body = [f"return {made}()"]
            elif names == expressions:
                body = [f"return {made}(*{unpack}(M, a - 1))" if record else f"return {unpack}(M, a - 1)"]
            else:
                tail = f"{made}({', '.join(expressions)})" if record else f"({', '.join(expressions)},)"
                body = [f"{', '.join(names)}, = {unpack}(M, a - 1)", f"return {tail}"]
            self.code.define(name, f"a{_call(type)}", body)

        return self.code.once("block", type, make)

    def _variant(self, type: abi.Variant) -> Unpacked:
        n, q, p = (self.code.fresh(c) for c in "nqp")
        call = _call(type)
        table: dict[bytes, Callable[..., Any]] = {}
        for case in type.cases:
            cls, name = self.code.constant(case.cls, "D"), self.code.fresh("case")
            if case.payload is None:
                only = self.code.constant(case.cls(), "D")
                body = [f"return {only}"]
            else:
                body = [f"return {cls}({self.function(case.payload)}(p{_call(case.payload)}))"]
            table[case.name.encode()] = self.code.define(name, f"p{call}", body)
        found = f"{self.code.constant(table, 'V')}[bytes(M[{q} - 1:{q} - 1 + {n}])]"
        return "QQQ", [n, q, p], f"{found}({p}{call})"

    def _list(self, element: abi.Type, n: str, p: str) -> str:
        if element == abi.U8:
            return f'(string_at({p}, {n} * 32)[8::32] if {n} else b"")'
        words = f"M[{p} - 1:{p} - 1 + {n} * 32].tobytes()"
        if isinstance(element, abi.Primitive) and element.name in ARRAY:
            code = ARRAY[element.name]
            size = array(code).itemsize
            return f"(array({code!r}, {words})[{8 // size}::{32 // size}].tolist() if {n} else [])"
        if element == abi.STRING:
            return f"(strings({n}, {p}) if {n} else [])"
        if isinstance(element, (abi.Record, abi.Tuple)):
            block, blocks = self.block(element), f'array("Q", {words})[2::4]'
            if has_handles(element):
                return f"([{block}(q, C) for q in {blocks}] if {n} else [])"
            return f"(list(map({block}, {blocks})) if {n} else [])"
        return f"[{self.function(element)}(q{_call(element)}) for q in range({p}, {p} + 32 * {n}, 32)]"


def _call(type: abi.Type) -> str:
    """The further argument for types with handles: the call they belong to."""
    return ", C" if has_handles(type) else ""
