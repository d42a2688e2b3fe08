"""Lowering: Python source that turns Python values into core values and bytes of memory, from host to guest
(`CanonicalABI.md`: Storing, Flat Lowering).

Every method adds the lines that must run first to `out` and gives the value's `struct` format with the expressions to
pack; formats are those of `lift`. A wrong value makes some line or expression raise; `blame` then finds out what is
wrong. What a value points to is allocated in the order of `CanonicalABI.md`: a list before what its elements point to.

Names in generated code: `mem` the memory, `realloc` and `place` as in `contract.Tools`, `C` the handles of the call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from witkit import abi
from witkit.canonical import foreign, text, values
from witkit.canonical.code import Code, indented
from witkit.canonical.fused import BlockNames, put
from witkit.canonical.layout import (
    SCALAR,
    Layouts,
    aligned,
    discriminant,
    element_of,
    has_handles,
    mask,
    points,
    words,
)
from witkit.canonical.lift import (
    call_argument,
    head_format,
    is_inline,
    own_strings,
    payload_format,
    resource_of,
    tail_format,
    wide,
)

Packed: TypeAlias = tuple[str, list[str]]
"""Format of a value and the expressions for it."""

_NUMBERS: Final = ("u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64")


class Lowering:
    """The lowering half of one codec. If `blocks` is a list, strings and lists are not copied, but added to it, for
    `fused.placed`: then none of them may be in another one, or in a variant, beyond what a `fused.Block` says."""

    def __init__(self, code: Code, layouts: Layouts, encoding: str) -> None:
        self.code, self.layouts, self.encoding = code, layouts, encoding
        self._patched = False
        self.blocks: list[BlockNames] | None = None
        code.namespace.update(
            encode=str.encode, Ok=abi.Ok, Err=abi.Err, Some=abi.Some, code_point=values.code_point,
            not_bool=values.not_bool, signed=values.signed, as_bytes=values.as_bytes, as_list=values.as_list,
            numbers=values.numbers, pairs=values.pairs, check_dict=values.check_dict, patched=values.patched,
            Cases=foreign.VariantCases,
        )  # fmt: skip

    def lower(self, type: abi.Type, value: str, is_flat: bool, out: list[str]) -> Packed:
        """Lower the expression `value`, which may be evaluated more than once only if it is a name."""
        if not is_flat and not is_inline(self.layouts, type):
            name = self.code.fresh("b")
            out.append(f"{name} = {self.function(type, False)}({value}{call_argument(type)})")
            return f"{self.layouts.of(type).size}s", [name]
        return self._lowered(type, value, is_flat, out)

    def function(self, type: abi.Type, is_flat: bool) -> str:
        """The name of a function from a value (and the call, if it has handles) to its bytes."""

        def make(name: str) -> None:
            out: list[str] = []
            format, expressions = self._lowered(type, "v", is_flat, out)
            pack = self.code.struct(format, "pack")
            self.code.define(name, f"v{call_argument(type)}", [*out, f"return {pack}({', '.join(expressions)})"])

        return self.code.once("slots" if is_flat else "store", type, make)

    def sequence(self, items: Sequence[tuple[abi.Type, str]], is_flat: bool, out: list[str]) -> Packed:
        """Values one after the other, with padding to the end."""
        format, expressions, at, most = "", list[str](), 0, 1
        for type, value in items:
            f, e = self.lower(type, value, is_flat, out)
            if not is_flat:
                layout = self.layouts.of(type)
                start = aligned(at, layout.alignment)
                format += f"{start - at}x"
                at, most = start + layout.size, max(most, layout.alignment)
            format += f
            expressions += e
        return format if is_flat else f"{format}{aligned(at, most) - at}x", expressions

    def _lowered(self, type: abi.Type, value: str, is_flat: bool, out: list[str]) -> Packed:
        match type:
            case abi.Primitive():
                return self._primitive(type.name, value, is_flat, out)
            case abi.List(length=None) | abi.Map():
                return self._list(type, value, is_flat, out)
            case abi.List(element=element, length=int() as length):
                return self._fixed(type, element, length, value, is_flat, out)
            case abi.Record():
                value = self._name(value, out)
                return self.sequence([(f.type, f"{value}.{f.attr}") for f in type.fields], is_flat, out)
            case abi.Tuple():
                value = self._name(value, out)
                out.append(f"if len({value}) != {len(type.elements)}: raise ValueError('length of tuple')")
                return self.sequence([(t, f"{value}[{i}]") for i, t in enumerate(type.elements)], is_flat, out)
            case abi.Enum():
                return self._enum(type, value, is_flat, out)
            case abi.Flags():
                return self._flags(type, value, is_flat, out)
            case abi.Option():
                return self._option(type, value, is_flat, out)
            case abi.Result():
                return self._result(type, value, is_flat, out)
            case abi.Variant():
                return self._variant(type, value, is_flat, out)
            case abi.Own() | abi.Borrow():
                x, resource = self.code.fresh("x"), resource_of(self.code, type.resource)
                method = "lower_own" if isinstance(type, abi.Own) else "lower_borrow"
                out.append(f"{x} = C.{method}({resource}, {value})")
                return wide("I", is_flat), [x]
            case _:
                raise NotImplementedError(f"{type} has no codec")

    def _name(self, value: str, out: list[str]) -> str:
        """A name for the value of an expression."""
        if value.isidentifier():
            return value
        name = self.code.fresh("v")
        out.append(f"{name} = {value}")
        return name

    def _primitive(self, name: str, value: str, is_flat: bool, out: list[str]) -> Packed:
        match name:
            case "string":
                return wide("I", is_flat) * 2, self._text(value, out)
            case "bool":
                value = self._name(value, out)
                return ("?15x" if is_flat else "?"), [f"{value} if type({value}) is bool else not_bool({value})"]
            case "char":
                return wide("I", is_flat), [f"code_point({value})"]
            case "s8" | "s16" if is_flat:
                # The slot has the number as an i32: `b` would leave its upper bits zero.
                value, bits = self._name(value, out), int(name[1:])
                low, high = -(1 << bits - 1), 1 << bits - 1
                fits = f"type({value}) is int and {low} <= {value} < {high}"
                return "i12x", [f"{value} if {fits} else signed({value}, {bits})"]
        return wide(SCALAR[name], is_flat), [value]

    def _text(self, value: str, out: list[str]) -> list[str]:
        p, n, b = (self.code.fresh(c) for c in "pnb")
        if self._patched:
            out += [f"{b} = encode({value})", f"e.append({b})"]
            return ["0", f"len({b})"]
        if self.encoding != "utf8":
            name = self.code.once("put", text, lambda name: text.define_lower(self.code, name, self.encoding))
            out.append(f"{p}, {n} = {name}({value})")
            return [p, n]
        out.append(f"{b} = encode({value})")
        self._put(b, p, n, out)
        return [p, n]

    def _enum(self, type: abi.Enum, value: str, is_flat: bool, out: list[str]) -> Packed:
        # By identity: an Enum's hash is Python code. The members live as long as their class, which the code holds.
        table = {id(member): (i,) for i, member in enumerate(type.cls)}
        self.code.constant(type.cls, "E")
        value, d = self._name(value, out), self.code.fresh("d")
        known, others = self.code.constant(table, "E"), self.code.constant(foreign.EnumMembers(type, table), "E")
        out += [f"try: {d}, = {known}[id({value})]", f"except KeyError: {d}, = {others}({value})"]
        return wide("I" if is_flat else discriminant(len(type.cases)), is_flat), [d]

    def _flags(self, type: abi.Flags, value: str, is_flat: bool, out: list[str]) -> Packed:
        cls, others = self.code.constant(type.cls, "E"), self.code.constant(foreign.Classes(type), "E")
        value, x = self._name(value, out), self.code.fresh("x")
        out += [
            f"if type({value}) is not {cls}: {others}(type({value}))",
            f"{x} = {value}._value_",
            f"if {x} >> {len(type.flags)}: raise ValueError('bits that no flag has')",
        ]
        return wide("I" if is_flat else mask(len(type.flags)), is_flat), [x]

    def _put(self, b: str, p: str, n: str, out: list[str]) -> None:
        """Copy bytes into a new block: its pointer and length."""
        out.append(f"{n} = len({b})")
        if self.blocks is None:
            out += put(b, p, n)
        else:
            self.blocks.append(BlockNames(b, "", p, put(b, p, n)))

    # ---- variants ---------------------------------------------------------------------------------

    def _option(self, type: abi.Option, value: str, is_flat: bool, out: list[str]) -> Packed:
        value, some = self._name(value, out), list[str]()
        if self.blocks is not None and points(type):
            return self._optional_block(type.element, value, out)
        inner = value
        if isinstance(type.element, abi.Option):
            some.append(f"if type({value}) is not Some: raise TypeError('not Some')")
            inner = f"{value}.value"
        format, names = self._only(type.element, inner, is_flat, some)
        head, tail = head_format(self.layouts, type, is_flat), tail_format(self.layouts, type, type.element, is_flat)
        out += [f"if {value} is None: {_zeros(names, format)}", "else:", *indented(some or ["pass"])]
        return f"{head}{format}{tail}", [f"{value} is not None", *names]

    def _optional_block(self, element: abi.Type, value: str, out: list[str]) -> Packed:
        """As `_option`, for a string or list that is added to `blocks`."""
        assert self.blocks is not None
        some = list[str]()
        format, (p, n) = self.lower(element, value, True, some)
        block = self.blocks[-1] = self.blocks[-1]._replace(condition=f"{value} is not None")
        none = [f"{n}, {block.data} = 0, b''", *([f"{block.strings} = ()"] if block.strings else [])]
        out += [f"if {value} is None:", *indented(none), "else:", *indented(some)]
        return f"I12x{format}", [f"{value} is not None", p, n]

    def _only(self, case: abi.Type, value: str, is_flat: bool, out: list[str]) -> Packed:
        """The only payload of a variant, each of its words under a name."""
        format, expressions = self.lower(case, value, is_flat, out)
        names = [self.code.fresh("w") for _ in expressions]
        if names:
            out.append(f"{', '.join(names)}, = {', '.join(expressions)},")
        return format, names

    def _result(self, type: abi.Result, value: str, is_flat: bool, out: list[str]) -> Packed:
        value, ok = self._name(value, out), self.code.fresh("k")
        out += [
            f"{ok} = isinstance({value}, Ok)",
            f"if not {ok} and not isinstance({value}, Err): raise TypeError('neither Ok nor Err')",
        ]
        content = f"{value}.value"
        if type.ok is None or type.err is None:
            return self._one_side(type, content, ok, is_flat, out)
        b = self.code.fresh("b")
        for head, side in ((f"if {ok}", type.ok), ("else", type.err)):
            out.append(f"{head}: {b} = {self.function(side, is_flat)}({content}{call_argument(side)})")
        return payload_format(self.layouts, type, is_flat), [f"not {ok}", b]

    def _one_side(self, type: abi.Result, content: str, ok: str, is_flat: bool, out: list[str]) -> Packed:
        """A result of which at most one side has a value."""
        head, format, names = head_format(self.layouts, type, is_flat), "", list[str]()
        empty = [f"if {content} is not None: raise TypeError('this side has no value')"]
        sides = {True: list(empty), False: list(empty)}
        if (side := type.ok or type.err) is not None:
            lines: list[str] = []
            format, names = self._only(side, content, is_flat, lines)
            sides[type.ok is not None] = lines or ["pass"]
            sides[type.ok is None].append(_zeros(names, format))
            format += tail_format(self.layouts, type, side, is_flat)
        out += [f"if {ok}:", *indented(sides[True]), "else:", *indented(sides[False])]
        return f"{head}{format}", [f"not {ok}", *names]

    def _variant(self, type: abi.Variant, value: str, is_flat: bool, out: list[str]) -> Packed:
        rows = []
        for i, case in enumerate(type.cases):
            rows.append(f"({i}, {'None' if case.payload is None else self._case(type, case.payload, is_flat)})")
        table = self.code.fresh("T")
        self.code.local.append(f"{table} = Cases({self.code.constant(type)}, [{', '.join(rows)}])")
        value = self._name(value, out)
        d, f, b = (self.code.fresh(c) for c in "dfb")
        out += [
            f"{d}, {f} = {table}[type({value})]",
            f"{b} = b'' if {f} is None else {f}({value}.value{call_argument(type)})",
        ]
        return payload_format(self.layouts, type, is_flat), [d, b]

    def _case(self, variant: abi.Variant, payload: abi.Type, is_flat: bool) -> str:
        """As `function`, with the parameters that all cases of the variant share."""
        inner = self.function(payload, is_flat)
        if has_handles(variant) == has_handles(payload):
            return inner
        name = self.code.fresh("case")
        self.code.define(name, "v, C", [f"return {inner}(v)"])
        return name

    # ---- lists ------------------------------------------------------------------------------------

    def _list(self, type: abi.List | abi.Map, value: str, is_flat: bool, out: list[str]) -> Packed:
        p, n = self.code.fresh("p"), self.code.fresh("n")
        if isinstance(type, abi.List) and type.element == abi.U8:
            value, b = self._name(value, out), self.code.fresh("b")
            out.append(f"{b} = {value} if type({value}) is bytes else as_bytes({value})")
            self._put(b, p, n, out)
        elif self.blocks is None:
            out.append(f"{p}, {n} = {self._elements(type)}({value}{call_argument(type)})")
        else:
            assert isinstance(type, abi.List)
            self.blocks.append(self._apart(type, value, p, n, out))
        return wide("I", is_flat) * 2, [p, n]

    def _apart(self, type: abi.List, value: str, p: str, n: str, out: list[str]) -> BlockNames:
        """The elements of a list, apart from the strings that they point to."""
        element, layout = type.element, self.layouts.of(type.element)
        d, e = self.code.fresh("d"), self.code.fresh("e")
        if not points(element):
            out += [f"{d} = {self._to_bytes(type, element)}({value})", f"{n} = len({d}) // {layout.size}"]
            return BlockNames(d, "", p, put(d, p, f"len({d})", layout.alignment))
        out.append(f"{n}, {d}, {e} = {self._strings_apart(type)}({value})")
        size = f"{n} * {layout.size}"
        outside = [
            f"{p} = realloc({layout.alignment}, {size})",
            f"mem.view[{p}:{p} + {size}] = {self._patch(element, d, e)}",
        ]
        return BlockNames(d, e, p, outside)

    def _strings_apart(self, type: abi.List) -> str:
        """The name of a function from a list to its length, the bytes of its elements, and their strings."""

        def make(name: str) -> None:
            if type.element == abi.STRING:
                lines, elements, data = ["e = [encode(x) for x in v]"], "e", "pairs(None, e)"
            else:
                lines, elements, data = self._collected(type.element, "v"), "d", "b''.join(d)"
            differs = (
                f"if len(v) != (n := len({elements})): raise ValueError('the length of a list is not what it says')"
            )
            self.code.define(name, "v", ["v = as_list(v)", *lines, differs, f"return n, {data}, e"])

        return self.code.once("strings_apart", type, make)

    def _fixed(
        self, type: abi.List, element: abi.Type, length: int, value: str, is_flat: bool, out: list[str]
    ) -> Packed:
        if is_flat:
            v, given = self.code.fresh("v"), "as_bytes" if element == abi.U8 else "as_list"
            out += [f"{v} = {given}({value})", f"if len({v}) != {length}: raise ValueError('length of list')"]
            return self.sequence([(element, f"{v}[{i}]") for i in range(length)], True, out)
        b, size = self.code.fresh("b"), self.layouts.of(type).size
        out += [
            f"{b} = {self._to_bytes(type, element)}({value}{call_argument(type)})",
            f"if len({b}) != {size}: raise ValueError('length of list')",
        ]
        return f"{size}s", [f"bytes({b})"]

    def _to_bytes(self, type: abi.List, element: abi.Type) -> str:
        """The name of a function from a fixed-length list to the bytes of its elements."""

        def make(name: str) -> None:
            lines, data = self._data(abi.List(element))
            self.code.define(name, f"v{call_argument(type)}", [*lines, f"return {data}"])

        return self.code.once("lowered_fixed", type, make)

    def _elements(self, type: abi.List | abi.Map) -> str:
        """The name of a function from a list or dictionary to pointer and length."""

        def make(name: str) -> None:
            element = element_of(type)
            layout = self.layouts.of(element)
            if layout.size == 0:
                raise NotImplementedError("a list of values without content")
            head = ["v = as_list(v)"] if isinstance(type, abi.List) else ["check_dict(v)"]
            lines, data = self._data(type)
            if points(element):
                lines = [
                    *head, "n = len(v)", f"p = realloc({layout.alignment}, n * {layout.size})", *lines,
                    f"mem.view[p:p + n * {layout.size}] = {data}", "return p, n",
                ]  # fmt: skip
            else:
                lines = [
                    *(head if isinstance(type, abi.Map) else []), *lines, f"b = {data}", "n = len(b)",
                    f"p = realloc({layout.alignment}, n)", "mem.view[p:p + n] = b", f"return p, n // {layout.size}",
                ]  # fmt: skip
            self.code.define(name, f"v{call_argument(type)}", lines)

        return self.code.once("lowered_list", type, make)

    def _data(self, type: abi.List | abi.Map) -> tuple[list[str], str]:
        """The lines that must run first, and the expression for the bytes of all elements of `v`."""
        if isinstance(type, abi.Map):
            return self._loop(element_of(type), "v.items()")
        match type.element:
            case abi.Primitive(name="u8"):
                return [], "v if type(v) is bytes else as_bytes(v)"
            case abi.Primitive(name=name) if name in _NUMBERS:
                return [], f"numbers({SCALAR[name]!r}, v)"
            case abi.Primitive(name="bool"):
                return [], "bytes([x if type(x) is bool else not_bool(x) for x in as_list(v)])"
            case abi.Primitive(name="char"):
                return [], "numbers('I', [code_point(x) for x in as_list(v)])"
            case abi.Primitive(name="string") if self.encoding == "utf8":
                return ["e = [encode(x) for x in as_list(v)]"], "pairs(place(e), e)"
        return self._loop(type.element, "as_list(v)")

    def _loop(self, element: abi.Type, source: str) -> tuple[list[str], str]:
        """The elements one by one. If all that they point to are strings of their own, those are placed by one call,
        and their pointers are filled in afterwards."""
        if self.encoding == "utf8" and own_strings(self.layouts, element):
            patched = self._patch(element, "b''.join(d)", "e")
            return [*self._collected(element, source), f"d = {patched}"], "d"
        out = list[str]()
        format, expressions = self.lower(element, "x", False, out)
        pack = f"{self.code.struct(format, 'pack')}({', '.join(expressions)})"
        if not out:
            return [], f"b''.join([{pack} for x in {source}])"
        return ["d = []", f"for x in {source}:", *indented([*out, f"d.append({pack})"])], "b''.join(d)"

    def _collected(self, element: abi.Type, source: str) -> list[str]:
        """The lines that make `d`, the bytes of each element with zero for the pointers, and `e`, the strings."""
        out = list[str]()
        self._patched = True
        format, expressions = self.lower(element, "x", False, out)
        self._patched = False
        out.append(f"d.append({self.code.struct(format, 'pack')}({', '.join(expressions)}))")
        return ["d, e = [], []", f"for x in {source}:", *indented(out)]

    def _patch(self, element: abi.Type, data: str, blobs: str) -> str:
        """The expression for the bytes of elements whose strings have been placed."""
        places = "".join(f"{at // 4}, " for at in own_strings(self.layouts, element))
        return f"patched({data}, place({blobs}), ({places}), {self.layouts.of(element).size // 4})"


def _zeros(names: list[str], format: str) -> str:
    """The line that gives the words of a format, by their names, what stands for no value."""
    if not names:
        return "pass"
    empty = ["b''" if letter == "s" else "0" for _, letter in words(format)]
    return f"{', '.join(names)}, = {', '.join(empty)},"
