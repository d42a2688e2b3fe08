"""Bulk data: buffers are copied as they are, strings of a list are placed by one call, code stays small."""

from __future__ import annotations

import ctypes
import struct
from array import array
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.canonical import sorts
from tests.canonical.fake import ComponentInstance, Options, Tools, core, read_raw, write_raw
from tests.canonical.plain import Context
from tests.sampled import examples
from witkit import abi
from witkit.canonical.code import Code
from witkit.canonical.functions import export_codec
from witkit.canonical.layout import Layouts, flat
from witkit.canonical.lift import Lifting
from witkit.canonical.lower import Lowering


def received(type: abi.Type, value: Any) -> tuple[Any, Tools]:
    """What a guest finds in its memory when it gets the value."""
    func = abi.Func("take", "take", (abi.Param("p", type),))
    tools, found = Tools(Context(bytearray(1 << 18))), list[Any]()

    def run(address: int) -> None:
        pointer, length = read_raw(address, ["i32", "i32"])
        found.append(tools.context.load_list(pointer, length, type))

    export_codec(func, Options())(ComponentInstance([]), tools, core(run), None)(value)
    return found[0], tools


class Lying(bytes):
    def __len__(self) -> int:
        return 3


@pytest.mark.parametrize(
    "value",
    [
        b"abcdef", bytearray(b"abcdef"), memoryview(b"abcdef"), memoryview(b"a.b.c.d.e.f.")[::2], array("B", b"abcdef"),
        memoryview(bytearray(b"abcdef")).cast("H"), (ctypes.c_ubyte * 6)(*b"abcdef"), Lying(b"abcdef"),
    ],
)  # fmt: skip
def test_bytes_are_taken_from_any_buffer(value: Any) -> None:
    assert received(abi.List(abi.U8), value)[0] == b"abcdef"


def test_an_empty_buffer_is_an_empty_list() -> None:
    for empty in (b"", bytearray(), memoryview(b""), array("d")):
        assert received(abi.List(abi.U8), empty)[0] == b""
    assert received(abi.List(abi.F64), array("d"))[0] == []


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (abi.F64, array("d", [1.5, 2])), (abi.F32, array("f", [1.5, 2])), (abi.S64, array("q", [-1, 2])),
        (abi.U32, array("I", [1, 2])), (abi.S64, array("l", [-1, 2])), (abi.S8, array("b", [-1, 2])),
        (abi.F64, memoryview(array("d", [1, 9, 2]))[::2]), (abi.F64, (ctypes.c_double * 2)(1, 2)),
        (abi.U16, array("d", [])), (abi.U16, array("I", [1, 2])), (abi.U64, tuple(range(3000))),
        (abi.U64, list(range(3000))), (abi.F32, [float(i) for i in range(3000)]),
    ],
)  # fmt: skip
def test_numbers_are_taken_from_lists_and_buffers(element: abi.Type, value: Any) -> None:
    assert received(abi.List(element), value)[0] == list(value)


@pytest.mark.parametrize(("element", "wrong"), [(abi.S8, 128), (abi.U32, -1), (abi.F32, 1e300), (abi.F64, "x")])
def test_a_number_out_of_range_is_found_in_a_long_list(element: abi.Type, wrong: Any) -> None:
    with pytest.raises((ValueError, TypeError), match=r"take\(p\)\[2500\]: expected"):
        received(abi.List(element), [0] * 2500 + [wrong] + [0] * 100)


def test_the_strings_of_a_list_are_placed_by_one_call() -> None:
    texts = [f"text {i}" for i in range(50)]
    found, tools = received(abi.List(abi.STRING), texts)
    assert (found, tools.placed) == (texts, 1)
    nested, tools = received(abi.List(abi.List(abi.STRING)), [texts, texts])
    assert (nested, tools.placed) == ([texts, texts], 2)


@pytest.mark.parametrize("gathers", [False, True])
@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize("letter", ["x", "é", "👩", "\0"])
def test_strings_are_lifted_wherever_they_lie(letter: str, far: bool, gathers: bool) -> None:
    func = abi.Func("give", "give", (), abi.List(abi.STRING))
    texts = [letter * i for i in range(30)]
    context = Context(bytearray(1 << 18))
    (pointer,) = context.lower_values([texts], [abi.List(abi.STRING)], 1)
    if far:  # the last one is at the end of the memory
        encoded = texts[-1].encode()
        context.memory[-len(encoded) :] = encoded
        rows = context.load_int(pointer, 4)
        context.store_int(len(context.memory) - len(encoded), rows + 8 * 29, 4)
    run = core(lambda address: write_raw(address, ["i32"], [pointer]))
    tools = Tools(context, gathers=gathers)
    assert export_codec(func, Options())(ComponentInstance([]), tools, run, None)() == texts


