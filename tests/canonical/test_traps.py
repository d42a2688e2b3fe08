"""Guests that use the canonical ABI wrongly are stopped, for each rule of the specification."""

from __future__ import annotations

import gc
import struct
from collections.abc import Callable
from typing import Any

import pytest

from tests.canonical import plain, sorts
from tests.canonical.fake import ComponentInstance, Memory, Options, Stopped, Tools, core, write_raw
from tests.canonical.plain import Context
from tests.canonical.test_values import address_of
from witkit import abi
from witkit.canonical.errors import Violation
from witkit.canonical.functions import export_codec, import_codec, inner_codec

SIZE = 1 << 16
LIMIT = (1 << 28) - 1


def returned(type: abi.Type, content: bytes, encoding: str = "utf8", *, raises: bool = False, at: int = 512) -> Any:
    """What an export gives whose guest returns a pointer to these bytes, which lie at 512."""
    func = abi.Func("give", "give", (), type, raises=raises)
    tools = Tools(Context(bytearray(SIZE), encoding))
    tools.memory.data[512 : 512 + len(content)] = content
    run = core(lambda address: write_raw(address, ["i32"], [at]))
    return export_codec(func, Options(encoding))(ComponentInstance([]), tools, run, None)()


def passed(types: list[abi.Type], cores: list[str], values: list[Any], encoding: str = "utf8") -> list[Any]:
    """The arguments that an import gets from these core values."""
    func = abi.Func("take", "take", tuple(abi.Param(f"p{i}", t) for i, t in enumerate(types)))
    given: list[Any] = []
    raw = bytearray(16 * 18)
    write_raw(address_of(raw), cores, values)
    tools = Tools(Context(bytearray(SIZE), encoding))
    import_codec(func, Options(encoding))(ComponentInstance([]), tools, lambda *each: given.extend(each))(
        address_of(raw)
    )
    return given


def text(pointer: int, length: int) -> bytes:
    return struct.pack("<II", pointer, length)


