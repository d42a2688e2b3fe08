"""Linking and the codec of values agree on flat types and sizes, which each works out for its own purpose."""

from __future__ import annotations

from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampled import examples
from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.canonical.layout import Layouts, flat, points
from witkit.wasm import types
from witkit.wasm.traits import (
    MAX_FLAT_PARAMS,
    flat_params,
    lifted_signature,
    lowered_signature,
    needs_memory,
    traits,
    traits_of,
)
from witkit.wasm.types import Defined, Func, Kind, Resource, ValType

Types: TypeAlias = st.SearchStrategy[ValType]

PRIMITIVES = ("bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string")
STORE = Resource()


def defined(kind: Kind) -> Defined:
    return Defined(kind, traits(kind))


def labels(count: int) -> tuple[str, ...]:
    return tuple(f"l{i}" for i in range(count))


def compound(inner: Types) -> Types:
    optional = st.none() | inner
    return st.one_of(
        inner.map(types.List),
        inner.map(types.Option),
        st.builds(types.FixedLengthList, inner, st.integers(1, 20)),
        st.builds(types.Result, optional, optional),
        st.builds(types.Map, st.sampled_from(["u8", "string", "u64"]), inner),
        st.lists(inner, min_size=1, max_size=5).map(lambda all: types.Tuple(tuple(all))),
        st.lists(inner, min_size=1, max_size=9).map(
            lambda all: types.Record(tuple(zip(labels(len(all)), all, strict=True)))
        ),
        st.lists(optional, min_size=1, max_size=5).map(
            lambda all: types.Variant(tuple(zip(labels(len(all)), all, strict=True)))
        ),
    ).map(defined)


KINDS: list[Kind] = [
    *(types.Enum(labels(count)) for count in (1, 256, 257)),
    *(types.Flags(labels(count)) for count in (1, 8, 9, 16, 17, 32)),
    *(types.Own(STORE), types.Borrow(STORE), types.Stream(None), types.Future("u8")),
]
SIMPLE: Types = st.sampled_from(PRIMITIVES) | st.sampled_from(KINDS).map(defined)
VALUES: Types = st.recursive(SIMPLE, compound, max_leaves=8)
many = settings(max_examples=examples(60), deadline=None)


def described(type: ValType) -> abi.Type:
    return Descriptions(lambda _: abi.Resource("store", "Store")).type(type)


@many
@given(VALUES)
def test_a_type_has_the_same_core_values(type: ValType) -> None:
    assert traits_of(type).flat == flat([described(type)])


@many
@given(VALUES)
def test_a_type_points_to_memory_in_both(type: ValType) -> None:
    assert traits_of(type).pointers == points(described(type))


@many
@given(VALUES)
def test_a_type_without_pointers_has_the_same_size(type: ValType) -> None:
    found, layout = traits_of(type), Layouts().of(described(type))
    if not found.pointers:
        assert (found.size, found.alignment) == (layout.size, layout.alignment)
    else:
        # Pointers of 64 bits take twice as much.
        assert layout.size <= found.size <= 2 * layout.size + layout.alignment


@many
@given(st.lists(VALUES, max_size=6), st.none() | VALUES)
def test_a_function_has_the_signature_of_its_parts(params: list[ValType], result: ValType | None) -> None:
    func = Func([(f"p{i}", t) for i, t in enumerate(params)], result, False)
    core = flat([described(t) for t in params])
    assert flat_params(func) == core
    core = core if len(core) <= MAX_FLAT_PARAMS else "i"
    results = flat([described(result)]) if result is not None else ""
    is_stored = len(results) > 1
    assert lifted_signature(func, is_async=False, has_callback=False) == f"{core}:{'i' if is_stored else results}"
    assert lowered_signature(func, is_async=False) == (f"{core}i:" if is_stored else f"{core}:{results}")
    assert needs_memory(func)[0] == any(points(described(t)) for t in params)


ASYNC = {
    "few": (["u32"] * 4, "string", "iiiii:i"),
    "many": (["u32"] * 5, "string", "ii:i"),
    "no-result": (["f64"], None, "F:i"),
}


@pytest.mark.parametrize("name", ASYNC)
def test_an_async_lowered_function_returns_its_state(name: str) -> None:
    params, result, signature = ASYNC[name]
    func = Func([(f"p{i}", t) for i, t in enumerate(params)], result, True)
    assert lowered_signature(func, is_async=True) == signature
