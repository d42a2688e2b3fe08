"""Types as Python tuples, which the generated module reads: `("list", "u8", None)`."""

from __future__ import annotations

from witkit.bindgen.common.abi_text import sequence
from witkit.bindgen.common.naming import snake
from witkit.bindgen.guest.abi import case
from witkit.bindgen.guest.outside import OutsideSpeller
from witkit.bindgen.guest.types import BYTES
from witkit.ir.model import (
    Alias,
    Enum,
    FixedLengthList,
    Flags,
    List,
    Map,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    TypeDef,
    Variant,
    unalias,
)


class Wordless(Exception):
    """A part of a type that JSON cannot express."""


class Shapes:
    """The tuples of one module. `constants` are its lines, each named type once."""

    def __init__(self, spell: OutsideSpeller) -> None:
        self.spell = spell
        self.constants: list[str] = []
        self._names: dict[TypeDef, str] = {}

    def of(self, type_: Type | None) -> str:
        """The expression for a type. Raises Wordless."""
        if type_ is None:
            return "None"
        plain = unalias(type_)
        if isinstance(plain, Primitive):
            if plain is Primitive.ERROR_CONTEXT:
                raise Wordless("an error context")
            return f'"{plain.value}"'
        return self._structure(plain)

    def _structure(self, type_: TypeDef) -> str:
        match type_.kind:
            case Alias(target):
                return self.of(target)
            case List(element):
                # As the bindings have it: `bytes` only for a type that is written `list<u8>` or `list<s8>`.
                return f'("bytes", {self.of(element)})' if element in BYTES else f'("list", {self.of(element)}, None)'
            case FixedLengthList(element, length):
                return f'("list", {self.of(element)}, {length})'
            case Map(key, value):
                return f'("map", {self.of(key)}, {self.of(value)})'
            case Option(inner):
                return f'("option", {self.of(inner)}, {_is_option(inner)})'
            case Result(ok, err):
                return f'("result", {self.of(ok)}, {self.of(err)})'
            case Tuple(types):
                return f'("tuple", {sequence([self.of(each) for each in types])})'
            case Record() | Variant() | Enum() | Flags():
                return self._named(type_)
        raise Wordless(type(type_.kind).__name__.lower())

    def _named(self, type_: TypeDef) -> str:
        if type_ not in self._names:
            text = self._members(type_)
            name = f"_t{len(self.constants)}_{(type_.name or '').replace('-', '_').lower()}"
            self.constants.append(f"{name}: Any = {text}")
            self._names[type_] = name
        return self._names[type_]

    def _members(self, type_: TypeDef) -> str:
        match type_.kind:
            case Record(fields):
                parts = [f'("{each.name}", "{snake(each.name)}", {self.of(each.type)})' for each in fields]
                return f'("record", {self.spell.reference(type_)}, {sequence(parts)})'
            case Variant(cases):
                parts = [
                    f'("{each.name}", {case(type_, each.name, self.spell)}, {self.of(each.type)})' for each in cases
                ]
                return f'("variant", {sequence(parts)})'
            case Enum(cases) | Flags(cases):
                kind = "enum" if isinstance(type_.kind, Enum) else "flags"
                names = sequence([f'"{each.name}"' for each in cases])
                return f'("{kind}", {self.spell.reference(type_)}, {names})'
        raise AssertionError(type_.kind)


def _is_option(type_: Type) -> bool:
    plain = unalias(type_)
    return isinstance(plain, TypeDef) and isinstance(plain.kind, Option)