RETURNED: list[tuple[abi.Type, bytes, str, str]] = [
    (abi.STRING, text(SIZE - 1, 2), "utf8", "string pointer/length out of bounds of memory"),
    (abi.STRING, text(SIZE + 1, 0), "utf8", "string pointer/length out of bounds of memory"),
    (abi.STRING, text(0xFFFFFFFF, 0xFFFFFFFF), "utf8", f"string of 4294967295 bytes is too long, at most {LIMIT}"),
    (abi.STRING, text(0, LIMIT + 1), "utf8", f"string of 268435456 bytes is too long, at most {LIMIT} bytes"),
    (abi.STRING, text(0, LIMIT), "utf8", "string pointer/length out of bounds of memory"),
    (abi.STRING, text(520, 1) + b"\xff", "utf8", "invalid utf-8"),
    (abi.STRING, text(520, 3) + b"\xed\xa0\x80", "utf8", "invalid utf-8"),
    (abi.STRING, text(520, 2) + b"\xe2\x82", "utf8", "incomplete utf-8 byte sequence"),
    (abi.STRING, text(521, 1), "utf16", "unaligned pointer"),
    (abi.STRING, text(520, 1) + b"\x00\xd8", "utf16", "incomplete utf-16 byte sequence"),
    (abi.STRING, text(520, 1) + b"\x00\xdc", "utf16", "invalid utf-16"),
    (abi.STRING, text(0, 1 << 27), "utf16", "string of 268435456 bytes is too long"),
    (abi.STRING, text(SIZE - 2, 2), "utf16", "string pointer/length out of bounds of memory"),
    (abi.STRING, text(521, 1), "latin1+utf16", "unaligned pointer"),
    (abi.STRING, text(521, 1 << 31 | 1), "latin1+utf16", "unaligned pointer"),
    (abi.STRING, text(520, 1 << 31 | 1) + b"\x00\xdc", "latin1+utf16", "invalid utf-16"),
    (abi.STRING, text(SIZE - 2, 3), "latin1+utf16", "string pointer/length out of bounds of memory"),
    (abi.STRING, text(SIZE - 2, 1 << 31 | 2), "latin1+utf16", "string pointer/length out of bounds of memory"),
    (abi.List(abi.U8), text(SIZE - 1, 2), "utf8", "list pointer/length out of bounds of memory"),
    (abi.List(abi.U8), text(0, LIMIT + 1), "utf8", "list of 268435456 bytes is too long"),
    (abi.List(abi.U32), text(2, 0), "utf8", "unaligned pointer"),
    (abi.List(abi.U64), text(4, 0), "utf8", "unaligned pointer"),
    (abi.List(abi.U32), text(SIZE - 4, 2), "utf8", "list pointer/length out of bounds of memory"),
    (abi.List(abi.U32), text(SIZE + 4, 0), "utf8", "list pointer/length out of bounds of memory"),
    (abi.List(abi.U64), text(0, 1 << 31), "utf8", "list of 17179869184 bytes is too long"),
    (abi.List(abi.STRING), text(520, 1) + text(SIZE, 1), "utf8", "string pointer/length out of bounds of memory"),
    (abi.List(abi.STRING), text(520, 1) + text(528, 1) + b"\xff", "utf8", "invalid utf-8"),
    (abi.List(abi.STRING), text(520, 9) + text(600, 1) * 9 + b"a" * 8 + b"\xff", "utf8", "invalid utf-8"),
    (abi.List(abi.STRING), text(520, 9) + text(600, 1) * 8 + text(SIZE - 1, 2), "utf8", "string pointer/length out"),
    (abi.List(abi.STRING), text(520, 9) + text(600, 1) * 8 + text(SIZE, LIMIT), "utf8", "string pointer/length out"),
    (abi.List(abi.CHAR), text(520, 1) + b"\x00\xd8\x00\x00", "utf8", "invalid `char` bit pattern"),
    (abi.List(abi.CHAR), text(520, 1) + b"\x00\x00\x11\x00", "utf8", "invalid `char` bit pattern"),
    (abi.List(abi.Option(abi.U8)), text(520, 1) + b"\x02", "utf8", "invalid variant discriminant"),
    (abi.List(sorts.enum(3)), text(520, 2) + b"\x02\x03", "utf8", "invalid variant discriminant"),
    (abi.Map(abi.STRING, abi.U8), text(2, 0), "utf8", "unaligned pointer"),
    (abi.Tuple((abi.U8, abi.CHAR)), bytes(4) + b"\xff\xdf\x00\x00", "utf8", "invalid `char` bit pattern"),
    (abi.Option(abi.STRING), b"\x02", "utf8", "invalid variant discriminant"),
    (abi.Result(abi.U8, abi.STRING), b"\x07", "utf8", "invalid variant discriminant"),
    (abi.Result(abi.U64, None), b"\x02", "utf8", "invalid variant discriminant"),
    (sorts.variant(abi.U8, abi.STRING, None), b"\x03", "utf8", "invalid variant discriminant"),
    (sorts.variant(*[None] * 300, abi.U8), struct.pack("<H", 301), "utf8", "invalid variant discriminant"),
    (abi.Tuple((abi.Option(sorts.enum(2)), abi.U8)), b"\x01\x02", "utf8", "invalid variant discriminant"),
    (abi.Tuple((abi.List(abi.CHAR, 2), abi.U8)), bytes(4) + b"\xff\xff\xff\xff", "utf8", "invalid `char` bit pattern"),
]  # fmt: skip


@pytest.mark.parametrize(("type", "content", "encoding", "reason"), RETURNED)
def test_a_result_that_breaks_a_rule_stops_the_guest(
    type: abi.Type, content: bytes, encoding: str, reason: str
) -> None:
    with pytest.raises(Stopped) as caught:
        returned(type, content, encoding)
    assert str(caught.value).startswith(f"`give` stopped: {reason}")
    assert isinstance(caught.value.__cause__, Violation)


