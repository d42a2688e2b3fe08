"""Words and marks of other languages, and of older WIT, that writers put where WIT has its own."""

from __future__ import annotations

KEYWORDS = {
    "struct": "record",
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
}
"""What begins an item elsewhere, and the keyword of WIT that means it."""

FUNCTIONS = frozenset({"fn", "def", "fun", "function", "func", "method", "rpc", "proc"})
"""What stands before a function's name elsewhere; in WIT `func` stands behind it."""

_OTHER_MODIFIERS = """
private protected internal abstract declare readonly const final unsafe inline virtual open extern let var val mut
required optional repeated
"""

MODIFIERS = {
    "default": "no world or interface is the default any more: remove `default`",
    "export": "a world says what is exported: remove `export`",
    **dict.fromkeys(("pub", "public"), "everything in WIT is public: remove `{}`"),
    **dict.fromkeys(_OTHER_MODIFIERS.split(), "WIT has no `{}` before a definition: remove it"),
}
"""Words that stand before a definition elsewhere, and what to say of them."""

ATTRIBUTES = frozenset({"since", "unstable", "deprecated", "external-id"})
"""What `@` begins: without it they look like functions."""

OWN_PACKAGE = frozenset({"self", "pkg"})
"""What stood before the name of an interface of the same package in 2023."""

GENERICS = {
    "expected": "result",
    "array": "list",
    "vec": "list",
    "sequence": "list",
    "optional": "option",
    "maybe": "option",
    "hashmap": "map",
    "dict": "map",
    "promise": "future",
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
}
"""Characters that begin nothing in WIT, and what to write instead."""


def type_for(name: str) -> str:
    """The type of WIT for a name of another language; empty where there is none."""
    return TYPES.get(name.lower(), "")
