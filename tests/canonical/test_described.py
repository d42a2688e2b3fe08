"""Types that a component states, as descriptions that codecs take."""

from __future__ import annotations

from tests.canonical import sorts
from witkit import abi
from witkit.abi.alike import alike
from witkit.canonical.described import Descriptions
from witkit.wasm import types
from witkit.wasm.traits import traits


def defined(kind: types.Kind) -> types.Defined:
    return types.Defined(kind, traits(kind))


def test_every_sort_of_type_is_described() -> None:
    resource = types.Resource()
    pairs: list[tuple[types.Kind, abi.Type]] = [
        (types.Primitive("u32"), abi.U32),
        (types.List("u8"), abi.List(abi.U8)),
        (types.FixedLengthList("u8", 3), abi.List(abi.U8, 3)),
        (types.Option(defined(types.Option("string"))), abi.Option(abi.Option(abi.STRING))),
        (types.Result(None, "char"), abi.Result(None, abi.CHAR)),
        (types.Map("string", "f64"), abi.Map(abi.STRING, abi.F64)),
        (types.Tuple(("bool", "s64")), abi.Tuple((abi.BOOL, abi.S64))),
        (types.Own(resource), abi.Own(sorts.THING)),
        (types.Borrow(resource), abi.Borrow(sorts.THING)),
        (types.Stream("u8"), abi.Unsupported("stream")),
        (types.Future(None), abi.Unsupported("future")),
    ]
    made = Descriptions(lambda _: sorts.THING)
    for kind, expected in pairs:
        assert made.type(defined(kind)) == expected
    assert made.type("error-context") == abi.Unsupported("error-context")


def test_types_with_members_have_classes() -> None:
    made = Descriptions(lambda _: sorts.THING)
    record = made.type(defined(types.Record((("is-in", "u8"), ("class", "bool"), ("mro", "u8")))))
    assert isinstance(record, abi.Record)
    assert [f.attr for f in record.fields] == ["is_in", "class_", "mro_"]
    assert record.cls(1, True, 2) == record.cls(1, True, 2)
    variant = made.type(defined(types.Variant((("no-value", None), ("some", "u8")))))
    assert isinstance(variant, abi.Variant)
    assert [case.cls.__name__ for case in variant.cases] == ["NoValue", "Some"]
    flags = made.type(defined(types.Flags(("r", "w"))))
    assert isinstance(flags, abi.Flags)
    assert [member.value for member in flags.cls] == [1, 2]
    enum = made.type(defined(types.Enum(("up", "down"))))
    assert isinstance(enum, abi.Enum)
    assert [member.name for member in enum.cls] == ["UP", "DOWN"]


def test_a_type_has_the_same_classes_each_time() -> None:
    made, type = Descriptions(lambda _: sorts.THING), defined(types.Enum(("a",)))
    one = made.func(types.Func([("p", type)], defined(types.List(type)), False), "one")
    assert one.params[0].type is made.type(type)
    assert alike(one.result, abi.List(made.type(type)))


def test_a_function_that_returns_a_result_raises_its_error() -> None:
    type = types.Func([("text", "string")], defined(types.Result("u8", None)), False)
    func = Descriptions(lambda _: sorts.THING).func(type, "[method]store.get-all")
    assert (func.attr, func.raises, func.kind) == ("get_all", True, "free")
    assert func.params == (abi.Param("text", abi.STRING),)