def test_an_error_amid_a_list_may_stay_in_a_circle_until_it_is_collected() -> None:
    content = text(520, 3) + text(600, 1) * 3 + bytes(56) + b"\xff"
    with pytest.raises(Stopped, match="invalid utf-8") as caught:
        returned(abi.List(abi.STRING), content)
    circle: list[Any] = [caught.value, caught.value.__cause__]
    circle.append(circle)
    del circle, caught
    gc.collect()


@pytest.mark.parametrize("raises", [False, True])
def test_a_pointer_to_a_result_is_checked(raises: bool) -> None:
    type = abi.Result(abi.STRING, abi.U64)
    for at, reason in ((516, "unaligned pointer"), (SIZE - 8, "out of bounds"), (0xFFFFFFF8, "out of bounds")):
        with pytest.raises(Stopped, match=reason):
            returned(type, b"", raises=raises, at=at)
    with pytest.raises(Stopped, match="invalid variant discriminant 2"):
        returned(type, b"\x02", raises=raises)


def test_a_result_flag_that_is_neither_side_stops_the_guest() -> None:
    for at, raises in ((2, True), (2, False)):
        with pytest.raises(Stopped, match="invalid variant discriminant 2"):
            returned(abi.Result(None, None), b"", raises=raises, at=at)


@pytest.mark.parametrize(
    ("types", "cores", "values", "reason"),
    [
        ([abi.CHAR], ["i32"], [0xD800], "invalid `char` bit pattern 0xd800"),
        ([abi.CHAR], ["i32"], [0xDFFF], "invalid `char` bit pattern 0xdfff"),
        ([abi.CHAR], ["i32"], [0x110000], "invalid `char` bit pattern 0x110000"),
        ([sorts.enum(3)], ["i32"], [3], "invalid variant discriminant"),
        ([sorts.enum(3)], ["i32"], [0x100], "invalid variant discriminant"),
        ([sorts.variant(abi.U8, None)], ["i32", "i32"], [2, 0], "invalid variant discriminant"),
        ([abi.Option(abi.U8)], ["i32", "i32"], [2, 0], "invalid variant discriminant 2"),
        ([abi.Result(abi.U8, abi.F32)], ["i32", "i32"], [3, 0], "invalid variant discriminant 3"),
        ([abi.STRING], ["i32", "i32"], [SIZE, 1], "string pointer/length out of bounds of memory"),
        ([abi.List(abi.U16)], ["i32", "i32"], [1, 0], "unaligned pointer"),
        ([abi.Own(sorts.THING)], ["i32"], [7], "unknown handle index 7"),
        ([abi.Tuple((abi.U64,) * 17)], ["i32"], [4], "unaligned pointer"),
        ([abi.Tuple((abi.U64,) * 17)], ["i32"], [SIZE - 8], "out of bounds"),
    ],
)
def test_arguments_that_break_a_rule_stop_the_guest(
    types: list[abi.Type], cores: list[str], values: list[Any], reason: str
) -> None:
    with pytest.raises(Violation, match=reason):
        passed(types, cores, values)


def test_a_pointer_for_a_result_is_checked_after_the_call() -> None:
    called = []

    def target() -> str:
        called.append(1)
        return "x"

    func = abi.Func("give", "give", (), abi.STRING)
    run = import_codec(func, Options())(ComponentInstance([]), Tools(Context(bytearray(SIZE))), target)
    for pointer, reason in ((2, "unaligned pointer"), (SIZE - 4, "out of bounds")):
        raw = bytearray(16)
        write_raw(address_of(raw), ["i32"], [pointer])
        with pytest.raises(Violation, match=reason):
            run(address_of(raw))
    assert called == [1, 1]


