"""Random component types, with classes of their own, and random values of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import make_dataclass
from enum import Enum, Flag
from typing import Any

from hypothesis import strategies as st

from tests.canonical.fake import Thing
from witkit import abi

PRIMITIVES = [
    abi.BOOL, abi.CHAR, abi.STRING, abi.U8, abi.U16, abi.U32, abi.U64, abi.S8, abi.S16, abi.S32, abi.S64, abi.F32,
    abi.F64,
]  # fmt: skip
KEYS = [t for t in PRIMITIVES if t not in (abi.F32, abi.F64)]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
THING = abi.Resource("thing", "Thing")
HANDLES = (abi.Own(THING), abi.Borrow(THING))


def record(*types: abi.Type) -> abi.Record:
    names = [f"f{i}" for i in range(len(types))]
    cls = make_dataclass("Made", names)
    return abi.Record("made", cls, tuple(abi.Field(n, n, t) for n, t in zip(names, types, strict=True)))


def variant(*payloads: abi.Type | None) -> abi.Variant:
    made = [make_dataclass(f"C{i}", ["value"] if p else [], frozen=True) for i, p in enumerate(payloads)]
    return abi.Variant("choice", tuple(abi.Case(f"c{i}", made[i], p) for i, p in enumerate(payloads)))


def enum(count: int) -> abi.Enum:
    make: Callable[..., Any] = Enum
    return abi.Enum("colour", make("Colour", {f"C{i}": i for i in range(count)}), tuple(f"c{i}" for i in range(count)))


def flags(count: int) -> abi.Flags:
    make: Callable[..., Any] = Flag
    names = tuple(f"f{i}" for i in range(count))
    return abi.Flags("marks", make("Marks", {f"F{i}": 1 << i for i in range(count)}), names)


def types(*handles: abi.Type) -> st.SearchStrategy[abi.Type]:
    """Types of every sort, a few levels deep, with these handles."""
    leaves: st.SearchStrategy[abi.Type] = st.one_of(
        st.sampled_from(PRIMITIVES),
        st.sampled_from([1, 2, 3, 300]).map(enum),
        st.sampled_from([1, 8, 9, 16, 17, 32]).map(flags),
    )
    if handles:
        leaves |= st.sampled_from(handles)
    return st.recursive(leaves, _composed, max_leaves=8)


def unnamed(inner: st.SearchStrategy[abi.Type]) -> st.SearchStrategy[abi.Type]:
    """Types that are made of others and need no name."""
    maybe = st.none() | inner
    return st.one_of(
        inner.map(abi.List),
        st.builds(abi.List, inner, st.integers(1, 4)),
        inner.map(abi.Option),
        st.builds(abi.Result, maybe, maybe),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: abi.Tuple(tuple(parts))),
        st.builds(abi.Map, st.sampled_from(KEYS), inner),
    )


def _composed(inner: st.SearchStrategy[abi.Type]) -> st.SearchStrategy[abi.Type]:
    return st.one_of(
        unnamed(inner),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: record(*parts)),
        st.lists(st.none() | inner, min_size=1, max_size=4).map(lambda parts: variant(*parts)),
    )


def values(type: abi.Type) -> st.SearchStrategy[Any]:
    """Values of a type, as Python carries them."""
    match type:
        case abi.Primitive():
            return _primitives(type.name)
        case abi.List(element=abi.Primitive(name="u8"), length=length):
            return st.binary(min_size=length or 0, max_size=20 if length is None else length)
        case abi.List(element=element, length=length):
            return st.lists(values(element), min_size=length or 0, max_size=4 if length is None else length)
        case abi.Option(element=abi.Option() as inner):
            return st.none() | st.builds(abi.Some, values(inner))
        case abi.Option():
            return st.none() | values(type.element)
        case abi.Result():
            ok = st.none() if type.ok is None else values(type.ok)
            err = st.none() if type.err is None else values(type.err)
            return st.builds(abi.Ok, ok) | st.builds(abi.Err, err)
        case abi.Tuple():
            return st.tuples(*map(values, type.elements))
        case abi.Map():
            return st.dictionaries(values(type.key), values(type.value), max_size=4)
        case abi.Record():
            return st.builds(type.cls, *(values(f.type) for f in type.fields))
        case abi.Variant():
            return st.one_of(*(st.builds(c.cls, *([values(c.payload)] if c.payload else [])) for c in type.cases))
        case abi.Enum():
            return st.sampled_from(list(type.cls))
        case abi.Flags():
            return st.integers(0, (1 << len(type.flags)) - 1).map(type.cls)
    return st.integers(0, 9).map(Thing)


def _primitives(name: str) -> st.SearchStrategy[Any]:
    match name:
        case "bool":
            return st.booleans()
        case "char":
            return st.characters(exclude_categories=["Cs"])
        case "string":
            return TEXT
        case "f32" | "f64":
            return st.floats(width=32 if name == "f32" else 64, allow_nan=False)
    bits = int(name[1:])
    return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) if name[0] == "s" else st.integers(0, (1 << bits) - 1)