def test_the_strings_of_records_are_placed_by_one_call() -> None:
    inner = sorts.record(abi.STRING, abi.U8)
    color = sorts.enum(2)
    members = list(color.cls)
    outer = sorts.record(abi.U8, abi.STRING, inner, abi.Tuple((abi.STRING, color)))
    values = [outer.cls(i, f"a{i}", inner.cls(f"b{i}", 2), (f"c{i}", members[i % 2])) for i in range(20)]
    found, tools = received(abi.List(outer), values)
    assert (found, tools.placed) == (values, 1)


_LEVELS = 40
FORMS: dict[str, Callable[[abi.Type], abi.Type]] = {
    "tuple": lambda t: abi.Tuple((t, t)),
    "result": lambda t: abi.Result(t, t),
    "option": lambda t: abi.Option(abi.Tuple((t, t))),
    "variant": lambda t: sorts.variant(t, t),
    "list": lambda t: abi.List(abi.Tuple((t, t))),
    "map": lambda t: abi.Map(abi.STRING, abi.Tuple((t, t))),
}


@pytest.mark.parametrize("form", FORMS)
def test_code_has_each_type_once(form: str) -> None:
    """Types that hold another type twice, which does so itself: forty levels are a million million parts."""
    type: abi.Type = abi.STRING
    for _ in range(_LEVELS):
        type = FORMS[form](type)
    code, layouts = Code(), Layouts()
    assert len(flat([type])) <= 17
    if form in ("tuple", "option", "variant", "result"):
        # They are too large to be values: only their code is made, not what packs them.
        type = abi.STRING
        for _ in range(10):
            type = FORMS[form](type)
    Lowering(code, layouts, "utf8").function(type, False)
    lifting = Lifting(code, layouts, "utf8")
    lifting.count([type])
    lifting.function(type, False)
    assert len(code.local) < 100 * _LEVELS


INNER = sorts.record(abi.STRING, abi.S8)
TOGETHER = [
    abi.List(abi.STRING),
    abi.List(sorts.record(abi.U64, abi.STRING, abi.BOOL, INNER, abi.STRING)),
    abi.List(abi.Tuple((abi.Option(abi.STRING), abi.STRING, abi.List(abi.STRING), abi.List(abi.U8)))),
    abi.List(abi.Tuple((abi.STRING, sorts.variant(INNER, None), abi.Tuple((abi.STRING, abi.List(abi.STRING, 2)))))),
    abi.List(sorts.record(abi.STRING, *[abi.U8] * 70)),
    abi.List(abi.Tuple((sorts.record(abi.STRING, *[abi.U8] * 70), abi.STRING))),
    abi.Map(abi.STRING, INNER),
    abi.Map(abi.U16, abi.Tuple((abi.STRING, abi.STRING))),
    abi.Map(abi.U32, abi.S16),
    abi.List(abi.Tuple((abi.BOOL, abi.F32, abi.U64))),
    abi.List(sorts.record(abi.S8, abi.F64)),
    abi.List(sorts.record(INNER, abi.CHAR, sorts.enum(300))),
    abi.List(sorts.flags(17)),
    abi.List(sorts.record(abi.List(abi.U32), abi.Option(abi.U8))),
]


@pytest.mark.parametrize("gathers", [False, True])
@pytest.mark.parametrize("type", TOGETHER)
def test_many_elements_are_lifted_as_they_are(type: abi.Type, gathers: bool) -> None:
    element = type.element if isinstance(type, abi.List) else abi.Tuple((type.key, type.value))  # type: ignore[union-attr]
    makes = dict if isinstance(type, abi.Map) else list

    @settings(
        max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(st.lists(sorts.values(element), min_size=25, max_size=40), st.integers(0, 20_000))
    def all_lists(values: list[Any], apart: int) -> None:
        value, context = makes(values), Context(bytearray(1 << 18), top=8)
        pointer, length = context.store_list(value, type)
        context.top += apart
        other = context.store_list(value, type)
        for place in ((pointer, length), other):
            context.memory[:8] = struct.pack("<II", *place)
            run = core(lambda address: write_raw(address, ["i32"], [0]))
            tools = Tools(context, gathers=gathers)
            call = export_codec(abi.Func("f", "f", (), type), Options())(ComponentInstance([]), tools, run, None)
            assert call() == value

    all_lists()


def test_long_fixed_lists_are_carried_without_a_word_for_each_element() -> None:
    value = [list(range(10_000)), list(range(10_000))]
    assert received(abi.List(abi.List(abi.U32, 10_000)), value)[0] == value