def test_what_a_narrow_value_does_not_use_is_ignored() -> None:
    cores = ["i32"] * 5
    types: list[abi.Type] = [abi.U8, abi.S8, abi.S16, abi.BOOL, sorts.flags(3)]
    marks = types[4].cls  # type: ignore[union-attr]
    assert passed(types, cores, [0x1FF, 0xFFFFFF80, 0x7FFF8000, 0x100, 0xFFFF]) == [255, -128, -32768, True, marks(7)]
    assert returned(abi.Tuple((abi.BOOL, sorts.flags(3))), b"\x02\xff")[0] is True
    assert returned(abi.List(abi.BOOL), text(520, 3) + b"\x00\x02\xff") == [False, True, True]


def test_the_last_of_two_values_for_one_key_counts() -> None:
    content = text(520, 3) + struct.pack("<BxxxI", 1, 10) + struct.pack("<BxxxI", 2, 20) + struct.pack("<BxxxI", 1, 30)
    assert returned(abi.Map(abi.U8, abi.U32), content) == {1: 30, 2: 20}


def test_every_nan_is_a_nan() -> None:
    for bits in (0x7FC00000, 0x7F800001, 0xFFFFFFFF):
        (value,) = passed([abi.F32], ["i32"], [bits])
        assert value != value


def test_memory_that_grew_is_seen() -> None:
    data = bytearray(SIZE)
    data[SIZE - 8 : SIZE] = text(SIZE - 11, 3)
    data[SIZE - 11 : SIZE - 8] = b"new"
    tools = Tools(Context(data), shown=1024)
    run = core(lambda address: write_raw(address, ["i32"], [SIZE - 8]))
    for type, expected in ((abi.STRING, "new"), (abi.List(abi.U8), b"new"), (abi.List(abi.S8), [110, 101, 119])):
        tools.memory = Memory(data, 1024)
        func = abi.Func("give", "give", (), type)
        assert export_codec(func, Options())(ComponentInstance([]), tools, run, None)() == expected
        assert tools.memory.size == SIZE


@pytest.mark.parametrize("encoding", ["utf8", "utf16", "latin1+utf16"])
def test_an_allocator_that_traps_ends_the_call_with_its_reason(encoding: str) -> None:
    tools = Tools(Context(bytearray(SIZE)))

    def realloc(alignment: int, size: int) -> int:
        raise Violation("realloc return: beyond end of memory")

    tools.realloc = tools.place = realloc  # type: ignore[assignment, method-assign]
    takes: list[tuple[abi.Type, Any]] = [
        (abi.STRING, ""), (abi.List(abi.U8), b""), (abi.List(abi.U32), []), (abi.List(abi.STRING), []),
        (abi.Map(abi.U8, abi.STRING), {}), (abi.Tuple((abi.U64,) * 17), tuple(range(17))),
    ]  # fmt: skip
    for type, value in takes:
        func = abi.Func("take", "take", (abi.Param("p", type),))
        call = export_codec(func, Options(encoding))(ComponentInstance([]), tools, core(lambda address: None), None)
        with pytest.raises(Stopped, match="`take` stopped: realloc return: beyond end of memory"):
            call(value)


def test_a_broken_rule_between_instances_reaches_the_outer_call() -> None:
    func = abi.Func("give", "give", (), abi.CHAR)
    run = core(lambda address: write_raw(address, ["i32"], [0xD800]))
    call: Callable[[], Any] = inner_codec(func, Options())(
        ComponentInstance([]), Tools(Context(bytearray(64))), run, None
    )
    with pytest.raises(Violation, match="invalid `char` bit pattern 0xd800"):
        call()


@pytest.mark.parametrize(("count", "size"), [(256, 1), (257, 2), (65536, 2), (65537, 4)])
def test_the_number_of_cases_says_how_wide_a_discriminant_is(count: int, size: int) -> None:
    colour = sorts.enum(count)
    type = abi.Tuple((colour, abi.U8))
    last = (count - 1).to_bytes(size, "little")
    assert returned(type, last + b"\x07") == (list(colour.cls)[-1], 7)
    if count < 1 << 8 * size:
        with pytest.raises(Stopped, match="invalid variant discriminant"):
            returned(type, count.to_bytes(size, "little") + b"\x07")
    for wrong in (count, 0xFFFFFFFF):
        with pytest.raises(Violation, match="invalid variant discriminant"):
            passed([colour], ["i32"], [wrong])


