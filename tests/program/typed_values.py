"""Random types as WIT text, and random values of them."""

from __future__ import annotations

import functools
import operator
from pathlib import Path
from typing import Any

from hypothesis import strategies as some

from witkit import abi
from witkit.ir import load, model

PRIMITIVES = [
    "bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string",
]  # fmt: skip
NAMES = ["a", "item-count", "class", "from", "x1", "mro", "value", "name", "self"]
KEYS = ["bool", "u8", "u64", "s32", "char", "string"]


@some.composite
def packages(draw: some.DrawFn, depth: int = 3) -> str:
    """A package with an interface `types`, whose type `it` is any that JSON can express."""
    named: list[str] = []

    def type_(left: int) -> str:
        kind = draw(some.sampled_from(["primitive", *(KINDS if left else [])]))
        match kind:
            case "primitive":
                return draw(some.sampled_from(PRIMITIVES))
            case "list" | "option":
                return f"{kind}<{type_(left - 1)}>"
            case "fixed":
                return f"list<{type_(left - 1)}, {draw(some.integers(1, 3))}>"
            case "tuple":
                return f"tuple<{', '.join(type_(left - 1) for _ in range(draw(some.integers(1, 3))))}>"
            case "map":
                return f"map<{draw(some.sampled_from(KEYS))}, {type_(left - 1)}>"
            case "result":
                form = draw(some.sampled_from(["result", "result<T>", "result<_, T>", "result<T, T>"]))
                while "T" in form:
                    form = form.replace("T", type_(left - 1), 1) if "T" in form else form
                return form
        return definition(kind, left)

    def definition(kind: str, left: int) -> str:
        members = draw(some.lists(some.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
        match kind:
            case "record":
                body = ", ".join(f"%{each}: {type_(left - 1)}" for each in members)
            case "variant":
                body = ", ".join(
                    f"%{each}({type_(left - 1)})" if draw(some.booleans()) else f"%{each}" for each in members
                )
            case _:
                body = ", ".join(f"%{each}" for each in members)
        name = f"n{len(named)}"
        named.append(f"{kind} {name} {{ {body} }}")
        return name

    whole = type_(depth)
    return f"package shop:orders@0.1.0;\ninterface types {{ {' '.join(named)} type it = {whole}; }}\n"


KINDS = ["list", "option", "fixed", "tuple", "map", "result", "record", "variant", "enum", "flags"]


def resolved(text: str, folder: Path) -> model.Resolve:
    """The package in this text."""
    file = folder / "types.wit"
    file.write_text(text, encoding="utf-8")
    found = load(file).resolve
    assert found is not None
    return found


def values(type: abi.Type) -> some.SearchStrategy[Any]:
    """Values of a type, as the runtime gives them."""
    match type:
        case abi.Primitive():
            return _primitive(type.name)
        case abi.List():
            items = some.lists(values(type.element), min_size=type.length or 0, max_size=type.length or 3)
            return items.map(bytes) if type.element == abi.U8 else items
        case abi.Tuple():
            return some.tuples(*map(values, type.elements))
        case abi.Map():
            return some.dictionaries(values(type.key), values(type.value), max_size=3)
        case abi.Option():
            inner = values(type.element)
            return some.none() | (inner.map(abi.Some) if isinstance(type.element, abi.Option) else inner)
        case abi.Result():
            return _side(type.ok).map(abi.Ok) | _side(type.err).map(abi.Err)
        case abi.Record():
            return some.builds(type.cls, *(values(field.type) for field in type.fields))
        case abi.Variant():
            parts = [some.builds(c.cls, *([] if c.payload is None else [values(c.payload)])) for c in type.cases]
            return some.one_of(parts)
        case abi.Enum():
            return some.sampled_from(list(type.cls))
        case abi.Flags():
            members = list(type.cls)
            return some.sets(some.sampled_from(members)).map(
                lambda chosen: functools.reduce(operator.or_, chosen, type.cls(0))
            )
    raise AssertionError(type)


def _side(type: abi.Type | None) -> some.SearchStrategy[Any]:
    return some.none() if type is None else values(type)


def _primitive(name: str) -> some.SearchStrategy[Any]:
    match name:
        case "bool":
            return some.booleans()
        case "f32" | "f64":
            return some.floats(allow_nan=False, width=int(name[1:]))  # type: ignore[arg-type]
        case "char":
            return some.characters(codec="utf-8")
        case "string":
            return some.text(some.characters(codec="utf-8"), max_size=5)
    bits, low = int(name[1:]), -1 if name[0] == "s" else 0
    return some.integers(low << bits - 1, (1 << bits - (name[0] == "s")) - 1)
