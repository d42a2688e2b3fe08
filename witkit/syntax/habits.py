"""Words and marks of other languages, and of older WIT, that writers put where WIT has its own."""

from __future__ import annotations

import re

KEYWORDS = {
    "struct": "record",
    "using": "type",
    "newtype": "type",
    "mod": "interface",
    "protocol": "interface",
    "class": "resource",
    "object": "record",
    "message": "record",
    "union": "variant",
    "oneof": "variant",
    "bitflags": "flags",
    "typedef": "type",
    "alias": "type",
    "trait": "interface",
    "service": "interface",
    "module": "interface",
    "interfaces": "interface",
    "component": "world",
    "function": "func",
    "extends": "include",
}
"""What begins an item elsewhere, and the keyword of WIT that means it."""

FUNCTIONS = frozenset({"fn", "def", "fun", "function", "func", "method", "rpc", "proc"})
"""What is before a function's name elsewhere; in WIT `func` is after it."""

_OTHER_MODIFIERS = """
case private protected internal abstract declare readonly unsafe inline virtual extern required optional repeated
"""

MODIFIERS = {
    "default": "no world or interface is the default any more: remove `default`",
    "export": "a world says what is exported: remove `export`",
    **dict.fromkeys(("pub", "public"), "everything in WIT is public: remove `{}`"),
    **dict.fromkeys(_OTHER_MODIFIERS.split(), "WIT has no `{}` before a definition: remove it"),
}
"""Words that are before a definition elsewhere, and what to say of them."""

CONSTANTS = frozenset({"const", "let", "var", "val", "final"})
"""What begins a value elsewhere."""

ATTRIBUTES = frozenset({"since", "unstable", "deprecated", "external-id"})
"""What `@` begins: without it they look like functions."""

OWN_PACKAGE = frozenset({"self", "pkg"})
"""What was written before the name of an interface of the same package in 2023."""

WRAPPERS = {"repeated": "LIST", "optional": "OPTION", "required": "", "const": "", "readonly": ""}
"""What is before the type of a field elsewhere, and the type of WIT that means it, if any."""

POINTERS = frozenset({"box", "arc", "rc", "ref", "ptr", "unique-ptr", "shared-ptr"})
"""Types that only point to a value."""

GENERICS = {
    "result": "result",
    "option": "option",
    "tuple": "tuple",
    "list": "list",
    "future": "future",
    "stream": "stream",
    "record": "map",
    "push-buffer": "list",
    "pull-buffer": "list",
    "set": "list",
    "iterator": "stream",
    "expected": "result",
    "array": "list",
    "vec": "list",
    "sequence": "list",
    "optional": "option",
    "maybe": "option",
    "hashmap": "map",
    "dict": "map",
    "promise": "future",
    **{name: name for name in ("map", "own", "borrow")},
}
"""Names of types with arguments, without regard to case."""

TYPES = {
    "float32": "f32",
    "float64": "f64",
    "float": "f32",
    "double": "f64",
    "number": "f64",
    "int": "s32",
    "uint": "u32",
    "long": "s64",
    "byte": "u8",
    "i8": "s8",
    "i16": "s16",
    "i32": "s32",
    "i64": "s64",
    "int32": "s32",
    "int64": "s64",
    "uint32": "u32",
    "uint64": "u64",
    "usize": "u64",
    "uint8": "u8",
    "uint16": "u16",
    "int8": "s8",
    "int16": "s16",
    "isize": "s64",
    "uint8-t": "u8",
    "uint16-t": "u16",
    "uint32-t": "u32",
    "uint64-t": "u64",
    "int8-t": "s8",
    "int16-t": "s16",
    "int32-t": "s32",
    "int64-t": "s64",
    "size-t": "u64",
    "short": "s16",
    "bigint": "s64",
    "sint32": "s32",
    "sint64": "s64",
    "string": "string",
    "char": "char",
    "str": "string",
    "text": "string",
    "boolean": "bool",
    "bytes": "list<u8>",
}
"""Names of types without arguments, without regard to case."""

MARKS = {
    "#": "a comment begins with `//`",
    "'": "names and types are written without quotes",
    "`": "names and types are written without quotes",
    "&": "WIT has no references: a resource is lent by `borrow<…>`, and everything else is copied",
    "|": "one of several types is a `variant`",
    "*": "name what is used: `use interface.{name};`",
    "[": "a list is written `list<…>`",
    "?": "what may be missing is written `option<…>`",
    "$": "names are words of lower-case letters and digits, joined by `-`",
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "write `-`"),
}
"""Characters that begin nothing in WIT, and what to write instead."""

WIDE_MARKS = {**{chr(0xFF00 + ord(mark) - 0x20): mark for mark in ":;,.(){}<>=/@"}, "\u2192": "->"}
"""Marks of the width of a Chinese character, an arrow, and those of WIT."""

ATTRIBUTE_NAMES = {"stable": "since", "added": "since", "experimental": "unstable", "removed": "deprecated"}
"""What the attributes of WIT are called elsewhere."""

QUALIFIERS = frozenset({"mut", "const", "ref", "in", "out", "inout"})
"""What is before the type of a parameter elsewhere."""


_NUMBERS = frozenset({*(f"{sign}{bits}" for sign in "us" for bits in (8, 16, 32, 64)), "f32", "f64", "bool"})
_NO_VALUE = frozenset({"void", "unit", "none", "null", "nil", "nothing", "undefined", "never"})
_ANYTHING = frozenset({"any", "object", "json", "value", "unknown", "dynamic", "variant-type"})
_TIMES = frozenset({"date", "datetime", "time", "timestamp", "duration", "instant"})


def type_for(name: str) -> str:
    """The type of WIT for a name of another language; empty if there is none."""
    return TYPES.get(name.lower().replace("_", "-"), "")


_WIDER = re.compile(r"[iu]?(?:int)?128|[su]128")


def advice(name: str) -> str:
    """What to write for the name of a type that another language has; empty if none is known."""
    lower = name.lower()
    if other := GENERICS.get(lower) or type_for(lower):
        return f"write `{other}`"
    if lower != name and lower in _NUMBERS:
        return f"write `{lower}`"
    if lower in _NO_VALUE:
        return "if there is no value, leave the type out, or write `_` in `result<_, e>`"
    if lower in _ANYTHING:
        return "WIT has no type for any value: list what it can be in a `variant`, or take a `string` or a `list<u8>`"
    if _WIDER.fullmatch(lower):
        return "WIT has no integers of more than 64 bits: use a `tuple<u64, u64>`, or a `list<u8>`"
    if lower in _TIMES:
        return "WIT has no type for times: write `u64` and say in which unit, or use a type of `wasi:clocks`"
    return ""