JOINED = sorts.variant(abi.F32, abi.U64, abi.S8, abi.BOOL, abi.F64, abi.CHAR, abi.STRING, None)
GARBAGE = 0xDEADBEEF << 32


@pytest.mark.parametrize(
    ("case", "bits", "value"),
    [
        (0, GARBAGE | 0x3FC00000, 1.5), (1, GARBAGE | 7, GARBAGE | 7), (2, GARBAGE | 0x7F, 127),
        (2, GARBAGE | 0xFF80, -128), (3, GARBAGE, False), (3, GARBAGE | 0x80000000, True), (4, 0x3FF8 << 48, 1.5),
        (5, GARBAGE | 0x10FFFF, "\U0010ffff"), (6, GARBAGE, ""),
    ],
)  # fmt: skip
def test_joined_core_values_hold_what_the_case_uses_of_them(case: int, bits: int, value: Any) -> None:
    assert plain.flatten(JOINED) == ["i32", "i64", "i32"]
    (found,) = passed([JOINED], ["i32", "i64", "i32"], [case, bits, 0])
    assert found == JOINED.cases[case].cls(value)
    context = Context(bytearray(SIZE))
    assert context.lift_values([case, bits, 0], [JOINED], 16) == [found]


def test_joined_core_values_are_checked_as_those_of_the_case() -> None:
    for case, bits in ((5, 0xD800), (5, GARBAGE | 0x110000), (6, GARBAGE | SIZE + 1), (8, 0), (0xFFFFFFFF, 0)):
        with pytest.raises(Violation):
            passed([JOINED], ["i32", "i64", "i32"], [case, bits, 0])


@pytest.mark.parametrize("encoding", ["utf8", "utf16", "latin1+utf16"])
def test_what_is_empty_may_lie_at_the_very_end_of_the_memory_but_not_behind_it(encoding: str) -> None:
    empty: list[tuple[abi.Type, Any]] = [
        (abi.STRING, ""), (abi.List(abi.U8), b""), (abi.List(abi.U16), []), (abi.List(abi.STRING), []),
        (abi.Map(abi.U8, abi.U64), {}),
    ]  # fmt: skip
    for type, value in empty:
        assert returned(type, text(SIZE, 0), encoding) == value
        with pytest.raises(Stopped, match="out of bounds of memory"):
            returned(type, text(SIZE + 8, 0), encoding)


def test_lengths_that_only_fit_when_they_are_cut_off_stop_the_guest() -> None:
    for type, length in (
        (abi.List(abi.U64), 1 << 29), (abi.List(abi.Tuple((abi.STRING, abi.STRING))), 1 << 28),
        (abi.List(abi.U16), 1 << 31), (abi.Map(abi.U64, abi.U64), 1 << 28),
    ):  # fmt: skip
        with pytest.raises(Stopped, match=f"at most {LIMIT} bytes"):
            returned(type, text(0, length))
    for encoding, length in (("utf16", 1 << 31), ("latin1+utf16", 0xFFFFFFFF), ("utf16", 0x80000001)):
        with pytest.raises(Stopped, match=f"at most {LIMIT} bytes"):
            returned(abi.STRING, text(0, length), encoding)


def test_flags_that_no_name_has_are_ignored_at_every_width() -> None:
    for count, size in ((1, 1), (7, 1), (9, 2), (17, 4), (31, 4)):
        marks = sorts.flags(count)
        assert returned(abi.Tuple((marks, abi.U8)), b"\xff" * (size + 1)) == (marks.cls((1 << count) - 1), 255)
