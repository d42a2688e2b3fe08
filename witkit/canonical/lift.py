"""Lifting: Python source that turns core values and bytes of memory into Python values, from guest to host
(`CanonicalABI.md`: Loading, Flat Lifting).

A value is laid out flat, in a slot of 16 bytes for each core value, or in memory; both are one `struct` format. For
each type there are its format, the names that the unpacked words get, and an expression over those names. The payload
of a variant is `Ns` in that format, from which a function for the case unpacks its own: slots are little-endian
unions, so the coercions between joined flat types need no code.

Names in generated code: `V` the view of the memory and `L` its size, both set at the beginning of each function that
reads text or bytes, `C` the handles of the call. IndexError and UnicodeDecodeError of the code are violations.

Lists of lists or strings can share bytes, so that a small memory holds values that are huge; so can records of very
many strings. Code for such types counts: `B` is how many bytes the call may still read, each as often as it is read. It
begins with the size of the memory, which is enough for values that share nothing, and some room (`contract.State`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap
from typing import Final, TypeAlias

from witkit import abi
from witkit.canonical import text, values
from witkit.canonical.code import Code, indented
from witkit.canonical.columns import MANY, columns, from_columns, texts
from witkit.canonical.layout import (
    MAX_BYTES,
    SCALAR,
    SIZE,
    SLOT,
    Layouts,
    aligned,
    cases,
    discriminant,
    element_of,
    elements,
    fields,
    flat,
    has_handles,
    mask,
    points,
    strings,
    words,
)

Unpacked: TypeAlias = tuple[str, list[str], str]
"""Format, names for its words, the expression of the value."""

VIEW: Final = "V = mem.view; L = mem.size"
INLINE: Final = 64
"""Up to how many types, each counted as often as it occurs, the code for a type is written inside other code."""

_NARROW: Final = 64
"""The bytes up to which a value outside of lists points to few strings or lists: what they share does not matter."""
_MORE: Final = "(B := more(mem, B))"
_UNIT: Final = 8
"""The size of a string or list in another list; for smaller elements there is less room, since each is an object."""
_NUMBERS: Final = ("u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64")


def wide(format: str, flat: bool) -> str:
    """The format of a scalar, padded to a slot if it is flat."""
    return f"{format}{SLOT - SIZE[format]}x" if flat else format


def payload_format(layouts: Layouts, type: abi.Type, is_flat: bool) -> str:
    """The format of a variant: its discriminant, and the payload as bytes."""
    if is_flat:
        return f"I12x{SLOT * (len(flat([type])) - 1)}s"
    head, (at, _) = discriminant(len(cases(type))), layouts.payload(type)
    return f"{head}{at - SIZE[head]}x{layouts.of(type).size - at}s"


def head_format(layouts: Layouts, type: abi.Type, is_flat: bool) -> str:
    """The format of a variant up to its payload."""
    if is_flat:
        return "I12x"
    head = discriminant(len(cases(type)))
    return f"{head}{layouts.payload(type)[0] - SIZE[head]}x"


def tail_format(layouts: Layouts, type: abi.Type, case: abi.Type, is_flat: bool) -> str:
    """The padding after the payload of a variant that has only one."""
    if is_flat:
        return ""
    return f"{layouts.of(type).size - layouts.payload(type)[0] - layouts.of(case).size}x"


def is_inline(layouts: Layouts, type: abi.Type) -> bool:
    """Whether the code for a type is written inside other code."""
    return layouts.of(type).weight <= INLINE


def own_strings(layouts: Layouts, type: abi.Type) -> list[int]:
    """Where the strings of a list's element lie, if they are all that it points to, so that they can be lowered
    together."""
    return strings(layouts, type) if is_inline(layouts, type) else []


class Lifting:
    """The lifting half of one codec. With `lent`, all handles are to objects of the host that the guest lends."""

    def __init__(self, code: Code, layouts: Layouts, encoding: str, *, lent: bool = False) -> None:
        self.code, self.layouts, self._encoding, self._lent = code, layouts, encoding, lent
        self.counted = False
        self._unit = _UNIT
        self._near: list[tuple[str, str]] | None = None
        code.namespace.update(
            Ok=abi.Ok, Err=abi.Err, Some=abi.Some, starmap=starmap, char=values.char, bad_case=values.bad_case,
            whole=values.whole, more=values.more, array_of=values.array_of, texts=texts,
            unaligned=values.unaligned, UTF="utf-8", CODES="utf-32-le",
        )  # fmt: skip

    def count(self, types: Iterable[abi.Type | None]) -> None:
        """Say which types are lifted, before any of them is: `counted` says whether their code counts."""
        given = [type for type in types if type is not None]
        found = elements(given)
        wide = self.layouts.sequence(given).size > _NARROW and any(map(points, given))
        self.counted = wide or any(map(points, found))
        if self.counted:
            self.code.local.append("B = 0")
        self._unit = min([_UNIT, *(self.layouts.of(type).size for type in found if type != abi.U8)])

    def declared(self) -> list[str]:
        """The line that a function begins with that counts."""
        return ["nonlocal B"] if self.counted else []

    def counting(self) -> list[str]:
        """The line that begins to count."""
        room = "inst.state.room" if self._unit == _UNIT else f"inst.state.room * {self._unit} // {_UNIT}"
        return [f"B = most = min(mem.size + {room}, {MAX_BYTES})"] if self.counted else []

    def held(self, lines: list[str]) -> list[str]:
        """Lines that run while what was lifted stays: other calls in them have so much less room."""
        if not self.counted:
            return lines
        shared = "most - B - mem.size" if self._unit == _UNIT else f"(most - B - mem.size) * {_UNIT} // {self._unit}"
        take, give = f"inst.state.room -= (held := max(0, {shared}))", "inst.state.room += held"
        return [take, "try:", *indented(lines), f"finally: {give}"]

    def lift(self, type: abi.Type, is_flat: bool) -> Unpacked:
        """How to lift a value of the type."""
        if not is_flat and not is_inline(self.layouts, type):
            name, near, self._near = self.code.fresh("b"), self._near, None
            function, self._near = self.function(type, False), near
            return f"{self.layouts.of(type).size}s", [name], f"{function}({name}{call_argument(type)})"
        return self._lifted(type, is_flat)

    def function(self, type: abi.Type, is_flat: bool) -> str:
        """The name of a function from bytes that begin with a value (and the call, if it has handles) to the value."""

        def make(name: str) -> None:
            format, names, expression = self._lifted(type, is_flat)
            self._define(
                name, f"b{call_argument(type)}", [*self.unpacked(format, names, "b"), *self.returned(expression)]
            )

        return self.code.once("flat" if is_flat else "load", type, make)

    def unpacked(self, format: str, names: list[str], *place: str) -> list[str]:
        """The line that unpacks a format from a buffer, at an offset if one is given."""
        return [f"{', '.join(names)}, = {self.code.struct(format, 'unpack_from')}({', '.join(place)})"] if names else []

    def returned(self, expression: str) -> list[str]:
        """The lines that return an expression."""
        return [*view_of(expression), f"return {expression}"]

    def sequence(self, types: Iterable[abi.Type], is_flat: bool) -> tuple[str, list[str], list[str]]:
        """Values one after the other: the format, with padding to the end, the names, an expression for each."""
        format, names, expressions, at, most = "", list[str](), list[str](), 0, 1
        for type in types:
            f, n, e = self.lift(type, is_flat)
            if not is_flat:
                layout = self.layouts.of(type)
                start = aligned(at, layout.alignment)
                format += f"{start - at}x"
                at, most = start + layout.size, max(most, layout.alignment)
            format += f
            names += n
            expressions.append(e)
        return format if is_flat else f"{format}{aligned(at, most) - at}x", names, expressions

    def _lifted(self, type: abi.Type, is_flat: bool) -> Unpacked:
        if isinstance(type, abi.Primitive | abi.Record | abi.Tuple):
            return self._kind(type, is_flat)
        near, self._near = self._near, None
        found = self._kind(type, is_flat)
        self._near = near
        return found

    def _kind(self, type: abi.Type, is_flat: bool) -> Unpacked:
        match type:
            case abi.Primitive():
                return self._primitive(type.name, is_flat)
            case abi.List(length=None):
                return self._list(type, is_flat)
            case abi.List(element=element, length=int() as length):
                return self._fixed(type, element, length, is_flat)
            case abi.Map():
                p, n = self.code.fresh("p"), self.code.fresh("n")
                return wide("I", is_flat) * 2, [p, n], f"{self._elements(type)}({p}, {n}{call_argument(type)})"
            case abi.Record() | abi.Tuple():
                format, names, expressions = self.sequence(fields(type), is_flat)
                return format, names, self._made(type, expressions)
            case abi.Enum():
                x = self.code.fresh("x")
                head = "I" if is_flat else discriminant(len(type.cases))
                return wide(head, is_flat), [x], f"{self.code.constant(tuple(type.cls), 'E')}[{x}]"
            case abi.Flags():
                x, masks = self.code.fresh("x"), self.code.constant(values.Masks(type.cls), "F")
                head = "I" if is_flat else mask(len(type.flags))
                return wide(head, is_flat), [x], f"{masks}[{x} & {(1 << len(type.flags)) - 1}]"
            case abi.Option():
                return self._option(type, is_flat)
            case abi.Result():
                return self._result(type, is_flat)
            case abi.Variant():
                return self._variant(type, is_flat)
            case abi.Own() | abi.Borrow():
                x = self.code.fresh("x")
                return wide("I", is_flat), [x], self._handle(type, x)
            case _:
                raise NotImplementedError(f"{type} has no codec")

    def _primitive(self, name: str, is_flat: bool) -> Unpacked:
        x = self.code.fresh("x")
        match name:
            case "string":
                n = self.code.fresh("n")
                return wide("I", is_flat) * 2, [x, n], self._text(x, n)
            case "bool" if is_flat:
                return wide("I", True), [x], f"({x} != 0)"
            case "char":
                return wide("I", is_flat), [x], f"(chr({x}) if {x} < 0xD800 else char({x}))"
        return wide(SCALAR[name], is_flat), [x], x

    def _text(self, p: str, n: str) -> str:
        if self._near is not None:
            self._near.append((p, name := self.code.fresh("s")))
            return name
        if self._encoding != "utf8":
            name = self.code.once(
                "text", text, lambda name: text.define_lift(self.code, name, self._encoding, counted=self.counted)
            )
            return f"{name}({p}, {n})"
        return f"str({self._bytes(p, n, 'string')}, UTF)"

    def _bytes(self, p: str, n: str, what: str) -> str:
        """The expression for a view of the bytes at a pointer."""
        fits, left = f"{p} + {n} <= L and {n} <= {MAX_BYTES}", ""
        if self.counted:
            fits, left = f"(B := B - {n}) >= 0 and {p} + {n} <= L", f", {_MORE}"
        return f"(V if {fits} else whole(mem, {p}, {n}, '{what}'{left}))[{p}:{p} + {n}]"

    def _define(self, name: str, parameters: str, body: list[str]) -> None:
        """Add a local function."""
        self.code.define(name, parameters, [*self.declared(), *body])

    def _handle(self, type: abi.Own | abi.Borrow, x: str) -> str:
        resource = resource_of(self.code, type.resource)
        if self._lent:
            return f"lent({resource}, {x})"
        return f"C.{'lift_own' if isinstance(type, abi.Own) else 'lift_borrow'}({resource}, {x})"

    def _made(self, type: abi.Record | abi.Tuple, expressions: list[str]) -> str:
        if isinstance(type, abi.Record):
            return f"{self.code.constant(type.cls, 'D')}({', '.join(expressions)})"
        return f"({', '.join(expressions)},)" if expressions else "()"

    # ---- variants ---------------------------------------------------------------------------------

    def _option(self, type: abi.Option, is_flat: bool) -> Unpacked:
        format, names, expression = self._only(type, type.element, is_flat)
        some = f"Some({expression})" if isinstance(type.element, abi.Option) else expression
        d = names[0]
        return format, names, f"(None if {d} == 0 else {some} if {d} == 1 else bad_case({d}))"

    def _result(self, type: abi.Result, is_flat: bool) -> Unpacked:
        ok, err = "None", "None"
        if type.ok is not None and type.err is not None:
            d, b = self.code.fresh("d"), self.code.fresh("b")
            ok, err = (f"{self.function(t, is_flat)}({b}{call_argument(t)})" for t in (type.ok, type.err))
            format, names = payload_format(self.layouts, type, is_flat), [d, b]
        elif (side := type.ok or type.err) is not None:
            format, names, expression = self._only(type, side, is_flat)
            ok, err = (expression, "None") if type.err is None else ("None", expression)
        else:
            format, names = head_format(self.layouts, type, is_flat), [self.code.fresh("d")]
        d = names[0]
        return format, names, f"(Ok({ok}) if {d} == 0 else Err({err}) if {d} == 1 else bad_case({d}))"

    def _only(self, type: abi.Type, case: abi.Type, is_flat: bool) -> Unpacked:
        """A variant with one payload: its words follow the discriminant, which is the first name."""
        format, names, expression = self.lift(case, is_flat)
        head, tail = head_format(self.layouts, type, is_flat), tail_format(self.layouts, type, case, is_flat)
        return f"{head}{format}{tail}", [self.code.fresh("d"), *names], expression

    def _variant(self, type: abi.Variant, is_flat: bool) -> Unpacked:
        d, b, call = self.code.fresh("d"), self.code.fresh("b"), call_argument(type)
        functions = [self._case(case, is_flat, call) for case in type.cases]
        table = self.code.fresh("T")
        self.code.local.append(f"{table} = ({', '.join(functions)},)")
        return payload_format(self.layouts, type, is_flat), [d, b], f"{table}[{d}]({b}{call})"

    def _case(self, case: abi.Case, is_flat: bool, call: str) -> str:
        """A function from the bytes of a payload to the case."""
        name, cls = self.code.fresh("case"), self.code.constant(case.cls, "D")
        if case.payload is None:
            body = [f"return {self.code.constant(case.cls(), 'D')}"]
        elif not is_flat and not is_inline(self.layouts, case.payload):
            body = [f"return {cls}({self.function(case.payload, False)}(b{call_argument(case.payload)}))"]
        else:
            format, names, expression = self._lifted(case.payload, is_flat)
            body = [*self.unpacked(format, names, "b"), *self.returned(f"{cls}({expression})")]
        self._define(name, f"b{call}", body)
        return name

    # ---- lists ------------------------------------------------------------------------------------

    def _list(self, type: abi.List, is_flat: bool) -> Unpacked:
        p, n = self.code.fresh("p"), self.code.fresh("n")
        if type.element == abi.U8:
            lifted = f"bytes({self._bytes(p, n, 'list')})"
        else:
            lifted = f"{self._elements(type)}({p}, {n}{call_argument(type)})"
        return wide("I", is_flat) * 2, [p, n], lifted

    def _fixed(self, type: abi.List, element: abi.Type, length: int, is_flat: bool) -> Unpacked:
        if is_flat:
            format, names, expressions = self.sequence([element] * length, True)
            made = f"[{', '.join(expressions)}]"
            return format, names, f"bytes({made})" if element == abi.U8 else made
        b = self.code.fresh("b")
        lifted = b if element == abi.U8 else f"{self._of_bytes(type, element)}({b}{call_argument(type)})"
        return f"{self.layouts.of(type).size}s", [b], lifted

    def _elements(self, type: abi.List | abi.Map) -> str:
        """The name of a function from pointer and length to a list or dictionary."""

        def make(name: str) -> None:
            layout = self.layouts.of(element_of(type))
            assert self.counted or not points(element_of(type))
            check = [f"if p & {layout.alignment - 1}: raise unaligned()"] if layout.alignment > 1 else []
            outside, left = f"q > L or q - p > {MAX_BYTES}", ""
            if self.counted:
                outside, left = "(B := B - (q - p)) < 0 or q > L", f", {_MORE}"
            self._define(
                name, f"p, n{call_argument(type)}",
                [
                    *check, f"q = p + n * {layout.size}", VIEW,
                    f"if {outside}: V = whole(mem, p, q - p, 'list'{left}); L = mem.size",
                    *self._together(type),
                    f"return {self._each(type, 'V[p:q]')}",
                ],
            )  # fmt: skip

        return self.code.once("list", type, make)

    def _of_bytes(self, type: abi.List, element: abi.Type) -> str:
        """The name of a function from the bytes of a fixed-length list to the list."""

        def make(name: str) -> None:
            assert self.counted or not points(element)
            each = self._each(abi.List(element), "memoryview(b)")
            self._define(name, f"b{call_argument(type)}", [*view_of(each), f"return {each}"])

        return self.code.once("fixed", type, make)

    def _each(self, type: abi.List | abi.Map, data: str) -> str:
        """The expression for all elements in a view of their bytes."""
        element = element_of(type)
        match element:
            case abi.Primitive(name="u8"):
                return f"bytes({data})"
            case abi.Primitive(name="bool"):
                return f"[x != 0 for x in bytes({data})]"
            case abi.Primitive(name="char"):
                return f"list(str({data}, CODES))"
            case abi.Primitive(name=name) if name in _NUMBERS and isinstance(type, abi.List) and type.array:
                return f"array_of({SCALAR[name]!r}, {data})"
            case abi.Primitive(name=name) if name in _NUMBERS:
                return f"{data}.cast({SCALAR[name]!r}).tolist()"
        if self.layouts.of(element).size == 0:
            raise NotImplementedError("a list of values without content")
        format, names, expression = self._one(type)
        rows = self._unpacking(format, data)
        if expression == f"({', '.join(names)},)":
            return f"list({rows})"
        if expression == f"{expression.partition('(')[0]}({', '.join(names)})" and isinstance(element, abi.Record):
            return f"list(starmap({expression.partition('(')[0]}, {rows}))"
        return _comprehension(type, f"{expression} for {', '.join(names)}, in {rows}")

    def _one(self, type: abi.List | abi.Map) -> Unpacked:
        """How to lift an element; that of a map becomes `key: value`."""
        if isinstance(type, abi.List):
            return self.lift(type.element, False)
        format, names, (key, value) = self.sequence((type.key, type.value), False)
        return format, names, f"{key}: {value}"

    def _unpacking(self, format: str, data: str) -> str:
        # A copy: if the collector finds an iterator over a view in a circle, CPython 3.11 may end with a fault.
        return f"{self.code.struct(format, 'iter_unpack')}(bytes({data}))"

    def _together(self, type: abi.List | abi.Map) -> list[str]:
        """The lines that lift many elements, if each has strings: those together, and the rest in columns."""
        if self._encoding != "utf8" or element_of(type) == abi.U8:
            return []
        self._near = []
        format, names, expression = self._one(type)
        near, self._near = self._near, None
        if not near:
            return []
        step = self.layouts.of(element_of(type)).size
        offsets = {name: at for name, (at, _) in zip(names, words(format), strict=True)}
        strings = {s: f"t[{i} * n:{i + 1} * n]" if len(near) > 1 else "t" for i, (_, s) in enumerate(near)}
        if (found := columns(format, names, step, "V[p:q]")) is not None:
            lifted = from_columns(type, expression, found | strings)
        else:
            rows = f"zip({self._unpacking(format, 'V[p:q]')}, {', '.join(strings.values())})"
            lifted = _comprehension(type, f"{expression} for ({', '.join(names)},), {', '.join(strings)} in {rows}")
        return [
            f"if n > {MANY}:",
            f"    t, m = texts(gather, V, L, p, n, {tuple(offsets[p] for p, _ in near)}, {step}, B)",
            "    if t is not None:",
            "        B -= m",
            f"        return {lifted}",
        ]


def _comprehension(type: abi.List | abi.Map, text: str) -> str:
    return f"[{text}]" if isinstance(type, abi.List) else f"{{{text}}}"


def view_of(*expressions: str) -> list[str]:
    """The line that sets the view, if an expression reads it."""
    return [VIEW] if any("(V if" in expression for expression in expressions) else []


def resource_of(code: Code, resource: abi.Resource) -> str:
    """The name for what the engine takes for a resource, which `bind` looks up."""

    def make(name: str) -> None:
        code.local.append(f"{name} = inst.resource({code.constant(resource)})")

    return code.once("R", resource, make)


def call_argument(type: abi.Type) -> str:
    """The further argument for types with handles: the call they belong to."""
    return ", C" if has_handles(type) else ""
